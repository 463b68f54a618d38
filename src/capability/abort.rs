//! The capability `Abort`: how guests of AssemblyScript report that they give up.

use super::{Declared, Grants, Opening, Signature};
use crate::{
    host::{Caller, Halt, StoreMut},
    stop::{HostError, Stop},
    value::ValueType::I32,
};
use alloc::{borrow::Cow, format, string::String};
use fuelbox_guest::protocol;

/// Lets a guest of AssemblyScript give up with a message: `abort`, which its compiler imports.
///
/// The run stops as [`Stop::HostFunction`](crate::Stop::HostFunction) with the message and where in the
/// guest's source it came from.
#[derive(Clone, Copy, Debug)]
pub struct Abort;

impl Opening for Abort {
    fn open(self, grants: &mut Grants) {
        grants.grant(FUNCTIONS);
    }
}

const CAPABILITY: &str = "Abort";
const NAME: &str = "abort";

pub(super) const FUNCTIONS: &[Declared] = &[Declared {
    signature: Signature {
        capability: CAPABILITY,
        module: protocol::MODULE,
        name: NAME,
        params: &[I32, I32, I32, I32],
        results: &[],
        reaches_memory: true,
    },
    link: |import| import.wrap(abort),
}];

fn abort(
    caller: StoreMut<'_>,
    message: u32,
    file: u32,
    line: u32,
    column: u32,
) -> Result<(), wasmi::Error> {
    fn said(caller: StoreMut<'_>, message: u32, file: u32) -> Result<[String; 2], Halt> {
        let mut caller = Caller::enter(caller, NAME)?;
        Ok([string(&mut caller, message)?, string(&mut caller, file)?])
    }
    let [message, file] = said(caller, message, file).map_err(Halt::raise)?;
    let error = HostError::message(format!("{message} at {file}:{line}:{column}"));
    let (module, name) = (Cow::Borrowed(protocol::MODULE), Cow::Borrowed(NAME));
    Err(Halt::new(Stop::HostFunction {
        module,
        name,
        error,
    })
    .raise())
}

/// A string of AssemblyScript: UTF-16, with its length in bytes in the four bytes before it.
fn string(caller: &mut Caller<'_>, ptr: u32) -> Result<String, Halt> {
    /// Messages are short; more is not worth the host's memory.
    const MOST_BYTES: u32 = 4_096;
    const LEN_BYTES: u32 = 4;

    if ptr == 0 {
        return Ok(String::from("nothing said"));
    }
    let len = caller.read(ptr.wrapping_sub(LEN_BYTES), LEN_BYTES)?;
    let len = u32::from_le_bytes(len.first_chunk().copied().unwrap_or_default());
    let bytes = caller.read(ptr, len.min(MOST_BYTES))?;
    let (units, _) = bytes.as_chunks::<2>();
    Ok(
        char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit)))
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
    )
}
