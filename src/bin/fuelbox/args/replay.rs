//! The flags of `fuelbox replay`.

use super::{
    Observe,
    flag::{Command, Flag, Group},
    flags::{BACKTRACE, COREDUMP, COVERAGE, JSON, PROFILE, QUIET, REPLAYED},
    words::{Words, text},
};
use crate::explanation::Explanation;

pub(super) const COMMAND: Command = Command {
    name: "replay",
    summary: "Run a recording again: the same report, to the unit of fuel, or at which host call the guest parted from it.",
    usage: "RECORDING.. [--module FILE] [FLAGS]",
    operands: &[(
        "RECORDING",
        "what `fuelbox run --record` or a host has written; with --coverage several of one module",
    )],
    groups: &[&WHAT_RUNS, &WHAT_IS_PRINTED, &WHAT_IS_FOUND_OUT],
    examples: &[
        "run guest.wasm --allow protocol --input data.json --record run.fbrun",
        "replay run.fbrun --backtrace",
        "replay run.fbrun --profile run.svg",
        "replay --coverage guest.lcov one.fbrun two.fbrun",
        "replay run.fbrun --module fixed.wasm",
    ],
    notes: &[
        "Nothing outside is reached: what host functions gave to the guest is in the recording. The limits are those of \
         the recording, so look at a stranger's file as at a stranger's program.",
        "With another build of the module, fuel between host calls may differ; what it calls must be the same.",
    ],
    exit_codes: &[0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 130],
};

const WHAT_RUNS: Group = Group {
    heading: "What runs",
    flags: &[&REPLAYED],
};
const WHAT_IS_PRINTED: Group = Group {
    heading: "What is printed",
    flags: &[&DOCUMENT, &NO_SUMMARY],
};
const WHAT_IS_FOUND_OUT: Group = Group {
    heading: "What is found out",
    flags: &[&BACKTRACE, &COREDUMP, &PROFILE, &COVERAGE],
};
const DOCUMENT: Flag = Flag {
    help: "print the report of the last call as one JSON document",
    ..JSON
};
const NO_SUMMARY: Flag = Flag {
    help: "no log lines and no summary",
    ..QUIET
};

/// What is run again.
pub(crate) struct Replay {
    pub(crate) recording: String,
    /// Those behind the first, which are run again for their coverage.
    pub(crate) more: Vec<String>,
    pub(crate) module: Option<String>,
    pub(crate) observe: Observe,
    pub(crate) json: bool,
    pub(crate) quiet: bool,
}

impl Replay {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        let observe = Observe::new(words)?;
        let json = words.has(&DOCUMENT);
        let more = words.operands.get(1..).unwrap_or_default().to_vec();
        let merges = observe.coverage.is_some() && observe.profile.is_none() && !observe.looks();
        if !more.is_empty() && (json || !merges) {
            return Err(Explanation::new(
                "several recordings are only run again for what they cover together",
                "--coverage FILE, without --json, --backtrace, --coredump and --profile",
            ));
        }
        Ok(Self {
            recording: super::first(words, &COMMAND)?,
            more,
            module: words.one(&REPLAYED, text)?,
            observe,
            json,
            quiet: words.has(&NO_SUMMARY),
        })
    }
}
