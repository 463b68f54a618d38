//! The same module, input, limits and grants give the same report.

use crate::harness::{SLICES, module, roomy, run_to_end, same_but_for_time, timeless};
use fuelbox::{CancelToken, Module, Report, Sandbox, Slice, protocol};
use std::time::Duration;

const MIXED: &str = include_str!("../guests/mixed.wat");

fn sandbox() -> Sandbox {
    let clock = fuelbox::capability::Clock::by_fuel(Duration::ZERO);
    timeless(roomy())
        .grant(protocol())
        .grant(clock)
        .grant(fuelbox::capability::Random::seeded(3))
        .grant(fuelbox::Function::new("host", "twice", |n: i32| {
            n.wrapping_mul(2)
        }))
}

fn run(sandbox: &Sandbox, module: &Module) -> Report {
    same_but_for_time(sandbox.run(module, b"input").expect("it starts"))
}

#[test]
fn the_same_run_three_times_is_the_same() {
    let fresh = || run(&sandbox(), &module(MIXED));
    let first = fresh();
    assert_eq!(fresh(), first);
    assert_eq!(fresh(), first);
}

#[test]
fn a_cached_module_costs_the_same_the_second_time() {
    let (sandbox, module) = (sandbox(), module(MIXED));
    let first = run(&sandbox, &module);
    assert_eq!(run(&sandbox, &module), first);
    assert_eq!(run(&sandbox.clone(), &module.clone()), first);
}

#[test]
fn slices_of_changing_sizes_do_not_show() {
    let (sandbox, module) = (sandbox(), module(MIXED));
    let expected = run(&sandbox, &module);
    let mut execution = sandbox.start(&module, b"input").expect("it starts");
    let mut sizes = (1..).map(|n: u64| n.wrapping_mul(7_919) % 997);
    while !execution
        .step(Slice::fuel(sizes.next().expect("they never end")))
        .is_done()
    {}
    assert_eq!(same_but_for_time(execution.finish().report), expected);
}

#[test]
fn a_deadline_and_a_token_that_are_not_used_do_not_show() {
    let module = module(MIXED);
    let expected = run(&sandbox(), &module);
    let hurried = Sandbox::with_clock(roomy().deadline(Duration::from_nanos(1)), || Duration::ZERO);
    let hurried = hurried
        .grant(protocol())
        .grant(fuelbox::capability::Clock::by_fuel(Duration::ZERO))
        .grant(fuelbox::capability::Random::seeded(3))
        .grant(fuelbox::Function::new("host", "twice", |n: i32| {
            n.wrapping_mul(2)
        }));
    let mut execution = hurried.start(&module, b"input").expect("it starts");
    let _: CancelToken = execution.cancel_token();
    let report = execution.finish().report;
    assert!(
        report.usage.slices > 1,
        "near the deadline slices are small"
    );
    assert_eq!(same_but_for_time(report), expected);
}

#[test]
fn runs_that_take_turns_do_not_disturb_each_other() {
    let (sandbox, module) = (sandbox(), module(MIXED));
    let expected = run(&sandbox, &module);
    let mut runs: Vec<_> = (0..10)
        .map(|_| sandbox.start(&module, b"input").expect("it starts"))
        .collect();
    while runs
        .iter_mut()
        .any(|run| run.step(Slice::fuel(500)) == fuelbox::Step::Paused)
    {}
    for run in runs {
        assert_eq!(same_but_for_time(run_to_end(run, SLICES[0])), expected);
    }
}
