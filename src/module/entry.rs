//! The entry of a module: what runs when no export is named.

use super::interface::Interface;
use crate::{error::Error, value::ValueType};
use fuelbox_guest::protocol;

/// What runs when no export is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// `execute(ptr, len) -> status`
    Execute,
    /// `_start()`
    Start,
}

impl Entry {
    /// That of a module, or why it has none.
    pub(super) fn find(interface: &Interface) -> Result<Self, Error> {
        if interface.export(protocol::EXECUTE_EXPORT).is_none()
            && interface.export(protocol::START_EXPORT).is_some()
        {
            let start = interface.function_of(protocol::START_EXPORT, &[], &[]);
            return start.map(|_| Self::Start);
        }
        let (params, results) = ([ValueType::I32, ValueType::I32], [ValueType::I32]);
        let execute = interface.function_of(protocol::EXECUTE_EXPORT, &params, &results);
        execute.map(|_| Self::Execute)
    }

    /// The export that it is.
    pub(crate) fn export(self) -> &'static str {
        match self {
            Self::Execute => protocol::EXECUTE_EXPORT,
            Self::Start => protocol::START_EXPORT,
        }
    }
}
