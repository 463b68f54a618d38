//! The flags of `fuelbox inspect`.

use crate::{
    allow::{self, Allowed},
    module_file::{DEFAULT_MODULE_BYTES, module_limits},
    proposals, units,
};
use argh::FromArgs;
use fuelbox::{Limits, ModuleLimits, Proposal};

/// Say what a module is made of, and whether it would run; exits as `run` would before the guest starts.
#[derive(FromArgs)]
#[argh(
    subcommand,
    name = "inspect",
    usage = "<module> [--allow <words>] [flags]",
    example = "{command_name} guest.wasm --allow protocol",
    note = "Sizes are written 64MiB or 64MB, counts 5000 or 10M.",
    error_code(1, "files, the command line, or the machine"),
    error_code(4, "starts with more memory or table than allowed"),
    error_code(5, "an import is unknown or not granted"),
    error_code(6, "the module is invalid, or too large"),
    error_code(7, "an export is missing or of another type")
)]
pub(crate) struct Inspect {
    /// the module, binary, or text if its name ends in .wat
    #[argh(positional)]
    pub(crate) module: String,

    /// what the guest would be allowed to use, as for `run`; nothing by default
    #[argh(option, arg_name = "words", from_str_fn(allow::parse))]
    pub(crate) allow: Vec<Allowed>,

    /// memory the guest would be allowed; default 16MiB
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "Limits::default().memory_bytes"
    )]
    pub(crate) memory: u64,

    /// table elements the guest would be allowed; default 10k
    #[argh(
        option,
        arg_name = "count",
        from_str_fn(units::count),
        default = "Limits::default().table_elements"
    )]
    pub(crate) table_limit: u64,

    /// size the module may have; default 256MiB; what bounds its parts grows with it
    #[argh(
        option,
        arg_name = "size",
        from_str_fn(units::size),
        default = "DEFAULT_MODULE_BYTES"
    )]
    pub(crate) module_limit: u64,

    /// let the module use a proposal that is off, as for `run`
    #[argh(option, arg_name = "name", from_str_fn(proposals::parse))]
    pub(crate) proposal: Vec<Proposal>,

    /// print it all as one JSON document
    #[argh(switch)]
    pub(crate) json: bool,
}

impl Inspect {
    pub(crate) fn limits(&self) -> Limits {
        Limits::default()
            .memory_bytes(self.memory)
            .table_elements(self.table_limit)
    }

    pub(crate) fn module_limits(&self) -> ModuleLimits {
        module_limits(self.module_limit, &self.proposal)
    }
}
