//! The worst modules for their size: time and memory that admitting them takes.
//!
//!   cargo bench -p fuelbox-bench --bench admission_worst -- [--test] [--all] [--size=BYTES] [FILTER]
//!
//! Prints the worst of all families, or all, by time for each MiB. Time is that of the processor. The last
//! columns are of a module that lacks one or two proposals at its very end, and of naming what it uses.

use fuelbox::{Error, Module, ModuleLimits, Proposal};
use fuelbox_bench::{
    stopwatch,
    worst::{Family, families},
};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    hint::black_box,
};

/// Rows that are printed, unless all are.
const ROWS: usize = 60;

/// Above this a larger module of the family is not tried.
const MOST_SECONDS: f64 = 1.5;
const MOST_BYTES: f64 = 1e9;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let filter = arguments.iter().find(|argument| !argument.starts_with('-'));
    let sizes = arguments.iter().find_map(|argument| {
        let size = argument.strip_prefix("--size=")?;
        Some(vec![size.parse().expect("a number of bytes")])
    });
    let families = families();
    println!("{} families", families.len());
    let mut rows: Vec<Row> = families
        .iter()
        .filter(|family| filter.is_none_or(|filter| family.name.contains(filter.as_str())))
        .map(|family| Row::measure(family, sizes.as_deref().unwrap_or(family.sizes)))
        .collect();
    rows.sort_by(|one, other| other.cost().total_cmp(&one.cost()));
    let count = if has("--all") { rows.len() } else { ROWS };
    print(rows.iter().take(count), "by time");
    if !has("--all") {
        rows.sort_by(|one, other| other.memory().total_cmp(&one.memory()));
        print(rows.iter().take(ROWS / 2), "by memory");
        rows.sort_by(|one, other| other.slope().total_cmp(&one.slope()));
        print(rows.iter().take(ROWS / 3), "by slope");
    }
}

fn print<'a>(rows: impl Iterator<Item = &'a Row>, order: &str) {
    println!(
        "\n{order}\n{:<58} {:>8} {:>8} {:>8} {:>7} {:>6} {:>6} {:>7} {:>7} {:>7}  beyond",
        "family", "bytes", "ms", "s/MiB", "B/B", "slope", "mem", "1 off", "2 off", "used"
    );
    rows.for_each(Row::print);
}

/// What one family costs.
struct Row {
    name: String,
    /// Of each size that was admitted.
    admitted: Vec<Cost>,
    /// Why the next was not.
    beyond: String,
    /// Seconds for each MiB with one and two proposals off, and for naming those used.
    others: [f64; 3],
}

#[derive(Clone, Copy)]
struct Cost {
    bytes: f64,
    seconds: f64,
    peak: f64,
}

impl Row {
    fn measure(family: &Family, sizes: &[usize]) -> Self {
        let mut row = Self {
            name: family.name.clone(),
            admitted: Vec::new(),
            beyond: String::new(),
            others: [0.0; 3],
        };
        for (number, &size) in sizes.iter().enumerate() {
            if row.next_is_too_much() {
                row.beyond = "not tried".into();
                break;
            }
            let wasm = family.make(size);
            let (cost, result) = measure(&wasm, || Module::new(&wasm).map(drop));
            if let Err(error) = result {
                row.beyond = refusal(&error);
                if row.admitted.is_empty() {
                    row.admitted.push(cost);
                }
                break;
            }
            row.admitted.push(cost);
            if stopwatch::is_test() {
                break;
            }
            if number == 1 {
                row.others = others(&wasm);
            }
        }
        row
    }

    fn next_is_too_much(&self) -> bool {
        let Some(last) = self.admitted.last() else {
            return false;
        };
        let times = 4_f64.powf(self.slope().max(1.0));
        last.seconds * times > MOST_SECONDS || last.peak * 4.0 > MOST_BYTES
    }

    fn last(&self) -> Cost {
        *self.admitted.last().expect("one was measured")
    }

    /// Seconds for each MiB, the most of what was measured.
    fn cost(&self) -> f64 {
        let last = self.last();
        self.others
            .iter()
            .copied()
            .fold(last.seconds / last.bytes * MIB, f64::max)
    }

    fn memory(&self) -> f64 {
        self.last().peak / self.last().bytes
    }

    /// By which power of the size the time grows.
    fn slope(&self) -> f64 {
        self.power(|cost| cost.seconds)
    }

    fn power(&self, of: impl Fn(&Cost) -> f64) -> f64 {
        let [.., before, last] = self.admitted.as_slice() else {
            return 0.0;
        };
        (of(last) / of(before)).ln() / (last.bytes / before.bytes).ln()
    }

    fn print(&self) {
        let Cost {
            bytes,
            seconds,
            peak,
        } = self.last();
        let [one, two, used] = self.others;
        println!(
            "{:<58} {:>8} {:>8.2} {:>8.3} {:>7.1} {:>6.2} {:>6.2} {one:>7.3} {two:>7.3} {used:>7.3}  {}",
            self.name,
            bytes,
            seconds * 1e3,
            seconds / bytes * MIB,
            peak / bytes,
            self.slope(),
            self.power(|cost| cost.peak),
            self.beyond
        );
    }
}

const MIB: f64 = 1_048_576.0;

fn others(wasm: &[u8]) -> [f64; 3] {
    let limits = ModuleLimits::default;
    let without = |proposals: &[Proposal]| {
        let limits = proposals.iter().copied().fold(limits(), ModuleLimits::deny);
        let (cost, result) = measure(wasm, || {
            Module::builder()
                .limits(limits.clone())
                .build(wasm)
                .map(drop)
        });
        assert!(result.is_err(), "it uses them");
        cost.seconds / cost.bytes * MIB
    };
    let (used, _) = measure(wasm, || Module::proposals_used(wasm, &limits()));
    [
        without(&[Proposal::SignExtension]),
        without(&[Proposal::SignExtension, Proposal::SaturatingFloatToInt]),
        used.seconds / used.bytes * MIB,
    ]
}

fn refusal(error: &Error) -> String {
    match error {
        Error::ModuleLimit { limit, found, .. } => format!("{limit}: {found}"),
        other => {
            let mut text = other.to_string();
            text.truncate(60);
            text
        }
    }
}

/// What a call takes, the mean of as many as take long enough: the system counts in ticks.
fn measure<T>(wasm: &[u8], call: impl Fn() -> T) -> (Cost, T) {
    let enough = if stopwatch::is_test() { 0.0 } else { 0.02 };
    let begin = stopwatch::now();
    let live = COUNT.get().0;
    COUNT.set((live, live));
    let (seconds, (calls, result)) = stopwatch::processor(|| {
        let mut calls = 1.0;
        let mut result = black_box(call());
        while begin.elapsed().as_secs_f64() < enough {
            result = black_box(call());
            calls += 1.0;
        }
        (calls, result)
    });
    let cost = Cost {
        bytes: wasm.len() as f64,
        seconds: seconds / calls,
        peak: (COUNT.get().1 - live) as f64,
    };
    (cost, result)
}

thread_local! {
    /// Bytes allocated and not freed again, and the most that there were.
    static COUNT: Cell<(i64, i64)> = const { Cell::new((0, 0)) };
}

#[global_allocator]
static COUNTING: Counting = Counting;

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; counting allocates nothing, since the
// thread local is constant and needs no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(0, layout.size());
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(0, layout.size());
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // As if the block always moved: the new one is there before the old one goes.
        note(0, size);
        note(layout.size(), 0);
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(layout.size(), 0);
        // SAFETY: the caller holds what `GlobalAlloc` asks for.
        unsafe { System.dealloc(block, layout) }
    }
}

fn note(freed: usize, allocated: usize) {
    let (live, peak) = COUNT.get();
    let live = live
        .wrapping_add_unsigned(allocated as u64)
        .wrapping_sub_unsigned(freed as u64);
    COUNT.set((live, peak.max(live)));
}
