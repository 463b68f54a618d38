//! What runs when no export is named.

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
    /// The export that it is.
    pub(crate) fn export(self) -> &'static str {
        match self {
            Self::Execute => protocol::EXECUTE_EXPORT,
            Self::Start => protocol::START_EXPORT,
        }
    }
}
