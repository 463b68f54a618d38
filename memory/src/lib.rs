//! The memories of fuelbox's guests: blocks of the host that never move, kept when a guest ends, and lent again.
//!
//! A part of [fuelbox](https://crates.io/crates/fuelbox), and the one place with `unsafe` code under it. A memory of
//! the interpreter's own moves when it grows, and asks the system for fresh pages in each run. One in a block has room
//! for all that it may grow to, which takes address space alone: the system finds a page when it is first written.
//!
//! # Why no safe code can misuse it
//! The interpreter takes the bytes of such a memory as `&'static mut [u8]`, and they are not `'static`. What makes up
//! for it, in this file alone:
//!
//! 1. The slice goes to a memory of [`Store::inner`] and nowhere else. What the interpreter gives out of it, it gives
//!    for as long as the store is borrowed.
//! 2. The store inside never leaves: nothing gives it by value or as `&mut wasmi::Store`, by which it could be taken or
//!    exchanged. There is only [`AsContextMut`], whose context neither gives the store nor can be put into another.
//!    To exchange two [`Store`]s exchanges their blocks too; to forget one forgets its blocks.
//! 3. Fields are dropped in their order: first the store, then the blocks. So a block is given back when nothing is
//!    left that could use it, however the store ends.
//!
//! What was in a block is not cleared when it is lent again: the interpreter writes zeros to all that it exposes, when
//! a memory is made and when it grows. The tests of this package hold that.
mod shelf;
#[cfg(test)]
mod tests;

pub use shelf::{KEPT_BY_DEFAULT, keep, kept};

use std::{
    alloc::{GlobalAlloc, Layout, System},
    ops::RangeInclusive,
    ptr::NonNull,
    slice,
};
use wasmi::{
    AsContext, AsContextMut, Engine, Error, Memory, MemoryType, ResourceLimiter, StoreContext,
    StoreContextMut,
};

/// A store of the interpreter whose memories may lie in blocks.
pub struct Store<T> {
    // Before the blocks, which it uses: see the head of this file.
    inner: wasmi::Store<T>,
    loans: Vec<Loan>,
}

/// A block, for as long as a store has it.
struct Loan {
    block: Option<Block>,
    /// The most that a memory in it had, in bytes.
    used: usize,
    memory: Option<Memory>,
}

impl<T> Store<T> {
    /// An empty one.
    #[must_use]
    pub fn new(engine: &Engine, data: T) -> Self {
        Self {
            inner: wasmi::Store::new(engine, data),
            loans: Vec::new(),
        }
    }

    /// A memory of the type `ty`, which has the first of `bytes` and never more than the last: in a block, if one can
    /// be allocated, else one of the interpreter, which moves.
    ///
    /// The limiter of the store is asked once. What leads beyond the last of `bytes` its type or the limiter has to
    /// deny: the interpreter panics where a memory outgrows its block.
    ///
    /// # Errors
    /// Those of [`Memory::new`].
    pub fn memory(&mut self, ty: MemoryType, bytes: RangeInclusive<u64>) -> Result<Memory, Error> {
        let (least, most) = bytes.into_inner();
        let Some(block) = self.borrow(least, most) else {
            return Memory::new(&mut self.inner, ty);
        };
        let (start, len) = (block.start.as_ptr(), block.len());
        let at = self.loans.len();
        self.loans.push(Loan {
            block: Some(block),
            used: usize::try_from(least).unwrap_or(usize::MAX),
            memory: None,
        });
        // SAFETY: a block is `len` bytes at `start`, all of which have a value: they were allocated as zeros. It is in
        // `loans`, so in no other store and not on a shelf, and it is lent for one memory alone: nothing else has a
        // reference to it. It lives longer than the memory that gets it, and than each reference that the memory
        // gives out, as the head of this file says.
        let bytes: &'static mut [u8] = unsafe { slice::from_raw_parts_mut(start, len) };
        let memory = Memory::new_static(&mut self.inner, ty, bytes)?;
        if let Some(loan) = self.loans.get_mut(at) {
            loan.memory = Some(memory);
        }
        Ok(memory)
    }

    /// See [`wasmi::Store::data`].
    #[inline]
    pub fn data(&self) -> &T {
        self.inner.data()
    }

    /// See [`wasmi::Store::data_mut`].
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        self.inner.data_mut()
    }

    /// See [`wasmi::Store::limiter`].
    pub fn limiter(
        &mut self,
        limiter: impl (FnMut(&mut T) -> &mut dyn ResourceLimiter) + Send + Sync + 'static,
    ) {
        self.inner.limiter(limiter);
    }

    /// See [`wasmi::Store::get_fuel`].
    ///
    /// # Errors
    /// Where the engine counts no fuel.
    #[inline]
    pub fn get_fuel(&self) -> Result<u64, Error> {
        self.inner.get_fuel()
    }

    /// See [`wasmi::Store::set_fuel`].
    ///
    /// # Errors
    /// Where the engine counts no fuel.
    #[inline]
    pub fn set_fuel(&mut self, fuel: u64) -> Result<(), Error> {
        self.inner.set_fuel(fuel)
    }

    /// A block, and room in `loans` for it.
    fn borrow(&mut self, least: u64, most: u64) -> Option<Block> {
        let used = usize::try_from(least).ok()?;
        let bytes = usize::try_from(most).ok()?.max(used);
        self.loans.try_reserve_exact(1).ok()?;
        shelf::take(bytes, used)
    }
}

impl<T> AsContext for Store<T> {
    type Data = T;

    #[inline]
    fn as_context(&self) -> StoreContext<'_, T> {
        self.inner.as_context()
    }
}

impl<T> AsContextMut for Store<T> {
    #[inline]
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        self.inner.as_context_mut()
    }
}

impl<T> Drop for Store<T> {
    fn drop(&mut self) {
        for loan in &mut self.loans {
            if let Some(memory) = loan.memory {
                // It never shrinks.
                loan.used = memory.data_size(&self.inner);
            }
        }
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if let Some(block) = self.block.take() {
            shelf::put(block, self.used);
        }
    }
}

/// Bytes of the host that never move.
struct Block {
    start: NonNull<u8>,
    layout: Layout,
    /// How many, from the first on, count as used: so many the system may back.
    counted: usize,
}

// SAFETY: a block owns its bytes as a `Box<[u8]>` does. By a shared reference to it nobody reaches them.
unsafe impl Send for Block {}
// SAFETY: as above.
unsafe impl Sync for Block {}

impl Block {
    /// A new one of so many bytes, all zero, if the system has as many.
    ///
    /// Of the system's own allocator: one of the program's may write zeros to what is only reserved, or count it.
    fn new(len: usize, counted: usize) -> Option<Self> {
        /// More, and allocators write zeros to all of it instead of asking for fresh pages.
        const ALIGN: usize = 16;

        let layout = Layout::from_size_align(len, ALIGN).ok()?;
        if len == 0 {
            return None;
        }
        // SAFETY: the size is not zero.
        let start = NonNull::new(unsafe { System.alloc_zeroed(layout) })?;
        #[cfg(all(target_os = "linux", not(miri)))]
        use_small_pages(start, len);
        Some(Self {
            start,
            layout,
            counted,
        })
    }

    fn len(&self) -> usize {
        self.layout.size()
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: it was allocated by the same allocator with the same layout, and is given back once. Nobody has a
        // reference to it: it is in no loan any more, and a shelf has none.
        unsafe { System.dealloc(self.start.as_ptr(), self.layout) };
        shelf::forget(self.counted);
    }
}

/// Asks the system for small pages at the start of a block, so that a guest of a page does not take 2 MiB where the
/// system gives huge pages to all.
#[cfg(all(target_os = "linux", not(miri)))]
fn use_small_pages(start: NonNull<u8>, len: usize) {
    use std::ffi::{c_int, c_void};

    unsafe extern "C" {
        fn madvise(start: *mut c_void, len: usize, advice: c_int) -> c_int;
    }
    const MADV_NOHUGEPAGE: c_int = 15;
    const HUGE_PAGE: usize = 2 << 20;
    const PAGE: usize = 4 << 10;

    // The allocator puts a few bytes before what it gives.
    let before = start.addr().get() % PAGE;
    let page = start.as_ptr().wrapping_sub(before);
    // SAFETY: this advice changes no byte, and whatever the pages are of: it is about how the system backs them. That
    // it fails is harmless too.
    unsafe { madvise(page.cast(), len.min(HUGE_PAGE), MADV_NOHUGEPAGE) };
}
