//! What flags give a guest, as they are written: capabilities, directories, variables, limits of the module.

pub(crate) mod allow;
pub(crate) mod directory;
pub(crate) mod module_limits;
pub(crate) mod proposals;
pub(crate) mod variable;
