//! An oracle for the search: random sequences of calls, with handles freed, mixed and never given out, null where
//! nothing must be, and buffers that are too short.
//!
//! It calls what C calls. Beside it goes a model of which handles there are; each call has to answer as the model
//! says, and where it hands something out, that is new.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "an oracle that panics is seen"
)]

mod buffer;
mod bytes;
mod execution;
mod guest;
mod host;
mod instance;
mod known;
mod result;
mod setting;
mod wasi;

use crate::{
    boundary::Out,
    error::Problem,
    handle::{self, Handle},
    status::Status,
};
use bytes::Bytes;
use known::{Kind, Known, Picked};

/// Makes the calls that `data` says.
///
/// # Panics
/// Where one answers what it must not.
pub fn check(data: &[u8]) {
    let mut calls = Calls {
        bytes: Bytes::new(data),
        known: Known::default(),
        is_limited: false,
    };
    let live = handle::live();
    host::begin();
    if calls.bytes.flag() {
        guest::prelude(&mut calls);
    }
    let mut left = MOST_STEPS;
    while left > 0 && !calls.bytes.are_used_up() {
        left -= 1;
        let steps: &[&[Step]] = &[
            setting::STEPS,
            guest::STEPS,
            instance::STEPS,
            execution::STEPS,
            result::STEPS,
            wasi::STEPS,
            STEPS,
        ];
        let group = calls.bytes.choose(steps);
        let step = calls.bytes.choose(group);
        step(&mut calls);
    }
    calls.free_all();
    host::end();
    // Tests of other threads have handles of their own.
    if cfg!(not(test)) {
        assert_eq!(handle::live(), live, "a handle is left");
    }
}

/// One call, or one and what belongs to it.
type Step = fn(&mut Calls<'_>);

/// More would not find more, only take longer.
const MOST_STEPS: u32 = if cfg!(miri) { 150 } else { 400 };

const STEPS: &[Step] = &[free, free, free, few_handles];

struct Calls<'a> {
    bytes: Bytes<'a>,
    known: Known,
    /// Whether there may be too many handles at any time.
    is_limited: bool,
}

impl Calls<'_> {
    /// A handle that the bytes choose: mostly one of this kind that is there.
    fn pick<T>(&mut self, kind: Kind) -> Picked<T> {
        self.known.pick(&mut self.bytes, kind)
    }

    /// The same for a parameter that may be null.
    fn pick_if_any<T>(&mut self, kind: Kind) -> Picked<T> {
        let picked: Picked<T> = self.pick(kind);
        Picked {
            status: if picked.handle.is_null() {
                Status::OK
            } else {
                picked.status
            },
            ..picked
        }
    }

    /// Whether a call did what it says; it has opened these handles, in this order.
    fn did(&self, status: Status, opened: &[Status]) -> bool {
        if self.is_limited && status == Status::TOO_MANY_HANDLES {
            return false;
        }
        if let Some(expected) = opened.iter().find(|opened| **opened != Status::OK) {
            // Where one handle stands for two parameters, the first has it open.
            let is_twice = *expected == Status::WRONG_HANDLE && opened.len() > 1;
            let is_busy = is_twice && status == Status::BUSY;
            assert!(status == *expected || is_busy, "{status:?} of {opened:?}");
            return false;
        }
        let misuse = [
            Status::NULL,
            Status::STALE_HANDLE,
            Status::WRONG_HANDLE,
            Status::BUSY,
            Status::TOO_MANY_HANDLES,
            Status::PANIC,
            Status::OTHER,
        ];
        assert!(!misuse.contains(&status), "{}", status.code());
        status == Status::OK
    }

    /// As [`did`](Self::did), for a call that gives `made` where it succeeds, and an error where it does not.
    fn made<T>(&mut self, status: Status, opened: &[Status], kind: Kind, made: Handle<T>) -> bool {
        let did = self.did(status, opened);
        if did {
            self.known.give(kind, made);
        } else {
            assert!(made.is_null(), "something was handed out");
        }
        did
    }

    /// Makes a call that hands out an error, if the bytes want one.
    fn with_error(&mut self, call: impl FnOnce(Out<Handle<Problem>>) -> Status) -> Status {
        let mut error = Handle::NULL;
        if self.bytes.flag() {
            return call(Out::NULL);
        }
        let status = call(Out::to(&mut error));
        let is_there = status != Status::OK && !(self.is_limited && error.is_null());
        assert_eq!(!error.is_null(), is_there, "{}", status.code());
        if is_there {
            self.known.give(Kind::Error, error);
        }
        status
    }

    fn free_all(&mut self) {
        self.limit(usize::MAX);
        while let Some((kind, number)) = self.known.any_live() {
            assert_eq!(kind.free(number), Status::OK, "{kind:?}");
            self.known.end(number);
            assert_eq!(kind.free(number), Status::STALE_HANDLE, "{kind:?}");
        }
    }

    fn limit(&mut self, most: usize) {
        self.is_limited = most != usize::MAX;
        handle::limit(most);
    }
}

/// Frees a handle, of its kind or of another.
fn free(calls: &mut Calls<'_>) {
    let kind = calls.bytes.choose(Kind::ALL);
    let picked: Picked<()> = calls.pick_if_any(kind);
    let number = picked.handle.number();
    if calls.did(kind.free(number), &[picked.status]) && number != 0 {
        calls.known.end(number);
        assert_eq!(kind.free(number), Status::STALE_HANDLE);
    }
}

/// Leaves few handles to give out, or lifts that. Not where tests run beside: it is for the whole process.
fn few_handles(calls: &mut Calls<'_>) {
    if cfg!(test) {
        return;
    }
    let most = if calls.is_limited {
        usize::MAX
    } else {
        handle::live() + usize::from(calls.bytes.byte() % 4)
    };
    calls.limit(most);
}

#[cfg(test)]
mod tests {
    /// Bytes that look random.
    fn random(seed: u64) -> Vec<u8> {
        let mut state = seed.wrapping_add(1);
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33).to_le_bytes()[0]
        };
        (0..2_000).map(|_| next()).collect()
    }

    #[test]
    fn random_sequences_of_calls_do_what_the_model_says() {
        // Miri takes about 20 s for each.
        let seeds = if cfg!(miri) { 5 } else { 300 };
        for seed in 0..seeds {
            super::check(&random(seed));
        }
    }
}
