//! How much the current thread allocates: tests run on threads of their own, so none disturbs another.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// What the current thread has done with the allocator.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allocations {
    /// Bytes allocated and not freed again. Freed ones may come from another thread.
    pub(crate) live: i64,
    /// The most that `live` has been since the last [`measure`] began.
    pub(crate) peak: i64,
}

/// Runs `f`; tells what it allocated, and what of that is left.
pub(crate) fn measure<T>(f: impl FnOnce() -> T) -> (T, Allocations) {
    let before = COUNT.get();
    COUNT.set(Allocations {
        peak: before.live,
        ..before
    });
    let result = f();
    let after = COUNT.get();
    let spent = Allocations {
        live: after.live.wrapping_sub(before.live),
        peak: after.peak.wrapping_sub(before.live),
    };
    (result, spent)
}

thread_local! {
    static COUNT: Cell<Allocations> = const {
        Cell::new(Allocations { live: 0, peak: 0 })
    };
}

#[global_allocator]
static COUNTING: Counting = Counting;

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; counting allocates nothing, since
// the thread local is constant and needs no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(0, layout.size());
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(0, layout.size());
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(layout.size(), size);
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(layout.size(), 0);
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.dealloc(block, layout) }
    }
}

fn note(freed: usize, allocated: usize) {
    let bytes = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
    let mut now = COUNT.get();
    now.live = now
        .live
        .wrapping_add(bytes(allocated))
        .wrapping_sub(bytes(freed));
    now.peak = now.peak.max(now.live);
    COUNT.set(now);
}
