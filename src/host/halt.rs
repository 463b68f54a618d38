//! A halt: what ends a run from within a host function.

use crate::stop::{HostError, Stop};
use core::{fmt, time::Duration};

/// Why a host function cannot go on: a range outside the guest's memory, or no fuel left.
///
/// Pass it up with `?`: the run then stops with exactly this reason, not with
/// [`Stop::HostFunction`].
///
/// ```
/// use fuelbox::{Caller, Function, Halt, Stop};
///
/// // Takes what fits, instead of stopping the run.
/// let put = Function::new("env", "put", |caller: &mut Caller<'_>, ptr: u32| match caller.write(ptr, b"text") {
///     Err(halt) if matches!(halt.stop(), Stop::Fault { .. }) => Ok::<_, Halt>(0_u32),
///     Err(halt) => Err(halt),
///     Ok(()) => Ok(4),
/// });
/// # let _ = put;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt(Stop);

impl Halt {
    pub(crate) fn new(stop: Stop) -> Self {
        Self(stop)
    }

    /// How the run will stop.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.0
    }

    pub(crate) fn into_stop(self) -> Stop {
        self.0
    }

    /// The same for the interpreter, which hands it on to the execution.
    #[cold]
    pub(crate) fn raise(self) -> wasmi::Error {
        wasmi::Error::host(Raised(self.0))
    }

    /// The halt that a host function passed up, if its error is one.
    pub(crate) fn passed_up(error: &HostError) -> Option<Self> {
        error.downcast_ref::<Self>().cloned()
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl core::error::Error for Halt {}

/// A halt on its way through the interpreter, whose traits a public type must not show.
#[derive(Debug)]
pub(crate) struct Raised(Stop);

impl Raised {
    pub(crate) fn stop(&self) -> &Stop {
        &self.0
    }
}

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl wasmi_core::HostError for Raised {}

/// What a host function of ours tells the execution beside its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The guest is done, with this status.
    Exit(i32),
    /// The guest waits for this long; then the call returns `answer`. With no time at all the clock and
    /// the cancel token are looked at, as after every slice.
    Wait { time: Duration, answer: i32 },
    /// There is more to do, and [`Host::work`](super::Host::work) says what; it may wait for somebody else.
    Work { waits: bool },
    /// The guest waits for an answer of its host: [`Host::asked`](super::Host::asked) says to what.
    Ask,
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(status) => write!(f, "the guest exits with status {status}"),
            Self::Wait { time, .. } => write!(f, "the guest waits for {time:?}"),
            Self::Ask => f.write_str("the guest waits for an answer"),
            Self::Work { .. } => f.write_str("the host is at work for the guest"),
        }
    }
}

impl wasmi_core::HostError for Signal {}

impl From<Signal> for wasmi::Error {
    #[cold]
    fn from(signal: Signal) -> Self {
        Self::host(signal)
    }
}
