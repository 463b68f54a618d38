//! One module per promise.

mod bindings;
mod built_guests;
#[cfg(feature = "cli")]
mod program;
mod tidy;
mod toolchains;
