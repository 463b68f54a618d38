//! Run WebAssembly nobody trusts, inside the host's own process, where nothing may be compiled at run time.
//!
//! ```
//! use fuelbox::{Limits, Module, Sandbox, protocol};
//! use std::time::Duration;
//!
//! # let wasm = wat::parse_str(r#"
//! #     (module
//! #         (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
//! #         (import "env" "host_write_output" (func $write (param i32 i32)))
//! #         (memory (export "memory") 1)
//! #         (func (export "execute") (param i32 i32) (result i32)
//! #             (call $write (i32.const 0) (call $read (i32.const 0) (local.get 1)))
//! #             (i32.const 0)))
//! # "#)?;
//! let module = Module::new(&wasm)?;
//! let limits = Limits::default().fuel(10_000_000).deadline(Duration::from_millis(200));
//! let report = Sandbox::new(limits).grant(protocol()).run(&module, b"hello")?;
//!
//! assert!(report.usage.fuel <= 10_000_000);
//! assert_eq!(report.into_output()?, b"hello");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Bytes become a [`Module`], which is the proof that they passed every check. A [`Sandbox`] holds
//! [`Limits`] and what was granted from [`capability`]. A run is one [`Call`] in an [`Instance`] of its own; an
//! instance that is kept has its state in the next call. An [`Execution`] is a call in progress, which runs in
//! slices of fuel and ends in a [`Report`]. An [`Error`] says that we refused to start, a [`Stop`]
//! that guest code ran and did not finish.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;
// For what uses the crate as others do, and is shared with the tests.
#[cfg(feature = "selftest")]
extern crate self as fuelbox;

#[cfg(all(target_arch = "x86", not(target_feature = "sse2")))]
compile_error!(
    "without SSE2 this processor's floating point changes the bits of NaNs and rounds twice, so that guests \
     would not compute what they do elsewhere: build for i686, or with -C target-feature=+sse2"
);

// In the order data flows; a module imports only from those above it.

// Words: what limits, values, errors and reports are made of.
mod blame;
mod clock;
#[cfg(feature = "dir")]
mod dir;
mod extern_type;
mod files;
mod function_name;
mod guard;
#[cfg(feature = "serde")]
mod json;
mod proposal;
mod text;
#[cfg(feature = "std")]
mod thread_number;
mod tree;
mod value;

// What a run may use, and what can come of it.
mod error;
mod limits;
mod module_limits;
mod report;
mod stop;

// Bytes become code,
mod module;

// which runs behind a boundary: our side of it,
mod host;

// what is asked of it,
mod call;

// what may be opened in it,
pub mod capability;

// a guest that lives, and what stops it,
mod instance;

mod execution;

// who sets all this up, and what shows that it holds.
mod pool;
mod preflight;
mod sandbox;
#[cfg(feature = "selftest")]
mod selftest;
#[cfg(feature = "json")]
mod typed;

pub use blame::Blame;
pub use call::{Call, CallError};
pub use capability::{Function, Reply, protocol};
pub use clock::MonotonicClock;
#[cfg(feature = "dir")]
pub use dir::{Dir, DirError};
pub use error::Error;
pub use execution::{
    AnswerError, Execution, ExecutionId, Finished, Priority, Refused, Run, Scheduler, Share, Slice,
    Step, Timer, Wait,
};
pub use extern_type::{ExternType, FunctionType, GlobalType, MemoryType, TableType};
pub use files::Files;
pub use fuelbox_guest::protocol::ABI_VERSION;
pub use function_name::FunctionName;
pub use host::{Caller, CancelToken, Extensions, Halt, Request};
pub use instance::{GuestMemory, Instance, OutOfBounds, SnapshotError};
pub use limits::{CallLimits, InstanceLimits, Limits, MemoryDenial};
pub use module::{AbiVersion, Export, FUEL_SCHEDULE, Import, Module, ModuleBuilder};
pub use module_limits::ModuleLimits;
pub use pool::Pool;
pub use preflight::{ImportCheck, ImportStatus, Preflight};
pub use proposal::{Proposal, Proposals};
pub use report::{Failed, LogLine, Outcome, Phase, Report, Usage};
pub use sandbox::Sandbox;
#[cfg(all(feature = "selftest", feature = "std"))]
pub use selftest::selftest;
#[cfg(feature = "selftest")]
pub use selftest::{Check, SelfTest, selftest_with_clock};
pub use stop::{HostError, Stop, Trap};
pub use tree::{Entry, Paths, Tree, TreeError};
#[cfg(feature = "json")]
pub use typed::JsonError;
pub use value::{Params, Reference, Results, Value, ValueType, WasmValue};

// Only for rustdoc. The examples of the pages are tests where the features are on that they use.
#[cfg(all(
    any(doc, doctest),
    any(not(doctest), all(feature = "dir", feature = "json", feature = "wat"))
))]
pub mod _documentation;
