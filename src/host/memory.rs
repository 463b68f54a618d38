//! Guest memory. This is the only file that reads and writes it.
//!
//! A range is checked before anything is copied or allocated; pointers and lengths are unsigned.

use super::{Halt, Host, Store};
use crate::stop::Stop;
use alloc::string::ToString;
use wasmi::{AsContext, AsContextMut};

/// Whether a range lies in the exported memory.
///
/// # Errors
/// [`Stop::Fault`] where it does not, or none is exported.
#[inline]
pub(super) fn check(
    caller: &wasmi::Caller<'_, Host>,
    function: &str,
    ptr: u32,
    len: u32,
) -> Result<(), Halt> {
    let size = size(caller);
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

/// The bytes of a range, beside what the run owns.
///
/// # Errors
/// As [`check`].
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn range<'a>(
    caller: &'a mut wasmi::Caller<'_, Host>,
    function: &str,
    ptr: u32,
    len: u32,
) -> Result<(&'a mut [u8], &'a mut Host), Halt> {
    let Some(memory) = caller.data().memory else {
        return Err(fault(function, ptr, len, None));
    };
    let (bytes, host) = memory.data_and_store_mut(caller.as_context_mut());
    let size = u64::try_from(bytes.len()).ok();
    let start = usize::try_from(ptr).ok();
    let end = start.and_then(|start| start.checked_add(usize::try_from(len).ok()?));
    let range = match (start, end) {
        (Some(start), Some(end)) => bytes.get_mut(start..end),
        _ => None,
    };
    let range = range.ok_or_else(|| fault(function, ptr, len, size))?;
    host.may_write(ptr.into(), range.len());
    if let Some(recorder) = host.recorder() {
        recorder.touch(ptr, range);
    }
    Ok((range, host))
}

/// Tells the recorder, if there is one, of a range that may be written to.
fn touch(context: &mut impl AsContextMut<Data = Host>, ptr: u32, len: u32) {
    if context.as_context_mut().data_mut().recorder().is_none() {
        return;
    }
    with_whole(context, |memory, host| {
        let start = usize::try_from(ptr).unwrap_or(usize::MAX);
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let range = memory.get(start..start.saturating_add(len));
        if let (Some(range), Some(recorder)) = (range, host.recorder()) {
            recorder.touch(ptr, range);
        }
    });
}

/// The bytes of a range, while no host function runs.
///
/// # Errors
/// As [`check`].
pub(super) fn part<'a>(
    store: &'a mut Store,
    function: &str,
    ptr: u32,
    len: u32,
) -> Result<&'a mut [u8], Halt> {
    touch(store, ptr, len);
    let bytes = usize::try_from(len).unwrap_or(usize::MAX);
    store.data_mut().may_write(ptr.into(), bytes);
    let (mut found, mut size) = (None, None);
    let has_memory = store.data().memory.is_some();
    let bytes = whole_mut(store);
    if has_memory {
        size = u64::try_from(bytes.len()).ok();
        let start = usize::try_from(ptr).ok();
        let end = start.and_then(|start| start.checked_add(usize::try_from(len).ok()?));
        if let (Some(start), Some(end)) = (start, end) {
            found = bytes.get_mut(start..end);
        }
    }
    found.ok_or_else(|| fault(function, ptr, len, size))
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn whole_mut(store: &mut Store) -> &mut [u8] {
    match store.data().memory {
        Some(memory) => memory.data_mut(store),
        None => &mut [],
    }
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
