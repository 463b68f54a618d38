//! The members of a scheduler: its executions, by their ids.

use super::share::Share;
use crate::execution::Execution;
use alloc::vec::Vec;

/// What an execution is called in the [`Scheduler`](super::Scheduler) that it was added to. Never given out twice.
///
/// They are ordered as their executions were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionId {
    /// How many were added before it.
    serial: u64,
    pub(super) index: usize,
}

/// An execution, and what is known of it.
pub(super) struct Member {
    pub(super) execution: Execution,
    pub(super) share: Share,
    /// What it may still run in its round; below zero where it took more.
    pub(super) credit_nanos: i64,
    /// Whether the host has been told what it asks.
    pub(super) is_told: bool,
    serial: u64,
}

#[derive(Default)]
pub(super) struct Members {
    slots: Vec<Option<Member>>,
    free: Vec<usize>,
    added: u64,
}

impl Members {
    pub(super) fn insert(&mut self, execution: Execution, share: Share) -> ExecutionId {
        let serial = self.added;
        self.added = serial.saturating_add(1);
        let member = Some(Member {
            execution,
            share,
            credit_nanos: 0,
            is_told: false,
            serial,
        });
        let index = self.free.pop().unwrap_or(self.slots.len());
        match self.slots.get_mut(index) {
            Some(slot) => *slot = member,
            None => self.slots.push(member),
        }
        ExecutionId { serial, index }
    }

    pub(super) fn take(&mut self, id: ExecutionId) -> Option<Member> {
        self.find(id)?;
        self.free.push(id.index);
        self.slots.get_mut(id.index)?.take()
    }

    pub(super) fn find(&self, id: ExecutionId) -> Option<&Member> {
        let member = self.slots.get(id.index)?.as_ref();
        member.filter(|member| member.serial == id.serial)
    }

    pub(super) fn find_mut(&mut self, id: ExecutionId) -> Option<&mut Member> {
        let member = self.slots.get_mut(id.index)?.as_mut();
        member.filter(|member| member.serial == id.serial)
    }

    /// The one at an index that a list or the heap has.
    pub(super) fn at(&mut self, index: usize) -> &mut Member {
        let slot = self.slots.get_mut(index).and_then(Option::as_mut);
        slot.expect("who is taken is taken out of all lists")
    }

    pub(super) fn id(&self, index: usize) -> Option<ExecutionId> {
        let serial = self.slots.get(index)?.as_ref()?.serial;
        Some(ExecutionId { serial, index })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len().saturating_sub(self.free.len())
    }

    /// How many there is room for.
    pub(super) fn room(&self) -> usize {
        self.slots.len()
    }
}
