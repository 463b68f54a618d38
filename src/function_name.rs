//! The name of a function of a module, as people are shown it.

use crate::text::Name;
use alloc::string::String;
use core::fmt;

/// A function of a module, written `function 7 (parse)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FunctionName {
    /// Its index, that of imported functions being the first.
    pub index: u32,
    /// Its name, where the module has a section of names that tells it.
    pub name: Option<String>,
}

impl fmt::Display for FunctionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "function {}", self.index)?;
        match &self.name {
            Some(name) => write!(f, " ({})", Name(name)),
            None => Ok(()),
        }
    }
}
