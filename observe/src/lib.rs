//! Names for places in a WebAssembly module: functions, files and lines.
//!
//! A module's bytes go in as [`Symbols`]; a place of it, a function's number and where in the bytes an operator stands,
//! comes out as a [`Place`] with names. fuelbox's `Recording::observe` finds such places: where a guest was when it
//! stopped. [`coredump`] writes what it had for other tools.
//!
//! Nothing of a module is trusted: its names are escaped and cut, and debug information that is broken is as good as
//! none.
//!
//! ```
//! use fuelbox::{Limits, Module, Sandbox};
//! use fuelbox_observe::Symbols;
//!
//! # let wasm = wat::parse_str(r#"(module
//! #     (func $divide (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
//! #     (func $main (export "_start") (drop (call $divide (i32.const 0)))))"#)?;
//! let sandbox = Sandbox::new(Limits::default()).record(16 << 20);
//! let finished = sandbox.start(&Module::new(&wasm)?, "")?.finish();
//! let recording = finished.recording.expect("the sandbox records");
//!
//! let symbols = Symbols::new(&wasm);
//! let places: Vec<_> = recording.observe(&wasm)?.frames.iter()
//!     .map(|frame| symbols.place(frame.function, frame.offset).to_string())
//!     .collect();
//! assert_eq!(places, ["divide at 0x2d", "main at 0x33"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod begins;
pub mod coredump;
pub mod coverage;
mod demangle;
mod go;
mod lines;
mod names;
mod place;
pub mod profile;
mod source_map;
mod symbols;
mod text;

pub use place::{Line, Place};
pub use symbols::Symbols;
