//! Guests in worker processes: a second wall, where there are processes.
//!
//! A fault of the interpreter that nobody knows is a fault of the process that it runs in. Here that is another
//! process, which can use its socket, take memory, read clocks and directories that it is handed, and nothing else.
//! What a [`Sandbox`](crate::Sandbox) does for a host, a [`WorkerPool`] does with the same limits and grants, and its
//! reports are the same.
//!
//! ```no_run
//! use fuelbox::{Limits, Sandbox, protocol, worker::{self, WorkerModule, WorkerPool, WorkerSpec}};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     worker::main(); // in a worker it never returns
//!
//!     let sandbox = Sandbox::new(Limits::default()).grant(protocol());
//!     let pool = WorkerPool::new(WorkerSpec::new(&sandbox)?, 2)?;
//!     let module = WorkerModule::new(std::fs::read("plugin.wasm")?);
//!     let report = pool.run(&module, b"hello")?;
//!     println!("{}: {}", report.outcome, String::from_utf8_lossy(&report.output));
//!     Ok(())
//! }
//! ```
//!
//! A worker that crashes, hangs or takes more memory than it may is replaced, and the run's report is
//! [`Stop::Worker`](crate::Stop::Worker) with what it had given until then. Others do not notice.
//!
//! Unix only. Confinement is complete on Linux; elsewhere what is missing is [reported](Confinement) and has to be
//! [allowed](WorkerOptions::allow_unconfined).

// The pool's side: `pool` hands out what `keeper` starts, each a `process` with a `link` to it; `exchange` is one talk
// over that, `gathered` what it gave, `asking` a question of the guest's, `span` what is told of it. The worker's side:
// `main`, which does `confine` and `serve`, which does `stream` and `forward`. `protocol`, `spec` and `confinement` are
// between them.

mod asking;
mod backoff;
mod confine;
mod confinement;
mod digest;
mod error;
mod exchange;
mod forward;
mod gathered;
#[cfg(test)]
mod hostile;
mod instance;
mod keeper;
mod link;
mod main;
mod modules;
mod options;
mod pool;
mod process;
mod protocol;
mod quarantine;
mod questions;
mod serve;
mod span;
mod spec;
mod stream;
mod worker_module;

pub use asking::Asking;
pub use confinement::{Confinement, Gap, Wall};
pub use error::WorkerError;
pub use instance::WorkerInstance;
pub use main::{main, main_with};
pub use options::WorkerOptions;
pub use pool::WorkerPool;
pub use spec::WorkerSpec;
pub use worker_module::WorkerModule;
