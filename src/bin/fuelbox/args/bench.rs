//! The flags of `fuelbox bench`: those of `run`, and its own.

use super::{
    Run,
    flag::{Command, Group},
    flags::RUNS,
    run::{
        ARGUMENTS, LIMITS, LIMITS_OF_MODULE, MODULE, WHAT_IS_ALLOWED, WHAT_IS_PRINTED, WHAT_RUNS,
    },
    words::Words,
};
use crate::{explanation::Explanation, units};

pub(super) const COMMAND: Command = Command {
    name: "bench",
    summary: "Run a module many times; show how long it takes, how much fuel it uses and which limits would fit.",
    usage: "MODULE [-n COUNT] [FLAGS] [--] [ARGUMENTS]",
    operands: &[MODULE, ARGUMENTS],
    groups: &[
        &MEASURING,
        &WHAT_RUNS,
        &WHAT_IS_ALLOWED,
        &LIMITS,
        &LIMITS_OF_MODULE,
        &WHAT_IS_PRINTED,
    ],
    examples: &[
        "bench guest.wasm --allow protocol --input data.json",
        "bench sum.wat --invoke add -n 1000 --json 2 -40",
    ],
    notes: &[
        "The first run is a warm-up. The limits are those of each run. Output and log lines of the guest are dropped; \
         every run can change a directory with :rw.",
        "A run that is stopped ends the measurement. The exit code is that of `run`, for the first run that failed if \
         one did.",
    ],
    exit_codes: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130],
};

const MEASURING: Group = Group {
    heading: "How it is measured",
    flags: &[&RUNS],
};

/// How a module is to be timed.
pub(crate) struct Bench {
    /// What is run, and under which limits.
    pub(crate) run: Run,
    /// How many runs are measured; without it, as many as fit into a fixed time.
    pub(crate) runs: Option<u64>,
}

impl Bench {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        Ok(Self {
            run: Run::of_command(words, &COMMAND)?,
            runs: words.one(&RUNS, units::runs)?,
        })
    }
}
