//! The input of the guest: from a file, from standard input or from the command line.

use crate::{args::Run, failure::Failure, files, files::STDIN, grant::allow};
use fuelbox::capability::{Arrival, InputSource, PipeReader, pipe};
use std::{
    io::{self, IsTerminal},
    sync::OnceLock,
    thread,
};

/// Functions of the protocol through which a guest sees the input, which is there as a whole.
const OF_PROTOCOL: [&str; 2] = ["host_read_input", "host_get_input_len"];

/// Functions of WASI through which a guest sees standard input.
const OF_WASI: [&str; 3] = ["fd_read", "fd_pread", "poll_oneoff"];

/// The input of a guest.
pub(crate) enum Input {
    /// It is there before the run.
    Whole(Vec<u8>),
    /// It arrives during the run, at standard input.
    Streamed,
}

/// Finds the input. One that is read here is read no further than one byte beyond its limit; the library refuses
/// what is too large.
///
/// Standard input is taken unasked only where the module imports, by name, what reads it: else a run would wait for
/// an input that changes nothing. Where `streams` allows it, what a program of WASI is piped arrives during the run. A
/// file is read before: a run of it can be repeated to the unit of fuel.
///
/// # Errors
/// [`Failure::Read`]; [`Failure::TwoInputs`]; [`Failure::TwoFromStdin`].
pub(crate) fn find<'a>(
    arguments: &Run,
    imports: impl Iterator<Item = &'a str>,
    streams: bool,
) -> Result<Input, Failure> {
    let imports: Vec<_> = imports.collect();
    let has = |names: &[&str]| imports.iter().any(|import| names.contains(import));
    let limit = arguments.limits().call.input_bytes;
    let is_taken = arguments.module == STDIN;
    let of_protocol = has(&OF_PROTOCOL);
    let of_wasi = allow::wasi(&arguments.allow) && has(&OF_WASI);
    let stdin = || {
        if streams && of_wasi && !of_protocol && !files::stdin_is_file() {
            return Ok(Input::Streamed);
        }
        files::read_stdin(limit).map(Input::Whole)
    };
    match (&arguments.text, arguments.input.as_deref()) {
        (Some(_), Some(_)) => Err(Failure::TwoInputs),
        (Some(text), None) => Ok(Input::Whole(text.clone().into_bytes())),
        (None, Some(STDIN)) if is_taken => Err(Failure::TwoFromStdin),
        (None, Some(STDIN)) => stdin(),
        (None, Some(path)) => files::read(path, limit).map(Input::Whole),
        (None, None) if (of_protocol || of_wasi) && !is_taken && !io::stdin().is_terminal() => {
            stdin()
        }
        (None, None) => Ok(Input::Whole(Vec::new())),
    }
}

/// Standard input of the program, read by a thread from the moment that the guest asks for it.
#[derive(Default)]
pub(crate) struct Stdin(OnceLock<PipeReader>);

impl InputSource for Stdin {
    fn read(&self, buffer: &mut [u8]) -> Arrival {
        self.0.get_or_init(reading).read(buffer)
    }
}

fn reading() -> PipeReader {
    let (reader, mut writer) = pipe();
    // It ends with the program, whatever it waits for. What cannot be read is the end of the input.
    thread::spawn(move || io::copy(&mut io::stdin().lock(), &mut writer));
    reader
}
