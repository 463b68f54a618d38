//! Counters that libFuzzer looks at after each run, and its table of comparisons.

use fuelbox_fuzz::Compare;
use std::sync::atomic::{AtomicU8, Ordering};

/// How many counters there are; ways beyond share them.
const COUNTERS: usize = 1 << 16;

/// libFuzzer finds them by the section, clears them before each run, and takes each as a way.
// SAFETY: nothing but bytes that may change at any time is in the section, which is what libFuzzer expects of it.
#[unsafe(link_section = "__libfuzzer_extra_counters")]
static WAYS: [AtomicU8; COUNTERS] = [const { AtomicU8::new(0) }; COUNTERS];

unsafe extern "C" {
    /// Of libFuzzer: what instrumented code calls where it compares.
    fn __sanitizer_cov_trace_cmp4(left: u32, right: u32);
    fn __sanitizer_cov_trace_cmp8(left: u64, right: u64);
}

/// Says that a way was taken so often.
pub(crate) fn count(way: usize, count: u32) {
    if let Some(counter) = WAYS.get(way % COUNTERS) {
        let count = u8::try_from(count).unwrap_or(u8::MAX);
        counter.fetch_max(count, Ordering::Relaxed);
    }
}

/// Says what was compared.
pub(crate) fn compared(compare: &Compare) {
    let Compare {
        left, right, bits, ..
    } = *compare;
    // SAFETY: they take two numbers and note them; they may be called from any thread at any time.
    unsafe {
        match (bits, u32::try_from(left), u32::try_from(right)) {
            (32, Ok(left), Ok(right)) => __sanitizer_cov_trace_cmp4(left, right),
            _ => __sanitizer_cov_trace_cmp8(left, right),
        }
    }
}
