//! The registry: what C holds are numbers of slots, not addresses.
//!
//! A number has an index and a generation. With each end of what a slot holds its generation goes up, so that an old
//! number is found out for good; a slot whose generations are used up is never used again. A slot is locked while it
//! is used and nobody ever waits for that: what is in use elsewhere is busy.

use crate::status::Status;
use std::{
    any::Any,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    ptr,
    sync::{
        Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A number for C in the form of a pointer, so that its compiler tells kinds apart.
#[repr(transparent)]
pub(crate) struct Handle<T>(*mut (), PhantomData<fn() -> T>);

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> Handle<T> {
    pub(crate) const NULL: Self = Self(ptr::null_mut(), PhantomData);

    pub(crate) fn from_number(number: usize) -> Self {
        Self(ptr::without_provenance_mut(number), PhantomData)
    }

    pub(crate) fn number(self) -> usize {
        self.0.addr()
    }

    pub(crate) fn is_null(self) -> bool {
        self.0.is_null()
    }
}

/// What one slot holds.
type Object = Box<dyn Any + Send + Sync>;

struct Slot {
    /// From 1 on, so that no handle is null. Only changed while the object is locked; read before, so that an old
    /// handle is stale also where the slot is in use again.
    generation: AtomicUsize,
    object: RwLock<Option<Object>>,
}

/// Half of a number is the index, the other half the generation.
const INDEX_BITS: u32 = usize::BITS / 2;
const MOST: usize = (1 << INDEX_BITS) - 1;

/// Slots in chunks that double, so that none ever moves.
static CHUNKS: [OnceLock<Box<[Slot]>>; 27] = [const { OnceLock::new() }; 27];
const FIRST_CHUNK: usize = 64;

/// Which slots are free.
struct Free {
    /// Used before.
    indices: Vec<usize>,
    /// The first that was never used.
    next: usize,
    live: usize,
}

static FREE: Mutex<Free> = Mutex::new(Free {
    indices: Vec::new(),
    next: 0,
    live: 0,
});

/// No code that can panic holds the lock, but for a lack of memory.
fn with_free<R>(change: impl FnOnce(&mut Free) -> R) -> R {
    change(&mut FREE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Gives out a handle for `object`.
pub(crate) fn new<T: Send + Sync + 'static>(object: T) -> Result<Handle<T>, Status> {
    let object: Object = Box::new(object);
    let index = with_free(|free| {
        let index = match free.indices.pop() {
            Some(index) => index,
            None if free.next <= MOST => {
                free.next = free.next.saturating_add(1);
                free.next.saturating_sub(1)
            }
            None => return Err(Status::TOO_MANY_HANDLES),
        };
        free.live = free.live.saturating_add(1);
        Ok(index)
    })?;
    let slot = slot_or_new(index).ok_or(Status::TOO_MANY_HANDLES)?;
    // Nobody keeps it longer than it takes to see that a handle is stale.
    let mut held = slot.object.write().unwrap_or_else(PoisonError::into_inner);
    *held = Some(object);
    let generation = slot.generation.load(Ordering::Relaxed);
    Ok(Handle::from_number(generation << INDEX_BITS | index))
}

/// How many handles were given out and not ended.
pub(crate) fn live() -> usize {
    with_free(|free| free.live)
}

/// Opens a handle to be looked at, beside others that do so.
pub(crate) fn open<T: 'static>(handle: Handle<T>) -> Result<Shared<T>, Status> {
    let slot = slot(handle)?;
    let object = slot.object.try_read().map_err(|error| match error {
        TryLockError::WouldBlock => Status::BUSY,
        TryLockError::Poisoned(_) => Status::PANIC,
    })?;
    slot.check(&object, handle)?;
    Ok(Shared {
        object,
        kind: PhantomData,
    })
}

/// The same for a handle that may be null.
pub(crate) fn open_if_any<T: 'static>(handle: Handle<T>) -> Result<Option<Shared<T>>, Status> {
    if handle.is_null() {
        return Ok(None);
    }
    open(handle).map(Some)
}

/// Opens a handle for one alone.
pub(crate) fn open_mut<T: 'static>(handle: Handle<T>) -> Result<Exclusive<T>, Status> {
    let slot = slot(handle)?;
    let object = slot.object.try_write().map_err(|error| match error {
        TryLockError::WouldBlock => Status::BUSY,
        TryLockError::Poisoned(_) => Status::PANIC,
    })?;
    slot.check(&object, handle)?;
    Ok(Exclusive {
        object,
        slot,
        index: handle.number() & MOST,
        kind: PhantomData,
    })
}

/// Ends a handle and what it stands for; null is none.
pub(crate) fn free<T: 'static>(handle: Handle<T>) -> Result<(), Status> {
    if handle.is_null() {
        return Ok(());
    }
    let slot = slot(handle)?;
    let mut object = match slot.object.try_write() {
        Ok(object) => object,
        Err(TryLockError::WouldBlock) => return Err(Status::BUSY),
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
    };
    slot.check(&object, handle)?;
    slot.object.clear_poison();
    let ended = slot.retire(&mut object, handle.number() & MOST);
    drop(object);
    // It may call the host, which may do anything.
    drop(ended);
    Ok(())
}

impl Slot {
    fn new() -> Self {
        Self {
            generation: AtomicUsize::new(1),
            object: RwLock::new(None),
        }
    }

    fn is_of<T>(&self, handle: Handle<T>) -> bool {
        self.generation.load(Ordering::Relaxed) == handle.number() >> INDEX_BITS
    }

    /// Whether the locked `object` is what a handle stands for.
    fn check<T: 'static>(&self, object: &Option<Object>, handle: Handle<T>) -> Result<(), Status> {
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
    fn retire(&self, object: &mut Option<Object>, index: usize) -> Option<Object> {
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
fn slot<T>(handle: Handle<T>) -> Result<&'static Slot, Status> {
    if handle.is_null() {
        return Err(Status::NULL);
    }
    let (chunk, place) = place(handle.number() & MOST);
    let chunk = CHUNKS.get(chunk).and_then(OnceLock::get);
    let slot = chunk.and_then(|chunk| chunk.get(place));
    slot.filter(|slot| slot.is_of(handle))
        .ok_or(Status::STALE_HANDLE)
}

fn slot_or_new(index: usize) -> Option<&'static Slot> {
    let (chunk, place) = place(index);
    let slots = || {
        let len = FIRST_CHUNK.checked_shl(u32::try_from(chunk).unwrap_or(u32::MAX));
        (0..len.unwrap_or(0)).map(|_| Slot::new()).collect()
    };
    CHUNKS.get(chunk)?.get_or_init(slots).get(place)
}

/// The chunk of an index, and the place in it.
fn place(index: usize) -> (usize, usize) {
    let chunks = (index / FIRST_CHUNK).saturating_add(1).ilog2();
    let before = FIRST_CHUNK.saturating_mul((1_usize << chunks).saturating_sub(1));
    (
        usize::try_from(chunks).unwrap_or(usize::MAX),
        index.saturating_sub(before),
    )
}

/// What a handle stands for, while others may look at it too.
pub(crate) struct Shared<T> {
    object: RwLockReadGuard<'static, Option<Object>>,
    kind: PhantomData<fn() -> T>,
}

impl<T: 'static> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let object = self.object.as_ref();
        object
            .and_then(|object| object.downcast_ref())
            .expect(CHECKED)
    }
}

/// What a handle stands for, for one alone.
pub(crate) struct Exclusive<T> {
    object: RwLockWriteGuard<'static, Option<Object>>,
    slot: &'static Slot,
    index: usize,
    kind: PhantomData<fn() -> T>,
}

impl<T: 'static> Exclusive<T> {
    /// Takes it away from its handle, which is stale from then on.
    pub(crate) fn take(mut self) -> T {
        let object = self.slot.retire(&mut self.object, self.index);
        let object = object.and_then(|object| object.downcast().ok());
        *object.expect(CHECKED)
    }
}

impl<T: 'static> Deref for Exclusive<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let object = self.object.as_ref();
        object
            .and_then(|object| object.downcast_ref())
            .expect(CHECKED)
    }
}

impl<T: 'static> DerefMut for Exclusive<T> {
    fn deref_mut(&mut self) -> &mut T {
        let object = self.object.as_mut();
        object
            .and_then(|object| object.downcast_mut())
            .expect(CHECKED)
    }
}

/// Why it has its object, and of its kind.
const CHECKED: &str = "it was looked at when the handle was opened, and is locked since";

#[cfg(test)]
mod tests {
    use super::*;

    fn status<T>(result: Result<T, Status>) -> Status {
        result.err().unwrap_or(Status::OK)
    }

    #[test]
    fn a_handle_that_was_freed_is_stale_for_good() {
        let first = new(7_u8).expect("there is room");
        assert_eq!(status(free(first)), Status::OK);
        let again: Vec<_> = (0..100)
            .map(|n: u8| new(n).expect("there is room"))
            .collect();
        assert_eq!(status(open(first)), Status::STALE_HANDLE);
        assert_eq!(status(free(first)), Status::STALE_HANDLE);
        for handle in again {
            assert_eq!(status(free(handle)), Status::OK);
        }
        assert_eq!(status(open(first)), Status::STALE_HANDLE);
    }

    #[test]
    fn a_handle_of_another_kind_or_none_at_all_is_found_out() {
        let byte = new(7_u8).expect("there is room");
        let other = Handle::<u16>::from_number(byte.number());
        assert_eq!(status(open(other)), Status::WRONG_HANDLE);
        assert_eq!(status(free(other)), Status::WRONG_HANDLE);
        assert_eq!(status(open(Handle::<u8>::NULL)), Status::NULL);
        assert_eq!(status(free(Handle::<u8>::NULL)), Status::OK);
        for number in [
            1,
            MOST,
            usize::MAX,
            byte.number().wrapping_add(1 << INDEX_BITS),
        ] {
            assert_eq!(
                status(open(Handle::<u8>::from_number(number))),
                Status::STALE_HANDLE,
                "{number:x}"
            );
        }
        assert_eq!(status(free(byte)), Status::OK);
    }

    #[test]
    fn what_is_in_use_is_busy_and_not_freed() {
        // Its slot was used before, and again.
        free(new(1_u8).expect("there is room")).expect("nobody uses it");
        let handle = new(7_u8).expect("there is room");
        let shared = open(handle).expect("nobody uses it");
        assert_eq!(status(open(handle)), Status::OK);
        assert_eq!(status(open_mut(handle)), Status::BUSY);
        assert_eq!(status(free(handle)), Status::BUSY);
        drop(shared);
        let mut exclusive = open_mut(handle).expect("nobody uses it");
        *exclusive = 8;
        assert_eq!(status(open(handle)), Status::BUSY);
        // An older handle of the same slot is stale all the same.
        let older = Handle::<u8>::from_number(handle.number().wrapping_sub(1 << INDEX_BITS));
        assert_eq!(status(open(older)), Status::STALE_HANDLE);
        assert_eq!(status(open_mut(older)), Status::STALE_HANDLE);
        drop(exclusive);
        assert_eq!(open_mut(handle).expect("nobody uses it").take(), 8);
        assert_eq!(status(open(handle)), Status::STALE_HANDLE);
    }

    #[test]
    fn what_a_panic_left_is_only_freed() {
        let handle = new(7_u8).expect("there is room");
        let panicked = std::panic::catch_unwind(|| {
            let _exclusive = open_mut(handle).expect("nobody uses it");
            panic!("in the middle");
        });
        assert!(panicked.is_err());
        assert_eq!(status(open(handle)), Status::PANIC);
        assert_eq!(status(open_mut(handle)), Status::PANIC);
        assert_eq!(status(free(handle)), Status::OK);
        let next = new(1_u8).expect("there is room");
        assert_eq!(status(open(next)), Status::OK);
        assert_eq!(status(free(next)), Status::OK);
    }

    #[test]
    fn every_index_has_a_place_of_its_own() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(63), (0, 63));
        assert_eq!(place(64), (1, 0));
        assert_eq!(place(191), (1, 127));
        assert_eq!(place(192), (2, 0));
        let (chunk, place) = place(MOST);
        assert!(chunk < CHUNKS.len() && place < FIRST_CHUNK << chunk);
    }
}
