//! The progress of a call: its state, and the one way to its end.

use super::{
    classify,
    running::Running,
    waiting::{Held, Hold},
};
use crate::{
    capability,
    error::Error,
    host::{Host, Signal},
    instance::{Guest, Life},
    report::Outcome,
    stop::Stop,
};
use alloc::boxed::Box;
use wasmi::{ResumableCall, ResumableCallOutOfFuel, Val};

/// Where the function of the phase stands.
pub(super) enum Progress {
    /// It is to be called.
    Ready,
    /// Its slice was used up.
    Suspended(ResumableCallOutOfFuel),
    /// A host call of it has not returned yet.
    Held(Held),
    /// The call is over.
    Over(Outcome),
}

impl Running {
    /// Takes note of what the interpreter gave back.
    #[inline]
    pub(super) fn take(
        &mut self,
        guest: &mut Guest,
        outcome: Result<Result<ResumableCall, wasmi::Error>, alloc::string::String>,
    ) {
        match outcome {
            Ok(Ok(ResumableCall::Finished)) => self.next_phase(guest),
            Ok(Ok(ResumableCall::OutOfFuel(call))) => self.progress = Progress::Suspended(call),
            Ok(Ok(ResumableCall::HostTrap(trap))) => match hold(guest, trap.host_error()) {
                Some(hold) => self.progress = Progress::Held(Held::new(Some(trap), hold)),
                None => self.fail(guest, trap.into_host_error()),
            },
            Ok(Err(error)) => match hold(guest, &error) {
                Some(hold) => self.progress = Progress::Held(Held::new(None, hold)),
                None => self.fail(guest, error),
            },
            Err(message) => self.stop(guest, Stop::Engine { message }),
        }
    }

    fn next_phase(&mut self, guest: &mut Guest) {
        match self.calls.after(self.phase) {
            Some(phase) => self.phase = phase,
            None => {
                let status = match self.results.first() {
                    Some(Val::I32(status)) if self.calls.result_is_status => *status,
                    _ => 0,
                };
                self.end(guest, Outcome::Finished { status }, Life::Ready);
            }
        }
    }

    fn fail(&mut self, guest: &mut Guest, error: wasmi::Error) {
        if let Some(Signal::Exit(status)) = classify::signal(&error) {
            let life = Life::Over(Error::InstanceExited { status });
            return self.end(guest, Outcome::Finished { status }, life);
        }
        let Host { meter, ledger, .. } = guest.store.data();
        let stop = classify::stop(error, meter, ledger.limit());
        self.stop(guest, stop);
    }

    /// Ends the call, and with it the guest: it is in the middle of guest code.
    pub(super) fn stop(&mut self, guest: &mut Guest, stop: Stop) {
        let life = Life::Over(Error::InstanceStopped {
            stop: Box::new(stop.clone()),
        });
        let phase = self.phase;
        self.end(guest, Outcome::Stopped { stop, phase }, life);
    }

    /// The one way to the end. What can be called no more lets go of what the host's system keeps open for it.
    #[inline]
    pub(super) fn end(&mut self, guest: &mut Guest, outcome: Outcome, life: Life) {
        self.progress = Progress::Over(outcome);
        if let Life::Over(_) = life {
            capability::close_files(&mut guest.store.data_mut().states);
        }
        guest.life = life;
    }
}

/// What a host call waits for that broke off with `error`; `None` where it has failed.
fn hold(guest: &mut Guest, error: &wasmi::Error) -> Option<Hold> {
    match classify::signal(error)? {
        Signal::Exit(_) => None,
        Signal::Wait { time, answer } => Some(Hold::time(time, answer)),
        Signal::Ask => guest.store.data_mut().asked.take().map(Hold::Host),
        Signal::Work { waits } => {
            let work = guest.store.data_mut().work.take()?;
            Some(Hold::Work { work, waits })
        }
    }
}
