//! Where the guest meets the host: the functions that it imports, and the memory that it takes for its input.
//!
//! The only file with `unsafe` in it. What is safe to call is `pub(crate)`; the mock host offers the
//! same functions elsewhere.

use core::{arch::wasm32::memory_grow, slice};

#[link(wasm_import_module = "env")]
extern "C" {
    fn host_log(ptr: *const u8, len: usize);
    fn host_get_input_len() -> usize;
    fn host_read_input(ptr: *mut u8, len: usize) -> usize;
    fn host_write_output(ptr: *const u8, len: usize);
    fn host_get_time_nanos() -> u64;
    fn host_read_random(ptr: *mut u8, len: usize);
}

pub(crate) fn log(line: &[u8]) {
    // SAFETY: `line` is readable for its length, and the host only reads it, before it returns.
    unsafe { host_log(line.as_ptr(), line.len()) }
}

pub(crate) fn input_len() -> usize {
    // SAFETY: the host takes and touches nothing.
    unsafe { host_get_input_len() }
}

pub(crate) fn read_input(buffer: &mut [u8]) -> usize {
    // SAFETY: `buffer` is ours alone and writable for its length; the host writes no more than that,
    // and any byte is a valid `u8`.
    unsafe { host_read_input(buffer.as_mut_ptr(), buffer.len()) }
}

pub(crate) fn write_output(bytes: &[u8]) {
    // SAFETY: `bytes` is readable for its length, and the host only reads it, before it returns.
    unsafe { host_write_output(bytes.as_ptr(), bytes.len()) }
}

pub(crate) fn time_nanos() -> u64 {
    // SAFETY: the host takes and touches nothing.
    unsafe { host_get_time_nanos() }
}

pub(crate) fn read_random(buffer: &mut [u8]) {
    // SAFETY: `buffer` is ours alone and writable for its length; the host fills just that, and any
    // byte is a valid `u8`.
    unsafe { host_read_random(buffer.as_mut_ptr(), buffer.len()) }
}

/// The whole input, in pages of memory that nothing else uses; `None` where there are none left.
pub(crate) fn leak_input() -> Option<&'static mut [u8]> {
    let len = input_len();
    let pages = len.checked_add(PAGE_BYTES)?.checked_sub(1)? / PAGE_BYTES;
    let start = memory_grow::<0>(pages).checked_mul(PAGE_BYTES)?;
    if start == 0 || isize::try_from(len).is_err() {
        return None;
    }
    // SAFETY: `memory_grow` did not fail, or the product would have overflowed, so `start` is where
    // pages begin that no one else knows of: not the allocator, which takes pages in the same way, and
    // not an earlier call. They hold zeros for at least `len` bytes and live as long as the guest.
    // `start` is not null, and `len` is no more than a slice may have, as was checked.
    let buffer = unsafe { slice::from_raw_parts_mut(start as *mut u8, len) };
    let copied = read_input(buffer);
    buffer.get_mut(..copied)
}

/// Size of a page of WebAssembly memory.
const PAGE_BYTES: usize = 65_536;
