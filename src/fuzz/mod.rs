//! Guests that are fuzzed: run again and again from one state, and telling which ways they took.
//!
//! [`Target`] runs a guest on an input as a fuzzer does, whatever way it takes input. [`Probe`] is what it is made of,
//! for guests that are called otherwise. Both need a module that is [`traced`](crate::ModuleBuilder::traced). The
//! package `fuelbox-fuzz` has a fuzzer, and the program runs it: `fuelbox fuzz`.

mod entry;
mod probe;
mod target;
mod ways;

pub use crate::module::Traced;
pub use entry::EntryError;
pub use probe::Probe;
pub use target::{Target, Verdict};
pub use ways::{Compare, Edges};
