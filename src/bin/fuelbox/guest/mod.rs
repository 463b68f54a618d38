//! The guest that a command line names, made ready to run: its module, input, arguments and files.

pub(crate) mod input;
pub(crate) mod module_file;
pub(crate) mod prepared;
pub(crate) mod values;
pub(crate) mod wasi;
