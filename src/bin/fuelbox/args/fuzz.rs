//! The flags of `fuelbox fuzz`: those of `run` that say what a guest may use, and its own.

use super::{
    Run,
    flag::{Command, Flag, Group},
    flags::{
        ALLOW, ARG, ENV, FUEL, GROWTH_DENIAL, MEMORY, PROGRAM, QUIET, STUB_UNKNOWN, TABLE_LIMIT,
    },
    run::{LIMITS_OF_MODULE, MODULE},
    words::{Words, text},
};
use crate::{explanation::Explanation, units};
use fuelbox::{Limits, fuzz::Target};
use std::time::Duration;

pub(super) const COMMAND: Command = Command {
    name: "fuzz",
    summary: "Run a module on input after input, to find those on which it fails.",
    usage: "MODULE --corpus DIR [--seconds N] [--allow WORDS] [FLAGS]",
    operands: &[MODULE],
    groups: &[
        &WHAT_IS_SEARCHED,
        &WHAT_IS_ALLOWED,
        &LIMITS,
        &LIMITS_OF_MODULE,
    ],
    examples: &[
        "fuzz guest.wasm --allow protocol --corpus inputs --seconds 60",
        "fuzz parser.wasm --corpus inputs --runs 100k --seed 7",
        "fuzz parser.wasm --corpus inputs --minimize",
        "replay inputs/finds/trap-unreachable-0f3c9a1d.fbrun --backtrace",
    ],
    notes: &[
        "The guest exports LLVMFuzzerTestOneInput and malloc, or takes input by the protocol, or reads standard input. \
         Each input runs as if it were the first, without a deadline; one that uses up its fuel hangs.",
        "Each find is an input and a recording in the folder of finds; a recording holds the input, and the module.",
        "With the same seed, corpus and number of runs it does the same. Ctrl-C ends it; what was found is on disk.",
    ],
    exit_codes: &[0, 1, 5, 6, 7, 14],
};

const WHAT_IS_SEARCHED: Group = Group {
    heading: "What is searched",
    flags: &[
        &CORPUS,
        &FINDS,
        &SECONDS,
        &RUNS,
        &SEED,
        &MOST_INPUT,
        &MINIMIZE,
        &QUIET,
    ],
};
const WHAT_IS_ALLOWED: Group = Group {
    heading: "What it may use",
    flags: &[&ALLOW, &PROGRAM, &ARG, &ENV, &STUB_UNKNOWN],
};
const LIMITS: Group = Group {
    heading: "Limits of a run",
    flags: &[&HANGS, &MEMORY, &GROWTH_DENIAL, &TABLE_LIMIT],
};

const CORPUS: Flag = Flag::option(
    "corpus",
    "DIR",
    "the folder of inputs: those in it are run first, and what takes a new way is added",
);
const FINDS: Flag = Flag::option("finds", "DIR", "the folder of what is found")
    .default(|| "finds in that of the corpus".to_owned());
const SECONDS: Flag = Flag::option(
    "seconds",
    "N",
    "how long to search; without it and --runs until Ctrl-C",
);
const RUNS: Flag = Flag::option("runs", "COUNT", "how many runs to search");
const SEED: Flag =
    Flag::option("seed", "N", "where random numbers begin").default(|| "0".to_owned());
const MOST_INPUT: Flag = Flag::option("most-input", "SIZE", "the longest input, at most 64KiB")
    .default(|| units::show_size(MOST_INPUT_BYTES));
const MINIMIZE: Flag = Flag::switch(
    "minimize",
    "do not search: remove from the corpus what takes no way of its own, and shorten what was found",
);
const HANGS: Flag = Flag {
    help: "work the guest may do on one input; one that does more hangs",
    default: Some(|| units::show_count(HANG_FUEL)),
    ..FUEL
};

/// Longer inputs are seldom better ones.
const MOST_INPUT_BYTES: u64 = 4 << 10;
/// About 20 ms, on which a search can wait.
const HANG_FUEL: u64 = 20_000_000;

/// What is searched, and for how long.
pub(crate) struct Fuzz {
    pub(crate) run: Run,
    pub(crate) corpus: String,
    pub(crate) finds: String,
    pub(crate) time: Option<Duration>,
    pub(crate) runs: Option<u64>,
    pub(crate) seed: u64,
    pub(crate) most_input: usize,
    pub(crate) minimize: bool,
    fuel: u64,
}

impl Fuzz {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        super::at_most(words, 1, &COMMAND)?;
        let corpus = words.one(&CORPUS, text)?.ok_or_else(|| {
            Explanation::new(
                "`fuzz` needs a folder of inputs, which may be empty",
                "--corpus DIR",
            )
        })?;
        let most = u64::try_from(Target::MOST_INPUT_BYTES).unwrap_or(u64::MAX);
        let most_input = words
            .one(&MOST_INPUT, units::size)?
            .unwrap_or(MOST_INPUT_BYTES);
        if most_input > most {
            let what = format!("an input has at most {}", units::show_size(most));
            return Err(Explanation::new(what, "a smaller --most-input"));
        }
        let seconds = words.one(&SECONDS, units::count)?;
        Ok(Self {
            run: Run::of_command(words, &COMMAND)?,
            finds: match words.one(&FINDS, text)? {
                Some(finds) => finds,
                None => format!("{}/finds", corpus.trim_end_matches('/')),
            },
            corpus,
            time: seconds.map(Duration::from_secs),
            runs: words.one(&RUNS, units::count)?,
            seed: words.one(&SEED, number)?.unwrap_or(0),
            most_input: usize::try_from(most_input).unwrap_or(usize::MAX),
            minimize: words.has(&MINIMIZE),
            fuel: words.one(&HANGS, units::count)?.unwrap_or(HANG_FUEL),
        })
    }

    /// The limits of each run.
    pub(crate) fn limits(&self) -> Limits {
        self.run.limits().clone().fuel(self.fuel)
    }
}

fn number(word: &str) -> Result<u64, String> {
    let number = word.parse();
    number.map_err(|_| format!("{word:?} is not a whole number from 0 on"))
}
