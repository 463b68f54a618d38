//! What the tests share: guests in files that say what must happen, clocks that tests move, and a
//! count of what is allocated.

pub(crate) mod allocations;
pub(crate) mod clock;
pub(crate) mod digest;
mod folder;
#[cfg(feature = "observe")]
pub(crate) mod frames;
pub(crate) mod heavy;
mod parts;
mod slices;
mod stack;
mod text;

// What a header means is said once: the self-test runs the same guests by the same headers.
#[path = "../../../src/selftest/case.rs"]
mod case;
#[path = "../../../src/selftest/expect.rs"]
mod expect;
#[path = "../../../src/selftest/grant.rs"]
mod grant;
#[path = "../../../src/selftest/header.rs"]
pub(crate) mod header;

pub(crate) use case::Case;
pub(crate) use folder::{cases, texts};
#[cfg(feature = "observe")]
pub(crate) use slices::is_observed;
#[cfg(feature = "fuzz")]
pub(crate) use slices::is_traced;
pub(crate) use slices::{
    MOST_RECORDED, SLICES, finish_in, laws, replays, run_to_end, same_but_for_time,
};
pub(crate) use stack::on_a_stack_of;

use fuelbox::{Error, Limits, Module, ModuleLimits, Proposals, Report, Sandbox};
use std::time::Duration;
use wasm_encoder::{MemorySection, MemoryType};

/// Compiles a module in the text format, under the default limits.
pub(crate) fn module(text: &str) -> Module {
    admit(text, &ModuleLimits::default()).expect("the module is admitted")
}

/// Compiles a module in the text format.
pub(crate) fn admit(text: &str, limits: &ModuleLimits) -> Result<Module, Error> {
    let wasm = wat::parse_str(text).expect("the text is valid");
    Module::builder().limits(limits.clone()).build(wasm)
}

/// The limits of modules with every proposal that can be allowed.
pub(crate) fn everything() -> ModuleLimits {
    Proposals::optional()
        .iter()
        .fold(ModuleLimits::default(), ModuleLimits::allow)
}

/// A guest whose `sleep` sleeps for so many nanoseconds.
pub(crate) const SLEEPER: &str = r#"(module
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\01")
    (func (export "sleep") (param i64) (result i32)
        (i64.store (i32.const 24) (local.get 0))
        (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128))))"#;

/// A section of one memory that has one page.
pub(crate) fn one_page() -> MemorySection {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    memories
}

/// Limits that no test hits by accident: a test sets the one that it is about.
pub(crate) fn roomy() -> Limits {
    Limits::default()
        .fuel(1_000_000_000)
        .deadline(Duration::MAX)
        .memory_bytes(64 << 20)
}

/// A sandbox whose clock stands still and that grants nothing.
pub(crate) fn timeless(limits: Limits) -> Sandbox {
    Sandbox::with_clock(limits, clock::still())
}

/// Why the run was stopped, as a word.
pub(crate) fn code(report: &Report) -> &'static str {
    report.outcome.code()
}

/// What this process has in memory, where the system tells it.
pub(crate) fn resident_bytes() -> Option<u64> {
    const PAGE_BYTES: u64 = 4_096;
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    pages.checked_mul(PAGE_BYTES)
}
