//! Blocks are lent, given back and lent again, and no memory ever shows what another one left.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test that overflows fails, and what is looked at here is guest memory"
)]

#[cfg(not(miri))]
use super::shelf;
use super::{Block, Store, keep, kept};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};
use wasmi::{Engine, Instance, Memory, MemoryType, Module, StoreLimits, StoreLimitsBuilder};

const PAGE: usize = 65_536;
const PAGE_BYTES: u64 = 65_536;
const MOST_PAGES: u32 = 8;
const MOST_BYTES: u64 = 8 * PAGE_BYTES;

/// What is kept is one for the process, so tests take turns. Each begins with nothing kept.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    keep(0);
    assert_eq!(kept(), 0);
    keep(64 << 20);
    turn
}

/// A store whose memories may have eight pages.
fn store() -> Store<StoreLimits> {
    let limits = StoreLimitsBuilder::new().memory_size(MOST_PAGES as usize * PAGE);
    let mut store = Store::new(&Engine::default(), limits.build());
    store.limiter(|limits| limits);
    store
}

fn memory(store: &mut Store<StoreLimits>, pages: u32) -> Memory {
    let bytes = u64::from(pages) * PAGE_BYTES..=MOST_BYTES;
    let memory = store.memory(MemoryType::new(pages, None), bytes);
    memory.expect("there is room")
}

/// Compared at once: Miri takes long to go through a page.
fn is_all(bytes: &[u8], byte: u8) -> bool {
    *bytes == vec![byte; bytes.len()]
}

#[test]
fn a_memory_stays_where_it_is_when_it_grows() {
    let _turn = alone();
    let mut store = store();
    let memory = memory(&mut store, 1);
    let start = memory.data_ptr(&store);
    memory.write(&mut store, 7, b"kept").expect("it is inside");
    for pages in 1..u64::from(MOST_PAGES) {
        assert_eq!(memory.grow(&mut store, 1).ok(), Some(pages));
        assert_eq!(memory.data_ptr(&store), start);
    }
    assert!(memory.grow(&mut store, 1).is_err());
    assert_eq!(memory.data(&store)[7..11], *b"kept");
}

#[test]
fn what_is_lent_again_is_all_zero_at_each_size() {
    let _turn = alone();
    let mut first = store();
    let dirty = memory(&mut first, 3);
    dirty.grow(&mut first, 5).expect("there is room");
    dirty.data_mut(&mut first).fill(0xa5);
    let start = dirty.data_ptr(&first);
    drop(first);

    let mut second = store();
    let clean = memory(&mut second, 1);
    assert_eq!(clean.data_ptr(&second), start, "it is the same block");
    for pages in 1..=MOST_PAGES as usize {
        let bytes = clean.data(&second);
        assert_eq!(bytes.len(), pages * PAGE);
        assert!(is_all(bytes, 0), "at {pages} pages");
        let grown = clean.grow(&mut second, 1);
        assert_eq!(grown.is_ok(), pages < MOST_PAGES as usize);
    }
}

#[test]
fn two_memories_of_a_store_never_share_a_block() {
    let _turn = alone();
    let mut both = store();
    let (one, other) = (memory(&mut both, 8), memory(&mut both, 8));
    one.data_mut(&mut both).fill(1);
    other.data_mut(&mut both).fill(2);
    assert!(is_all(one.data(&both), 1));
    drop(both);
    assert_eq!(kept(), 16 * PAGE);
}

#[test]
fn what_counts_as_kept_is_what_was_used() {
    let _turn = alone();
    let mut used = store();
    let grown = memory(&mut used, 1);
    grown.grow(&mut used, 2).expect("there is room");
    assert_eq!(kept(), 0, "it is in use");
    drop(used);
    assert_eq!(kept(), 3 * PAGE);
    // Less of it is used now, but the system backs as much as before.
    let mut again = store();
    memory(&mut again, 1);
    assert_eq!(kept(), 0);
    drop(again);
    assert_eq!(kept(), 3 * PAGE);
    keep(3 * PAGE);
    assert_eq!(kept(), 3 * PAGE, "it may stay");
    keep(3 * PAGE - 1);
    assert_eq!(kept(), 0);
}

#[test]
#[cfg_attr(miri, ignore = "the interpreter clears its own memories byte by byte")]
fn no_more_is_kept_than_is_allowed() {
    let _turn = alone();
    for (cap, pages, expected) in [
        (0, 0, 0),
        (0, 1, 0),
        (PAGE - 1, 1, 0),
        (PAGE, 0, PAGE),
        (PAGE, 1, PAGE),
        (8 * PAGE - 1, 8, 0),
        (8 * PAGE, 8, 8 * PAGE),
    ] {
        keep(0);
        keep(cap);
        let mut used = store();
        memory(&mut used, pages);
        drop(used);
        assert_eq!(kept(), expected, "{pages} pages of {cap} bytes");
    }
    // One that grew to more than there may be goes, whatever it was before.
    let mut grown = store();
    keep(7 * PAGE);
    memory(&mut grown, 1)
        .grow(&mut grown, 7)
        .expect("there is room");
    drop(grown);
    assert_eq!(kept(), 0);
}

#[test]
fn what_comes_back_when_less_may_be_kept_goes() {
    let _turn = alone();
    let mut lent = store();
    memory(&mut lent, 1);
    keep(PAGE - 1);
    drop(lent);
    assert_eq!(kept(), 0);
}

#[test]
#[cfg_attr(miri, ignore = "the interpreter clears its own memories byte by byte")]
fn kept_blocks_are_lent_again_and_leave_when_less_may_be_kept() {
    let _turn = alone();
    keep(20 * PAGE);
    let mut several = store();
    let starts = [(); 4].map(|()| memory(&mut several, 7).data_ptr(&several).addr());
    drop(several);
    assert_eq!(kept(), 14 * PAGE);
    let mut later = store();
    let mut found = [(); 2].map(|()| memory(&mut later, 8).data_ptr(&later).addr());
    found.sort_unstable();
    let mut expected = [starts[0], starts[1]];
    expected.sort_unstable();
    assert_eq!(found, expected, "the first two were lent");
    // What is kept goes too, where less of it may be there.
    drop(later);
    assert_eq!(kept(), 16 * PAGE);
    keep(16 * PAGE - 1);
    assert_eq!(kept(), 0);
}

#[test]
#[cfg_attr(miri, ignore = "the interpreter clears its own memories byte by byte")]
fn many_threads_keep_no_more_than_is_allowed_together() {
    let _turn = alone();
    let cap = 10 * PAGE;
    keep(cap);
    for _ in 0..if cfg!(miri) { 2 } else { 20 } {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut used = store();
                    (0..4).for_each(|_| _ = memory(&mut used, 1));
                });
            }
        });
        assert!(kept() <= cap, "{} are kept", kept());
    }
    assert!(kept() >= 4 * PAGE, "those of a thread at the least");
}

#[test]
fn a_block_that_comes_back_on_another_thread_is_found() {
    let _turn = alone();
    let mut here = store();
    let start = memory(&mut here, 1).data_ptr(&here).addr();
    thread::spawn(move || drop(here)).join().expect("it ends");
    let mut again = store();
    let found = memory(&mut again, 1).data_ptr(&again).addr();
    assert_eq!(found, start);
}

#[test]
fn threads_that_lend_and_give_back_at_once_see_their_own_bytes_alone() {
    let _turn = alone();
    thread::scope(|scope| {
        for byte in 1..=2_u8 {
            scope.spawn(move || {
                for _ in 0..if cfg!(miri) { 4 } else { 400 } {
                    let mut mine = store();
                    let bytes = memory(&mut mine, 1);
                    assert!(is_all(bytes.data(&mine), 0));
                    bytes.data_mut(&mut mine).fill(byte);
                    thread::yield_now();
                    assert!(is_all(bytes.data(&mine), byte));
                }
            });
        }
    });
}

#[test]
#[cfg(not(miri))]
fn a_block_is_lent_where_it_is_large_enough_and_no_smaller_one() {
    let _turn = alone();
    let mut small = store();
    let start = memory(&mut small, 1).data_ptr(&small).addr();
    drop(small);
    let mut large = store();
    let ty = MemoryType::new(1, None);
    let lent = large.memory(ty, PAGE_BYTES..=100 << 20);
    let large_start = lent.expect("there is room").data_ptr(&large).addr();
    assert_ne!(large_start, start);
    drop(large);
    // For what is small either will do: the one that was used last.
    let mut next = store();
    assert_eq!(memory(&mut next, 1).data_ptr(&next).addr(), large_start);
}

#[test]
fn stores_that_are_exchanged_keep_their_blocks() {
    let _turn = alone();
    let (mut one, mut other) = (store(), store());
    let bytes = memory(&mut one, 1);
    memory(&mut other, 1);
    std::mem::swap(&mut one, &mut other);
    drop(one);
    bytes.data_mut(&mut other).fill(3);
    let mut third = store();
    let fresh = memory(&mut third, 8);
    fresh.data_mut(&mut third).fill(4);
    assert!(is_all(bytes.data(&other), 3));
}

#[test]
fn what_the_limiter_denies_is_an_error_and_gives_the_block_back() {
    let _turn = alone();
    let mut refused = store();
    let ty = MemoryType::new(MOST_PAGES + 1, None);
    let bytes = MOST_BYTES + PAGE_BYTES..=MOST_BYTES + PAGE_BYTES;
    assert!(refused.memory(ty, bytes).is_err());
    // The store goes on.
    memory(&mut refused, 1).data_mut(&mut refused).fill(5);
    assert_eq!(kept(), 0);
    drop(refused);
    assert_eq!(kept(), 10 * PAGE);
}

#[test]
fn a_panic_while_a_memory_is_made_leaves_the_store_whole() {
    let _turn = alone();
    let mut broken = Store::new(&Engine::default(), StoreLimits::default());
    broken.limiter(|_| panic!("no limit is known"));
    let made = catch_unwind(AssertUnwindSafe(|| memory(&mut broken, 1)));
    assert!(made.is_err());
    drop(broken);
    assert_eq!(kept(), PAGE);
}

#[test]
#[cfg_attr(miri, ignore = "the interpreter clears its own memories byte by byte")]
fn where_the_system_reserves_nothing_the_memory_moves() {
    let _turn = alone();
    for most in [1 << 62, u64::MAX] {
        let mut moving = store();
        let ty = MemoryType::new(1, None);
        let memory = moving
            .memory(ty, PAGE_BYTES..=most)
            .expect("there is a page");
        assert_eq!(memory.grow(&mut moving, 7).ok(), Some(1));
        assert!(is_all(memory.data(&moving), 0));
        drop(moving);
        assert_eq!(kept(), 0);
    }
    let ty = MemoryType::new64(1 << 47, None);
    let none = store().memory(ty, 0..=0);
    assert!(none.is_err(), "nor has the interpreter");
}

#[test]
fn guests_read_and_write_and_grow_what_they_are_lent() {
    let _turn = alone();
    let engine = Engine::default();
    let wasm = wat::parse_str(
        r#"(module (import "" "" (memory 1))
            (func (export "run") (result i32)
                (if (i32.ne (memory.grow (i32.const 7)) (i32.const 1)) (then unreachable))
                (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
                (i32.store (i32.const 524284) (i32.const 42))
                (memory.fill (i32.const 65536) (i32.const 7) (i32.const 9))
                (i32.add (i32.load (i32.const 524284)) (i32.load8_u (i32.const 65544)))))"#,
    );
    let module = Module::new(&engine, wasm.expect("the text is valid")).expect("it is valid");
    for _ in 0..2 {
        let limits = StoreLimitsBuilder::new().memory_size(MOST_PAGES as usize * PAGE);
        let mut store = Store::new(&engine, limits.build());
        store.limiter(|limits| limits);
        let lent = memory(&mut store, 1).into();
        let instance = Instance::new(&mut store, &module, &[lent]).expect("it fits");
        let run = instance.get_typed_func::<(), i32>(&store, "run");
        let run = run.expect("it is exported");
        assert_eq!(run.call(&mut store, ()).expect("it returns"), 49);
    }
    assert_eq!(kept(), 8 * PAGE, "both had the same block");
}

#[test]
#[cfg(not(miri))]
fn there_are_so_many_blocks_and_then_memories_move() {
    let _turn = alone();
    keep(usize::MAX);
    let mut blocks: Vec<_> = std::iter::from_fn(|| shelf::take(1, 1)).collect();
    assert_eq!(blocks.len(), shelf::MOST_BLOCKS);
    let mut moving = store();
    memory(&mut moving, 1);
    drop(moving);
    assert_eq!(kept(), 0);
    assert!(shelf::take(1, 1).is_none());
    blocks.pop();
    assert!(shelf::take(1, 1).is_some());
    drop(blocks);
    assert_eq!(kept(), 0);
}

#[test]
#[cfg(all(target_os = "linux", not(miri)))]
fn the_start_of_a_block_is_never_backed_by_huge_pages() {
    let _turn = alone();
    let block = shelf::take(1, 1).expect("there is room");
    let start = block.start.addr().get();
    for (offset, expected) in [(0, true), (1 << 20, true), (16 << 20, false)] {
        assert_eq!(has_small_pages(start + offset), expected, "at {offset}");
    }
}

/// Whether the mapping that an address is in was marked so.
#[cfg(all(target_os = "linux", not(miri)))]
fn has_small_pages(address: usize) -> bool {
    let maps = std::fs::read_to_string("/proc/self/smaps").expect("Linux has it");
    let mut is_inside = false;
    for line in maps.lines() {
        let range = line
            .split(' ')
            .next()
            .and_then(|range| range.split_once('-'));
        let hex = |text| usize::from_str_radix(text, 16).ok();
        if let Some((Some(start), Some(end))) = range.map(|(start, end)| (hex(start), hex(end))) {
            is_inside = (start..end).contains(&address);
        } else if is_inside && line.starts_with("VmFlags:") {
            return line.split(' ').any(|flag| flag == "nh");
        }
    }
    panic!("{address:#x} is in no mapping");
}

/// What a program can move between threads and share, it still can.
#[test]
fn a_store_is_as_free_as_what_is_in_it() {
    fn is_free<T: Send + Sync>() {}
    is_free::<Store<StoreLimits>>();
    is_free::<Block>();
}
