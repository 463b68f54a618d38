//! The search for faults of the interpreter: guests without end, interpreted in fuelbox and compiled by wasmtime.
//!
//! Every guest belongs to a number, so that a search can go on where it stopped, and any guest be made again.

#![forbid(unsafe_code)]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a search that panics is seen; no guest chooses these numbers"
)]

// What is searched: numbers, and the guests that belong to them.
mod generator;
mod proposals;
pub mod search;
mod translator;

// What a guest is made of, what must hold of it, and how one that breaks it is made small.
pub mod contents;
pub mod judge;
pub mod shrink;
pub mod together;

// Who searches: processes that do the work, and the one that watches them.
pub mod campaign;
mod find;
mod progress;
pub mod worker;

pub use generator::Generator;
pub use proposals::Proposals;
