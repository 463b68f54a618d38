//! One module per promise.

#[cfg(feature = "cli")]
mod bindings;
mod program;
mod toolchains;
