//! A fuzzer for what runs the same way each time, such as the guests of [fuelbox](https://docs.rs/fuelbox).
//!
//! A [`Search`] keeps the inputs that lead a guest to new ways, changes them, and puts in what the guest compares them
//! with: so it finds magic numbers, lengths and checksums too. With the same seed it does the same, run for run.
//!
//! ```
//! use fuelbox::{Limits, Module, Sandbox, fuzz::Target, protocol};
//! use fuelbox_fuzz::{Compare, Detail, Event, Guest, Search, Seen, Settings};
//!
//! /// A guest of fuelbox, as a search runs it.
//! struct Sandboxed(Target);
//!
//! impl Guest for Sandboxed {
//!     type Error = fuelbox::CallError;
//!
//!     fn run(&mut self, input: &[u8], detail: Detail, seen: &mut Seen) -> Result<(), Self::Error> {
//!         let verdict = match detail {
//!             Detail::Ways => self.0.run(input)?,
//!             Detail::Compares => self.0.run_comparing(input)?,
//!         };
//!         seen.fault = verdict.stop.as_ref().map(fuelbox::Stop::code);
//!         seen.fuel = verdict.fuel;
//!         let ways = verdict.edges.taken().map(|(way, count)| (u32::try_from(way).unwrap_or(u32::MAX), count));
//!         seen.ways.extend(ways);
//!         if detail == Detail::Compares {
//!             seen.compares.extend(verdict.compares().map(|one| Compare::new(one.place, one.left, one.right, one.bits)));
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let guest = r#"(module
//!     (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
//!     (memory (export "memory") 1)
//!     (func (export "execute") (param i32 i32) (result i32)
//!         (drop (call $read (i32.const 0) (i32.const 64)))
//!         (if (i32.eq (i32.load (i32.const 0)) (i32.const 0x21797562)) (then (unreachable))) (i32.const 0)))"#;
//! let wasm = wat::parse_str(guest)?;
//! let sandbox = Sandbox::new(Limits::default().fuel(1_000_000)).grant(protocol());
//! let target = Target::new(&sandbox, &Module::builder(), &wasm)?;
//!
//! let mut search = Search::new(Sandboxed(target), Settings::default().seed(7));
//! search.add(b"a first input")?;
//! while search.runs() < 1_000 && !matches!(search.step()?, Event::Find(_)) {}
//! let find = search.finds().next().expect("it is found");
//! assert_eq!((find.fault, find.input.get(..4)), ("trap-unreachable", Some(&b"buy!"[..])));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | search | [`Search`], [`Settings`] |
//! | shorten what was found | [`shorten`] |
//! | keep as few inputs as take all ways | [`fewest`] |
//! | keep inputs in files | [`Folder`] |
//! | give another fuzzer what a guest compares | [`substitute`], [`Dictionary`] |
#![forbid(unsafe_code)]

// In the order of use; a module imports only from those above it.
mod folder;
mod guest;
mod random;

mod coverage;
mod dictionary;
mod mutation;
mod substitution;

mod corpus;
mod finds;
mod search;
mod settings;

mod fewest;
mod shorten;

pub use dictionary::Dictionary;
pub use fewest::fewest;
pub use finds::Find;
pub use folder::Folder;
pub use guest::{Compare, Detail, Guest, Seen};
pub use search::{Event, Search};
pub use settings::Settings;
pub use shorten::shorten;
pub use substitution::substitute;
