//! The flags of `fuelbox run`.

use crate::{
    allow::{self, Allowed},
    directory::{self, Directory},
    module_file::{DEFAULT_MODULE_BYTES, module_limits},
    proposals, units,
    wasi::{self, Variable},
};
use argh::FromArgs;
use fuelbox::{Limits, MemoryDenial, ModuleLimits, Proposal};
use std::time::Duration;

/// How large the directories of a guest may be by default: that of CPython has 60 MB.
const DEFAULT_DIRECTORY_BYTES: u64 = 256 << 20;

/// What a program of WASI has by default: CPython takes half a second to begin, on a busy machine two.
const WASI_DEADLINE: Duration = Duration::from_secs(10);

/// Run a module: its output goes to stdout, its error stream, what it logged and a summary to stderr.
#[derive(FromArgs)]
#[argh(
    subcommand,
    name = "run",
    usage = "<module> [--allow <words>] [--invoke <name>] [flags] [--] [<arguments>]",
    example = "{command_name} guest.wasm --allow protocol --input data.json --deadline 200ms",
    example = "{command_name} sum.wat --invoke add 2 -40",
    example = "{command_name} python.wasm --allow wasi --dir lib::/usr/local/lib -- -c 'print(6*7)'",
    example = "{command_name} guest.wasm --allow log,output,random=7 --json | jq .usage.fuel",
    note = "Sizes are written 64MiB or 64MB, counts 5000 or 10M, durations 500ms or 1m30s.",
    note = "Output is written byte for byte; only on a terminal is what could drive it escaped.",
    error_code(1, "files, the command line, or the machine"),
    error_code(2, "out of fuel"),
    error_code(3, "the deadline has passed"),
    error_code(4, "out of memory or table"),
    error_code(5, "an import is unknown or not granted"),
    error_code(6, "the module is invalid, or too large"),
    error_code(7, "an export is missing or of another type"),
    error_code(8, "the guest trapped"),
    error_code(9, "the guest finished with a status other than 0"),
    error_code(10, "too much output"),
    error_code(11, "a host function was misused or failed"),
    error_code(130, "cancelled with Ctrl-C")
)]
pub(crate) struct Run {
    /// the module, binary, or text if its name ends in .wat
    #[argh(positional)]
    pub(crate) module: String,

    /// arguments of the export that --invoke names, written by its types; without --invoke, arguments of a WASI
    /// guest; after -- they may begin with a dash
    #[argh(positional)]
    pub(crate) arguments: Vec<String>,

    /// call this export with ARGUMENTS in place of `execute` or `_start`; what it returns is in the summary,
    /// and on stdout unless output is allowed
    #[argh(option, arg_name = "name")]
    pub(crate) invoke: Option<String>,

    /// what the guest may use: protocol (log, input and output), log, input, output, clock, clock=system,
    /// clock=fixed:SECONDS, random=SEED, abort, wasi, with commas between; nothing by default
    #[argh(option, arg_name = "words", from_str_fn(allow::parse))]
    pub(crate) allow: Vec<Allowed>,

    /// argument of a WASI guest, before those that follow --; can be repeated
    #[argh(option, arg_name = "string")]
    pub(crate) arg: Vec<String>,

    /// variable of a WASI guest's environment, which is empty by default; can be repeated
    #[argh(option, arg_name = "name=value", from_str_fn(wasi::variable))]
    pub(crate) env: Vec<Variable>,

    /// directory HOST that a WASI guest sees under the name GUEST: a copy that it may only read, or with :rw the
    /// directory itself, which it may change; symbolic links lead nowhere outside; can be repeated
    #[argh(option, arg_name = "host::guest[:rw]", from_str_fn(directory::parse))]
    pub(crate) dir: Vec<Directory>,

    /// size that all copied directories may have together, and bytes that the guest may write to each with :rw; default
    /// 256MiB
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "DEFAULT_DIRECTORY_BYTES"
    )]
    pub(crate) dir_limit: u64,

    /// file to read the input from, - for stdin; without --input and --text it is stdin if that is no terminal and
    /// input is allowed, else empty
    #[argh(option, arg_name = "file")]
    pub(crate) input: Option<String>,

    /// the input itself
    #[argh(option, arg_name = "string")]
    pub(crate) text: Option<String>,

    /// work the guest may do; default 100G
    #[argh(
        option,
        arg_name = "count",
        from_str_fn(units::count),
        default = "Limits::default().fuel"
    )]
    pub(crate) fuel: u64,

    /// time the guest may run; default 1s, with --allow wasi 10s
    #[argh(option, arg_name = "duration", from_str_fn(units::duration))]
    pub(crate) deadline: Option<Duration>,

    /// memory the guest may have; default 16MiB
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "Limits::default().memory_bytes"
    )]
    pub(crate) memory: u64,

    /// what asking for more memory or table does: stop the run (default), or refuse, and let the guest go on
    #[argh(
        option,
        arg_name = "stop|refuse",
        from_str_fn(memory_denial),
        default = "MemoryDenial::Stop"
    )]
    pub(crate) memory_denial: MemoryDenial,

    /// table elements the guest may have; default 10k
    #[argh(
        option,
        arg_name = "count",
        from_str_fn(units::count),
        default = "Limits::default().table_elements"
    )]
    pub(crate) table_limit: u64,

    /// size the input may have; default 16MiB
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "Limits::default().input_bytes"
    )]
    pub(crate) input_limit: u64,

    /// size the output may have; default 1MiB
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "Limits::default().output_bytes"
    )]
    pub(crate) output_limit: u64,

    /// size that the error stream of a WASI guest may have, more is dropped; default 64KiB
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "Limits::default().stderr_bytes"
    )]
    pub(crate) stderr_limit: u64,

    /// size the module may have; default 256MiB; what bounds its parts grows with it
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "DEFAULT_MODULE_BYTES"
    )]
    pub(crate) module_limit: u64,

    /// how deep calls may nest; default 1k
    #[argh(
        option,
        arg_name = "count",
        from_str_fn(units::count),
        default = "ModuleLimits::default().call_depth"
    )]
    pub(crate) call_depth: u64,

    /// stack the guest may have; default 1MB
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "ModuleLimits::default().stack_bytes"
    )]
    pub(crate) stack: u64,

    /// let the module use a proposal that is off: tail-calls, multi-memory, memory64, relaxed-simd,
    /// custom-page-sizes, wide-arithmetic; can be repeated
    #[argh(option, arg_name = "name", from_str_fn(proposals::parse))]
    pub(crate) proposal: Vec<Proposal>,

    /// print the whole report as one JSON document in place of the output
    #[argh(switch)]
    pub(crate) json: bool,

    /// write the report as JSON to a file, beside the output
    #[argh(option, arg_name = "file")]
    pub(crate) report: Option<String>,

    /// exit with the guest's status when it finishes; one that is no exit code is 9
    #[argh(switch)]
    pub(crate) exit_status: bool,

    /// the summary for a WASI guest too, whose stderr is its own by default
    #[argh(switch)]
    pub(crate) summary: bool,

    /// no log lines, no summary, no live line; why a guest did not finish is still said
    #[argh(switch)]
    pub(crate) quiet: bool,
}

impl Run {
    pub(crate) fn limits(&self) -> Limits {
        Limits::default()
            .fuel(self.fuel)
            .deadline(self.deadline.unwrap_or_else(|| self.default_deadline()))
            .memory_bytes(self.memory)
            .memory_denial(self.memory_denial)
            .table_elements(self.table_limit)
            .input_bytes(self.input_limit)
            .output_bytes(self.output_limit)
            .stderr_bytes(self.stderr_limit)
    }

    fn default_deadline(&self) -> Duration {
        if allow::wasi(&self.allow) {
            WASI_DEADLINE
        } else {
            Limits::default().deadline
        }
    }

    pub(crate) fn module_limits(&self) -> ModuleLimits {
        module_limits(self.module_limit, &self.proposal)
            .call_depth(self.call_depth)
            .stack_bytes(self.stack)
    }
}

fn memory_denial(word: &str) -> Result<MemoryDenial, String> {
    match word {
        "stop" => Ok(MemoryDenial::Stop),
        "refuse" => Ok(MemoryDenial::Refuse),
        _ => Err(format!("{word:?} is unknown; known are stop, refuse")),
    }
}
