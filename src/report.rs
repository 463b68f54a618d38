//! The report: what happened in a run.

use crate::{stop::Stop, text::Escaped, tree::Tree, value::Value};
use alloc::{boxed::Box, string::String, vec::Vec};
use core::{fmt, time::Duration};

/// What happened in a run, however it ended.
///
/// ```
/// use fuelbox::{Limits, Module, Sandbox, protocol};
///
/// # let text = std::fs::read_to_string("examples/guests/upper.wat")?;
/// # let wasm = wat::parse_str(text)?;
/// let sandbox = Sandbox::new(Limits::default()).grant(protocol());
/// let report = sandbox.run(&Module::new(&wasm)?, b"hello")?;
/// if let Some(stop) = report.stop() {
///     println!("stopped: {stop}");
/// }
/// println!("{}: {} fuel in {:?}", report.outcome.code(), report.usage.fuel, report.usage.time);
/// assert!(report.is_success());
/// assert_eq!(report.status(), Some(0));
/// assert_eq!(report.into_output()?, b"HELLO");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Report {
    /// How the run ended.
    pub outcome: Outcome,
    /// What the guest wrote; on a stop, what it wrote until then.
    #[cfg_attr(feature = "serde", serde(with = "crate::json::bytes"))]
    pub output: Vec<u8>,
    /// What a WASI guest wrote to its error stream; cut at the limit.
    #[cfg_attr(feature = "serde", serde(with = "crate::json::bytes"))]
    pub stderr: Vec<u8>,
    /// What the guest logged, in order.
    pub logs: Vec<LogLine>,
    /// What the called export returned; empty unless the run finished.
    pub values: Vec<Value>,
    /// The files of a WASI guest after the run, if it could write to them; one tree for each mount.
    pub trees: Vec<Tree>,
    /// The name that each of [`trees`](Self::trees) was mounted under, in the same order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub mounts: Vec<String>,
    /// What the run used.
    pub usage: Usage,
}

impl Report {
    /// The output of a guest that finished with status 0, as `into_json` has it too.
    ///
    /// Where another status is no failure, look at [`status`](Self::status) and take
    /// [`output`](Self::output) itself.
    ///
    /// # Errors
    /// [`Failed`] with the whole report where the guest was stopped or its status is another.
    pub fn into_output(self) -> Result<Vec<u8>, Failed> {
        if self.is_success() {
            Ok(self.output)
        } else {
            Err(Failed(Box::new(self)))
        }
    }

    /// Whether the guest finished with status 0.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status() == Some(0)
    }

    /// The guest's status if it finished: what `execute` returned, else 0. By convention 0 is success.
    #[must_use]
    pub fn status(&self) -> Option<i32> {
        match self.outcome {
            Outcome::Finished { status } => Some(status),
            Outcome::Stopped { .. } => None,
        }
    }

    /// Why the guest did not finish, if it did not.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        match &self.outcome {
            Outcome::Finished { .. } => None,
            Outcome::Stopped { stop, .. } => Some(stop),
        }
    }
}

/// A guest was stopped, or finished with a status other than 0; the whole report says which.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the guest {}", Ended(&.0.outcome))]
pub struct Failed(pub Box<Report>);

/// How a run ended.
///
/// ```
/// use fuelbox::Outcome;
///
/// let outcome = Outcome::Finished { status: 2 };
/// assert_eq!(outcome.code(), "finished");
/// assert_eq!(outcome.to_string(), "finished with status 2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Outcome {
    /// The guest came to its end.
    Finished {
        /// What `execute` returned, else 0. By convention 0 is success.
        status: i32,
    },
    /// The guest was stopped.
    Stopped {
        /// Why.
        stop: Stop,
        /// In which part of the run.
        phase: Phase,
    },
}

impl Outcome {
    /// A stable word: `finished`, or [`Stop::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Finished { .. } => "finished",
            Self::Stopped { stop, .. } => stop.code(),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finished { status: 0 } => f.write_str("finished"),
            Self::Finished { status } => write!(f, "finished with status {status}"),
            Self::Stopped {
                stop,
                phase: Phase::Entry,
            } => stop.fmt(f),
            Self::Stopped { stop, phase } => write!(f, "{stop} (during {phase})"),
        }
    }
}

/// How a run ended, of a guest.
struct Ended<'a>(&'a Outcome);

impl fmt::Display for Ended<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Outcome::Finished { .. } => self.0.fmt(f),
            Outcome::Stopped { .. } => write!(f, "did not finish: {}", self.0),
        }
    }
}

/// The part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Phase {
    /// The module's start function.
    Start,
    /// The export `_initialize`.
    Initialize,
    /// `execute`, `_start`, or the export that was called.
    Entry,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "the start function",
            Self::Initialize => "_initialize",
            Self::Entry => "the entry",
        })
    }
}

/// One line that a guest logged.
///
/// Shown with `{}`, control characters and anything invisible are escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct LogLine {
    /// The text as the guest wrote it, with what is not UTF-8 replaced. Not for a terminal as it is.
    pub text: String,
    /// Whether the line was cut to fit the limits.
    pub truncated: bool,
}

impl LogLine {
    pub(crate) fn new(text: String, truncated: bool) -> Self {
        Self { text, truncated }
    }
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}",
            Escaped(&self.text),
            if self.truncated { "..." } else { "" }
        )
    }
}

/// What a run used.
///
/// All but `time`, `overrun`, `waited` and `slices` are the same for the same module, input, limits and grants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Usage {
    /// Fuel, host calls included; at most [`Limits::fuel`](crate::Limits::fuel).
    pub fuel: u64,
    /// The version of the schedule that fuel is counted by: [`FUEL_SCHEDULE`](crate::FUEL_SCHEDULE). Fuel of
    /// two runs can be compared where it is the same.
    #[cfg_attr(feature = "serde", serde(default))]
    pub fuel_schedule: u32,
    /// The most that all memories together had, in bytes.
    pub peak_memory_bytes: u64,
    /// Growths of memory that were denied.
    #[cfg_attr(feature = "serde", serde(alias = "memory_denied"))]
    pub memory_growths_denied: u64,
    /// The most that all tables together had, in elements.
    pub peak_table_elements: u64,
    /// Growths of tables that were denied.
    #[cfg_attr(feature = "serde", serde(alias = "table_denied"))]
    pub table_growths_denied: u64,
    /// Calls of host functions.
    pub host_calls: u64,
    /// Log lines that were cut or dropped.
    #[cfg_attr(feature = "serde", serde(alias = "log_lost"))]
    pub log_lines_lost: u64,
    /// Bytes of the error stream that were dropped.
    #[cfg_attr(feature = "serde", serde(alias = "stderr_lost"))]
    pub stderr_bytes_lost: u64,
    /// Names in mounted files that a WASI guest was not shown: not UTF-8, or those of pipes, sockets, devices and
    /// links that it could not follow. Of a [`Tree`](crate::Tree) what the host left out, of a `Dir` what was
    /// passed over each time that it was listed.
    #[cfg_attr(feature = "serde", serde(default))]
    pub names_left_out: u64,
    /// Running time: the sum of the slices, up to 584 years.
    pub time: Duration,
    /// By how much `time` went beyond [`Limits::deadline`](crate::Limits::deadline).
    pub overrun: Duration,
    /// Time waited for answers of the host.
    #[cfg_attr(feature = "serde", serde(default))]
    pub waited: Duration,
    /// How often the guest was given fuel.
    pub slices: u64,
}
