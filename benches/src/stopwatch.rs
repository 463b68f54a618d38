//! The one place where benches read the clock.

use std::time::Instant;

/// Now.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
pub fn now() -> Instant {
    Instant::now()
}

/// Nanoseconds that `call` takes.
pub fn nanos(call: impl FnOnce()) -> f64 {
    let begin = now();
    call();
    begin.elapsed().as_nanos() as f64
}

/// Whether to go through everything just once, as `cargo bench -- --test` asks for.
#[must_use]
pub fn is_test() -> bool {
    std::env::args().any(|argument| argument == "--test")
}
