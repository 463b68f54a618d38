//! What goes with calls and with how they end.

use crate::{
    limits::CallLimits,
    report::{LogLine, Outcome, Phase, Usage},
    value::{Value, ValueType},
};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// A call, but for its input.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::worker) struct CallData {
    /// The export; none for the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::worker) name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::worker) arguments: Vec<Value>,
    /// What the export must return, if that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::worker) results: Option<Vec<ValueType>>,
    /// In place of the sandbox's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::worker) limits: Option<CallLimits>,
    /// Whether it was cancelled before it began.
    #[serde(default)]
    pub(in crate::worker) cancelled: bool,
}

/// What a run has given since the last time.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::worker) struct Progress {
    /// So much of the body is output, in bytes; the rest is error stream.
    pub(in crate::worker) output_bytes: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::worker) logs: Vec<LogLine>,
    pub(in crate::worker) phase: Phase,
    pub(in crate::worker) usage: Usage,
}

/// How a run ended, and what it has given since the last time.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::worker) struct Ending {
    pub(in crate::worker) outcome: Outcome,
    /// So much of the body is output, in bytes.
    pub(in crate::worker) output_bytes: u64,
    /// And so much behind it error stream; trees are behind that.
    pub(in crate::worker) stderr_bytes: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::worker) logs: Vec<LogLine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::worker) values: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::worker) trees: Vec<Written>,
    pub(in crate::worker) usage: Usage,
    /// Whether an instance can be called again.
    #[serde(default)]
    pub(in crate::worker) alive: bool,
}

/// A tree that a guest could write to.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::worker) struct Written {
    /// The name that it was mounted under.
    pub(in crate::worker) mount: String,
    /// So much of the body, behind the error stream, is the tree.
    pub(in crate::worker) bytes: u64,
}
