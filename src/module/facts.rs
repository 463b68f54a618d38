//! The facts that are kept of an outline once the module is rewritten.

use super::{abi::AbiVersion, interface::Interface};
use crate::{
    error::Error,
    extern_type::{MemoryType, TableType},
};
use alloc::{boxed::Box, format};

/// What is left of an outline once the module is rewritten.
pub(super) struct Facts {
    pub(super) interface: Interface,
    pub(super) memories: Box<[MemoryType]>,
    pub(super) tables: Box<[TableType]>,
    pub(super) abi_version: AbiVersion,
    /// Whether a function had what the interpreter miscompiles.
    pub(super) is_repaired: bool,
    /// Locals of the function that has the most.
    pub(super) most_locals: u64,
    pub(super) most_carried: u64,
}

impl Facts {
    /// Refuses what is valid and wasmi 2.0.0 fails at, all of it with indices of 64 bits.
    ///
    /// It panics where a memory grows that may have 2^64 bytes, and a host of 32 bits makes no table whose
    /// maximum takes more.
    ///
    /// # Errors
    /// [`Error::Unsupported`].
    pub(super) fn must_suit_the_interpreter(&self) -> Result<(), Error> {
        let memory = self
            .memories
            .iter()
            .filter_map(|memory| Some((memory.maximum_pages?, memory.page_bytes)))
            .find(|(pages, page_bytes)| pages.checked_mul(*page_bytes).is_none())
            .map(|(pages, _)| format!("a memory may have {pages} pages"));
        let table = self
            .tables
            .iter()
            .filter_map(|table| table.maximum)
            .find(|elements| u32::try_from(*elements).is_err())
            .map(|elements| format!("a table may have {elements} elements"));
        match memory.or(table) {
            Some(message) => Err(Error::Unsupported { message }),
            None => Ok(()),
        }
    }
}
