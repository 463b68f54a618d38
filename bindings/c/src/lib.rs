//! The C interface of fuelbox.
//!
//! `include/fuelbox.h` says what each function does, who owns what, and from which threads it may be called: it is the
//! documentation, and a test compares it with what is exported here.
//!
//! The way of a call: an exported function takes what C hands in as the types of [`boundary`], where all `unsafe` code
//! is; it opens handles of the registry in [`handle`], calls the library, and what it fails with becomes a
//! [`status`] and, where C wants one, an [`error`]. [`guard`] is around all of it.

#![deny(unsafe_op_in_unsafe_fn)]

// What every function is made of.
mod alone;
mod boundary;
mod guard;
mod handle;
mod json;
mod output;
mod status;
mod usage;
mod value;

// The nouns of the header, in its order.
mod library;

mod error;

mod builder;
mod limits;
mod module;
mod names;

mod call;
mod cancel;
mod clock;
mod function;
mod grants;
mod random;
mod sandbox;

mod caller;

mod execution;
mod instance;
mod request;

mod recording;
mod report;

mod dir;
mod stdin;
mod tree;
mod wasi;

mod pool;
mod scheduler;
mod selftest;

// What the search for faults calls.
#[cfg(feature = "calls")]
pub mod calls;
