//! What a handle says, whatever is done with it.

use super::{
    registry::{CHUNKS, FIRST_CHUNK, place},
    *,
};

fn status<T>(result: Result<T, Status>) -> Status {
    result.err().unwrap_or(Status::OK)
}

#[test]
fn a_handle_that_was_freed_is_stale_for_good() {
    let first = new(7_u8).expect("there is room");
    assert_eq!(status(free(first)), Status::OK);
    let again: Vec<_> = (0..100)
        .map(|n: u8| new(n).expect("there is room"))
        .collect();
    assert_eq!(status(open(first)), Status::STALE_HANDLE);
    assert_eq!(status(free(first)), Status::STALE_HANDLE);
    for handle in again {
        assert_eq!(status(free(handle)), Status::OK);
    }
    assert_eq!(status(open(first)), Status::STALE_HANDLE);
}

#[test]
fn a_handle_of_another_kind_or_none_at_all_is_found_out() {
    let byte = new(7_u8).expect("there is room");
    let other = Handle::<u16>::from_number(byte.number());
    assert_eq!(status(open(other)), Status::WRONG_HANDLE);
    assert_eq!(status(free(other)), Status::WRONG_HANDLE);
    assert_eq!(status(open(Handle::<u8>::NULL)), Status::NULL);
    assert_eq!(status(free(Handle::<u8>::NULL)), Status::OK);
    for number in [
        1,
        MOST,
        usize::MAX,
        byte.number().wrapping_add(1 << INDEX_BITS),
    ] {
        assert_eq!(
            status(open(Handle::<u8>::from_number(number))),
            Status::STALE_HANDLE,
            "{number:x}"
        );
    }
    assert_eq!(status(free(byte)), Status::OK);
}

#[test]
fn what_is_in_use_is_busy_and_not_freed() {
    // Its slot was used before, and again.
    free(new(1_u8).expect("there is room")).expect("nobody uses it");
    let handle = new(7_u8).expect("there is room");
    let shared = open(handle).expect("nobody uses it");
    assert_eq!(status(open(handle)), Status::OK);
    assert_eq!(status(open_mut(handle)), Status::BUSY);
    assert_eq!(status(free(handle)), Status::BUSY);
    drop(shared);
    let mut exclusive = open_mut(handle).expect("nobody uses it");
    *exclusive = 8;
    assert_eq!(status(open(handle)), Status::BUSY);
    // An older handle of the same slot is stale all the same.
    let older = Handle::<u8>::from_number(handle.number().wrapping_sub(1 << INDEX_BITS));
    assert_eq!(status(open(older)), Status::STALE_HANDLE);
    assert_eq!(status(open_mut(older)), Status::STALE_HANDLE);
    drop(exclusive);
    assert_eq!(open_mut(handle).expect("nobody uses it").take(), 8);
    assert_eq!(status(open(handle)), Status::STALE_HANDLE);
}

#[test]
fn what_a_panic_left_is_only_freed() {
    let handle = new(7_u8).expect("there is room");
    let panicked = std::panic::catch_unwind(|| {
        let _exclusive = open_mut(handle).expect("nobody uses it");
        panic!("in the middle");
    });
    assert!(panicked.is_err());
    assert_eq!(status(open(handle)), Status::PANIC);
    assert_eq!(status(open_mut(handle)), Status::PANIC);
    assert_eq!(status(free(handle)), Status::OK);
    let next = new(1_u8).expect("there is room");
    assert_eq!(status(open(next)), Status::OK);
    assert_eq!(status(free(next)), Status::OK);
}

#[test]
fn what_is_used_while_another_panics_is_not_spoilt() {
    struct Uses(Handle<u8>);

    impl Drop for Uses {
        fn drop(&mut self) {
            *open_mut(self.0).expect("nobody uses it") = 8;
        }
    }

    let handle = new(7_u8).expect("there is room");
    let panicked = std::panic::catch_unwind(|| {
        let _uses = Uses(handle);
        panic!("in the middle");
    });
    assert!(panicked.is_err());
    assert_eq!(*open(handle).expect("nobody uses it"), 8);
    assert_eq!(status(free(handle)), Status::OK);
}

/// For Miri too, which looks for threads that get to the same memory at the same time.
#[test]
fn many_threads_use_one_handle_by_turns() {
    const ROUNDS: u32 = if cfg!(miri) { 100 } else { 100_000 };

    let handle = new(0_u64).expect("there is room");
    let number = handle.number();
    let counted: u64 = std::thread::scope(|scope| {
        let count = move || {
            let handle = Handle::<u64>::from_number(number);
            let mut count = 0;
            for _ in 0..ROUNDS {
                if let Ok(mut number) = open_mut(handle) {
                    *number += 1;
                    count += 1;
                }
                let looked = open(handle).map(|number| *number);
                assert!(looked.is_ok() || looked == Err(Status::BUSY));
            }
            count
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|count| count.expect("it does not panic")).sum()
    });
    assert_eq!(open_mut(handle).expect("nobody uses it").take(), counted);
    assert!(counted > 0);

    // Slots that are filled again and again: a handle is only ever good for its own.
    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let mine = thread << 32 | u64::from(round);
                    let handle = new(mine).expect("there is room");
                    assert_eq!(open(handle).map(|number| *number), Ok(mine));
                    assert_eq!(status(free(handle)), Status::OK);
                    assert_eq!(status(open_mut(handle)), Status::STALE_HANDLE);
                }
            });
        }
    });
    assert_eq!(status(open(handle)), Status::STALE_HANDLE);
}

#[test]
fn every_index_has_a_place_of_its_own() {
    assert_eq!(place(0), (0, 0));
    assert_eq!(place(63), (0, 63));
    assert_eq!(place(64), (1, 0));
    assert_eq!(place(191), (1, 127));
    assert_eq!(place(192), (2, 0));
    let (chunk, place) = place(MOST);
    assert!(chunk < CHUNKS.len() && place < FIRST_CHUNK << chunk);
}
