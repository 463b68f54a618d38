//! A scheduler: many calls in progress on one thread, which take turns.
//!
//! `members` are the executions, `share` what each gets. Each member is in one of the `lists` at the most, and in
//! `wakes` where a time is known at which it goes on. `turn` moves them from one to the other.

mod lists;
mod members;
mod share;
mod turn;
mod wakes;

pub use members::ExecutionId;
pub use share::{Priority, Share};

use super::{Execution, Finished};
use crate::clock::{Clock, MonotonicClock};
use alloc::sync::Arc;
use core::{fmt, time::Duration};
use lists::{List, Lists};
use members::Members;
use wakes::Wakes;

/// Many executions on the calling thread, in fair rounds.
///
/// Each round gives every execution that has something to run as much time as its [`Share`] says. Those that wait cost
/// nothing until they go on. There are no threads, and a turn allocates nothing.
///
/// Its clock has to be that of the sandboxes that the executions come from.
///
/// ```
/// use fuelbox::{Limits, Module, Sandbox, Scheduler, Step};
/// use std::time::Duration;
///
/// # let wasm = wat::parse_bytes(br#"(module (func (export "_start")))"#)?;
/// # let module = Module::new(&wasm)?;
/// let sandbox = Sandbox::new(Limits::default());
/// let mut scheduler = Scheduler::new();
/// let first = scheduler.add(sandbox.start(&module, [])?);
/// let second = scheduler.add(sandbox.start(&module, [])?);
///
/// while scheduler.turn(Duration::from_millis(2)) == Step::Paused {
///     // Draw a frame.
/// }
/// let mut finished = Vec::new();
/// while let Some((id, guest)) = scheduler.finished() {
///     assert_eq!(guest.report.status(), Some(0));
///     finished.push(id);
/// }
/// assert_eq!(finished, [first, second]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Executions can be looked at, answered and taken out between turns:
///
/// ```
/// use fuelbox::{Priority, Scheduler, Share};
/// use std::time::Duration;
///
/// # use fuelbox::{Limits, Module, Sandbox};
/// # let wasm = wat::parse_bytes(br#"(module (func (export "_start") (loop (br 0))))"#)?;
/// # let module = Module::new(&wasm)?;
/// # let sandbox = Sandbox::new(Limits::default());
/// # fn time_since_boot() -> Duration { Duration::ZERO }
/// let mut scheduler = Scheduler::with_clock(time_since_boot);
/// let share = Share::default().weight(2).priority(Priority::High);
/// let id = scheduler.add_with(sandbox.start(&module, [])?, share);
/// scheduler.set_share(id, Share::default());
/// assert!(!scheduler.is_empty() && scheduler.len() == 1);
///
/// // The same point on every machine: the same fuel for each.
/// scheduler.round(10_000);
/// while let Some(id) = scheduler.asking() {
///     let execution = scheduler.get_mut(id).expect("it asks");
///     execution.answer(42)?;
/// }
/// let token = scheduler.get_mut(id).map(|execution| execution.cancel_token());
/// token.expect("it is there").cancel();
/// scheduler.wake(id); // so that it is looked at though it waits
/// assert!(scheduler.get(id).is_some() && scheduler.wake_at().is_none());
/// let execution = scheduler.remove(id).expect("nobody took it");
/// # drop(execution);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Scheduler {
    clock: Clock,
    members: Members,
    lists: Lists,
    wakes: Wakes,
}

impl Scheduler {
    /// A scheduler by the machine's own clock, for sandboxes made by [`Sandbox::new`](crate::Sandbox::new).
    #[cfg(feature = "std")]
    #[must_use]
    pub fn new() -> Self {
        Self::by(Clock::System)
    }

    /// A scheduler by a clock of the host, for sandboxes that have the same one.
    #[must_use]
    pub fn with_clock(clock: impl MonotonicClock + 'static) -> Self {
        Self::by(Clock::Host(Arc::new(clock)))
    }

    fn by(clock: Clock) -> Self {
        Self {
            clock,
            members: Members::default(),
            lists: Lists::default(),
            wakes: Wakes::default(),
        }
    }

    /// Takes an execution, which runs in the next turn, after those that are ready.
    pub fn add(&mut self, execution: Execution) -> ExecutionId {
        self.add_with(execution, Share::default())
    }

    /// As [`add`](Self::add), with a share of the time other than the default.
    pub fn add_with(&mut self, execution: Execution, share: Share) -> ExecutionId {
        let id = self.members.insert(execution, share);
        self.lists.make_room(self.members.room());
        self.wakes.make_room(self.members.room());
        self.make_ready(id.index);
        id
    }

    /// Gives an execution another share of the time; does nothing where `id` is not there.
    pub fn set_share(&mut self, id: ExecutionId, share: Share) {
        let Some(member) = self.members.find_mut(id) else {
            return;
        };
        member.share = share;
        if let Some(List::Ready(_)) = self.lists.of(id.index) {
            self.lists.remove(id.index);
            self.make_ready(id.index);
        }
    }

    /// An execution, to answer, cancel or step it. One that waits is looked at in the next turn.
    ///
    /// `None` where it was removed or handed out.
    pub fn get_mut(&mut self, id: ExecutionId) -> Option<&mut Execution> {
        self.wake(id);
        let member = self.members.find_mut(id)?;
        Some(&mut member.execution)
    }

    /// Makes the next turn look at an execution that waits: its cancel token was used, or its input has come.
    pub fn wake(&mut self, id: ExecutionId) {
        if self.members.find(id).is_some() {
            self.make_ready(id.index);
        }
    }

    /// Gives back an execution as it is, whether it is over or not.
    pub fn remove(&mut self, id: ExecutionId) -> Option<Execution> {
        let member = self.members.take(id)?;
        self.lists.remove(id.index);
        self.wakes.remove(id.index);
        Some(member.execution)
    }

    /// The next execution that asks its host: see [`Function::waiting`](crate::Function::waiting). Each question is
    /// told once.
    ///
    /// [`get_mut`](Self::get_mut) has the execution, [`Execution::request`] what it asks; it can be answered now, or
    /// any turns later.
    pub fn asking(&mut self) -> Option<ExecutionId> {
        let index = self.lists.pop_front(List::Asking)?;
        self.members.at(index).is_told = true;
        self.members.id(index)
    }

    /// The next execution that is over, and what it leaves.
    pub fn finished(&mut self) -> Option<(ExecutionId, Finished)> {
        let index = self.lists.pop_front(List::Over)?;
        let id = self.members.id(index)?;
        let execution = self.remove(id)?;
        Some((id, execution.finish()))
    }

    /// An execution.
    #[must_use]
    pub fn get(&self, id: ExecutionId) -> Option<&Execution> {
        let member = self.members.find(id)?;
        Some(&member.execution)
    }

    /// The time by the clock at which the first of those that wait goes on by itself, or at which its wait ends.
    ///
    /// For a thread that has nothing else to do after [`Step::Waiting`](super::Step::Waiting).
    #[must_use]
    pub fn wake_at(&self) -> Option<Duration> {
        self.wakes.earliest_nanos().map(Duration::from_nanos)
    }

    /// How many executions there are, those included that are over and not handed out.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no execution in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(feature = "std")]
impl Default for Scheduler {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler")
            .field("len", &self.len())
            .field("over", &self.lists.len(List::Over))
            .field("wake_at", &self.wake_at())
            .finish_non_exhaustive()
    }
}
