//! One module per promise.

mod coverage;
mod guests;
mod modules;
mod runs;
