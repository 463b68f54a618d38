//! How a worker process ended that a guest ran in.

use core::{fmt, time::Duration};

/// How a worker process ended in the middle of a guest's run.
///
/// ```
/// use fuelbox::{Stop, WorkerEnd};
///
/// let stop = Stop::Worker { how: WorkerEnd::Signal { number: 6 } };
/// assert_eq!(stop.to_string(), "the guest's worker process was ended by signal 6");
/// assert_eq!(stop.code(), "worker");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum WorkerEnd {
    /// A signal ended it: an abort, an access outside its memory, a system call that it may not make, or somebody
    /// else's kill.
    Signal {
        /// The number that the system gives the signal, such as 9 for a kill.
        number: i32,
    },
    /// It exited by itself.
    Exit {
        /// Its status.
        status: i32,
    },
    /// It did not answer in time, and was killed.
    Hang {
        /// The time that it had: the deadline of the run and the grace of the pool.
        limit: Duration,
    },
    /// It said what no worker says, and was killed.
    Protocol,
    /// It ended, and the system does not say how, as where the host ignores the ends of its children.
    Unknown,
}

impl fmt::Display for WorkerEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal { number } => write!(f, "was ended by signal {number}"),
            Self::Exit { status } => write!(f, "exited with status {status}"),
            Self::Hang { limit } => write!(f, "did not answer within {limit:?}"),
            Self::Protocol => f.write_str("said what no worker says"),
            Self::Unknown => f.write_str("ended"),
        }
    }
}
