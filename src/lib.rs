//! Run untrusted WebAssembly inside your own process, with an interpreter and under strict limits.
//!
//! No machine code is generated at run time, so fuelbox works where a JIT is forbidden: on iOS, on consoles, on
//! locked-down servers and on small devices. You say what a guest may use and what it may call. You get back one
//! [`Report`]: what it produced, what it logged, what it used and, if it was stopped, exactly why. Words such as guest,
//! fuel and grant are in the [glossary](_documentation::glossary).
//!
//! # Add it
//!
//! ```sh
//! cargo add fuelbox
//! ```
//!
//! # A first plugin
//!
//! A guest is a WebAssembly module. In Rust it is one function, built for `wasm32-unknown-unknown` with the package
//! `fuelbox-guest`; [Write a guest](_documentation::write_a_guest) shows C, Zig and AssemblyScript too:
//!
//! ```rs
//! fn run(input: &[u8]) -> Result<String, std::str::Utf8Error> {
//!     Ok(std::str::from_utf8(input)?.to_uppercase())
//! }
//! fuelbox_guest::entry!(run);
//! ```
//!
//! The host reads the module, sets limits, grants input, output and log, and runs it:
//!
//! ```
//! use fuelbox::{Limits, Module, Sandbox, protocol};
//! use std::time::Duration;
//!
//! # let text = std::fs::read_to_string("examples/guests/upper.wat")?;
//! # let wasm = wat::parse_str(text)?;
//! let module = Module::new(&wasm)?; // the bytes of std::fs::read("plugin.wasm")?
//! let limits = Limits::default().fuel(10_000_000).deadline(Duration::from_millis(200));
//! let report = Sandbox::new(limits).grant(protocol()).run(&module, b"hello")?;
//!
//! assert!(report.usage.fuel <= 10_000_000);
//! assert_eq!(report.into_output()?, b"HELLO");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `run` returns an [`Error`] if the guest could not be started. A guest that fails or is stopped is a normal result:
//! its output, logs and usage are in the report.
//!
//! # The types, in the order of their use
//!
//! | type | what it is |
//! | --- | --- |
//! | [`Module`] | guest code that passed every check and is compiled; cheap to clone |
//! | [`Limits`] | what a guest may use: fuel, time, memory, output, logs; each has a default |
//! | [`capability`], [`Function`] | what a guest may call; nothing is granted by default |
//! | [`Sandbox`] | limits and grants together; reusable |
//! | [`Call`] | what to run: the entry or an export, with input, arguments and a cancel token |
//! | [`Instance`] | a guest that is kept: its memory lasts from call to call |
//! | [`Execution`] | a call in progress: step it, await it, cancel it, finish it |
//! | [`Report`], [`Outcome`] | what happened, however the run ended |
//! | [`Error`], [`Stop`] | why the guest was not started; why it was stopped. Both are data, with a stable code |
//! | [`Advice`], [`Blame`] | what to change so that it does not happen again, and who has to act |
//!
//! # Recipes
//!
//! | what you want to do | see |
//! | --- | --- |
//! | choose limits | [`Limits`], [what each limit does](_documentation::limits) |
//! | offer a function of the host | [`Function::new`], [guide](_documentation::guide#offer-functions-of-your-own) |
//! | keep a guest and call it many times | [`Sandbox::instantiate`], [guide](_documentation::guide#keep-state) |
//! | run a guest for a short time in each frame | [`Execution::step`], [guide](_documentation::guide#step-it-beside-other-work) |
//! | run a guest in an async task | [`Run`], [guide](_documentation::guide#async) |
//! | answer a host call later | [`Function::waiting`], [guide](_documentation::guide#wait-for-the-host) |
//! | run many guests on one thread | [`Scheduler`], [guide](_documentation::guide#many-guests-on-one-thread) |
//! | stop a guest from another thread | [`CancelToken`], [guide](_documentation::guide#cancel-it-from-another-thread) |
//! | start guests faster | [`Instance::snapshot`], [`Pool`], [guide](_documentation::guide#start-from-a-snapshot) |
//! | run a WASI program, with files | [`Wasi`](capability::Wasi), [guide](_documentation::guide#run-a-wasi-program) |
//! | check a plugin when it is installed | [`Sandbox::check`], [guide](_documentation::guide#check-before-running) |
//! | react to errors | [`Error::code`], [`Stop::code`], [all codes](_documentation::codes) |
//! | know what is protected and what is not | [security](_documentation::security) |
//!
//! All pages: [`_documentation`].
//!
//! # Features
//!
//! | feature | on by default | what it does |
//! | --- | --- | --- |
//! | `std` | yes | the machine's clock for deadlines, and panics of the interpreter are caught. Without it the crate is `no_std` with `alloc`: see [`Sandbox::with_clock`] |
//! | `simd` | yes | guests may use 128-bit vectors |
//! | `lent-memory` | yes | memories of guests never move and are used again, on Unix hosts of 64 bits: see [`keep_memory`] |
//! | `wat` | no | `Module::from_wat` and `ModuleBuilder::build_wat`: modules in the text format |
//! | `serde` | no | `Serialize` and `Deserialize` for [`Report`], [`Error`] and all that they hold |
//! | `json` | no | `Sandbox::run_json` and `Report::into_json`: typed input and output |
//! | `dir` | no | `Dir`: real directories for WASI guests |
//! | `observe` | no | `Recording::observe`, `Recording::profile`, `Recording::coverage`: where in its code a guest stopped, where its fuel went, and what of it ran |
//! | `fuzz` | no | the module `fuzz`: runs a guest again and again from one state, and tells which ways it took |
//! | `selftest` | no | `selftest()`: runs over a hundred built-in hostile guests on the machine where it is called |
//! | `worker` | no | guests in worker processes, a second wall on Unix: see the module `worker` |
//! | `portable-dispatch` | no | an interpreter loop that does not depend on tail calls: 2.6 times slower, but safe in every build profile. Always on for processors other than x86-64 and aarch64: see [targets](_documentation::targets#dispatch) |
//! | `cli` | no | the program `fuelbox`, with `std`, `wat`, `serde`, `selftest`, `observe`, `fuzz`, `worker` and `dir` |
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
mod advice;
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
mod worker_end;

// What a run may use, and what can come of it.
mod error;
mod exit_code;
mod limits;
mod module_limits;
mod report;
mod stop;

// What can be kept of a run.
mod recording;

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
#[cfg(feature = "observe")]
mod coverage;
#[cfg(feature = "fuzz")]
pub mod fuzz;
#[cfg(feature = "observe")]
mod observation;
mod pool;
mod preflight;
#[cfg(feature = "observe")]
mod profile;
mod replay;
mod sandbox;
#[cfg(feature = "selftest")]
mod selftest;
#[cfg(feature = "json")]
mod typed;
#[cfg(all(feature = "worker", unix))]
pub mod worker;

pub use advice::Advice;
pub use blame::Blame;
pub use call::{Call, CallError};
pub use capability::{Function, Reply, protocol};
pub use clock::MonotonicClock;
#[cfg(feature = "std")]
pub use clock::now;
#[cfg(feature = "observe")]
pub use coverage::{Coverage, CoverageBlock, CoverageBranch};
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
pub use host::{Caller, CancelToken, Extensions, Halt, Request, keep_memory, kept_memory};
pub use instance::{GuestMemory, Instance, OutOfBounds, SnapshotError};
pub use limits::{CallLimits, GrowthDenial, InstanceLimits, Limits};
pub use module::{AbiVersion, Export, FUEL_SCHEDULE, Import, Module, ModuleBuilder};
pub use module_limits::ModuleLimits;
#[cfg(feature = "observe")]
pub use observation::{Frame, Observation};
pub use pool::Pool;
pub use preflight::{ImportCheck, ImportStatus, Preflight};
#[cfg(feature = "observe")]
pub use profile::{Profile, ProfileNode};
pub use proposal::{Proposal, Proposals};
pub use recording::{Recording, RecordingError};
pub use replay::{Divergence, Replay};
pub use report::{Failed, LogLine, Outcome, Phase, Report, Usage};
pub use sandbox::Sandbox;
#[cfg(all(feature = "selftest", feature = "std"))]
pub use selftest::selftest;
#[cfg(all(feature = "selftest", feature = "worker", unix))]
pub use selftest::selftest_in_workers;
#[cfg(feature = "selftest")]
pub use selftest::{Check, SelfTest, selftest_with_clock};
pub use stop::{HostError, Stop, Trap};
pub use tree::{Entry, Paths, Tree, TreeError};
#[cfg(feature = "json")]
pub use typed::JsonError;
pub use value::{Params, Reference, Results, Value, ValueType, WasmValue};
pub use worker_end::WorkerEnd;

// Only for rustdoc. The examples of the pages are tests where the features are on that they use.
#[cfg(all(
    any(doc, doctest),
    any(not(doctest), all(feature = "cli", feature = "json"))
))]
pub mod _documentation;
