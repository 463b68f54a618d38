//! Where the guest's input comes from.

use crate::{args::Run, failure::Failure, files, module_file::STDIN};
use fuelbox::Module;
use std::io::{self, IsTerminal};

/// Functions through which a guest sees the input: of the protocol, and of WASI, where it is standard input.
const READERS: [&str; 4] = [
    "host_read_input",
    "host_get_input_len",
    "fd_read",
    "fd_pread",
];

/// Reads the input, no further than one byte beyond its limit; the library refuses what is too large.
///
/// Standard input is read unasked only where the module imports what reads it: else a run would wait for
/// an input that changes nothing.
///
/// # Errors
/// [`Failure::Read`]; [`Failure::TwoInputs`]; [`Failure::TwoFromStdin`].
pub(crate) fn read(arguments: &Run, module: &Module) -> Result<Vec<u8>, Failure> {
    let limit = arguments.limits().call.input_bytes;
    let is_taken = arguments.module == STDIN;
    match (&arguments.text, arguments.input.as_deref()) {
        (Some(_), Some(_)) => Err(Failure::TwoInputs),
        (Some(text), None) => Ok(text.clone().into_bytes()),
        (None, Some(STDIN)) if is_taken => Err(Failure::TwoFromStdin),
        (None, Some(STDIN)) => files::read_stdin(limit),
        (None, Some(path)) => files::read(path, limit),
        (None, None) if reads_input(module) && !is_taken && !io::stdin().is_terminal() => {
            files::read_stdin(limit)
        }
        (None, None) => Ok(Vec::new()),
    }
}

fn reads_input(module: &Module) -> bool {
    let mut imports = module.imports().iter();
    imports.any(|import| READERS.contains(&import.name.as_str()))
}
