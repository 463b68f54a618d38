//! The blocks that nobody uses just now, and how many there may be.
//!
//! Each thread has a shelf, so that threads do not wait for each other; where there are more threads than shelves,
//! some share one. A thread whose shelf is empty looks at the others before it asks the system.
//!
//! What all blocks together have is counted where one is made or given back larger than before: a block that goes from
//! guest to guest of one size touches nothing that other threads do.
#![forbid(unsafe_code)]

use crate::Block;
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// What [`keep`] says until it is called: one memory of fuelbox's default limit, and 8 MiB for small ones.
pub const KEPT_BY_DEFAULT: usize = 72 << 20;

/// Sets how many bytes all blocks together may have, lent and kept, and gives back what is kept beyond it.
///
/// What counts is how much of a block was ever used, since the system backs no more; of one that is lent, how much was
/// used when it was lent. While there are as many, memories are the interpreter's own.
pub fn keep(bytes: usize) {
    CAP.store(bytes, Relaxed);
    for shelf in &ALL {
        if TOTAL.load(Relaxed) <= bytes {
            return;
        }
        loop {
            let kept = shelf.open().pop();
            // The shelf is closed again by now: to give much memory back takes long.
            if kept.map(drop).is_none() {
                break;
            }
        }
    }
}

/// How many bytes are kept at the moment, and not lent.
#[must_use]
pub fn kept() -> usize {
    let on = |shelf: &Shelf| {
        let pile = shelf.open();
        pile.blocks
            .iter()
            .flatten()
            .map(|block| block.counted)
            .sum::<usize>()
    };
    ALL.iter().map(on).fold(0, usize::saturating_add)
}

/// A block of at least so many bytes, of which so many are used at once; none where there may not be more of them.
pub(crate) fn take(bytes: usize, used: usize) -> Option<Block> {
    // Mostly its own: the others are for memories that end on another thread than they began on.
    let mut kept = from_its_own().filter_map(|shelf| shelf.open().take(bytes));
    kept.next().or_else(|| new(bytes, used))
}

/// Keeps a block of which so many bytes were used at the most, or gives it back to the system.
pub(crate) fn put(mut block: Block, used: usize) {
    if !block.count(used) {
        return;
    }
    let mut block = Some(block);
    for shelf in from_its_own() {
        if block.is_none() || TOTAL.load(Relaxed) > CAP.load(Relaxed) {
            return;
        }
        block = block.and_then(|block| shelf.open().push(block));
    }
}

/// All shelves, the thread's own first.
fn from_its_own() -> impl Iterator<Item = &'static Shelf> {
    ALL.iter().cycle().skip(place()).take(SHELVES)
}

/// How many shelves there are.
const SHELVES: usize = 16;

/// The size of a block at the least. Of one size most blocks fit most memories, and of this one the allocator of the
/// GNU C library asks the system: what has up to 32 MiB it takes from its heap, once it was given as much back.
const LEAST_BYTES: usize = if cfg!(miri) { 1 << 20 } else { 64 << 20 };

/// How many blocks there may be. Linux gives a process 65,530 mappings, and a block takes two or three. Apple's
/// phones give an app a few GiB of addresses, which it needs for itself too: 1 GiB of them is for blocks.
pub(crate) const MOST_BLOCKS: usize =
    if cfg!(all(target_vendor = "apple", not(target_os = "macos"))) {
        16
    } else {
        8_192
    };

/// How many blocks a shelf has room for: all shelves together for all blocks. Room of its own, so that nothing is
/// allocated for it while guests run.
const PLACES: usize = MOST_BLOCKS.div_ceil(SHELVES);

static ALL: [Shelf; SHELVES] = [const { Shelf(Mutex::new(Pile::EMPTY)) }; SHELVES];
static CAP: AtomicUsize = AtomicUsize::new(KEPT_BY_DEFAULT);
/// What all blocks have, in bytes.
static TOTAL: AtomicUsize = AtomicUsize::new(0);
static BLOCKS: AtomicUsize = AtomicUsize::new(0);

/// A shelf. On cache lines of its own, so that threads do not disturb each other.
#[repr(align(128))]
struct Shelf(Mutex<Pile>);

impl Shelf {
    fn open(&self) -> MutexGuard<'_, Pile> {
        // Nothing panics while it is open.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The blocks of a shelf, those at the front of its places.
struct Pile {
    blocks: [Option<Block>; PLACES],
    len: usize,
}

impl Pile {
    const EMPTY: Self = Self {
        blocks: [const { None }; PLACES],
        len: 0,
    };

    /// Adds a block; gives it back where there is no room.
    fn push(&mut self, block: Block) -> Option<Block> {
        match self.blocks.get_mut(self.len) {
            Some(place) => {
                self.len = self.len.saturating_add(1);
                place.replace(block)
            }
            None => Some(block),
        }
    }

    /// Takes the one that was added last.
    fn pop(&mut self) -> Option<Block> {
        self.take(0)
    }

    /// Takes the last one of at least so many bytes: its own are the likeliest to be in a cache.
    fn take(&mut self, bytes: usize) -> Option<Block> {
        let fits = |block: &Option<Block>| block.as_ref().is_some_and(|block| block.len() >= bytes);
        let at = self.blocks.get(..self.len)?.iter().rposition(fits)?;
        self.len = self.len.checked_sub(1)?;
        self.blocks.swap(at, self.len);
        self.blocks.get_mut(self.len)?.take()
    }
}

impl Block {
    /// Counts it as so many bytes, if it was less, and there may be as many.
    fn count(&mut self, used: usize) -> bool {
        let more = used.saturating_sub(self.counted);
        let is_counted = more == 0 || add(&TOTAL, more, CAP.load(Relaxed));
        if is_counted {
            self.counted = self.counted.saturating_add(more);
        }
        is_counted
    }
}

/// Counts no longer what is given back to the system.
pub(crate) fn forget(counted: usize) {
    TOTAL.fetch_sub(counted, Relaxed);
    BLOCKS.fetch_sub(1, Relaxed);
}

fn new(bytes: usize, used: usize) -> Option<Block> {
    /// What the system backs at once may be as large, and a block that counted as nothing would always be kept.
    const LEAST_COUNTED: usize = 64 << 10;

    let size = bytes.max(LEAST_BYTES).checked_next_power_of_two()?;
    let counted = used.max(LEAST_COUNTED);
    if !add(&BLOCKS, 1, MOST_BLOCKS) {
        return None;
    }
    if !add(&TOTAL, counted, CAP.load(Relaxed)) {
        forget(0);
        return None;
    }
    let block = Block::new(size, counted);
    if block.is_none() {
        forget(counted);
    }
    block
}

/// Adds to a number, if it is `most` at the most then.
fn add(number: &AtomicUsize, more: usize, most: usize) -> bool {
    let sum = |now: usize| now.checked_add(more).filter(|sum| *sum <= most);
    number.fetch_update(Relaxed, Relaxed, sum).is_ok()
}

/// Which shelf is the thread's.
fn place() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static PLACE: usize = NEXT.fetch_add(1, Relaxed) % SHELVES;
    }
    // A thread that is about to end takes any.
    PLACE.try_with(|place| *place).unwrap_or(0)
}
