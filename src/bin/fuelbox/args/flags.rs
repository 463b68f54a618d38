//! Every flag of the program.

use super::flag::Flag;
use crate::{grant::module_limits::DEFAULT_MODULE_BYTES, units};
use fuelbox::{Limits, ModuleLimits};

pub(crate) const HELP: Flag = Flag::switch("help", "print this text").short('h');
pub(crate) const VERSION: Flag = Flag::switch("version", "print the version").short('V');

pub(crate) const INVOKE: Flag = Flag::option(
    "invoke",
    "NAME",
    "call this export with ARGUMENTS instead of `execute` or `_start`; what it returns goes to stdout, after the output",
);
pub(crate) const PROGRAM: Flag = Flag::option(
    "program",
    "NAME",
    "argument 0 of a WASI guest; by default the name of the module's file, without its extension",
);
pub(crate) const ARG: Flag = Flag::option(
    "arg",
    "STRING",
    "argument of a WASI guest, before those that follow --; can be repeated",
);
pub(crate) const ENV: Flag = Flag::option(
    "env",
    "NAME=VALUE",
    "variable of a WASI guest's environment, which is empty by default; can be repeated",
);
pub(crate) const INPUT: Flag = Flag::option(
    "input",
    "FILE",
    "read the input from a file, - for stdin; without --input and --text it is stdin, if stdin is not a terminal and \
     the module imports a function that reads it",
);
pub(crate) const TEXT: Flag = Flag::option("text", "STRING", "the input itself");

pub(crate) const ALLOW: Flag = Flag::option(
    "allow",
    "WORDS",
    "what the guest may use: protocol (log, input and output), log, input, output, clock, clock=system, \
     clock=fixed:SECONDS, random=SEED, abort, wasi, with commas between; nothing by default",
);
pub(crate) const DIR: Flag = Flag::option(
    "dir",
    "HOST::GUEST[:rw]",
    "directory HOST that a WASI guest sees under the name GUEST: a copy that it can only read, or with :rw the \
     directory itself, which it can change; symbolic links cannot lead out of it; can be repeated",
);
pub(crate) const DIR_LIMIT: Flag = Flag::option(
    "dir-limit",
    "SIZE",
    "total size of all copied directories, and bytes that the guest may write to each directory with :rw",
)
.default(|| units::show_size(DEFAULT_DIRECTORY_BYTES));
pub(crate) const FORCE_DIR: Flag = Flag::switch(
    "force-dir",
    "let --dir name /, /proc, /sys, /dev or a path below the last three, which is refused otherwise",
);
pub(crate) const STUB_UNKNOWN: Flag = Flag::switch(
    "stub-unknown",
    "allow imports of functions that no capability offers; a run stops when it calls one",
);

pub(crate) const ISOLATE: Flag = Flag::switch(
    "isolate",
    "run the guest in a process of its own that can open nothing; all input is read before, and all output comes after",
);

pub(crate) const FUEL: Flag = Flag::option("fuel", "COUNT", "work the guest may do")
    .default(|| units::show_count(Limits::default().call.fuel));
pub(crate) const DEADLINE: Flag = Flag::option("deadline", "TIME", "time the guest may run")
    .default(|| {
        let [plain, wasi] = [Limits::default().call.deadline, super::WASI_DEADLINE];
        let wasi = units::show_duration(wasi);
        format!("{}, with --allow wasi {wasi}", units::show_duration(plain))
    });
pub(crate) const MEMORY: Flag = Flag::option("memory", "SIZE", "memory the guest may have")
    .default(|| units::show_size(Limits::default().instance.memory_bytes));
pub(crate) const GROWTH_DENIAL: Flag = Flag::option(
    "growth-denial",
    "stop|refuse",
    "what happens when the guest asks for more memory or table elements than allowed: stop the run, or refuse the \
     growth and let the guest go on",
)
.default(|| "stop".to_owned());
pub(crate) const TABLE_LIMIT: Flag =
    Flag::option("table-limit", "COUNT", "table elements the guest may have")
        .default(|| units::show_count(Limits::default().instance.table_elements));
pub(crate) const INPUT_LIMIT: Flag = Flag::option("input-limit", "SIZE", "size the input may have")
    .default(|| units::show_size(Limits::default().call.input_bytes));
pub(crate) const OUTPUT_LIMIT: Flag =
    Flag::option("output-limit", "SIZE", "size the output may have")
        .default(|| units::show_size(Limits::default().call.output_bytes));
pub(crate) const STDERR_LIMIT: Flag = Flag::option(
    "stderr-limit",
    "SIZE",
    "size that the error stream of a WASI guest may have; more is dropped",
)
.default(|| units::show_size(Limits::default().call.stderr_bytes));

pub(crate) const MODULE_LIMIT: Flag = Flag::option(
    "module-limit",
    "SIZE",
    "size the module may have; the limits of its parts grow with it",
)
.default(|| units::show_size(DEFAULT_MODULE_BYTES));
pub(crate) const CALL_DEPTH: Flag = Flag::option("call-depth", "COUNT", "how deep calls may nest")
    .default(|| units::show_count(ModuleLimits::default().call_depth));
pub(crate) const STACK: Flag = Flag::option("stack", "SIZE", "stack the guest may have")
    .default(|| units::show_size(ModuleLimits::default().stack_bytes));
pub(crate) const PROPOSAL: Flag = Flag::option(
    "proposal",
    "NAME",
    "let the module use a proposal that is off: tail-calls, multi-memory, memory64, relaxed-simd, custom-page-sizes, \
     wide-arithmetic; can be repeated",
);

pub(crate) const JSON: Flag = Flag::switch(
    "json",
    "print the whole report as one JSON document instead of the output, log lines and summary",
);
pub(crate) const REPORT: Flag =
    Flag::option("report", "FILE", "also write the report as JSON to a file");
pub(crate) const EXIT_STATUS: Flag = Flag::switch(
    "exit-status",
    "exit with the guest's status when it finishes; a status that is not an exit code gives 9",
);
pub(crate) const SUMMARY: Flag = Flag::switch(
    "summary",
    "print the summary for a WASI guest too; by default stderr has only what such a guest writes",
);
pub(crate) const QUIET: Flag = Flag::switch(
    "quiet",
    "print no log lines, no summary and no live line; if the guest does not finish, the reason is still printed",
)
.short('q');

pub(crate) const RECORD: Flag = Flag::option(
    "record",
    "FILE",
    "write a recording that `replay` runs again: it holds the module, the guest's input and all that the guest was \
     given, so treat it as you treat these",
);
pub(crate) const BACKTRACE: Flag = Flag::switch(
    "backtrace",
    "where the guest stops before its end, tell in which functions it was, with files and lines where the module has \
     debug information; with --json they are in the document",
);
pub(crate) const COREDUMP: Flag = Flag::option(
    "coredump",
    "FILE",
    "where the guest stops before its end, write its stack, memories and globals in the format of the WebAssembly tool \
     conventions",
);
pub(crate) const PROFILE: Flag = Flag::option(
    "profile",
    "FILE",
    "write where the fuel went, by function and by the calls that led there: a flame graph where the name ends in .svg, for \
     the Firefox Profiler where it ends in .json, for pprof where it ends in .pb, compressed where .gz follows, else folded \
     stacks; the functions that used the most are shown",
);
pub(crate) const COVERAGE: Flag = Flag::option(
    "coverage",
    "FILE",
    "write what of the guest's code ran, by lines and branches where the module has debug information, as a tracefile of \
     lcov; the functions of which the most did not run are shown",
);
pub(crate) const REPLAYED: Flag = Flag::option(
    "module",
    "FILE",
    "the module to run, such as another build of it; without --module the one that the recording holds",
);

pub(crate) const OUT: Flag =
    Flag::option("out", "FILE", "the file that the module is written to").short('o');

pub(crate) const RUNS: Flag =
    Flag::option("runs", "COUNT", "how many runs to measure, at most 10M")
        .short('n')
        .default(|| "as many as fit into 2s, at least 3 and at most 100k".to_owned());

/// How large the directories of a guest may be by default: that of CPython has 60 MB.
pub(super) const DEFAULT_DIRECTORY_BYTES: u64 = 256 << 20;

pub(crate) const LANG: Flag = Flag::option(
    "lang",
    "LANGUAGE",
    "what the guest is written in: rust, c, zig or assemblyscript",
)
.default(|| "rust".to_owned());
pub(crate) const CLONE: Flag = Flag::option(
    "clone",
    "FOLDER",
    "take fuelbox from this clone of its repository, by its path, in place of the published packages",
);
