//! An allocator for a program that runs a few guests and ends: it hands out one array bit by bit.

use core::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

#[cfg(not(target_os = "none"))]
const SIZE: usize = 64 << 20;
/// A device has less.
#[cfg(target_os = "none")]
const SIZE: usize = 12 << 20;

/// One array, of which nothing is given back.
pub(crate) struct Arena {
    bytes: UnsafeCell<[u8; SIZE]>,
    taken: AtomicUsize,
}

impl Arena {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: UnsafeCell::new([0; SIZE]),
            taken: AtomicUsize::new(0),
        }
    }
}

// SAFETY: the array is only reached through the ranges that `alloc` hands out, each of them once.
unsafe impl Sync for Arena {}

// SAFETY: the ranges lie in the array, are as large and aligned as was asked for, and never overlap,
// since `taken` only grows and grows in one step for each.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.bytes.get().addr();
        let range = |taken: usize| {
            let begin = (start + taken).checked_next_multiple_of(layout.align())? - start;
            let end = begin.checked_add(layout.size())?;
            (end <= SIZE).then_some((begin, end))
        };
        let take = |taken| range(taken).map(|(_, end)| end);
        let taken = self
            .taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        match taken.ok().and_then(range) {
            // SAFETY: `begin` is within the array.
            Some((begin, _)) => unsafe { self.bytes.get().cast::<u8>().add(begin) },
            None => ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
