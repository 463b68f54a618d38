//! `--isolate`: guests in worker processes.

#[cfg(unix)]
mod on_unix;

#[cfg(not(unix))]
pub(crate) use elsewhere::{be_a_worker, run, selftest};
#[cfg(unix)]
pub(crate) use on_unix::{be_a_worker, run, selftest};

#[cfg(not(unix))]
mod elsewhere {
    use crate::{args::Run, failure::Failure};
    use fuelbox::{Report, SelfTest};

    /// There are none.
    pub(crate) fn be_a_worker() {}

    /// # Errors
    /// Always: there are no worker processes here.
    pub(crate) fn run(_: &Run) -> Result<Report, Failure> {
        Err(none())
    }

    /// # Errors
    /// As [`run`].
    pub(crate) fn selftest() -> Result<SelfTest, Failure> {
        Err(none())
    }

    fn none() -> Failure {
        Failure::Isolate("this system has no worker processes".to_owned())
    }
}
