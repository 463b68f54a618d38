//! The only door to guest memory.
//!
//! A range is checked before anything is copied or allocated; pointers and lengths are unsigned.

use super::{Halt, Host};
use crate::stop::Stop;
use alloc::string::ToString;
use wasmi::AsContextMut;

/// The bytes of a range, beside what the run owns.
///
/// # Errors
/// [`Stop::Fault`] where the range does not lie in the exported memory, or none is exported.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn range<'a>(
    caller: &'a mut wasmi::Caller<'_, Host>,
    function: &str,
    ptr: u32,
    len: u32,
) -> Result<(&'a mut [u8], &'a mut Host), Halt> {
    let fault = |memory_bytes| {
        Halt::new(Stop::Fault {
            function: function.to_string().into(),
            ptr,
            len,
            memory_bytes,
        })
    };
    let Some(memory) = caller.data().memory else {
        return Err(fault(None));
    };
    let (bytes, host) = memory.data_and_store_mut(caller.as_context_mut());
    let size = u64::try_from(bytes.len()).ok();
    let start = usize::try_from(ptr).ok();
    let end = start.and_then(|start| start.checked_add(usize::try_from(len).ok()?));
    match (start, end) {
        (Some(start), Some(end)) => bytes.get_mut(start..end).map(|range| (range, host)),
        _ => None,
    }
    .ok_or_else(|| fault(size))
}
