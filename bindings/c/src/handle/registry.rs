//! The slots that handles are numbers of, and which of them are free.

use super::Handle;
use crate::status::Status;
use std::{
    any::Any,
    sync::{
        Mutex, OnceLock, PoisonError, RwLock, RwLockWriteGuard, TryLockError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What one slot holds.
pub(super) type Object = Box<dyn Any + Send + Sync>;

pub(super) struct Slot {
    /// From 1 on, so that no handle is null. Only changed while the object is locked; read before, so that an old
    /// handle is stale also where the slot is in use again.
    pub(super) generation: AtomicUsize,
    pub(super) object: RwLock<Option<Object>>,
}

/// Half of a number is the index, the other half the generation.
pub(super) const INDEX_BITS: u32 = usize::BITS / 2;
pub(super) const MOST: usize = (1 << INDEX_BITS) - 1;

/// Slots in chunks that double, so that none ever moves.
pub(super) static CHUNKS: [OnceLock<Box<[Slot]>>; 27] = [const { OnceLock::new() }; 27];
pub(super) const FIRST_CHUNK: usize = 64;

/// Which slots are free.
pub(super) struct Free {
    /// Used before.
    pub(super) indices: Vec<usize>,
    /// The first that was never used.
    pub(super) next: usize,
    /// How many handles there are, with those that are reserved.
    pub(super) live: usize,
    /// The most that there may be.
    pub(super) most: usize,
}

static FREE: Mutex<Free> = Mutex::new(Free {
    indices: Vec::new(),
    next: 0,
    live: 0,
    most: usize::MAX,
});

/// No code that can panic holds the lock, but for a lack of memory.
pub(super) fn with_free<R>(change: impl FnOnce(&mut Free) -> R) -> R {
    change(&mut FREE.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Slot {
    fn new() -> Self {
        Self {
            generation: AtomicUsize::new(1),
            object: RwLock::new(None),
        }
    }

    /// For one alone.
    pub(super) fn lock(&self) -> Result<RwLockWriteGuard<'_, Option<Object>>, Status> {
        self.object.try_write().map_err(|error| match error {
            TryLockError::WouldBlock => Status::BUSY,
            TryLockError::Poisoned(_) => Status::PANIC,
        })
    }

    #[inline]
    pub(super) fn is_of<T>(&self, handle: Handle<T>) -> bool {
        self.generation.load(Ordering::Relaxed) == handle.number() >> INDEX_BITS
    }

    /// Whether the locked `object` is what a handle stands for.
    pub(super) fn check<T: 'static>(
        &self,
        object: &Option<Object>,
        handle: Handle<T>,
    ) -> Result<(), Status> {
        match object {
            Some(object) if self.is_of(handle) => {
                if object.is::<T>() {
                    Ok(())
                } else {
                    Err(Status::WRONG_HANDLE)
                }
            }
            _ => Err(Status::STALE_HANDLE),
        }
    }

    /// Makes the handle of the locked `object` stale.
    pub(super) fn retire(&self, object: &mut Option<Object>, index: usize) -> Option<Object> {
        let generation = self.generation.load(Ordering::Relaxed);
        self.generation
            .store(generation.saturating_add(1), Ordering::Relaxed);
        with_free(|free| {
            free.live = free.live.saturating_sub(1);
            if generation < MOST {
                free.indices.push(index);
            }
        });
        object.take()
    }
}

/// The slot of a handle that is not known to be stale.
#[inline]
pub(super) fn slot<T>(handle: Handle<T>) -> Result<&'static Slot, Status> {
    if handle.is_null() {
        return Err(Status::NULL);
    }
    let (chunk, place) = place(handle.number() & MOST);
    let chunk = CHUNKS.get(chunk).and_then(OnceLock::get);
    let slot = chunk.and_then(|chunk| chunk.get(place));
    slot.filter(|slot| slot.is_of(handle))
        .ok_or(Status::STALE_HANDLE)
}

pub(super) fn slot_or_new(index: usize) -> Option<&'static Slot> {
    let (chunk, place) = place(index);
    let slots = || {
        let len = FIRST_CHUNK.checked_shl(u32::try_from(chunk).unwrap_or(u32::MAX));
        (0..len.unwrap_or(0)).map(|_| Slot::new()).collect()
    };
    CHUNKS.get(chunk)?.get_or_init(slots).get(place)
}

/// The chunk of an index, and the place in it.
#[inline]
pub(super) fn place(index: usize) -> (usize, usize) {
    // The chunks before the first would be as long as that: with them each chunk begins at its own length.
    let index = index.saturating_add(FIRST_CHUNK);
    let highest = index.ilog2();
    let chunk = highest.saturating_sub(FIRST_CHUNK.ilog2());
    (
        usize::try_from(chunk).unwrap_or(usize::MAX),
        index ^ (1 << highest),
    )
}
