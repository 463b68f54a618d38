//! The flags of `fuelbox run`.

use super::observe::{Observe, WHAT_IS_KEPT};
use super::{
    flag::{Command, Group},
    flags::{
        ALLOW, ARG, CALL_DEPTH, DEADLINE, DEFAULT_DIRECTORY_BYTES, DIR, DIR_LIMIT, ENV,
        EXIT_STATUS, FORCE_DIR, FUEL, GROWTH_DENIAL, INPUT, INPUT_LIMIT, INVOKE, ISOLATE, JSON,
        MEMORY, MODULE_LIMIT, OUTPUT_LIMIT, PROGRAM, PROPOSAL, QUIET, REPORT, STACK, STDERR_LIMIT,
        STUB_UNKNOWN, SUMMARY, TABLE_LIMIT, TEXT,
    },
    words::{Words, text},
};
use crate::{
    explanation::Explanation,
    grant::{
        allow::{self, Allowed},
        directory::{self, Directory},
        module_limits::{DEFAULT_MODULE_BYTES, module_limits},
        proposals,
        variable::{self, Variable},
    },
    units,
};
use fuelbox::{GrowthDenial, Limits, ModuleLimits, Proposal};
use std::time::Duration;

/// What a program of WASI has by default: CPython takes half a second to begin, on a busy machine two.
pub(super) const WASI_DEADLINE: Duration = Duration::from_secs(10);

pub(super) const COMMAND: Command = Command {
    name: "run",
    summary: "Run a module. Its output goes to stdout; its error stream, log lines and a summary go to stderr.",
    usage: "MODULE [--allow WORDS] [--invoke NAME] [FLAGS] [--] [ARGUMENTS]",
    operands: &[MODULE, ARGUMENTS],
    groups: &[
        &WHAT_RUNS,
        &WHERE_IT_RUNS,
        &WHAT_IS_ALLOWED,
        &LIMITS,
        &LIMITS_OF_MODULE,
        &WHAT_IS_PRINTED,
        &WHAT_IS_KEPT,
    ],
    examples: &[
        "run guest.wasm --allow protocol --input data.json --deadline 200ms",
        "run sum.wat --invoke add 2 -40",
        "run python.wasm --allow wasi --dir lib::/usr/local/lib -- -c 'print(6*7)'",
        "run guest.wasm --allow log,output,random=7 --json | jq .usage.fuel",
    ],
    notes: &[
        "Sizes are written 64MiB or 64MB, counts 5000 or 10M, times 500ms, 1.5s or 1m30s.",
        "Output is written byte for byte. On a terminal, control characters are escaped.",
    ],
    exit_codes: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130],
};

pub(super) const MODULE: (&str, &str) = (
    "MODULE",
    "the module: binary, or text if the file's name ends in .wat; - reads either from stdin",
);
pub(super) const ARGUMENTS: (&str, &str) = (
    "ARGUMENTS",
    "arguments of the export that --invoke names, by the types of its parameters; without --invoke, arguments of a \
     WASI guest; after -- they may begin with a dash",
);

pub(super) const WHAT_RUNS: Group = Group {
    heading: "What runs",
    flags: &[&INVOKE, &PROGRAM, &ARG, &ENV, &INPUT, &TEXT],
};
const WHERE_IT_RUNS: Group = Group {
    heading: "Where it runs",
    flags: &[&ISOLATE],
};
pub(super) const WHAT_IS_ALLOWED: Group = Group {
    heading: "What it may use",
    flags: &[&ALLOW, &DIR, &DIR_LIMIT, &FORCE_DIR, &STUB_UNKNOWN],
};
pub(super) const LIMITS: Group = Group {
    heading: "Limits of a run",
    flags: &[
        &FUEL,
        &DEADLINE,
        &MEMORY,
        &GROWTH_DENIAL,
        &TABLE_LIMIT,
        &INPUT_LIMIT,
        &OUTPUT_LIMIT,
        &STDERR_LIMIT,
    ],
};
pub(super) const LIMITS_OF_MODULE: Group = Group {
    heading: "Limits of the module",
    flags: &[&MODULE_LIMIT, &CALL_DEPTH, &STACK, &PROPOSAL],
};
pub(super) const WHAT_IS_PRINTED: Group = Group {
    heading: "What is printed",
    flags: &[&JSON, &REPORT, &EXIT_STATUS, &SUMMARY, &QUIET],
};

/// What is to run, and how.
pub(crate) struct Run {
    pub(crate) observe: Observe,
    pub(crate) module: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) invoke: Option<String>,
    pub(crate) program: Option<String>,
    pub(crate) arg: Vec<String>,
    pub(crate) env: Vec<Variable>,
    pub(crate) input: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) allow: Vec<Allowed>,
    pub(crate) dir: Vec<Directory>,
    pub(crate) dir_limit: u64,
    pub(crate) force_dir: bool,
    pub(crate) stub_unknown: bool,
    pub(crate) isolate: bool,
    limits: Limits,
    module_limits: ModuleLimits,
    pub(crate) json: bool,
    pub(crate) report: Option<String>,
    pub(crate) exit_status: bool,
    pub(crate) summary: bool,
    pub(crate) quiet: bool,
}

impl Run {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        Self::of_command(words, &COMMAND)
    }

    pub(super) fn of_command(words: &Words, command: &Command) -> Result<Self, Explanation> {
        let allow = words.all(&ALLOW, allow::parse)?;
        let limits = limits(words, allow::wasi(&allow))?;
        let observe = Observe::new(words)?;
        let isolate = words.has(&ISOLATE);
        if isolate && observe.is_on() {
            return Err(Explanation::new(
                "a run in a process of its own cannot be recorded, so --isolate takes no --record, --backtrace, --profile, \
                 --coverage or --coredump",
                "leave --isolate out",
            ));
        }
        Ok(Self {
            observe,
            module: super::first(words, command)?,
            arguments: words.operands.get(1..).unwrap_or_default().to_vec(),
            invoke: words.one(&INVOKE, text)?,
            program: words.one(&PROGRAM, text)?,
            arg: words.all(&ARG, text)?,
            env: words.all(&ENV, variable::parse)?,
            input: words.one(&INPUT, text)?,
            text: words.one(&TEXT, text)?,
            allow,
            dir: words.all(&DIR, directory::parse)?,
            dir_limit: words
                .one(&DIR_LIMIT, units::size)?
                .unwrap_or(DEFAULT_DIRECTORY_BYTES),
            force_dir: words.has(&FORCE_DIR),
            stub_unknown: words.has(&STUB_UNKNOWN),
            isolate,
            limits,
            module_limits: limits_of_module(words)?,
            json: words.has(&JSON),
            report: words.one(&REPORT, text)?,
            exit_status: words.has(&EXIT_STATUS),
            summary: words.has(&SUMMARY),
            quiet: words.has(&QUIET),
        })
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn module_limits(&self) -> &ModuleLimits {
        &self.module_limits
    }
}

/// The limits of a run; those that no flag sets, or that the command has no flag for, are the defaults.
pub(super) fn limits(words: &Words, is_wasi: bool) -> Result<Limits, Explanation> {
    let default = Limits::default();
    let deadline = if is_wasi {
        WASI_DEADLINE
    } else {
        default.call.deadline
    };
    let size =
        |flag, default| Ok::<_, Explanation>(words.one(flag, units::size)?.unwrap_or(default));
    let count =
        |flag, default| Ok::<_, Explanation>(words.one(flag, units::count)?.unwrap_or(default));
    Ok(Limits::default()
        .fuel(count(&FUEL, default.call.fuel)?)
        .deadline(words.one(&DEADLINE, units::duration)?.unwrap_or(deadline))
        .memory_bytes(size(&MEMORY, default.instance.memory_bytes)?)
        .growth_denial(
            words
                .one(&GROWTH_DENIAL, growth_denial)?
                .unwrap_or(GrowthDenial::Stop),
        )
        .table_elements(count(&TABLE_LIMIT, default.instance.table_elements)?)
        .input_bytes(size(&INPUT_LIMIT, default.call.input_bytes)?)
        .output_bytes(size(&OUTPUT_LIMIT, default.call.output_bytes)?)
        .stderr_bytes(size(&STDERR_LIMIT, default.call.stderr_bytes)?))
}

/// The limits of the module, in the same way.
pub(super) fn limits_of_module(words: &Words) -> Result<ModuleLimits, Explanation> {
    let default = ModuleLimits::default();
    let bytes = words.one(&MODULE_LIMIT, units::size)?;
    let proposals: Vec<Proposal> = words.all(&PROPOSAL, proposals::parse)?;
    let depth = words.one(&CALL_DEPTH, units::count)?;
    let stack = words.one(&STACK, units::size)?;
    Ok(
        module_limits(bytes.unwrap_or(DEFAULT_MODULE_BYTES), &proposals)
            .call_depth(depth.unwrap_or(default.call_depth))
            .stack_bytes(stack.unwrap_or(default.stack_bytes)),
    )
}

fn growth_denial(word: &str) -> Result<GrowthDenial, String> {
    match word {
        "stop" => Ok(GrowthDenial::Stop),
        "refuse" => Ok(GrowthDenial::Refuse),
        _ => Err(format!("{word:?} is unknown; known are stop, refuse")),
    }
}
