//! The registry: what C holds are numbers of slots, not addresses.
//!
//! A number has an index and a generation. With each end of what a slot holds its generation goes up, so that an old
//! number is found out for good; a slot whose generations are used up is never used again. A slot is locked while it
//! is used and nobody ever waits for that: what is in use elsewhere is busy.

mod registry;
#[cfg(test)]
mod tests;

use crate::status::{Failure, Status};
use registry::{INDEX_BITS, MOST, Object, Slot, slot, slot_or_new, with_free};
use std::{
    marker::PhantomData,
    mem,
    ops::{Deref, DerefMut},
    ptr,
    sync::{PoisonError, RwLockReadGuard, RwLockWriteGuard, TryLockError, atomic::Ordering},
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

/// Gives out a handle for `object`.
///
/// For what is made by guest code, or cannot be made again, [`reserve`] comes before.
pub(crate) fn new<T: Send + Sync + 'static>(object: T) -> Result<Handle<T>, Status> {
    Ok(reserve()?.fill(object))
}

/// A slot for what is still to come. It is given back if nothing does.
pub(crate) struct Reserved {
    slot: &'static Slot,
    index: usize,
}

/// Sees to it that there is a handle for what is made next.
pub(crate) fn reserve() -> Result<Reserved, Status> {
    let index = with_free(|free| {
        if free.live >= free.most {
            return Err(Status::TOO_MANY_HANDLES);
        }
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
    Ok(Reserved { slot, index })
}

impl Reserved {
    /// Gives the handle out.
    pub(crate) fn fill<T: Send + Sync + 'static>(self, object: T) -> Handle<T> {
        let object: Object = Box::new(object);
        // Nobody keeps it longer than it takes to see that a handle is stale.
        let locked = self.slot.object.write();
        *locked.unwrap_or_else(PoisonError::into_inner) = Some(object);
        let generation = self.slot.generation.load(Ordering::Relaxed);
        let handle = Handle::from_number(generation << INDEX_BITS | self.index);
        mem::forget(self);
        handle
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        with_free(|free| {
            free.live = free.live.saturating_sub(1);
            free.indices.push(self.index);
        });
    }
}

/// Bounds how many handles there may be.
pub(crate) fn limit(most: usize) {
    with_free(|free| free.most = most);
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
    let object = slot.lock()?;
    slot.check(&object, handle)?;
    Ok(Exclusive {
        object,
        slot,
        index: handle.number() & MOST,
        kind: PhantomData,
    })
}

/// Uses what a handle stands for, for one alone: as [`open_mut`], but that it is looked at only once.
pub(crate) fn with_mut<T: 'static, R>(
    handle: Handle<T>,
    using: impl FnOnce(&mut T) -> Result<R, Failure>,
) -> Result<R, Failure> {
    let slot = slot(handle)?;
    let mut object = slot.lock()?;
    match &mut *object {
        Some(object) if slot.is_of(handle) => {
            let object = object.downcast_mut().ok_or(Status::WRONG_HANDLE)?;
            using(object)
        }
        _ => Err(Status::STALE_HANDLE.into()),
    }
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
