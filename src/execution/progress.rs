//! Where a call stands, and the one way to its end.

use super::{
    classify,
    running::Running,
    waiting::{Held, Hold},
};
use crate::{
    capability,
    error::Error,
    host::{Host, Signal},
    instance::{Instance, Life},
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
    pub(super) fn take(
        &mut self,
        instance: &mut Instance,
        outcome: Result<Result<ResumableCall, wasmi::Error>, alloc::string::String>,
    ) {
        match outcome {
            Ok(Ok(ResumableCall::Finished)) => self.next_phase(instance),
            Ok(Ok(ResumableCall::OutOfFuel(call))) => self.progress = Progress::Suspended(call),
            Ok(Ok(ResumableCall::HostTrap(trap))) => match hold(instance, trap.host_error()) {
                Some(hold) => self.progress = Progress::Held(Held::new(Some(trap), hold)),
                None => self.fail(instance, trap.into_host_error()),
            },
            Ok(Err(error)) => match hold(instance, &error) {
                Some(hold) => self.progress = Progress::Held(Held::new(None, hold)),
                None => self.fail(instance, error),
            },
            Err(message) => self.stop(instance, Stop::Engine { message }),
        }
    }

    fn next_phase(&mut self, instance: &mut Instance) {
        match self.calls.after(self.phase) {
            Some(phase) => self.phase = phase,
            None => {
                let status = match self.results.first() {
                    Some(Val::I32(status)) if self.calls.result_is_status => *status,
                    _ => 0,
                };
                self.end(instance, Outcome::Finished { status }, Life::Ready);
            }
        }
    }

    fn fail(&mut self, instance: &mut Instance, error: wasmi::Error) {
        if let Some(Signal::Exit(status)) = classify::signal(&error) {
            let life = Life::Over(Error::InstanceExited { status });
            return self.end(instance, Outcome::Finished { status }, life);
        }
        let Host { meter, ledger, .. } = instance.store.data();
        let stop = classify::stop(error, meter, ledger.limit());
        self.stop(instance, stop);
    }

    /// Ends the call, and with it the instance: it is in the middle of guest code.
    pub(super) fn stop(&mut self, instance: &mut Instance, stop: Stop) {
        let life = Life::Over(Error::InstanceStopped {
            stop: Box::new(stop.clone()),
        });
        let phase = self.phase;
        self.end(instance, Outcome::Stopped { stop, phase }, life);
    }

    /// The one way to the end. What can be called no more lets go of what the host's system keeps open for it.
    pub(super) fn end(&mut self, instance: &mut Instance, outcome: Outcome, life: Life) {
        self.progress = Progress::Over(outcome);
        if let Life::Over(_) = life {
            capability::close_files(&mut instance.store.data_mut().states);
        }
        instance.life = life;
    }
}

/// What a host call waits for that broke off with `error`; `None` where it has failed.
fn hold(instance: &mut Instance, error: &wasmi::Error) -> Option<Hold> {
    match classify::signal(error)? {
        Signal::Exit(_) => None,
        Signal::Wait { time, answer } => Some(Hold::time(time, answer)),
        Signal::Work => instance.store.data_mut().work.take().map(Hold::work),
    }
}
