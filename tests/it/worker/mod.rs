//! Guests in worker processes: the same reports, whatever becomes of the process.

mod confined;
mod faults;
mod functions;
mod instances;
mod kills;
mod same;
mod told;

use fuelbox::{
    Sandbox,
    worker::{WorkerModule, WorkerOptions, WorkerPool, WorkerSpec},
};

/// The program `fuelbox` as a worker.
fn options() -> WorkerOptions {
    WorkerOptions::default().program(env!("CARGO_BIN_EXE_fuelbox"))
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
