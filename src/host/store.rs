//! The store of one instance, which its memories lie in or beside.
//!
//! With the feature `lent-memory`, on Unix hosts of 64 bits, memories lie in blocks that never move and are kept for
//! later guests. Elsewhere they are the interpreter's own.

use super::Host;
use core::ops::RangeInclusive;

/// The store of one instance.
pub(crate) type Store = place::Store<Host>;

/// The store of the instance that calls a host function.
pub(crate) type StoreMut<'a> = wasmi::StoreContextMut<'a, Host>;

/// Sets how many bytes of guests' memories the process lends, and keeps for later guests when these have ended.
///
/// A memory that is lent never moves when it grows, and one that is lent again has pages that the system need not find
/// any more. No guest sees what another one left. While as many bytes are lent and kept, further guests have memories
/// that move, as all have at 0. What is kept and is more is given back at once.
///
/// A memory counts with what it has when it begins, and with what it grew to once it is given back. The default,
/// 72 MiB, is one of the default [`memory_bytes`](crate::InstanceLimits::memory_bytes) and 8 MiB of small ones. It is
/// one number for the process, however many sandboxes there are.
///
/// It changes nothing where memories are not lent: without the feature `lent-memory`, on Windows, and on hosts of
/// 32 bits.
///
/// ```
/// fuelbox::keep_memory(256 << 20);
/// # fuelbox::keep_memory(0);
/// assert_eq!(fuelbox::kept_memory(), 0);
/// ```
pub fn keep_memory(bytes: u64) {
    place::keep(usize::try_from(bytes).unwrap_or(usize::MAX));
}

/// How many bytes the process keeps at the moment, those of guests that live not counted: see [`keep_memory`].
///
/// ```
/// use fuelbox::{Limits, Module, Sandbox};
///
/// # let wasm = wat::parse_bytes(br#"(module (memory 3) (func (export "_start")))"#)?;
/// Sandbox::new(Limits::default()).run(&Module::new(&wasm)?, "")?;
/// // Three pages, where memories are lent.
/// assert!([0, 3 * 65_536].contains(&fuelbox::kept_memory()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn kept_memory() -> u64 {
    u64::try_from(place::kept()).unwrap_or(u64::MAX)
}

/// Makes a memory that has the first of `bytes` and never more than the last.
///
/// # Errors
/// Those of [`wasmi::Memory::new`].
pub(crate) fn memory(
    store: &mut Store,
    ty: wasmi::MemoryType,
    bytes: RangeInclusive<u64>,
) -> Result<wasmi::Memory, wasmi::Error> {
    place::memory(store, ty, bytes)
}

#[cfg(all(feature = "lent-memory", unix, target_pointer_width = "64"))]
mod place {
    use core::ops::RangeInclusive;

    pub(super) use fuelbox_memory::{Store, keep, kept};

    pub(super) fn memory<T>(
        store: &mut Store<T>,
        ty: wasmi::MemoryType,
        bytes: RangeInclusive<u64>,
    ) -> Result<wasmi::Memory, wasmi::Error> {
        store.memory(ty, bytes)
    }
}

#[cfg(not(all(feature = "lent-memory", unix, target_pointer_width = "64")))]
mod place {
    use core::ops::RangeInclusive;

    pub(super) use wasmi::Store;

    pub(super) fn keep(_: usize) {}

    pub(super) fn kept() -> usize {
        0
    }

    pub(super) fn memory<T>(
        store: &mut Store<T>,
        ty: wasmi::MemoryType,
        _: RangeInclusive<u64>,
    ) -> Result<wasmi::Memory, wasmi::Error> {
        wasmi::Memory::new(store, ty)
    }
}
