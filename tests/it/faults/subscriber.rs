//! A subscriber of `tracing` that panics when it is told to.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tracing_core::{Event, Metadata, Subscriber, callsite, dispatcher, span};

/// Tells a subscriber when to panic.
pub(super) struct Fuse {
    calls_left: Arc<AtomicU64>,
    lines: Arc<AtomicU64>,
}

impl Fuse {
    pub(super) fn new() -> Self {
        Self {
            calls_left: Arc::new(AtomicU64::new(u64::MAX)),
            lines: Arc::default(),
        }
    }

    /// Lets the subscriber panic once, after so many calls more.
    pub(super) fn burn(&self, calls: u64) {
        self.calls_left.store(calls, Ordering::SeqCst);
    }

    /// Lets it not panic.
    pub(super) fn quench(&self) {
        self.burn(u64::MAX);
    }

    /// How many lines it was told, the one that it panicked on among them.
    pub(super) fn lines(&self) -> u64 {
        self.lines.load(Ordering::SeqCst)
    }

    /// Runs `f` with the subscriber, once it is told what `logging` logs.
    ///
    /// Another thread that tells a line for the first time at the same moment may pass over this subscriber,
    /// until all are asked again what they want to be told.
    pub(super) fn watch<T>(&self, logging: impl Fn(), f: impl FnOnce() -> T) -> T {
        let subscriber = Panicking {
            calls_left: self.calls_left.clone(),
            lines: self.lines.clone(),
        };
        dispatcher::with_default(&dispatcher::Dispatch::new(subscriber), || {
            loop {
                logging();
                if self.lines.swap(0, Ordering::SeqCst) > 0 {
                    break;
                }
                callsite::rebuild_interest_cache();
            }
            f()
        })
    }
}

struct Panicking {
    calls_left: Arc<AtomicU64>,
    lines: Arc<AtomicU64>,
}

impl Panicking {
    fn call(&self) {
        // Wraps around at the panic, so that it is the only one.
        let left = self.calls_left.fetch_sub(1, Ordering::SeqCst);
        assert!(left > 0, "the subscriber panics");
    }
}

impl Subscriber for Panicking {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("fuelbox")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        self.call();
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {
        self.call();
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &Event<'_>) {
        self.lines.fetch_add(1, Ordering::SeqCst);
        self.call();
    }

    fn enter(&self, _: &span::Id) {
        self.call();
    }

    fn exit(&self, _: &span::Id) {
        self.call();
    }
}
