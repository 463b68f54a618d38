//! The registry: what C holds are numbers of slots, not addresses.
//!
//! A number has the index of a slot and a key to it. With each end of what was in a slot its key goes up, so that an
//! old number is found out for good; a slot whose keys are used up is never used again. A slot is locked while it is
//! used and nobody ever waits for that: what is in use elsewhere is busy.

mod registry;
#[cfg(test)]
mod tests;

use crate::{
    boundary::{self, Slot},
    status::{Failure, Status},
};
use registry::{INDEX_BITS, MOST, Object, slot, slot_or_new, take, with_free};
use std::{
    marker::PhantomData,
    mem,
    ops::{Deref, DerefMut},
    ptr,
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
    slot: &'static Slot<Object>,
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
        let key = self.slot.fill(Box::new(object));
        let key = key.expect("a slot that is reserved is empty, and has a key left");
        let handle = Handle::from_number(key << INDEX_BITS | self.index);
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
    let (slot, key) = slot(handle)?;
    let object = slot.read(key)?;
    of_kind::<T>(&object)?;
    Ok(Shared {
        object,
        kind: PhantomData,
    })
}

/// Whether it is what a handle of this type stands for.
fn of_kind<T: 'static>(object: &Object) -> Result<(), Status> {
    if object.is::<T>() {
        Ok(())
    } else {
        Err(Status::WRONG_HANDLE)
    }
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
    let (slot, key) = slot(handle)?;
    let object = slot.write(key)?;
    of_kind::<T>(&object)?;
    Ok(Exclusive {
        object,
        index: handle.number() & MOST,
        kind: PhantomData,
    })
}

/// Uses what a handle stands for, for one alone: as [`open_mut`], but that it is looked at only once.
#[inline]
pub(crate) fn with_mut<T: 'static, R>(
    handle: Handle<T>,
    using: impl FnOnce(&mut T) -> Result<R, Failure>,
) -> Result<R, Failure> {
    let (slot, key) = slot(handle)?;
    let mut object = slot.write(key)?;
    using(object.downcast_mut().ok_or(Status::WRONG_HANDLE)?)
}

/// Ends a handle and what it stands for; null is none.
pub(crate) fn free<T: 'static>(handle: Handle<T>) -> Result<(), Status> {
    if handle.is_null() {
        return Ok(());
    }
    let (slot, key) = slot(handle)?;
    let object = slot.write_to_end(key)?;
    of_kind::<T>(&object)?;
    // Its end may call the host, which may do anything: nothing is locked meanwhile.
    drop(take(object, handle.number() & MOST));
    Ok(())
}

/// What a handle stands for, while others may look at it too.
pub(crate) struct Shared<T> {
    object: boundary::Shared<'static, Object>,
    kind: PhantomData<fn() -> T>,
}

impl<T: 'static> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.object.downcast_ref().expect(CHECKED)
    }
}

/// What a handle stands for, for one alone.
pub(crate) struct Exclusive<T> {
    object: boundary::Exclusive<'static, Object>,
    index: usize,
    kind: PhantomData<fn() -> T>,
}

impl<T: 'static> Exclusive<T> {
    /// Takes it away from its handle, which is stale from then on.
    pub(crate) fn take(self) -> T {
        let object = take(self.object, self.index).downcast();
        *object.expect(CHECKED)
    }
}

impl<T: 'static> Deref for Exclusive<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.object.downcast_ref().expect(CHECKED)
    }
}

impl<T: 'static> DerefMut for Exclusive<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.object.downcast_mut().expect(CHECKED)
    }
}

/// Why it has its object, and of its kind.
const CHECKED: &str = "it was looked at when the handle was opened, and is locked since";
