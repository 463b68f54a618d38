//! Guests made from bytes.

mod digest;
pub(crate) mod grow;
pub(crate) mod program;
mod sections;
mod survey;
pub(crate) mod wasi;

pub use digest::DIGEST;
