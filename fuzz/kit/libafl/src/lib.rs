//! Guests of fuelbox as executors of LibAFL.
//!
//! A [`Guest`] is a `fuelbox::fuzz::Target` that two executors share. A [`GuestExecutor`] runs it, and writes how often
//! it took each of its ways to a map of LibAFL. A [`CompareExecutor`] runs it for a `TracingStage`, and tells what it
//! compares: with that, the mutator [`Substitute`] puts magic numbers, lengths and checksums into inputs. LibAFL's own
//! `I2SRandReplace` reads the same, but makes no input longer, so it seldom finds a length. Nothing is forked, no
//! signal is caught and no clock is read, because a guest cannot harm the process that it runs in.
//!
//! | the guest | is for LibAFL |
//! | --- | --- |
//! | comes to its end, with any status | `ExitKind::Ok` |
//! | uses up its fuel | `ExitKind::Timeout`, on the same inputs everywhere |
//! | wants more memory than it may have, where that stops it | `ExitKind::Oom` |
//! | traps, or is stopped by another limit or a host function | `ExitKind::Crash` |
//!
//! ```
//! use fuelbox::{Limits, Module, Sandbox, fuzz::Target, protocol};
//! use fuelbox_libafl::{CompareExecutor, Guest, GuestExecutor, Substitute};
//! use libafl::{
//!     corpus::{Corpus, InMemoryCorpus},
//!     events::NopEventManager,
//!     feedbacks::{CrashFeedback, MaxMapFeedback},
//!     fuzzer::{Evaluator, Fuzzer, StdFuzzer},
//!     inputs::BytesInput,
//!     schedulers::QueueScheduler,
//!     stages::{StdMutationalStage, TracingStage},
//!     state::{HasSolutions, StdState},
//! };
//! use libafl_bolts::{rands::StdRand, tuples::{Handled, tuple_list}};
//!
//! # let wasm = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../guests/planted-c.wasm"))?;
//! let sandbox = Sandbox::new(Limits::default().fuel(1_000_000)).grant(protocol());
//! let guest = Guest::new(Target::new(&sandbox, &Module::builder(), &wasm)?);
//!
//! let ways = guest.ways("ways");
//! let mut feedback = MaxMapFeedback::new(&ways);
//! let mut objective = CrashFeedback::new();
//! let (corpus, solutions) = (InMemoryCorpus::new(), InMemoryCorpus::new());
//! let mut state = StdState::new(StdRand::with_seed(1), corpus, solutions, &mut feedback, &mut objective)?;
//! let mut fuzzer = StdFuzzer::new(QueueScheduler::new(), feedback, objective);
//! let mut executor = GuestExecutor::new(&guest, ways.handle(), tuple_list!(ways));
//!
//! let compares = guest.compares("compares");
//! let tracer = CompareExecutor::new(&guest, compares.handle(), tuple_list!(compares));
//! let mut stages = tuple_list!(TracingStage::new(tracer), StdMutationalStage::new(Substitute::new()));
//!
//! let mut manager = NopEventManager::new();
//! let first = BytesInput::new(b"M, and twelve bytes more".to_vec());
//! fuzzer.evaluate_input(&mut state, &mut executor, &mut manager, &first)?;
//! while state.solutions().count() == 0 {
//!     fuzzer.fuzz_one(&mut stages, &mut executor, &mut state, &mut manager)?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod compares;
mod executor;
mod guest;
mod substitute;

pub use compares::Compares;
pub use executor::{CompareExecutor, GuestExecutor};
pub use guest::{ComparesObserver, Guest, WaysObserver};
pub use substitute::Substitute;
