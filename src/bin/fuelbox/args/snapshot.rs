//! The flags of `fuelbox snapshot`: those of `run` that say what runs, and its own.

use super::{
    Run,
    flag::{Command, Group},
    flags::{OUT, QUIET},
    run::{ARGUMENTS, LIMITS, LIMITS_OF_MODULE, MODULE, WHAT_IS_ALLOWED, WHAT_RUNS},
    words::{Words, text},
};
use crate::explanation::Explanation;

pub(super) const COMMAND: Command = Command {
    name: "snapshot",
    summary: "Start a module and write its state as a new module that continues from there.",
    usage: "MODULE -o FILE [--invoke NAME] [FLAGS] [--] [ARGUMENTS]",
    operands: &[MODULE, ARGUMENTS],
    groups: &[
        &WHAT_IS_WRITTEN,
        &WHAT_RUNS,
        &WHAT_IS_ALLOWED,
        &LIMITS,
        &LIMITS_OF_MODULE,
    ],
    examples: &[
        "snapshot guest.wasm -o warm.wasm",
        "snapshot engine.wasm --invoke load --allow protocol --input rules.json -o warm.wasm",
    ],
    notes: &[
        "The start function and `_initialize` run, then the export that --invoke names, if it is given. The limits are \
         those of each of the two.",
        "Memory, globals and tables are written. Files, clocks and random numbers begin again when the new module runs.",
    ],
    exit_codes: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

const WHAT_IS_WRITTEN: Group = Group {
    heading: "What is written",
    flags: &[&OUT, &QUIET],
};

/// What is to get ready, and where it is written.
pub(crate) struct Snapshot {
    pub(crate) run: Run,
    pub(crate) out: String,
}

impl Snapshot {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        let run = Run::of_command(words, &COMMAND)?;
        let out = words.one(&OUT, text)?.ok_or_else(|| {
            Explanation::new(
                "`snapshot` needs a file to write",
                format!("fuelbox {} {}", COMMAND.name, COMMAND.usage),
            )
        })?;
        Ok(Self { run, out })
    }
}
