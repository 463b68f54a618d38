//! One module per promise.

mod bindings;
#[cfg(feature = "cli")]
mod program;
mod toolchains;
