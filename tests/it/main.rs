//! One module per promise.

#[cfg(feature = "cli")]
mod program;
