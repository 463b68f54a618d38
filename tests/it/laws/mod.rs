//! Laws of every run, checked with random guests.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "numbers are small; a test may panic"
)]

mod going_on;
mod instances;
mod live;
mod program;
mod recorded;
mod snapshots;

use crate::harness::{laws, same_but_for_time, timeless};
use fuelbox::{
    Caller, Execution, Finished, Function, GrowthDenial, Limits, Module, Outcome, Report, Sandbox,
    Slice, Step, Stop, capability,
};
use program::Program;
use proptest::{collection::vec, prelude::*};
use std::time::Duration;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn slices_do_not_show(program in Program::any(), limits in limits(), slices in slices()) {
        let module = program.module();
        prop_assert_eq!(sliced(&limits, &module, &slices), whole(&limits, &module));
    }

    #[test]
    fn fuel_adds_up_over_slices(program in Program::any(), limits in limits(), slices in slices()) {
        adding_up(start(&limits, &program.module()), slices.into_iter().cycle());
    }

    #[test]
    fn a_run_that_finishes_is_the_same_under_larger_limits(
        program in Program::any(), limits in limits(), more in limits(),
    ) {
        let module = program.module();
        let report = whole(&limits, &module);
        prop_assume!(is_untouched_by_limits(&report));
        prop_assert_eq!(whole(&sum(&limits, &more), &module), report);
    }

    #[test]
    fn what_was_used_is_enough_and_one_less_is_not(program in Program::any(), limits in limits()) {
        let module = program.module();
        let report = whole(&limits, &module);
        prop_assume!(report.stop().is_none());
        let fuel = report.usage.fuel;
        prop_assert_eq!(whole(&limits.clone().fuel(fuel), &module), report);
        let short = whole(&limits.fuel(fuel - 1), &module);
        prop_assert_eq!(short.stop(), Some(&Stop::OutOfFuel { limit: fuel - 1 }));
    }

    #[test]
    fn a_run_that_is_cut_short_is_the_beginning_of_the_whole(
        program in Program::any(), limits in limits(), share in 0.0..1.0, cancel: bool,
    ) {
        let module = program.module();
        let report = whole(&limits, &module);
        let fuel = part(report.usage.fuel, share);
        let cut = if cancel {
            cancelled(&limits, &module, fuel)
        } else {
            whole(&limits.fuel(fuel), &module)
        };
        prop_assert!(is_beginning(&cut, &report), "{:?} is no beginning of {:?}", cut, report);
    }

    #[test]
    fn nothing_is_larger_than_its_limit(
        program in Program::any(), limits in limits(), slices in slices(),
    ) {
        within(&limits, start(&limits, &program.module()), slices.into_iter().cycle());
    }

    #[test]
    fn the_peak_is_at_least_what_the_guest_has_at_the_end(
        program in Program::any(), limits in limits(),
    ) {
        let report = whole(&limits, &program.module());
        prop_assume!(report.stop().is_none());
        let pages = report.output.last_chunk().map(|last| u32::from_le_bytes(*last));
        prop_assert_eq!(pages.map(|pages| u64::from(pages) << 16), Some(report.usage.peak_memory_bytes));
    }

    #[test]
    fn a_run_leaves_its_module_as_it_was(program in Program::any(), limits in limits()) {
        let module = program.module();
        let fingerprint = module.fingerprint();
        let report = whole(&limits, &module);
        prop_assert_eq!(&whole(&limits, &module), &report);
        prop_assert_eq!(module.fingerprint(), fingerprint);
        prop_assert_eq!(whole(&limits, &program.module()), report);
    }

    #[test]
    fn runs_that_take_turns_are_as_each_alone(
        programs in vec(Program::any(), 2), limits in limits(), slices in slices(),
    ) {
        let modules: Vec<_> = programs.iter().map(Program::module).collect();
        let mut runs: Vec<_> = modules.iter().map(|module| start(&limits, module)).collect();
        for slice in slices.into_iter().cycle() {
            runs.iter_mut().for_each(|run| { run.step(Slice::fuel(slice)); });
            if runs.iter().all(Execution::is_over) {
                break;
            }
        }
        for (run, module) in runs.into_iter().zip(&modules) {
            prop_assert_eq!(same_but_for_time(run.finish().report), whole(&limits, module));
        }
    }

    #[test]
    fn the_preflight_says_what_start_says(
        program in Program::any(), limits in small_limits(), grants in any::<[bool; 5]>(),
    ) {
        let (sandbox, module) = (granting(&limits, grants), program.module());
        let refusal = sandbox.check(&module).refusals.into_iter().next();
        prop_assert_eq!(sandbox.start(&module, []).err(), refusal);
    }
}

/// Each law is checked with so many guests.
const CASES: u32 = 256;

/// Some that are hit now and then, and some that are not.
fn limits() -> impl Strategy<Value = Limits> {
    let fuel = prop_oneof![1_u64..1_000, 1_000_u64..200_000, Just(20_000_000)];
    let memory_pages = 1_u64..10;
    let output = prop_oneof![0_u64..200, Just(1 << 20)];
    let log_bytes = prop_oneof![0_u64..200, Just(64 << 10)];
    let denial = prop_oneof![Just(GrowthDenial::Stop), Just(GrowthDenial::Refuse)];
    (
        fuel,
        memory_pages,
        4_u64..120,
        output,
        log_bytes,
        0_u64..8,
        0_u64..80,
        denial,
    )
        .prop_map(
            |(fuel, pages, table, output, log_bytes, log_lines, log_line_bytes, denial)| {
                Limits::default()
                    .fuel(fuel)
                    .deadline(Duration::MAX)
                    .memory_bytes(pages << 16)
                    .table_elements(table)
                    .output_bytes(output)
                    .log_bytes(log_bytes)
                    .log_lines(log_lines)
                    .log_line_bytes(log_line_bytes)
                    .growth_denial(denial)
            },
        )
}

/// Some that refuse the module at once.
fn small_limits() -> impl Strategy<Value = Limits> {
    (limits(), 0_u64..3, 0_u64..8)
        .prop_map(|(limits, pages, table)| limits.memory_bytes(pages << 16).table_elements(table))
}

/// `limits`, each larger by what it is in `more`.
fn sum(limits: &Limits, more: &Limits) -> Limits {
    limits
        .clone()
        .fuel(limits.call.fuel + more.call.fuel)
        .memory_bytes(limits.instance.memory_bytes + more.instance.memory_bytes)
        .table_elements(limits.instance.table_elements + more.instance.table_elements)
        .output_bytes(limits.call.output_bytes + more.call.output_bytes)
        .log_bytes(limits.call.log_bytes + more.call.log_bytes)
        .log_lines(limits.call.log_lines + more.call.log_lines)
        .log_line_bytes(limits.call.log_line_bytes + more.call.log_line_bytes)
}

/// Mostly small ones; they are repeated until the run is over.
fn slices() -> impl Strategy<Value = Vec<u64>> {
    vec(
        prop_oneof![3 => 1_u64..100, 2 => 100_u64..10_000, 1 => Just(100_000)],
        1..10,
    )
    .prop_map(|mut slices| {
        // So that long runs come to their end too.
        slices.push(20_000);
        slices
    })
}

fn granting(limits: &Limits, [log, input, output, twice, charge]: [bool; 5]) -> Sandbox {
    let mut sandbox = timeless(limits.clone());
    if log {
        sandbox = sandbox.grant(capability::Log);
    }
    if input {
        sandbox = sandbox.grant(capability::Input);
    }
    if output {
        sandbox = sandbox.grant(capability::Output);
    }
    if twice {
        sandbox = sandbox.grant(Function::new("host", "twice", |n: i32| n.wrapping_mul(2)));
    }
    if charge {
        let charge = |caller: &mut Caller<'_>, fuel: u64| caller.charge(fuel);
        sandbox = sandbox.grant(Function::new("host", "charge", charge));
    }
    sandbox
}

const INPUT: &[u8] = b"the input, with \xff and \xc3\xa9 \x1b[31m in it";

fn start(limits: &Limits, module: &Module) -> Execution {
    granting(limits, [true; 5])
        .start(module, INPUT)
        .expect("the module fits all limits of modules")
}

fn whole(limits: &Limits, module: &Module) -> Report {
    same_but_for_time(start(limits, module).finish().report)
}

fn sliced(limits: &Limits, module: &Module, slices: &[u64]) -> Report {
    let mut execution = start(limits, module);
    for slice in slices.iter().cycle() {
        if execution.step(Slice::fuel(*slice)) == Step::Done {
            break;
        }
    }
    same_but_for_time(execution.finish().report)
}

/// Runs to the end in `slices`; each step uses at least its slice, and all of them together what the report says.
fn adding_up(mut execution: Execution, slices: impl Iterator<Item = u64>) -> Finished {
    let mut used = 0;
    for slice in slices {
        let before = execution.usage().fuel;
        let step = execution.step(Slice::fuel(slice));
        let spent = execution.usage().fuel - before;
        used += spent;
        if step == Step::Done {
            break;
        }
        assert!(spent >= slice, "a step of {slice} used {spent}");
    }
    let finished = execution.finish();
    assert_eq!(finished.report.usage.fuel, used);
    finished
}

/// Runs to the end in `slices`; nothing is larger than its limit, after any of them and in the report.
fn within(
    limits: &Limits,
    mut execution: Execution,
    slices: impl Iterator<Item = u64>,
) -> Finished {
    for slice in slices {
        let step = execution.step(Slice::fuel(slice));
        let usage = execution.usage();
        assert!(usage.fuel <= limits.call.fuel);
        assert!(usage.peak_memory_bytes <= limits.instance.memory_bytes);
        assert!(usage.peak_table_elements <= limits.instance.table_elements);
        assert!(execution.output().len() as u64 <= limits.call.output_bytes);
        if step == Step::Done {
            break;
        }
    }
    let finished = execution.finish();
    assert_eq!(laws(&finished.report, limits), Ok(()));
    finished
}

/// Cancelled once `fuel` is used, if it is not over by then.
fn cancelled(limits: &Limits, module: &Module, fuel: u64) -> Report {
    let mut execution = start(limits, module);
    execution.step(Slice::fuel(fuel));
    execution.cancel_token().cancel();
    same_but_for_time(execution.finish().report)
}

/// Whether the run finished and no limit made a difference to it.
fn is_untouched_by_limits(report: &Report) -> bool {
    let usage = &report.usage;
    report.stop().is_none()
        && [
            usage.memory_growths_denied,
            usage.table_growths_denied,
            usage.log_lines_lost,
        ] == [0; 3]
}

/// Whether nothing in `part` is other or more than in `whole`.
fn is_beginning(part: &Report, whole: &Report) -> bool {
    let is_whole = part.outcome == whole.outcome && part.usage == whole.usage;
    let is_cut = matches!(
        part.outcome,
        Outcome::Stopped {
            stop: Stop::OutOfFuel { .. } | Stop::Cancelled,
            ..
        }
    );
    (is_whole || is_cut)
        && whole.output.starts_with(&part.output)
        && whole.logs.starts_with(&part.logs)
        && part.usage.fuel <= whole.usage.fuel
        && part.usage.peak_memory_bytes <= whole.usage.peak_memory_bytes
        && part.usage.host_calls <= whole.usage.host_calls
}

fn part(of: u64, share: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "any part will do"
    )]
    let part = (of as f64 * share) as u64;
    part
}
