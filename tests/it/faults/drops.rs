//! Runs that are dropped half way.

use crate::harness::{allocations::measure, cases};
use fuelbox::{Slice, Step};

/// How many slices of a run are followed: those of a long one that come after are like them.
const MOST_SLICES: usize = 40;

/// Fuel of a slice, so that most guests are left in the midst of what they do.
const SLICES: [u64; 2] = [7, 1_000];

#[test]
fn a_run_that_is_dropped_after_any_slice_leaves_nothing_behind() {
    let mut dropped = 0;
    for (path, case) in cases("tests/guests") {
        let Ok(warm) = case.admit() else { continue };
        let sandbox = case.sandbox();
        // What is made once in a process is no leak.
        drop(case.start(&sandbox, &warm).map(|run| run.finish().report));
        for fuel in SLICES {
            for slices in 0..MOST_SLICES {
                let (was_paused, spent) = measure(|| {
                    // The stacks that a module keeps go with it.
                    let module = case.admit().expect("it was admitted before");
                    let Ok(mut execution) = case.start(&sandbox, &module) else {
                        return false;
                    };
                    (0..slices).all(|_| execution.step(Slice::fuel(fuel)) == Step::Paused)
                });
                assert_eq!(
                    spent.live, 0,
                    "{path}: bytes left after {slices} slices of {fuel}"
                );
                if !was_paused {
                    break;
                }
                dropped += 1;
            }
        }
    }
    assert!(dropped > 200, "only {dropped} were dropped half way");
}
