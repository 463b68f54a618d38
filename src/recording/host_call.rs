//! One call of a host function, as a recording has it.

use super::{
    error::RecordingError,
    wire::{Reader, Wire, Writer, read_list, write_bytes, write_len, write_number},
};
use crate::value::Value;
use alloc::vec::Vec;

/// One call of a host function: what the guest passed, and all that it got.
#[derive(Debug, PartialEq)]
pub(crate) struct HostCall<'a> {
    /// Which import was called.
    pub(crate) import: u32,
    pub(crate) args: Vec<Value>,
    /// Fuel that the guest used since the host call before it, or since the call began.
    pub(crate) fuel_before: u64,
    /// Fuel that the host call took.
    pub(crate) fuel: u64,
    /// What it wrote into the guest's memory: where, and what.
    pub(crate) writes: Vec<(u32, &'a [u8])>,
    /// How many bytes the guest's files have, where that has changed.
    pub(crate) files: Option<u64>,
    /// What it returned; none where it did not return, and the call ended with it.
    pub(crate) results: Option<Vec<Value>>,
}

/// The beginning of a host call: what is known before it runs.
pub(crate) fn write_start(to: &mut Writer, import: u32, fuel_before: u64, args: &[Value]) {
    import.write(to);
    fuel_before.write(to);
    write_len(to, args.len());
    args.iter().for_each(|arg| arg.write(to));
}

/// The end of a host call, what it wrote aside.
pub(crate) fn write_end(to: &mut Writer, fuel: u64, files: Option<u64>, results: Option<&[Value]>) {
    let has_files = if files.is_some() { HAS_FILES } else { 0 };
    let returned = if results.is_some() { RETURNED } else { 0 };
    let what = has_files | returned;
    to.push(what);
    fuel.write(to);
    if let Some(files) = files {
        files.write(to);
    }
    if let Some(results) = results {
        write_len(to, results.len());
        results.iter().for_each(|result| result.write(to));
    }
}

/// How many ranges were written; each follows by [`write_range`].
pub(crate) fn write_count(to: &mut Writer, count: usize) {
    write_len(to, count);
}

/// One range of memory that was written.
pub(crate) fn write_range(to: &mut Writer, ptr: u32, bytes: &[u8]) {
    write_number(to, ptr.into());
    write_bytes(to, bytes);
}

const HAS_FILES: u8 = 1;
const RETURNED: u8 = 2;

impl<'a> HostCall<'a> {
    pub(crate) fn read(from: &mut Reader<'a>) -> Result<Self, RecordingError> {
        let import = u32::read(from)?;
        let fuel_before = u64::read(from)?;
        let args = read_list(from)?;
        let mut writes = Vec::new();
        for _ in 0..from.count()? {
            writes.push((u32::read(from)?, from.bytes()?));
        }
        let what = from.byte()?;
        if what & !(HAS_FILES | RETURNED) != 0 {
            return Err(from.malformed("end of a host call"));
        }
        let fuel = u64::read(from)?;
        let files = (what & HAS_FILES != 0).then(|| u64::read(from));
        let files = files.transpose()?;
        let results = (what & RETURNED != 0).then(|| read_list(from));
        Ok(Self {
            import,
            args,
            fuel_before,
            fuel,
            writes,
            files,
            results: results.transpose()?,
        })
    }
}
