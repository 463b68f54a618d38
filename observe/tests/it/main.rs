//! One module per promise.

mod guests;
mod modules;
mod runs;
