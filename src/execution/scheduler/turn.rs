//! A turn of a scheduler: rounds, in which each member that has something to run gets its share.

use super::{
    Scheduler,
    lists::List,
    share::{Priority, Share},
};
use crate::{
    clock,
    execution::{Slice, Step, Wait},
};
use core::time::Duration;

/// What a round gives for a weight of 1. Long enough that stepping costs about 1 % of it, and short enough that twenty
/// guests get their turn in 2 ms of a frame.
const PORTION_NANOS: i64 = 100_000;

/// What is left of a portion is not worth another step, if it is less.
const LEAST_NANOS: i64 = 5_000;

/// How many portions a member can be behind: what it took more, in a function of the host that takes long, is
/// forgotten.
const MOST_DEBT: i64 = 16;

/// How many members that waited are made ready before the next one runs, so that a turn is not late because of many.
const READY_AT_ONCE: usize = 16;

impl Scheduler {
    /// Runs the executions that have something to run for so much time, all together, in rounds. Never sleeps.
    ///
    /// It is kept as a [`Slice::time`] is. Where it ends in the middle of a round, the next turn goes on there. It ends
    /// early where all are over or wait.
    ///
    /// Returns [`Step::Paused`] where there is more to run; [`Step::Waiting`] where all wait, for [`Wait::Input`] where
    /// one of them has to be asked again soon, else until [`wake_at`](Self::wake_at) or an answer of the host;
    /// [`Step::Done`] where all are over.
    ///
    /// A clock that stands still bounds nothing: use [`round`](Self::round) then.
    pub fn turn(&mut self, time: Duration) -> Step {
        let mut now = self.now_nanos();
        let end = now.saturating_add(clock::nanos(time));
        let mut inputs = self.lists.len(List::Input);
        while now < end {
            let is_all = self.admit(now, &mut inputs);
            now = match self.next() {
                Some(index) => self.run_for(index, now, end),
                None if is_all => break,
                None => self.now_nanos(),
            };
        }
        self.standing()
    }

    /// Runs each execution that has something to run once, for `fuel` times its weight, those of the highest priority
    /// first.
    ///
    /// Who runs when and how far is then the same on every machine. Returns what [`turn`](Self::turn) does.
    pub fn round(&mut self, fuel: u64) -> Step {
        let now = self.now_nanos();
        let mut inputs = self.lists.len(List::Input);
        while !self.admit(now, &mut inputs) {}
        for list in Priority::ALL.map(List::Ready) {
            for _ in 0..self.lists.len(list) {
                if let Some(index) = self.lists.pop_front(list) {
                    let Share { weight, .. } = self.members.at(index).share;
                    let step = self.step(index, Slice::fuel(fuel.saturating_mul(weight.into())));
                    self.settle(index, step, false);
                }
            }
        }
        self.standing()
    }

    /// Makes some ready whose time has come, and who wait for input; returns whether these were all.
    fn admit(&mut self, now_nanos: u64, inputs: &mut usize) -> bool {
        for _ in 0..READY_AT_ONCE {
            let index = self.wakes.pop_due(now_nanos).or_else(|| {
                *inputs = inputs.checked_sub(1)?;
                self.lists.pop_front(List::Input)
            });
            match index {
                Some(index) => self.make_ready(index),
                None => return true,
            }
        }
        false
    }

    /// Takes the one that runs next.
    fn next(&mut self) -> Option<usize> {
        let mut lists = Priority::ALL.map(List::Ready).into_iter();
        lists.find_map(|list| self.lists.pop_front(list))
    }

    /// Runs one for what its share allows; returns what the clock shows then.
    fn run_for(&mut self, index: usize, now_nanos: u64, end_nanos: u64) -> u64 {
        let member = self.members.at(index);
        let portion = PORTION_NANOS.saturating_mul(member.share.weight.into());
        if member.credit_nanos <= 0 {
            member.credit_nanos = member.credit_nanos.saturating_add(portion);
        }
        let Ok(credit @ 1..) = u64::try_from(member.credit_nanos) else {
            // It had more than its share in earlier rounds.
            self.settle(index, Step::Paused, false);
            return self.now_nanos();
        };
        let nanos = credit.min(end_nanos.saturating_sub(now_nanos));
        let step = self.step(index, Slice::time(Duration::from_nanos(nanos)));
        let after = self.now_nanos();
        let used = i64::try_from(after.saturating_sub(now_nanos)).unwrap_or(i64::MAX);
        let member = self.members.at(index);
        let most_debt = portion.saturating_mul(MOST_DEBT).saturating_neg();
        member.credit_nanos = member.credit_nanos.saturating_sub(used).max(most_debt);
        let has_more = member.credit_nanos >= LEAST_NANOS;
        self.settle(index, step, has_more);
        after
    }

    fn step(&mut self, index: usize, slice: Slice) -> Step {
        let member = self.members.at(index);
        // Where it has its answer, what it asks next is new.
        member.is_told &= member.execution.running.asked().is_some();
        member.execution.step(slice)
    }

    /// Puts one that has run where it belongs.
    fn settle(&mut self, index: usize, step: Step, has_more: bool) {
        let member = self.members.at(index);
        let ready = List::Ready(member.share.priority);
        let wait = match step {
            Step::Paused if has_more => return self.lists.push_front(ready, index),
            Step::Paused => return self.lists.push_back(ready, index),
            Step::Done => return self.lists.push_back(List::Over, index),
            Step::Waiting(wait) => wait,
        };
        member.credit_nanos = member.credit_nanos.min(0);
        if let Some(at) = member.execution.wake_at() {
            self.wakes.insert(index, clock::nanos(at));
        }
        match wait {
            Wait::Input => self.lists.push_back(List::Input, index),
            Wait::Host if !member.is_told => self.lists.push_back(List::Asking, index),
            Wait::Host | Wait::Time => {}
        }
    }

    /// Gives one that waits its turn; one that is ready or over stays where it is.
    pub(super) fn make_ready(&mut self, index: usize) {
        if let Some(List::Ready(_) | List::Over) = self.lists.of(index) {
            return;
        }
        self.lists.remove(index);
        self.wakes.remove(index);
        let ready = List::Ready(self.members.at(index).share.priority);
        self.lists.push_back(ready, index);
    }

    /// How they stand all together.
    fn standing(&self) -> Step {
        let is_any = |list| self.lists.len(list) > 0;
        if Priority::ALL.map(List::Ready).into_iter().any(is_any) {
            Step::Paused
        } else if is_any(List::Input) {
            Step::Waiting(Wait::Input)
        } else if self.wakes.earliest_nanos().is_some() {
            Step::Waiting(Wait::Time)
        } else {
            Step::Done
        }
    }

    fn now_nanos(&self) -> u64 {
        clock::nanos(self.clock.now())
    }
}
