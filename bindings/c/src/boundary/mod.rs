//! What comes from C and goes there: the only folder with `unsafe` code.
//!
//! A value of these types exists because C has called an exported function, or because a callback was handed in; the
//! header says what whoever does that promises. Five patterns rest on it, the sixth on a state that is kept here:
//!
//! 1. [`In::slice`] reads an array from its pointer and length.
//! 2. [`Out::set`], [`Out::copy`] and [`Out::write`] write to memory of the caller.
//! 3. [`RawValue::read`] reads the member of a union that its type names.
//! 4. [`UserData`], with the callbacks, calls functions of the host, from any thread.
//! 5. [`lend_caller`] and [`with_caller`] hand a reference out for the time of a callback.
//! 6. [`Slot`] hands references out to what is in it, by a count of them.

mod callback;
mod loan;
mod slot;
mod value;

pub(crate) use callback::{
    Context, Input, RawClock, RawDrop, RawFunction, RawInput, RawRandom, UserData,
};
pub(crate) use loan::{lend_caller, with_caller};
pub(crate) use slot::{Exclusive, KEY_BITS, Shared, Slot};
pub(crate) use value::RawValue;

use crate::status::Status;
use std::slice;

/// What C may put into an array: any bits are a value.
///
/// # Safety
/// Every pattern of bits must be one, and it must be laid out as in the header.
pub(crate) unsafe trait Plain: Copy {}

// SAFETY: numbers.
unsafe impl Plain for u8 {}
// SAFETY: numbers.
unsafe impl Plain for u32 {}

/// An array of the caller that is read. Its length comes beside it.
#[repr(transparent)]
pub(crate) struct In<T>(*const T);

impl<T: Plain> In<T> {
    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// The `len` elements, for the time of the call that brought them.
    pub(crate) fn slice(&self, len: usize) -> Result<&[T], Status> {
        if len == 0 {
            return Ok(&[]);
        }
        if self.0.is_null() {
            return Err(Status::NULL);
        }
        if len > const { isize::MAX.cast_unsigned() / size_of::<T>() } || !self.0.is_aligned() {
            return Err(Status::INVALID_ARGUMENT);
        }
        // SAFETY: the caller promises `len` elements at the pointer that nobody changes during the call. It is
        // aligned and no array is longer, see above; any bits are a `T`. The borrow of `self` ends with the call.
        Ok(unsafe { slice::from_raw_parts(self.0, len) })
    }
}

impl In<u8> {
    /// The `len` bytes as text.
    pub(crate) fn text(&self, len: usize) -> Result<&str, Status> {
        /// Names are mostly as short as this and ASCII; the whole check would take a tenth of what a call adds.
        const SHORT: usize = 16;

        let bytes = self.slice(len)?;
        if len <= SHORT && bytes.iter().fold(0, |all, byte| all | byte) < 0x80 {
            // SAFETY: ASCII is UTF-8.
            return Ok(unsafe { str::from_utf8_unchecked(bytes) });
        }
        str::from_utf8(bytes).map_err(|_| Status::INVALID_UTF8)
    }
}

/// Memory of the caller that is written.
#[repr(transparent)]
pub(crate) struct Out<T>(*mut T);

impl<T: Copy> Out<T> {
    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// Before anything is done: there has to be room for what it gives.
    pub(crate) fn required(&self) -> Result<(), Status> {
        if self.0.is_null() {
            return Err(Status::NULL);
        }
        if self.0.is_aligned() {
            Ok(())
        } else {
            Err(Status::INVALID_ARGUMENT)
        }
    }

    /// Writes one element, where the caller wants it.
    pub(crate) fn set(&self, value: T) {
        if !self.0.is_null() {
            // SAFETY: the caller promises room for one element at a pointer that is not null. What was there is plain
            // memory and is not dropped.
            unsafe { self.0.write_unaligned(value) };
        }
    }

    /// Writes as many elements as `from` has, for which there is room: the caller has said so.
    pub(crate) fn copy(&self, from: &[T]) -> Result<(), Status> {
        if from.is_empty() {
            return Ok(());
        }
        self.required()?;
        // SAFETY: the caller promises room for at least `from.len()` elements at the pointer, which is aligned and not
        // null. No Rust reference to that memory exists, so that it does not overlap `from`.
        unsafe { self.0.copy_from_nonoverlapping(from.as_ptr(), from.len()) };
        Ok(())
    }
}

/// For what calls as C does.
#[cfg(feature = "calls")]
impl<T> In<T> {
    /// The slice has to be there as long as the call takes.
    pub(crate) fn of(slice: &[T]) -> Self {
        Self(slice.as_ptr())
    }
}

/// For what calls as C does.
#[cfg(feature = "calls")]
impl<T> Out<T> {
    pub(crate) const NULL: Self = Self(std::ptr::null_mut());

    /// The element has to be there as long as the call takes, and is not used meanwhile.
    pub(crate) fn to(element: &mut T) -> Self {
        Self(element)
    }

    /// As [`to`](Self::to).
    pub(crate) fn of(elements: &mut [T]) -> Self {
        Self(elements.as_mut_ptr())
    }
}
