//! The flags of `fuelbox selftest`.

use super::{
    flag::{Command, Flag, Group},
    flags::{ISOLATE, JSON},
    words::Words,
};
use crate::explanation::Explanation;

pub(super) const COMMAND: Command = Command {
    name: "selftest",
    summary: "Run the built-in hostile guests on this machine, and show which of them were contained.",
    usage: "[--isolate] [--json]",
    operands: &[],
    groups: &[&WHERE_THEY_RUN, &WHAT_IS_PRINTED],
    examples: &[
        "selftest",
        "selftest --json | jq '.checks[] | select(.contained | not)'",
    ],
    notes: &[],
    exit_codes: &[0, 1, 12],
};

const WHERE_THEY_RUN: Group = Group {
    heading: "Where they run",
    flags: &[&EACH],
};
const EACH: Flag = Flag {
    help: "run each in a process of its own that can open nothing; those that need this process are left out",
    ..ISOLATE
};

const WHAT_IS_PRINTED: Group = Group {
    heading: "What is printed",
    flags: &[&DOCUMENT],
};
const DOCUMENT: Flag = Flag {
    help: "print everything as one JSON document",
    ..JSON
};

/// Where the self-test runs, and how it is shown.
pub(crate) struct SelfTest {
    pub(crate) isolate: bool,
    pub(crate) json: bool,
}

impl SelfTest {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        super::at_most(words, 0, &COMMAND)?;
        Ok(Self {
            isolate: words.has(&EACH),
            json: words.has(&DOCUMENT),
        })
    }
}
