//! One module per promise.

mod coverage;
mod go;
mod go_program;
mod guests;
mod modules;
mod runs;
