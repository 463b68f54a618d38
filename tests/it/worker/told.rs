//! A worker that does what its guest tells it, as a fault of the interpreter might.
//!
//! It is this test binary: its one test below makes it a worker where a pool has started it.

use fuelbox::{
    Function, Limits, Sandbox, protocol,
    worker::{self, WorkerModule, WorkerOptions, WorkerPool, WorkerSpec},
};
use std::{fs::File, io, net::UdpSocket, process, thread, time::Duration};

#[test]
fn a_program_that_is_no_worker_goes_on() {
    let mut granted = false;
    worker::main_with(|sandbox| {
        granted = true;
        functions().into_iter().fold(sandbox, Sandbox::grant)
    });
    assert!(!granted);
}

/// Workers that do what they are told.
pub(super) fn options() -> WorkerOptions {
    let program = std::env::current_exe().expect("it is running");
    // The name of the test above, run alone and in the first thread.
    [
        "--exact",
        "worker::told::a_program_that_is_no_worker_goes_on",
    ]
    .into_iter()
    .chain(["--test-threads", "1", "--nocapture"])
    .fold(
        WorkerOptions::default().program(program),
        |options, argument| options.argument(argument),
    )
}

pub(super) fn pool(size: usize, options: WorkerOptions) -> WorkerPool {
    let limits = Limits::default().deadline(Duration::from_secs(5));
    pool_within(limits, size, options)
}

pub(super) fn pool_within(limits: Limits, size: usize, options: WorkerOptions) -> WorkerPool {
    let sandbox = Sandbox::new(limits).grant(protocol()).stub_unknown();
    let spec = WorkerSpec::new(&sandbox).expect("it is data");
    WorkerPool::with_options(spec, size, options).expect("workers can be started")
}

/// A guest that writes and logs, and then tells its worker what to do.
pub(super) fn guest(does: &str) -> WorkerModule {
    super::module(&format!(
        r#"(module
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (import "env" "host_log" (func $log (param i32 i32)))
            (import "told" "{does}" (func $does))
            (memory (export "memory") 1)
            (data (i32.const 0) "written")
            (func (export "_start")
                (call $write (i32.const 0) (i32.const 7))
                (call $log (i32.const 0) (i32.const 7))
                (call $does)))"#
    ))
}

/// What a worker can be told.
fn functions() -> Vec<Function> {
    let told = |name: &'static str, does: fn()| Function::new("told", name, does);
    vec![
        told("nothing", || {}),
        told("abort", || process::abort()),
        told("exit", || process::exit(7)),
        told("hang", || while sleeps(1) {}),
        told("spin", || while spins() {}),
        told("dawdle", || assert!(sleeps(50))),
        told("take_memory", take_memory),
        told("open_a_file", || {
            reached(File::options().read(true).open("/etc/hostname"));
        }),
        told("make_a_file", || {
            reached(File::create("/tmp/fuelbox-worker"));
        }),
        told("list_a_directory", || reached(std::fs::read_dir("/"))),
        told("open_a_socket", || reached(UdpSocket::bind("127.0.0.1:0"))),
        told("start_a_process", || {
            reached(process::Command::new("/bin/true").status());
        }),
        told("start_a_thread", || {
            reached(thread::Builder::new().spawn(|| {}));
        }),
        told("ask_who_started_it", || {
            reached(Ok(std::os::unix::process::parent_id()));
        }),
    ]
}

/// Passes over how it went: the run goes on, which the tests would see.
fn reached<T>(outside: io::Result<T>) {
    drop(outside.ok());
}

fn sleeps(milliseconds: u64) -> bool {
    thread::sleep(Duration::from_millis(milliseconds));
    true
}

fn spins() -> bool {
    std::hint::spin_loop();
    true
}

/// 16 GiB of address space, of which nothing is touched.
fn take_memory() {
    const PIECE: usize = 1 << 28;
    let mut taken: Vec<Vec<u8>> = Vec::new();
    while taken.len() < 64 {
        taken.push(Vec::with_capacity(PIECE));
    }
}
