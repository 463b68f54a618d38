//! Why a pool of workers gives no report.

use super::confinement::{Gap, Wall};
use crate::{call::CallError, error::Error, report::Report};
use alloc::{borrow::Cow, boxed::Box, string::String, vec::Vec};
use core::{fmt, time::Duration};

/// Why a pool of workers gives no report, or no result of a typed call.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// The worker refused to start; no guest code ran.
    #[error(transparent)]
    Refused(#[from] Error),
    /// Guest code ran and did not finish; the report has output, logs and usage. Only where a result is asked for.
    #[error("{}", .0.outcome)]
    Stopped(Box<Report>),
    /// Runs of this module have ended workers, and it is kept out for so long.
    #[error("runs of this module have ended worker processes: it is kept out for another {left:?}")]
    Quarantined {
        /// How long it is kept out from now on.
        left: Duration,
    },
    /// Something that the sandbox grants cannot go to another process.
    #[error("{grant} cannot go to a worker process")]
    Crossing {
        /// The capability, with what of it cannot go, or module and name of the function.
        grant: Cow<'static, str>,
    },
    /// The sandbox grants more directories than can go to another process.
    #[error("more than {limit} directories cannot go to a worker process")]
    Directories {
        /// How many can.
        limit: usize,
    },
    /// A worker cannot be confined as it must be, so none is used.
    #[error("a worker process is not confined: {}", Walls(.missing))]
    Unconfined {
        /// What could not be applied, and why.
        missing: Vec<(Wall, Gap)>,
    },
    /// No worker can be started.
    #[error("no worker process can be started: {message}")]
    Start {
        /// What the system said, or what the process did.
        message: String,
    },
    /// As many instances live as may.
    #[error("{limit} instances live in worker processes, as many as may")]
    Instances {
        /// [`WorkerOptions::instances`](super::WorkerOptions::instances).
        limit: usize,
    },
    /// This process is itself a worker: [`main`](super::main()) has to be called first thing in the program.
    #[error(
        "this process is a worker: the program does not call fuelbox::worker::main first of all"
    )]
    Worker,
}

impl From<CallError> for WorkerError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(error) => Self::Refused(error),
            CallError::Stopped(report) => Self::Stopped(report),
        }
    }
}

struct Walls<'a>(&'a [(Wall, Gap)]);

impl fmt::Display for Walls<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (wall, gap)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{wall} ({gap})")?;
        }
        Ok(())
    }
}
