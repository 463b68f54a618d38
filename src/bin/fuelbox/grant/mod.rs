//! What flags give a guest: capabilities, directories and proposals, each by its word.

pub(crate) mod allow;
pub(crate) mod directory;
pub(crate) mod proposals;
