//! What the benches share: guests, plain wasmi as a host would write it, and fair rounds.
//!
//! `cargo bench -p fuelbox-bench` runs all; `-- --test` goes through each once, without measuring.

pub mod guest;
pub mod plain;
pub mod rounds;

/// Whether to go through everything just once.
#[must_use]
pub fn is_test() -> bool {
    std::env::args().any(|argument| argument == "--test")
}
