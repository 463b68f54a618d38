//! Guests in worker processes: the same reports, whatever becomes of the process.

mod confined;
mod directories;
mod faults;
mod functions;
mod instances;
mod kills;
mod same;
mod spans;
mod told;

use fuelbox::{
    Limits, Sandbox,
    worker::{Wall, WorkerError, WorkerModule, WorkerOptions, WorkerPool, WorkerSpec},
};
use std::process::Command;

/// Has this ignored test run in a process of its own, whose descriptors and children are those of it alone.
fn passes_alone(test: &str) {
    let output = Command::new(std::env::current_exe().expect("it is running"))
        .args(["--exact", test, "--ignored", "--nocapture"])
        .output()
        .expect("it can be started again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

/// Ends a process by `SIGKILL`.
fn kill(id: u32) {
    let kill = Command::new("kill").args(["-9", &id.to_string()]).status();
    assert!(kill.is_ok_and(|status| status.success()));
}

/// The program `fuelbox` as a worker.
fn options() -> WorkerOptions {
    unfiltered(WorkerOptions::default()).program(env!("CARGO_BIN_EXE_fuelbox"))
}

/// Allows workers without filters of system calls on processors that have none.
fn unfiltered(options: WorkerOptions) -> WorkerOptions {
    if HAS_FILTERS {
        options
    } else {
        options.allow_unconfined(&[Wall::Descriptors, Wall::SystemCalls])
    }
}

/// Whether filters of system calls are made for this processor.
const HAS_FILTERS: bool = cfg!(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    target_arch = "riscv64"
));

#[test]
fn without_filters_of_system_calls_there_is_no_pool_unless_the_host_allows_it() {
    let spec = WorkerSpec::new(&Sandbox::new(Limits::default())).expect("all is data");
    let options = WorkerOptions::default().program(env!("CARGO_BIN_EXE_fuelbox"));
    let made = WorkerPool::with_options(spec, 1, options);
    let is_refused = matches!(made, Err(WorkerError::Unconfined { .. }));
    assert_eq!((is_refused, made.is_ok()), (!HAS_FILTERS, HAS_FILTERS));
}

/// A pool of so many workers, each the program `fuelbox`.
fn pool(sandbox: &Sandbox, size: usize) -> WorkerPool {
    let spec = WorkerSpec::new(sandbox).expect("all that is granted is data");
    WorkerPool::with_options(spec, size, options()).expect("workers can be started")
}

/// A module in the text format, for workers.
fn module(text: &str) -> WorkerModule {
    WorkerModule::new(wat::parse_str(text).expect("the text is valid"))
}
