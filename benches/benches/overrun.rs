//! How late a deadline of 20 ms stops guests that go on for ever.

use fuelbox::{Function, Limits, Module, Sandbox, Stop};
use fuelbox_bench::{guest, is_test};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_millis(20);

/// Runs of each guest.
const RUNS: usize = 101;

fn main() {
    // So much memory that growing it takes longer than the deadline.
    let limits = Limits::default().deadline(DEADLINE).memory_bytes(1 << 30);
    let sandbox = Sandbox::new(limits).grant(Function::new("env", "host", |n: i32| n));
    println!(
        "{:<24} {:>10} {:>10} {:>10} {:>8} {:>12}",
        "overrun of 20 ms", "median", "p99", "max", "slices", "fuel/s"
    );
    let runs = if is_test() { 1 } else { RUNS };
    for (name, text) in guest::ENDLESS {
        let wasm = wat::parse_str(text).expect("the guest is valid");
        let module = Module::new(&wasm).expect("the guest is valid");
        let mut overruns = Vec::with_capacity(runs);
        let (mut slices, mut fuel, mut time) = (0, 0, Duration::ZERO);
        for _ in 0..runs {
            let report = sandbox.run(&module, "").expect("it starts");
            assert_eq!(report.stop(), Some(&Stop::Deadline { limit: DEADLINE }));
            overruns.push(report.usage.overrun);
            slices += report.usage.slices;
            fuel += report.usage.fuel;
            time += report.usage.time;
        }
        overruns.sort();
        let at = |percent: usize| format!("{:.1?}", overruns[(runs - 1) * percent / 100]);
        println!(
            "{name:<24} {:>10} {:>10} {:>10} {:>8} {:>12.2e}",
            at(50),
            at(99),
            at(100),
            slices / runs as u64,
            fuel as f64 / time.as_secs_f64()
        );
    }
}
