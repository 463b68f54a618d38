//! Where the guest meets the host: the functions that it imports, and the memory that it takes for its input.
//!
//! The only file with `unsafe` in it. What is safe to call is `pub(crate)`; the mock host offers the
//! same functions elsewhere.

use core::{
    arch::wasm32::memory_grow,
    cell::{Cell, UnsafeCell},
    ptr, slice,
};

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

/// The whole input, in memory that nothing else uses; `None` where there is none left.
///
/// Growing memory is expensive. So an empty input takes none, and a small one takes what is left of a static room or of
/// the pages of an earlier input.
pub(crate) fn leak_input() -> Option<&'static mut [u8]> {
    let len = input_len();
    if len == 0 {
        return Some(&mut []);
    }
    let start = FREE.take(len)?;
    // SAFETY: `take` gives no byte twice. All are initialised: those of the room and new pages hold zeros, and no one
    // wrote there. They live as long as the guest. `start` is not null, and `len` is no more than a slice may have.
    let buffer = unsafe { slice::from_raw_parts_mut(start, len) };
    let copied = read_input(buffer);
    buffer.get_mut(..copied)
}

/// What is free of the memory that is for inputs.
struct Free {
    room: UnsafeCell<[u8; ROOM_BYTES]>,
    /// Where it starts, and its length. Null before the room is used: all zeros take no bytes in the module.
    rest: Cell<(*mut u8, usize)>,
}

// SAFETY: a guest has one thread, unless it is built with atomics: then `take` does not touch what is within.
unsafe impl Sync for Free {}

static FREE: Free = Free {
    room: UnsafeCell::new([0; ROOM_BYTES]),
    rest: Cell::new((ptr::null_mut(), 0)),
};

impl Free {
    /// Memory of `len` bytes that no one else has or gets; `None` where there is none left.
    fn take(&self, len: usize) -> Option<*mut u8> {
        if cfg!(target_feature = "atomics") {
            return Some(grow(len)?.0);
        }
        let (mut start, mut left) = self.rest.get();
        if start.is_null() {
            (start, left) = (self.room.get().cast(), ROOM_BYTES);
        }
        if len > left {
            (start, left) = grow(len)?;
        }
        self.rest
            .set((start.wrapping_add(len), left.checked_sub(len)?));
        Some(start)
    }
}

/// New pages for at least `len` bytes: where they start, and their length. `None` where there are none left.
///
/// No one else knows of them: not the allocator, which takes pages in the same way, and not an earlier call. A slice
/// may have their length, and they do not start at null.
fn grow(len: usize) -> Option<(*mut u8, usize)> {
    let pages = len.checked_add(PAGE_BYTES)?.checked_sub(1)? / PAGE_BYTES;
    let bytes = pages.checked_mul(PAGE_BYTES)?;
    // Where it fails, the product overflows.
    let start = memory_grow::<0>(pages).checked_mul(PAGE_BYTES)?;
    if start == 0 || isize::try_from(bytes).is_err() {
        return None;
    }
    Some((start as *mut u8, bytes))
}

/// Size of a page of WebAssembly memory.
const PAGE_BYTES: usize = 65_536;

/// Small inputs fit into so many bytes, which hardly make a guest larger.
const ROOM_BYTES: usize = 1_024;
