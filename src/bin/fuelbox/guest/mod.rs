//! The guest that a command line names, up to where it can be run: its file, its input, its arguments, its WASI.

pub(crate) mod input;
pub(crate) mod module_file;
pub(crate) mod prepared;
pub(crate) mod values;
pub(crate) mod wasi;
