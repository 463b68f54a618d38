//! The flags of `fuelbox inspect`.

use super::{
    flag::{Command, Flag, Group},
    flags::{ALLOW, INVOKE, JSON, MEMORY, MODULE_LIMIT, PROPOSAL, STUB_UNKNOWN, TABLE_LIMIT},
    run::{self, MODULE},
    words::{Words, text},
};
use crate::{
    explanation::Explanation,
    grant::allow::{self, Allowed},
};
use fuelbox::{Limits, ModuleLimits};

pub(super) const COMMAND: Command = Command {
    name: "inspect",
    summary: "Show what a module consists of and whether it would run; if it would not, the exit code is that of `run`.",
    usage: "MODULE [--allow WORDS] [--invoke NAME] [FLAGS]",
    operands: &[MODULE],
    groups: &[&HOW_IT_WOULD_RUN, &WHAT_IS_PRINTED],
    examples: &[
        "inspect guest.wasm --allow protocol",
        "inspect library.wasm --invoke add --json",
    ],
    notes: &["Sizes are written 64MiB or 64MB, counts 5000 or 10M."],
    exit_codes: &[0, 1, 4, 5, 6, 7],
};

const HOW_IT_WOULD_RUN: Group = Group {
    heading: "How it would run",
    flags: &[
        &ALLOW,
        &CALLED,
        &STUB_UNKNOWN,
        &MEMORY,
        &TABLE_LIMIT,
        &MODULE_LIMIT,
        &PROPOSAL,
    ],
};
const WHAT_IS_PRINTED: Group = Group {
    heading: "What is printed",
    flags: &[&DOCUMENT],
};

/// As for `run`, but there are no arguments.
const CALLED: Flag = Flag {
    help: "check a call of this export, with arguments of its types, instead of `execute` or `_start`",
    ..INVOKE
};
const DOCUMENT: Flag = Flag {
    help: "print everything as one JSON document",
    ..JSON
};

/// What is asked about.
pub(crate) struct Inspect {
    pub(crate) module: String,
    pub(crate) allow: Vec<Allowed>,
    pub(crate) invoke: Option<String>,
    pub(crate) stub_unknown: bool,
    pub(crate) limits: Limits,
    pub(crate) module_limits: ModuleLimits,
    pub(crate) json: bool,
}

impl Inspect {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        super::at_most(words, 1, &COMMAND)?;
        Ok(Self {
            module: super::first(words, &COMMAND)?,
            allow: words.all(&ALLOW, allow::parse)?,
            invoke: words.one(&CALLED, text)?,
            stub_unknown: words.has(&STUB_UNKNOWN),
            limits: run::limits(words, false)?,
            module_limits: run::limits_of_module(words)?,
            json: words.has(&DOCUMENT),
        })
    }
}
