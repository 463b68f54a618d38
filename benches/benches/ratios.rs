//! fuelbox beside plain wasmi: what each takes, and the ratio.

use fuelbox::{Function, Limits, Module, Sandbox, protocol};
use fuelbox_bench::{
    guest, is_test,
    plain::Plain,
    rounds::{Comparison, compare},
};
use std::{hint::black_box, time::Duration};

const INPUT: &[u8] = b"a line of input, as short as most are";

/// Enough for every guest here.
const FUEL: u64 = 100_000_000_000;

fn main() {
    println!(
        "{:<34} {:>12} {:>12} {:>8}   target",
        "", "plain wasmi", "fuelbox", "ratio"
    );
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    fresh("fresh run, echo", guest::ECHO, &sandbox);
    fresh("fresh run, nothing", guest::NOTHING, &sandbox);
    cold("cold, echo", guest::ECHO, &sandbox);
    cold(
        "cold, 1,000 functions",
        &guest::thousand_functions(),
        &sandbox,
    );
    for (name, text) in guest::COMPUTING {
        computing(name, text);
    }
    host_calls(&sandbox);
}

fn fresh(name: &str, text: &str, sandbox: &Sandbox) {
    let (plain, module) = compiled(text);
    let measured = compare(
        is_test(),
        || _ = black_box(plain.run(black_box(INPUT), FUEL)),
        || _ = black_box(sandbox.run(&module, black_box(INPUT))),
    );
    print(name, &measured, "< 2");
}

fn cold(name: &str, text: &str, sandbox: &Sandbox) {
    let wasm = wat::parse_str(text).expect("the guest is valid");
    let measured = compare(
        is_test(),
        || _ = black_box(Plain::new(black_box(&wasm)).run(INPUT, FUEL)),
        || {
            let module = Module::new(black_box(&wasm)).expect("the guest is valid");
            _ = black_box(sandbox.run(&module, INPUT));
        },
    );
    print(name, &measured, "");
}

/// Long runs: with a deadline far away, with one that is near, and with a way to cancel; and plain wasmi
/// beside itself, compiled once more, to see what where its code lies in memory makes out.
fn computing(name: &str, text: &str) {
    let (plain, module) = compiled(text);
    let far = Sandbox::new(Limits::default().deadline(Duration::from_secs(3_600)));
    let near = Sandbox::new(Limits::default().deadline(Duration::from_secs(1)));
    let used = plain.run(INPUT, FUEL).1;
    let report = far.run(&module, INPUT).expect("it starts");
    assert_eq!((report.status(), report.usage.fuel), (Some(0), used));

    let (again, _) = compiled(text);
    let plain = || _ = black_box(plain.run(INPUT, FUEL));
    let measured = compare(is_test(), plain, || _ = black_box(again.run(INPUT, FUEL)));
    print(&format!("{name}, plain wasmi twice"), &measured, "");
    let measured = compare(is_test(), plain, || _ = black_box(far.run(&module, INPUT)));
    print(&format!("{name}, deadline 1 h"), &measured, "< 1.02");
    let measured = compare(is_test(), plain, || _ = black_box(near.run(&module, INPUT)));
    print(&format!("{name}, deadline 1 s"), &measured, "< 1.02");
    let measured = compare(is_test(), plain, || {
        let mut execution = far.start(&module, INPUT).expect("it starts");
        let cancel = execution.cancel_token();
        black_box(execution.finish());
        drop(cancel);
    });
    print(&format!("{name}, cancellable"), &measured, "");
}

fn host_calls(sandbox: &Sandbox) {
    let (plain, module) = compiled(guest::HOST_CALLS);
    let sandbox = sandbox
        .clone()
        .grant(Function::new("env", "host", |n: i32| n));
    let mut measured = compare(
        is_test(),
        || _ = black_box(plain.run(INPUT, FUEL)),
        || _ = black_box(sandbox.run(&module, INPUT)),
    );
    measured.plain_nanos /= f64::from(guest::HOST_CALL_COUNT);
    measured.ours_nanos /= f64::from(guest::HOST_CALL_COUNT);
    print("one host call", &measured, "");
}

fn compiled(text: &str) -> (Plain, Module) {
    let wasm = wat::parse_str(text).expect("the guest is valid");
    let module = Module::new(&wasm).expect("the guest is valid");
    (Plain::new(&wasm), module)
}

fn print(name: &str, measured: &Comparison, target: &str) {
    println!(
        "{name:<34} {:>12} {:>12} {:>8.3}   {target}",
        time(measured.plain_nanos),
        time(measured.ours_nanos),
        measured.ratio
    );
}

fn time(nanos: f64) -> String {
    match nanos {
        ..1e3 => format!("{nanos:.1} ns"),
        ..1e6 => format!("{:.3} us", nanos / 1e3),
        _ => format!("{:.3} ms", nanos / 1e6),
    }
}
