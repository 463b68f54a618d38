//! How the assertions ended, counted.

use crate::harness::digest::Digest;
use fuelbox::{Error, Proposal};
use std::{collections::BTreeMap, fmt};

/// Why an assertion is not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// The module uses a proposal that never runs here.
    Never(Proposal),
    /// Modules share memories, tables, globals or functions with state: fuelbox runs each alone.
    Shared,
    /// A reference of the host is passed, which fuelbox never makes.
    HostReference,
    /// What is wrong shows in the text format already, and this build is without `wat`.
    Text,
    /// The text is no UTF-8, so it cannot be passed as `&str`.
    NotUtf8,
    /// A later version of WebAssembly says otherwise.
    Superseded(&'static str),
    /// The module failed, which is counted once.
    Failed,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never(proposal) => write!(f, "{proposal}: never runs here"),
            Self::Shared => f.write_str("modules share state: each runs alone here"),
            Self::HostReference => f.write_str("references of the host are never passed in"),
            Self::Text => f.write_str("wrong in the text format already"),
            Self::NotUtf8 => f.write_str("text that is no UTF-8 is no &str"),
            Self::Superseded(reason) => write!(f, "superseded: {reason}"),
            Self::Failed => f.write_str("of a module that failed"),
        }
    }
}

/// Why an assertion did not pass.
#[derive(Debug)]
pub(super) enum Miss {
    LeftOut(Reason),
    /// Fuelbox refused what it should run.
    Refused(Error),
    Failed(String),
}

impl From<Error> for Miss {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<Reason> for Miss {
    fn from(reason: Reason) -> Self {
        Self::LeftOut(reason)
    }
}

/// Counts by kind and by reason.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) files: u32,
    pub(super) passed: BTreeMap<&'static str, u32>,
    pub(super) left_out: BTreeMap<Reason, u32>,
    pub(super) failed: Vec<String>,
    /// Of the reports of all calls, so that platforms can be compared.
    pub(super) reports: Digest,
}

impl Tally {
    pub(super) fn count(&mut self, what: &'static str, place: &str, verdict: Result<(), Miss>) {
        match verdict {
            Ok(()) => *self.passed.entry(what).or_default() += 1,
            Err(Miss::LeftOut(reason)) => *self.left_out.entry(reason).or_default() += 1,
            Err(Miss::Refused(error)) => {
                let code = error.code();
                self.failed
                    .push(format!("{place}: {what}: {code}: {error}"));
            }
            Err(Miss::Failed(problem)) => self.failed.push(format!("{place}: {what}: {problem}")),
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.files += other.files;
        for (what, count) in other.passed {
            *self.passed.entry(what).or_default() += count;
        }
        for (reason, count) in other.left_out {
            *self.left_out.entry(reason).or_default() += count;
        }
        self.failed.extend(other.failed);
        self.reports.add_all(other.reports);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} files", self.files)?;
        for (what, count) in &self.passed {
            writeln!(f, "{count:>7} passed: {what}")?;
        }
        for (reason, count) in &self.left_out {
            writeln!(f, "{count:>7} left out: {reason}")?;
        }
        writeln!(f, "{:>7} failed", self.failed.len())?;
        writeln!(f, "all reports: {}", self.reports)
    }
}
