//! A host call that has not returned yet: the guest waits for time, or for work of the host's.

use crate::host::{Answer, Halt, Host, Work, do_piece};
use alloc::boxed::Box;
use core::time::Duration;
use wasmi::{ResumableCall, ResumableCallHostTrap, Store, Val};

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

    pub(super) fn work(work: Box<dyn Work>) -> Self {
        Self::Work { work, waits: false }
    }
}

impl Held {
    pub(super) fn new(call: Option<ResumableCallHostTrap>, hold: Hold) -> Self {
        Self { call, hold }
    }

    /// Sleeps, or works, for a short while; what passes is looked at on the run's watch.
    ///
    /// # Errors
    /// What the work fails with.
    pub(super) fn go_on(&mut self, store: &mut Store<Host>) -> Result<(), Halt> {
        match &mut self.hold {
            Hold::Time { left, answer } => {
                let watch = &mut store.data_mut().watch;
                *left = left.saturating_sub(watch.wait(*left));
                if left.is_zero() {
                    self.hold = Hold::Over(*answer);
                }
            }
            Hold::Work { work, waits } => {
                let piece = do_piece(&mut *store, &mut **work)?;
                *waits = piece.waits;
                let watch = &mut store.data_mut().watch;
                if piece.waits {
                    watch.wait(Duration::MAX);
                } else {
                    watch.look();
                }
                if let Some(answer) = piece.answer {
                    self.hold = Hold::Over(answer);
                }
            }
            Hold::Over(_) => {}
        }
        Ok(())
    }

    /// Whether it may return.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.hold, Hold::Over(_))
    }

    /// Whether it waits for time, or for somebody else.
    pub(super) fn waits(&self) -> bool {
        matches!(
            self.hold,
            Hold::Time { .. } | Hold::Work { waits: true, .. }
        )
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
