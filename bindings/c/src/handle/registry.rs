//! The slots that handles are numbers of, and which of them are free.

use super::Handle;
use crate::{
    boundary::{Exclusive, KEY_BITS, Slot},
    status::Status,
};
use std::{
    any::Any,
    sync::{Mutex, OnceLock, PoisonError},
};

/// What one slot holds.
pub(super) type Object = Box<dyn Any + Send + Sync>;

/// Half of a number is the index of a slot, the other half the key to it.
pub(super) const INDEX_BITS: u32 = usize::BITS - KEY_BITS;
pub(super) const MOST: usize = (1 << INDEX_BITS) - 1;

/// Slots in chunks that double, so that none ever moves.
pub(super) static CHUNKS: [OnceLock<Box<[Slot<Object>]>>; 27] = [const { OnceLock::new() }; 27];
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

/// The slot of a handle, and the key that the handle has to it.
#[inline]
pub(super) fn slot<T>(handle: Handle<T>) -> Result<(&'static Slot<Object>, usize), Status> {
    if handle.is_null() {
        return Err(Status::NULL);
    }
    let (chunk, place) = place(handle.number() & MOST);
    let chunk = CHUNKS.get(chunk).and_then(OnceLock::get);
    let slot = chunk.and_then(|chunk| chunk.get(place));
    let key = handle.number() >> INDEX_BITS;
    Ok((slot.ok_or(Status::STALE_HANDLE)?, key))
}

/// Empties a slot, of which the handle is stale from then on.
pub(super) fn take(object: Exclusive<'static, Object>, index: usize) -> Object {
    let (object, is_free) = object.take();
    with_free(|free| {
        free.live = free.live.saturating_sub(1);
        if is_free {
            free.indices.push(index);
        }
    });
    object
}

pub(super) fn slot_or_new(index: usize) -> Option<&'static Slot<Object>> {
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
