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

/// Seconds of the processor that `call` takes, and what it gives; of the clock where the system does not say.
pub fn processor<T>(call: impl FnOnce() -> T) -> (f64, T) {
    let spent = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    let (begin, before) = (now(), spent());
    let result = call();
    let nanos = match (before, spent()) {
        (Some(before), Some(after)) => after - before,
        _ => begin.elapsed().as_nanos() as f64,
    };
    (nanos / 1e9, result)
}
