//! One call of a guest, as a recording has it.

use super::{
    error::RecordingError,
    host_call::HostCall,
    wire::{Reader, Wire, Writer, read_list, write_bytes, write_len, write_list, write_number},
};
use crate::{
    limits::CallLimits,
    report::{LogLine, Outcome, Usage},
    tree::Tree,
    value::Value,
};
use alloc::{string::String, vec::Vec};

/// One call of a guest: how it began, what its host calls gave, and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RecordedCall {
    pub(crate) called: Called,
    pub(crate) input: Vec<u8>,
    pub(crate) limits: CallLimits,
    /// What the host wrote into the guest's memory since the call before: where, and what.
    pub(crate) written_before: Vec<(u64, Vec<u8>)>,
    /// The host calls, one behind the other.
    pub(crate) host_calls: Vec<u8>,
    /// How it ended; none where the recording was full before.
    pub(crate) end: Option<End>,
}

/// What was called.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Called {
    /// Start function and `_initialize` alone.
    Initialization,
    Entry,
    Export {
        name: String,
        args: Vec<Value>,
    },
}

/// How a call ended, with what the report had that host functions had made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct End {
    pub(crate) outcome: Outcome,
    pub(crate) values: Vec<Value>,
    pub(crate) usage: Usage,
    pub(crate) output: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) logs: Vec<LogLine>,
    pub(crate) mounts: Vec<String>,
    pub(crate) trees: Vec<Tree>,
}

impl RecordedCall {
    /// The host calls, in their order. They were checked when the recording was read.
    pub(crate) fn host_calls(&self) -> impl Iterator<Item = HostCall<'_>> {
        let mut reader = Reader::new(&self.host_calls, 0);
        core::iter::from_fn(move || {
            (!reader.is_at_end()).then(|| HostCall::read(&mut reader).ok())?
        })
    }
}

impl Wire for RecordedCall {
    fn write(&self, to: &mut Writer) {
        self.called.write(to);
        self.input.write(to);
        self.limits.write(to);
        write_len(to, self.written_before.len());
        for (ptr, bytes) in &self.written_before {
            write_number(to, *ptr);
            write_bytes(to, bytes);
        }
        self.host_calls.write(to);
        self.end.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        let called = Called::read(from)?;
        let input = Wire::read(from)?;
        let limits = Wire::read(from)?;
        let mut written_before = Vec::new();
        for _ in 0..from.count()? {
            written_before.push((from.number()?, Vec::read(from)?));
        }
        let mut host_calls = from.clone();
        let bytes = from.bytes()?;
        // The same bytes once more, at the place where they stand.
        host_calls.number()?;
        let mut each = Reader::new(bytes, 0);
        while !each.is_at_end() {
            HostCall::read(&mut each).map_err(|_| host_calls.malformed("host call"))?;
        }
        Ok(Self {
            called,
            input,
            limits,
            written_before,
            host_calls: bytes.to_vec(),
            end: Wire::read(from)?,
        })
    }
}

const INITIALIZATION: u8 = 0;
const ENTRY: u8 = 1;
const EXPORT: u8 = 2;

impl Wire for Called {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Initialization => to.push(INITIALIZATION),
            Self::Entry => to.push(ENTRY),
            Self::Export { name, args } => {
                to.push(EXPORT);
                name.write(to);
                write_list(to, args);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        Ok(match from.byte()? {
            INITIALIZATION => Self::Initialization,
            ENTRY => Self::Entry,
            EXPORT => Self::Export {
                name: Wire::read(from)?,
                args: read_list(from)?,
            },
            _ => return Err(from.malformed("kind of call")),
        })
    }
}

impl Wire for End {
    fn write(&self, to: &mut Writer) {
        self.outcome.write(to);
        write_list(to, &self.values);
        self.usage.write(to);
        self.output.write(to);
        self.stderr.write(to);
        write_list(to, &self.logs);
        write_list(to, &self.mounts);
        write_list(to, &self.trees);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        Ok(Self {
            outcome: Wire::read(from)?,
            values: read_list(from)?,
            usage: Wire::read(from)?,
            output: Wire::read(from)?,
            stderr: Wire::read(from)?,
            logs: read_list(from)?,
            mounts: read_list(from)?,
            trees: read_list(from)?,
        })
    }
}
