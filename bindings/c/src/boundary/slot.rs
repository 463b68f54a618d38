//! Places for what handles stand for.

use crate::status::Status;
use std::{
    cell::UnsafeCell,
    mem,
    ops::{Deref, DerefMut},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// A place for one thing after another. Each has a key of its own, and only who has its key gets to it.
///
/// Many may look at it at the same time, or one may change it; nobody ever waits. A lock of `std` takes twice as long:
/// who gives it back has to look whether somebody waits.
pub(crate) struct Slot<T> {
    /// The key in the upper half. The lower half says how many look at the content, or one of the states below.
    state: AtomicUsize,
    content: UnsafeCell<Option<T>>,
}

/// How many bits a key has.
pub(crate) const KEY_BITS: u32 = usize::BITS / 2;

/// The last key. Once its thing is gone the place stays empty.
const LAST_KEY: usize = (1 << KEY_BITS) - 1;

/// The key of nothing, and what comes behind the last one.
const NO_KEY: usize = 0;

/// There is nothing: the key is that of the next thing.
const EMPTY: usize = LAST_KEY;
/// One has it for itself.
const TAKEN: usize = LAST_KEY - 1;
/// One had it for itself and panicked.
const POISONED: usize = LAST_KEY - 2;
/// As many may look at it.
const MOST_READERS: usize = LAST_KEY - 3;

// SAFETY: what is in it is handed out by reference to several threads at once, and by exclusive reference to any one
// of them, as the state says: see the two guards.
unsafe impl<T: Send + Sync> Sync for Slot<T> {}

impl<T> Slot<T> {
    /// Keys begin with 1.
    pub(crate) fn new() -> Self {
        Self {
            state: AtomicUsize::new(state(1, EMPTY)),
            content: UnsafeCell::new(None),
        }
    }

    /// Puts something in, and gives the key to it. None where there is something already, or was the last one.
    pub(crate) fn fill(&self, thing: T) -> Option<usize> {
        let key = key(self.state.load(Ordering::Relaxed));
        if key == NO_KEY {
            return None;
        }
        let mut place = self.enter(key, EMPTY, 0).ok()?;
        *place.content() = Some(thing);
        Some(key)
    }

    /// Looks at it, beside others that do so.
    ///
    /// # Errors
    /// STALE_HANDLE for another key; BUSY where one has it for itself, PANIC where one had and panicked.
    pub(crate) fn read(&self, key: usize) -> Result<Shared<'_, T>, Status> {
        let mut found = self.state.load(Ordering::Relaxed);
        loop {
            let readers = found ^ state(key, 0);
            if readers >= MOST_READERS {
                return Err(refused(found, key));
            }
            let more = state(key, readers.saturating_add(1));
            match self.state.compare_exchange_weak(
                found,
                more,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Ok(Shared { slot: self }),
                Err(changed) => found = changed,
            }
        }
    }

    /// Takes it for one alone.
    ///
    /// # Errors
    /// As [`read`](Self::read); BUSY also where others look at it.
    #[inline]
    pub(crate) fn write(&self, key: usize) -> Result<Exclusive<'_, T>, Status> {
        self.enter(key, 0, 0)
    }

    /// As [`write`](Self::write), also where one had it and panicked: it stays so if it is not taken out.
    pub(crate) fn write_to_end(&self, key: usize) -> Result<Exclusive<'_, T>, Status> {
        self.enter(key, 0, 0).or_else(|status| match status {
            Status::PANIC => self.enter(key, POISONED, POISONED),
            status => Err(status),
        })
    }

    /// Takes it for one alone where it is in a state; it is left in another.
    #[inline]
    fn enter(&self, key: usize, from: usize, after: usize) -> Result<Exclusive<'_, T>, Status> {
        let entered = self.state.compare_exchange(
            state(key, from),
            state(key, TAKEN),
            Ordering::Acquire,
            Ordering::Relaxed,
        );
        match entered {
            Ok(_) => Ok(Exclusive {
                slot: self,
                key,
                after,
                was_panicking: thread::panicking(),
            }),
            Err(found) => Err(refused(found, key)),
        }
    }
}

fn state(key: usize, lower: usize) -> usize {
    key << KEY_BITS | lower
}

fn key(state: usize) -> usize {
    state >> KEY_BITS
}

/// Why a place that was found in this state cannot be entered with a key.
#[cold]
fn refused(found: usize, with: usize) -> Status {
    match found & LAST_KEY {
        EMPTY => Status::STALE_HANDLE,
        _ if key(found) != with => Status::STALE_HANDLE,
        POISONED => Status::PANIC,
        _ => Status::BUSY,
    }
}

/// What is in a slot, while others may look at it too.
pub(crate) struct Shared<'a, T> {
    slot: &'a Slot<T>,
}

impl<T> Deref for Shared<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: as long as this is here the state counts it as a reader, and nobody has an exclusive reference.
        let content = unsafe { &*self.slot.content.get() };
        content.as_ref().expect(FULL)
    }
}

impl<T> Drop for Shared<'_, T> {
    fn drop(&mut self) {
        // Of those that look at it this one is counted, so that the key above stays as it is.
        self.slot.state.fetch_sub(1, Ordering::Release);
    }
}

/// What is in a slot, for one alone.
pub(crate) struct Exclusive<'a, T> {
    slot: &'a Slot<T>,
    key: usize,
    /// The state to leave it in.
    after: usize,
    was_panicking: bool,
}

impl<T> Exclusive<'_, T> {
    /// Takes it out, and says whether something else can be put in. Its key is good for nothing from then on.
    pub(crate) fn take(mut self) -> (T, bool) {
        let thing = self.content().take().expect(FULL);
        let next = self.key.wrapping_add(1) & LAST_KEY;
        self.slot.state.store(state(next, EMPTY), Ordering::Release);
        mem::forget(self);
        (thing, next != NO_KEY)
    }

    fn content(&mut self) -> &mut Option<T> {
        // SAFETY: as long as this is here the state is `TAKEN`, in which nobody else gets a reference, and this is
        // borrowed exclusively.
        unsafe { &mut *self.slot.content.get() }
    }
}

impl<T> Deref for Exclusive<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: as for `content`, with a shared borrow.
        let content = unsafe { &*self.slot.content.get() };
        content.as_ref().expect(FULL)
    }
}

impl<T> DerefMut for Exclusive<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.content().as_mut().expect(FULL)
    }
}

impl<T> Drop for Exclusive<'_, T> {
    #[inline]
    fn drop(&mut self) {
        let has_panicked = !self.was_panicking && thread::panicking();
        let after = if has_panicked { POISONED } else { self.after };
        // No other thread changes `TAKEN`, so that it takes no more than a store.
        self.slot
            .state
            .store(state(self.key, after), Ordering::Release);
    }
}

/// Why there is something in it.
const FULL: &str = "it is full as long as its key is good";

#[cfg(test)]
mod tests {
    use super::*;

    fn status<T>(result: Result<T, Status>) -> Status {
        result.err().unwrap_or(Status::OK)
    }

    #[test]
    fn behind_the_last_key_nothing_comes() {
        let slot = Slot {
            state: AtomicUsize::new(state(LAST_KEY, EMPTY)),
            content: UnsafeCell::new(None),
        };
        assert_eq!(slot.fill(7), Some(LAST_KEY));
        assert_eq!(slot.fill(8), None);
        let taken = slot.write(LAST_KEY).map(Exclusive::take);
        assert_eq!(taken.ok(), Some((7, false)));
        assert_eq!(slot.fill(8), None);
        for key in [NO_KEY, 1, LAST_KEY] {
            assert_eq!(status(slot.read(key)), Status::STALE_HANDLE);
            assert_eq!(status(slot.write(key)), Status::STALE_HANDLE);
        }
    }

    #[test]
    fn no_more_look_at_it_than_can_be_counted() {
        let slot = Slot::new();
        let key = slot.fill(7).expect("it is empty");
        let most = state(key, MOST_READERS);
        slot.state.store(most, Ordering::Relaxed);
        assert_eq!(status(slot.read(key)), Status::BUSY);
        slot.state.store(most.wrapping_sub(1), Ordering::Relaxed);
        let last = slot.read(key).expect("one more can be counted");
        assert_eq!((*last, slot.state.load(Ordering::Relaxed)), (7, most));
    }

    #[test]
    fn what_is_ended_after_a_panic_stays_so_until_it_is_taken() {
        let slot = Slot::new();
        let key = slot.fill(7).expect("it is empty");
        slot.state.store(state(key, POISONED), Ordering::Relaxed);
        drop(slot.write_to_end(key));
        assert_eq!(status(slot.write(key)), Status::PANIC);
        let taken = slot.write_to_end(key).map(Exclusive::take);
        assert_eq!(taken.ok(), Some((7, true)));
        assert_eq!(slot.fill(8), Some(key.wrapping_add(1)));
    }
}
