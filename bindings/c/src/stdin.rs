//! Standard input that arrives while a guest runs.

use crate::{
    boundary::{Context, In, Input, Out, RawDrop, RawInput, UserData},
    error::Problem,
    guard::{guard, guard_error},
    handle::{self, Handle},
    status::{Failure, Status},
    wasi::change,
};
use fuelbox::capability::{Arrival, InputSource, PipeWriter, Wasi, pipe};
use std::io::Write;

/// A source of the host.
struct Source {
    input: Input,
    data: UserData,
}

impl InputSource for Source {
    fn read(&self, buffer: &mut [u8]) -> Arrival {
        let (len, is_over) = self.data.input(self.input, buffer);
        match (len, is_over) {
            (0, false) => Arrival::Later,
            (0, true) => Arrival::End,
            (len, _) => Arrival::Bytes(len.min(buffer.len())),
        }
    }
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_stdin(
    wasi: Handle<Wasi>,
    source: RawInput,
    user_data: Context,
    drop: RawDrop,
) -> Status {
    let data = UserData::new(user_data, drop);
    change(wasi, |wasi| {
        let input = source.ok_or(Status::NULL)?;
        Ok(wasi.stdin(Source { input, data }))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_wasi_stdin_pipe(
    wasi: Handle<Wasi>,
    writer: Out<Handle<PipeWriter>>,
) -> Status {
    change(wasi, |wasi| {
        writer.required()?;
        let place = handle::reserve()?;
        let (reads, writes) = pipe();
        writer.set(place.fill(writes));
        Ok(wasi.stdin(reads))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_pipe_write(
    writer: Handle<PipeWriter>,
    bytes: In<u8>,
    len: usize,
    error: Out<Handle<Problem>>,
) -> Status {
    guard_error(&error, || {
        let bytes = bytes.slice(len)?;
        let written = handle::open_mut(writer)?.write_all(bytes);
        written.map_err(|error| Failure::text(Status::PIPE_CLOSED, error.to_string()))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_pipe_free(writer: Handle<PipeWriter>) -> Status {
    guard(|| Ok(handle::free(writer)?))
}
