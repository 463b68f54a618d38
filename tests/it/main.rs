//! One module per promise.

mod bindings;
mod guests;
#[cfg(feature = "cli")]
mod program;
mod toolchains;
