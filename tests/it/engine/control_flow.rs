//! What blocks, loops, conditions and branches carry arrives, whatever the types and wherever a slice ends.

use super::{
    choices::CHOICES,
    kinds::{self, ALL, Kind, NUMBERS},
    shapes::{BLOCKS, BRANCHES, Shape},
};
use crate::harness::{SLICES, admit, roomy, run_to_end, same_but_for_time, timeless};
use fuelbox::{Call, Module, ModuleLimits, Report, Value};

#[test]
fn what_blocks_loops_and_conditions_carry_arrives() {
    arrives(BLOCKS);
}

#[test]
fn what_branches_carry_arrives() {
    arrives(BRANCHES);
}

#[test]
fn what_a_comparison_with_zero_chooses_arrives() {
    arrives(CHOICES);
}

/// What is avoided is still there, and the shapes would see it. Where this fails after an update of wasmi, a fault is
/// gone.
#[test]
fn as_written_the_interpreter_gets_just_these_wrong() {
    let limits = ModuleLimits::default().keep_faults();
    for shape in BLOCKS.iter().chain(BRANCHES).chain(CHOICES) {
        let is_wrong = |kind: &Kind| {
            let module = admitted(shape, *kind, &limits);
            (0..3).any(|c| run(&module, c, u64::MAX).values != expected(shape, c))
        };
        let known: Vec<_> = kinds::here(shape.wrong).collect();
        let wrong: Vec<_> = kinds::here(&NUMBERS).filter(is_wrong).collect();
        assert_eq!(wrong, known, "{}", shape.name);
    }
}

/// Cut at nearly every operator.
#[test]
fn what_is_carried_over_cuts_arrives() {
    for fuel in [2, 9, 40] {
        let limits = ModuleLimits::default().stretch_fuel(fuel);
        for shapes in [BLOCKS, BRANCHES, CHOICES] {
            arrives_under(shapes, &limits);
        }
    }
}

fn arrives(shapes: &[Shape]) {
    arrives_under(shapes, &ModuleLimits::default());
}

fn arrives_under(shapes: &[Shape], limits: &ModuleLimits) {
    for shape in shapes {
        for kind in kinds::here(&ALL) {
            let module = admitted(shape, kind, limits);
            for c in 0..3 {
                let reports = SLICES.map(|slice| same_but_for_time(run(&module, c, slice)));
                let what = || format!("{} of {}, {c}", shape.name, kind.name());
                assert_eq!(reports[0].values, expected(shape, c), "{}", what());
                assert!(
                    reports.iter().all(|report| *report == reports[0]),
                    "{}",
                    what()
                );
            }
        }
    }
}

fn admitted(shape: &Shape, kind: Kind, limits: &ModuleLimits) -> Module {
    let text = kinds::module(shape, kind);
    admit(&text, limits).unwrap_or_else(|error| panic!("{}: {error}", shape.name))
}

fn run(module: &Module, c: u32, slice: u64) -> Report {
    let call = Call::export("f").args((c,));
    let execution = timeless(roomy()).start(module, call).expect("it starts");
    run_to_end(execution, slice)
}

/// As many checks as there are, all of them right.
fn expected(shape: &Shape, c: u32) -> [Value; 2] {
    let of_choice = usize::try_from(c).ok().and_then(|c| shape.checks.get(c));
    let checks = of_choice.expect("there are three choices");
    [Value::I32(checks.cast_signed()), Value::I32(0)]
}
