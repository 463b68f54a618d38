//! What the current thread allocates, and what it is refused: tests run on threads of their own, so
//! none disturbs another.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    ptr,
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

/// Which allocations of the current thread fail.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refused {
    /// None.
    Nothing,
    /// The one that so many others go before, and no other.
    After(u64),
    /// The one that was to fail has failed.
    Spent,
    /// All of so many bytes and more.
    From(usize),
}

/// Runs `f` while some allocations fail. Where it is not `f` that answers for it, the process aborts.
pub(crate) fn refusing<T>(refused: Refused, f: impl FnOnce() -> T) -> T {
    REFUSED.set(refused);
    let result = f();
    REFUSED.set(Refused::Nothing);
    result
}

/// Whether the allocation that was to fail has failed.
pub(crate) fn has_refused() -> bool {
    matches!(REFUSED.get(), Refused::Spent)
}

thread_local! {
    static REFUSED: Cell<Refused> = const { Cell::new(Refused::Nothing) };

    static COUNT: Cell<Allocations> = const {
        Cell::new(Allocations { live: 0, peak: 0 })
    };
}

#[global_allocator]
static COUNTING: Counting = Counting;

struct Counting;

// SAFETY: every call goes to the system's allocator as it came, or fails as any allocator may;
// counting allocates nothing, since the thread locals are constant and need no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_refused(layout.size()) {
            return ptr::null_mut();
        }
        note(0, layout.size());
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_refused(layout.size()) {
            return ptr::null_mut();
        }
        note(0, layout.size());
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > layout.size() && is_refused(size) {
            return ptr::null_mut();
        }
        // As if the block always moved: the new one is there before the old one goes.
        note(0, size);
        note(layout.size(), 0);
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(layout.size(), 0);
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.dealloc(block, layout) }
    }
}

fn is_refused(bytes: usize) -> bool {
    match REFUSED.get() {
        Refused::Nothing | Refused::Spent => false,
        Refused::From(least) => bytes >= least,
        Refused::After(0) => {
            REFUSED.set(Refused::Spent);
            true
        }
        Refused::After(others) => {
            REFUSED.set(Refused::After(others.wrapping_sub(1)));
            false
        }
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
