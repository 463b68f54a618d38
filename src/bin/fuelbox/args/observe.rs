//! Flags that say what is kept of a run, to look at it again.

use super::{
    flag::Group,
    flags::{BACKTRACE, COREDUMP, COVERAGE, PROFILE, RECORD},
    words::{Words, text},
};
use crate::explanation::Explanation;

pub(super) const WHAT_IS_KEPT: Group = Group {
    heading: "What is found out about it",
    flags: &[&BACKTRACE, &COREDUMP, &PROFILE, &COVERAGE, &RECORD],
};

/// What is kept of a run, or found out by running it again.
#[derive(Default)]
pub(crate) struct Observe {
    /// Where the recording goes.
    pub(crate) record: Option<String>,
    pub(crate) backtrace: bool,
    /// Where the core dump goes.
    pub(crate) coredump: Option<String>,
    /// Where the profile goes.
    pub(crate) profile: Option<String>,
    /// Where the tracefile goes.
    pub(crate) coverage: Option<String>,
}

impl Observe {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn new(words: &Words) -> Result<Self, Explanation> {
        Ok(Self {
            record: words.one(&RECORD, text)?,
            backtrace: words.has(&BACKTRACE),
            coredump: words.one(&COREDUMP, text)?,
            profile: words.one(&PROFILE, text)?,
            coverage: words.one(&COVERAGE, text)?,
        })
    }

    /// Whether the run is recorded.
    pub(crate) fn is_on(&self) -> bool {
        self.record.is_some() || self.profile.is_some() || self.coverage.is_some() || self.looks()
    }

    /// Whether a run that stops is run again, to look at it.
    pub(crate) fn looks(&self) -> bool {
        self.backtrace || self.coredump.is_some()
    }
}
