//! What can be said.
//!
//! Only the pool begins a talk, and only one at a time: it asks, and the worker answers until it has said how that
//! ended. In between the worker may report progress, and may ask itself where the guest calls a function of the host.

use super::message_data::{CallData, Ending, Progress};
use crate::{
    error::Error,
    extern_type::ExternType,
    preflight::Preflight,
    stop::Stop,
    value::Value,
    worker::{confinement::Confinement, spec::SpecData},
};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The version of all of this; both ends must have the same.
pub(in crate::worker) const VERSION: u32 = 2;

/// What a pool says to a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::worker) enum ToWorker {
    /// First of all, behind the [descriptors](super::descriptors): what guests may, and what the worker itself may.
    /// Answered by [`ToHost::Ready`].
    Begin {
        version: u32,
        spec: SpecData,
        address_space_bytes: u64,
    },
    /// The bytes of a module, which are the body. Answered by [`ToHost::Done`] or [`ToHost::Refused`].
    Load { module: u64 },
    /// A module is needed no more. Not answered.
    Forget { module: u64 },
    /// What would keep a module from running? Answered by [`ToHost::Checked`].
    Check { module: u64 },
    /// Of which type is this export of a module? Answered by [`ToHost::Exported`].
    Export { module: u64, name: String },
    /// Run a module in an instance of its own; the input is the body. Answered by [`ToHost::Ended`] or
    /// [`ToHost::Refused`].
    Run { module: u64, call: CallData },
    /// Make an instance to be kept. Answered by [`ToHost::Live`], [`ToHost::Ended`] where the guest stopped, or
    /// [`ToHost::Refused`].
    Instantiate { module: u64 },
    /// Call the instance; the input is the body. Answered as [`ToWorker::Run`].
    Call { call: CallData },
    /// The instance is needed no more. Not answered.
    Drop,
    /// Cancel what runs. Not answered by itself, and passed over where nothing runs.
    Cancel,
    /// While the worker waits for an answer: read the guest's memory. Answered by [`ToHost::Bytes`] or
    /// [`ToHost::Denied`].
    Read { ptr: u32, len: u32 },
    /// Write the body into it. Answered by [`ToHost::Done`] or [`ToHost::Denied`].
    Write { ptr: u32 },
    /// Take fuel from the guest. Answered by [`ToHost::Done`] or [`ToHost::Denied`].
    Charge { fuel: u64 },
    /// The answer: what the function returned.
    Answer { values: Vec<Value> },
    /// The answer: the function failed.
    Fail { message: String },
    /// The answer: the function passed up what it was [denied](ToHost::Denied) last.
    Halt,
}

/// What a worker says to its pool.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::worker) enum ToHost {
    /// It is confined, and has read no byte of a guest yet.
    Ready {
        version: u32,
        confinement: Confinement,
    },
    /// What was asked for is done.
    Done,
    /// It cannot be done; no guest code ran.
    Refused { error: Error },
    /// What would keep a module from running.
    Checked(Preflight),
    /// The type of an export; none where there is no such export.
    Exported(Option<ExternType>),
    /// What the run has given so far and was not told yet; the body is output and error stream.
    Progress(Progress),
    /// How it ended, and what was not told yet.
    Ended(Ending),
    /// An instance lives; what it took to make it is told as for a run.
    Live(Ending),
    /// The guest calls a function of the host.
    Ask { function: u32, args: Vec<Value> },
    /// The body is what was to be read.
    Bytes,
    /// The guest cannot do this, and would stop for it.
    Denied { stop: Stop },
}
