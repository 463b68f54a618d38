//! A host call that has not returned yet: the guest waits for time, or for work of the host's.

use crate::host::{Answer, Halt, Host, Work, do_piece};
use alloc::boxed::Box;
use core::time::Duration;
use wasmi::{ResumableCall, ResumableCallHostTrap, Store, Val};

/// What a guest waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// Time has to pass: [`Execution::wake_at`](super::Execution::wake_at) says until when.
    Time,
    /// Standard input has to bring something. Ask again soon.
    Input,
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
    /// Nothing: it may return.
    Over(Answer),
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
    pub(super) fn go_on(&mut self, store: &mut Store<Host>) -> Result<(), Halt> {
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
            Hold::Over(_) => {}
        }
        Ok(())
    }

    /// Sleeps for a short while, if it waits.
    pub(super) fn sleep(&mut self, store: &mut Store<Host>) {
        let most = match &self.hold {
            Hold::Time { left, .. } => *left,
            Hold::Work { waits: true, .. } => Duration::MAX,
            Hold::Work { .. } | Hold::Over(_) => return,
        };
        let passed = store.data_mut().watch.wait(most);
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
        matches!(self.hold, Hold::Over(_))
    }

    /// What it waits for; none where it works, or may return.
    pub(super) fn wait(&self) -> Option<Wait> {
        match self.hold {
            Hold::Time { .. } => Some(Wait::Time),
            Hold::Work { waits: true, .. } => Some(Wait::Input),
            Hold::Work { .. } | Hold::Over(_) => None,
        }
    }

    /// How long it waits at the most, where only time has to pass.
    pub(super) fn time_left(&self) -> Option<Duration> {
        match self.hold {
            Hold::Time { left, .. } => Some(left),
            Hold::Work { .. } | Hold::Over(_) => None,
        }
    }

    /// Lets the host call return.
    pub(super) fn resume(
        self,
        store: &mut Store<Host>,
        results: &mut [Val],
    ) -> Result<ResumableCall, wasmi::Error> {
        let answer = match self.hold {
            Hold::Over(Answer::Number(number)) => Some(Val::I32(number)),
            _ => None,
        };
        match self.call {
            Some(call) => call.resume(store, answer.as_slice(), results),
            None => {
                if let (Some(result), Some(answer)) = (results.first_mut(), answer) {
                    *result = answer;
                }
                Ok(ResumableCall::Finished)
            }
        }
    }
}
