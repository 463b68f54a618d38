//! Flags that say what is kept of a run, to look at it again.

use super::flags::RECORD;
use crate::{
    command_line::{Words, text},
    explain::Explanation,
    flag::Group,
};

pub(super) const WHAT_IS_KEPT: Group = Group {
    heading: "What is kept of it",
    flags: &[&RECORD],
};

/// What is kept of a run, or shown of it again.
pub(crate) struct Observe {
    /// Where the recording goes.
    pub(crate) record: Option<String>,
}

impl Observe {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn new(words: &Words) -> Result<Self, Explanation> {
        Ok(Self {
            record: words.one(&RECORD, text)?,
        })
    }

    /// Whether the run is recorded.
    pub(crate) fn is_on(&self) -> bool {
        self.record.is_some()
    }
}
