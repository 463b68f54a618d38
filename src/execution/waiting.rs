//! A host call that has not returned: the guest waits for time, for work of the host, or for its answer.

use super::tape;
use crate::host::{Answer, Asked, Halt, Store, Watch, Work, do_piece};
use alloc::{boxed::Box, vec::Vec};
use core::time::Duration;
use wasmi::{ResumableCall, ResumableCallHostTrap, Val};

/// What a guest waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// Time has to pass: [`Execution::wake_at`](super::Execution::wake_at) says until when.
    Time,
    /// Standard input has to bring something. Ask again soon.
    Input,
    /// The host has to answer: [`Execution::request`](super::Execution::request) says what.
    Host,
}

/// A host call, and what it waits for.
pub(super) struct Held {
    /// Absent where the call is all there is of the phase: an import that is exported, and was called by
    /// name. The interpreter has nothing to resume then.
    call: Option<ResumableCallHostTrap>,
    hold: Hold,
}

/// What a host call waits for.
pub(super) enum Hold {
    /// Time that has to pass.
    Time { left: Duration, answer: Answer },
    /// Work that has to be done, and whether it waits for somebody else.
    Work { work: Box<dyn Work>, waits: bool },
    /// An answer of the host.
    Host(Asked),
    /// Nothing: it may return.
    Over(Answer),
    /// Nothing: the host has answered.
    Answered(Vec<Val>),
}

impl Hold {
    pub(super) fn time(left: Duration, answer: i32) -> Self {
        let answer = Answer::Number(answer);
        if left.is_zero() {
            Self::Over(answer)
        } else {
            Self::Time { left, answer }
        }
    }
}

impl Held {
    pub(super) fn new(call: Option<ResumableCallHostTrap>, hold: Hold) -> Self {
        Self { call, hold }
    }

    /// Takes note of the time that has passed, or works for a short while. Never sleeps.
    ///
    /// # Errors
    /// What the work fails with.
    pub(super) fn go_on(&mut self, store: &mut Store) -> Result<(), Halt> {
        match &mut self.hold {
            Hold::Time { .. } => {
                let passed = store.data_mut().watch.look();
                self.pass(Duration::from_nanos(passed));
            }
            Hold::Work { work, waits } => {
                let piece = do_piece(&mut *store, &mut **work)?;
                *waits = piece.waits;
                store.data_mut().watch.look();
                if let Some(answer) = piece.answer {
                    self.hold = Hold::Over(answer);
                }
            }
            Hold::Host(_) => {
                let watch = &mut store.data_mut().watch;
                watch.look_for_answer();
                if let Some(stop) = watch.stop_waiting() {
                    return Err(Halt::new(stop));
                }
            }
            Hold::Over(_) | Hold::Answered(_) => {}
        }
        Ok(())
    }

    /// Sleeps for a short while, `longest` at the most, if it waits.
    pub(super) fn sleep(&mut self, store: &mut Store, longest: Duration) {
        let most = match &self.hold {
            Hold::Time { left, .. } => *left,
            Hold::Work { waits: true, .. } => Duration::MAX,
            Hold::Host(_) => return store.data_mut().watch.wait_for_answer(),
            Hold::Work { .. } | Hold::Over(_) | Hold::Answered(_) => return,
        };
        let passed = store.data_mut().watch.wait(most.min(longest));
        self.pass(passed);
    }

    fn pass(&mut self, passed: Duration) {
        if let Hold::Time { left, answer } = &mut self.hold {
            *left = left.saturating_sub(passed);
            if left.is_zero() {
                self.hold = Hold::Over(*answer);
            }
        }
    }

    /// Whether it may return.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.hold, Hold::Over(_) | Hold::Answered(_))
    }

    /// What it waits for; none where it works, or may return.
    pub(super) fn wait(&self) -> Option<Wait> {
        match self.hold {
            Hold::Time { .. } => Some(Wait::Time),
            Hold::Work { waits: true, .. } => Some(Wait::Input),
            Hold::Host(_) => Some(Wait::Host),
            Hold::Work { .. } | Hold::Over(_) | Hold::Answered(_) => None,
        }
    }

    /// How long it waits at the most, where that is known.
    pub(super) fn time_left(&self, watch: &Watch) -> Option<Duration> {
        match self.hold {
            Hold::Time { left, .. } => Some(left.min(Duration::from_nanos(watch.nanos_left()))),
            Hold::Host(_) => Some(watch.wait_left()),
            Hold::Work { .. } | Hold::Over(_) | Hold::Answered(_) => None,
        }
    }

    /// What the guest asks, where it waits for an answer.
    pub(super) fn asked(&self) -> Option<&Asked> {
        match &self.hold {
            Hold::Host(asked) => Some(asked),
            _ => None,
        }
    }

    pub(super) fn asked_mut(&mut self) -> Option<&mut Asked> {
        match &mut self.hold {
            Hold::Host(asked) => Some(asked),
            _ => None,
        }
    }

    /// Gives it the host's answer.
    pub(super) fn answer(&mut self, values: Vec<Val>) {
        self.hold = Hold::Answered(values);
    }

    /// Lets the host call return.
    pub(super) fn resume(
        self,
        store: &mut Store,
        results: &mut [Val],
    ) -> Result<ResumableCall, wasmi::Error> {
        let number;
        let answer = match &self.hold {
            Hold::Over(Answer::Number(answer)) => {
                number = [Val::I32(*answer)];
                &number[..]
            }
            Hold::Answered(values) => values,
            _ => &[],
        };
        tape::host_call_returns(store, answer);
        match self.call {
            Some(call) => call.resume(store, answer, results),
            None => {
                for (result, value) in results.iter_mut().zip(answer) {
                    *result = value.clone();
                }
                Ok(ResumableCall::Finished)
            }
        }
    }
}
