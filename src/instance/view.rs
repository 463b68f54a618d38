//! The view of a guest between two calls: its memory and its globals.

use super::Instance;
use crate::{
    host::{Store, memory, values},
    value::Value,
};
use core::fmt;

/// The exported `memory` of a guest between two calls.
///
/// ```
/// use fuelbox::{Instance, OutOfBounds};
///
/// fn swap(instance: &mut Instance) -> Result<(), OutOfBounds> {
///     let mut memory = instance.memory();
///     let last = memory.size().saturating_sub(1);
///     let byte = memory.read(last, 1)?.to_vec();
///     memory.write(0, &byte)
/// }
/// # let _ = swap;
/// ```
pub struct GuestMemory<'a> {
    store: &'a mut Store,
}

/// A range that does not lie in the guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{len} bytes at {ptr} do not lie in the {size} bytes of the guest's memory")]
#[non_exhaustive]
pub struct OutOfBounds {
    /// Where the range begins.
    pub ptr: u64,
    /// How long it is, in bytes.
    pub len: u64,
    /// How large the memory is, in bytes.
    pub size: u64,
}

impl Instance {
    /// The exported `memory`; one of no bytes where the module exports none.
    ///
    /// Readable also once the instance has stopped, to see what it left.
    pub fn memory(&mut self) -> GuestMemory<'_> {
        GuestMemory {
            store: &mut self.guest.store,
        }
    }

    /// The value of the exported global `name`; none where the module exports no global of that name.
    #[must_use]
    pub fn global(&self, name: &str) -> Option<Value> {
        self.guest.module.export(name)?;
        let global = self.guest.instance?.get_global(&self.guest.store, name)?;
        Some(values::from_wasmi(&global.get(&self.guest.store)))
    }
}

impl GuestMemory<'_> {
    /// Its size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        length(memory::whole(self.store))
    }

    /// The `len` bytes at `ptr`. Nothing is copied, and nothing is charged.
    ///
    /// # Errors
    /// [`OutOfBounds`].
    pub fn read(&self, ptr: u64, len: u64) -> Result<&[u8], OutOfBounds> {
        read(self.store, ptr, len)
    }

    /// Copies `bytes` to `ptr`.
    ///
    /// # Errors
    /// [`OutOfBounds`]; nothing is written then.
    pub fn write(&mut self, ptr: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        let len = length(bytes);
        memory::with_whole(&mut *self.store, |memory, host| {
            let size = length(memory);
            let range = range(ptr, len).and_then(|range| memory.get_mut(range));
            let range = range.ok_or(OutOfBounds { ptr, len, size })?;
            range.copy_from_slice(bytes);
            host.may_write(ptr, bytes.len());
            if let Some(recorder) = host.recorder() {
                recorder.write_before_call(ptr, bytes);
            }
            Ok(())
        })
    }
}

impl fmt::Debug for GuestMemory<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuestMemory")
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

/// The `len` bytes at `ptr` of the exported memory.
///
/// # Errors
/// [`OutOfBounds`].
pub(crate) fn read(store: &Store, ptr: u64, len: u64) -> Result<&[u8], OutOfBounds> {
    let bytes = memory::whole(store);
    let size = length(bytes);
    let range = range(ptr, len).and_then(|range| bytes.get(range));
    range.ok_or(OutOfBounds { ptr, len, size })
}

/// The range of `len` at `ptr`, if this machine can address it.
fn range(ptr: u64, len: u64) -> Option<core::ops::Range<usize>> {
    let end = usize::try_from(ptr.checked_add(len)?).ok()?;
    Some(usize::try_from(ptr).ok()?..end)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
