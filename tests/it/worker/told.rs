//! A worker that does what its guest tells it, as a fault of the interpreter might.
//!
//! It is this test binary: its one test below makes it a worker where a pool has started it.

use fuelbox::{
    Function, Limits, Sandbox, protocol,
    worker::{self, WorkerModule, WorkerOptions, WorkerPool, WorkerSpec},
};
use std::{fs::File, io, net::UdpSocket, process, thread, time::Duration};
#[cfg(target_os = "linux")]
use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::OnceLock,
};

#[test]
fn a_program_that_is_no_worker_goes_on() {
    let mut granted = false;
    worker::main_with(|sandbox| {
        granted = true;
        #[cfg(target_os = "linux")]
        OPEN.get_or_init(|| {
            let zeros = File::options().read(true).open("/dev/zero");
            zeros.expect("it is there")
        });
        #[cfg(target_os = "linux")]
        let sandbox = reaching_functions()
            .into_iter()
            .fold(sandbox, Sandbox::grant);
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
        super::unfiltered(WorkerOptions::default()).program(program),
        |options, argument| options.argument(argument),
    )
}

pub(super) fn pool(size: usize, options: WorkerOptions) -> WorkerPool {
    let limits = Limits::default().deadline(Duration::from_secs(5));
    pool_within(limits, size, options)
}

pub(super) fn pool_within(limits: Limits, size: usize, options: WorkerOptions) -> WorkerPool {
    let sandbox = Sandbox::new(limits).grant(protocol());
    pool_of(sandbox, size, options)
}

pub(super) fn pool_of(sandbox: Sandbox, size: usize, options: WorkerOptions) -> WorkerPool {
    let spec = WorkerSpec::new(&sandbox.stub_unknown()).expect("it can go");
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

/// A guest that tells its worker to reach for something, and exits with the number of the error or 0.
pub(super) fn reaching(does: &str) -> WorkerModule {
    super::module(&format!(
        r#"(module
            (import "told" "{does}" (func $does (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func (export "_start") (call $exit (call $does))))"#
    ))
}

/// The directory that [`reaching`] guests have, under the name of its test.
pub(super) const DIRECTORY: &str = "worker-reached";

/// A file that each worker has open before it is confined, as one that its host has left open.
#[cfg(target_os = "linux")]
static OPEN: OnceLock<File> = OnceLock::new();

/// What a worker with a directory can be told, which it may survive.
#[cfg(target_os = "linux")]
fn reaching_functions() -> Vec<Function> {
    let told = |name: &'static str, does: fn() -> io::Result<()>| {
        Function::new("told", name, move || match does() {
            Ok(()) => 0,
            Err(error) => error.raw_os_error().unwrap_or(-1),
        })
    };
    vec![
        told("read_beneath", || read_with("file", 0)),
        told("read_by_path", || read_with("/etc/passwd", 0)),
        told("list_by_path", || std::fs::read_dir("/etc").map(drop)),
        told("read_by_descriptor", read_by_descriptor),
        told("read_what_was_open", || {
            let mut open = OPEN.get().expect("it was opened");
            open.read(&mut [0]).map(drop)
        }),
        told("write_beneath", || {
            File::options().write(true).open(beneath("file")).map(drop)
        }),
        told("write_by_openat2", || {
            let dir =
                cap_std::fs::Dir::open_ambient_dir(beneath(""), cap_std::ambient_authority())?;
            let mut options = cap_std::fs::OpenOptions::new();
            dir.open_with("file", options.write(true)).map(drop)
        }),
        told("read_and_write_beneath", || {
            let mut options = File::options();
            options
                .read(true)
                .write(true)
                .open(beneath("file"))
                .map(drop)
        }),
        told("make_beneath", || read_with("made", libc::O_CREAT)),
        told("empty_beneath", || read_with("file", libc::O_TRUNC)),
        told("append_beneath", || read_with("file", libc::O_APPEND)),
        told("make_nameless_beneath", || read_with("", libc::O_TMPFILE)),
    ]
}

/// Opens a file in the directory to be read, or one by an absolute path, with more flags.
#[cfg(target_os = "linux")]
fn read_with(name: &str, flags: i32) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options
        .read(true)
        .custom_flags(flags)
        .open(beneath(name))
        .map(drop)
}

/// Climbs from a descriptor of the directory to the root, by names alone, and down to a file.
#[cfg(target_os = "linux")]
fn read_by_descriptor() -> io::Result<()> {
    let authority = cap_std::ambient_authority();
    let path = beneath("");
    let mut dir = cap_std::fs::Dir::open_ambient_dir(&path, authority)?;
    for _ in path.components() {
        let above = dir.open_parent_dir(authority);
        dir = above.expect("a name can be looked up");
    }
    let etc = dir.open_dir("etc").expect("a name can be looked up");
    etc.open("passwd").map(drop)
}

#[cfg(target_os = "linux")]
fn beneath(name: &str) -> PathBuf {
    let folder = format!("dir-{DIRECTORY}");
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(folder)
        .join(name)
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
