//! Clocks that go on when a test says so.

use fuelbox::MonotonicClock;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A clock that stands still: no deadline but zero is ever hit.
pub(crate) fn still() -> impl MonotonicClock {
    || Duration::ZERO
}

/// A clock that goes on by `tick` each time it is read.
pub(crate) fn ticking(tick: Duration) -> impl MonotonicClock {
    let hand = Hand::default();
    move || hand.advance(tick)
}

/// Moves a clock from outside; its clones move the same one.
#[derive(Clone, Default)]
pub(crate) struct Hand(Arc<AtomicU64>);

impl Hand {
    /// The clock that this hand moves.
    pub(crate) fn clock(&self) -> impl MonotonicClock + use<> {
        let nanos = self.0.clone();
        move || Duration::from_nanos(nanos.load(Ordering::SeqCst))
    }

    /// Moves the clock; returns what it showed before.
    pub(crate) fn advance(&self, by: Duration) -> Duration {
        let nanos = u64::try_from(by.as_nanos()).expect("tests take no centuries");
        Duration::from_nanos(self.0.fetch_add(nanos, Ordering::SeqCst))
    }
}
