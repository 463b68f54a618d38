//! Guest memory. This is the only file that reads and writes it.
//!
//! A range is checked before anything is copied or allocated; pointers and lengths are unsigned.

use super::{Halt, Host, Store, StoreMut};
use crate::stop::Stop;
use alloc::string::ToString;
use wasmi::{AsContext, AsContextMut};

/// Whether a range lies in the exported memory.
///
/// # Errors
/// [`Stop::Fault`] where it does not, or none is exported.
#[inline]
pub(super) fn check(
    context: &impl AsContext<Data = Host>,
    function: &str,
    ptr: u32,
    len: u32,
) -> Result<(), Halt> {
    let size = size(context);
    // Two of 32 bits do not overflow 64.
    let end = u64::from(ptr).saturating_add(u64::from(len));
    if size.is_some_and(|size| end <= size) {
        Ok(())
    } else {
        Err(fault(function, ptr, len, size))
    }
}

/// How large the exported memory is, in bytes; `None` where there is none.
#[inline]
pub(super) fn size(context: &impl AsContext<Data = Host>) -> Option<u64> {
    let memory = context.as_context().data().memory?;
    u64::try_from(memory.data_size(context)).ok()
}

/// The bytes of a range, to be written to, beside what the run owns.
///
/// # Errors
/// As [`check`].
pub(super) fn range<'a>(
    store: StoreMut<'a>,
    function: &str,
    ptr: u32,
    len: u32,
) -> Result<(&'a mut [u8], &'a mut Host), Halt> {
    let (range, host) = found(store, function, ptr, len)?;
    host.may_write(ptr.into(), range.len());
    if let Some(recorder) = host.recorder() {
        recorder.touch(ptr, range);
    }
    Ok((range, host))
}

/// The bytes of a range, which are only read, beside what the run owns.
///
/// # Errors
/// As [`check`].
pub(super) fn part<'a>(
    store: StoreMut<'a>,
    function: &str,
    ptr: u32,
    len: u32,
) -> Result<(&'a [u8], &'a mut Host), Halt> {
    let (range, host) = found(store, function, ptr, len)?;
    Ok((range, host))
}

#[inline]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn found<'a>(
    store: StoreMut<'a>,
    function: &str,
    ptr: u32,
    len: u32,
) -> Result<(&'a mut [u8], &'a mut Host), Halt> {
    let Some(memory) = store.data().memory else {
        return Err(fault(function, ptr, len, None));
    };
    let (bytes, host) = memory.data_and_store_mut(store);
    let size = u64::try_from(bytes.len()).ok();
    let start = usize::try_from(ptr).ok();
    let end = start.and_then(|start| start.checked_add(usize::try_from(len).ok()?));
    let range = match (start, end) {
        (Some(start), Some(end)) => bytes.get_mut(start..end),
        _ => None,
    };
    let range = range.ok_or_else(|| fault(function, ptr, len, size))?;
    Ok((range, host))
}

/// All bytes of the exported memory, none where there is no memory.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn whole(store: &Store) -> &[u8] {
    store.data().memory.map_or(&[], |memory| memory.data(store))
}

/// All bytes of any memory, exported by the guest or not.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn all_of(store: &Store, memory: wasmi::Memory) -> &[u8] {
    memory.data(store)
}

/// All bytes of any memory, to be changed by what is no guest.
#[cfg(feature = "fuzz")]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn all_of_mut(store: &mut Store, memory: wasmi::Memory) -> &mut [u8] {
    memory.data_mut(store)
}

/// Gives `f` all bytes of the exported memory, none where there is no memory, beside what the run owns.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn with_whole<T>(
    context: &mut impl AsContextMut<Data = Host>,
    f: impl FnOnce(&mut [u8], &mut Host) -> T,
) -> T {
    let mut context = context.as_context_mut();
    match context.data().memory {
        Some(memory) => {
            let (bytes, host) = memory.data_and_store_mut(context);
            f(bytes, host)
        }
        None => f(&mut [], context.data_mut()),
    }
}

#[cold]
fn fault(function: &str, ptr: u32, len: u32, memory_bytes: Option<u64>) -> Halt {
    Halt::new(Stop::Fault {
        function: function.to_string().into(),
        ptr,
        len,
        memory_bytes,
    })
}
