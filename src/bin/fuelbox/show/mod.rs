//! What people see: help texts, explanations, summaries, documents; the only code that writes to the terminal.

pub(crate) mod explain;
pub(crate) mod help;
pub(crate) mod json;
pub(crate) mod live;
pub(crate) mod print;
pub(crate) mod stream;
pub(crate) mod style;
pub(crate) mod summary;
pub(crate) mod wrap;
