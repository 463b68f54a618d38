//! What was recorded comes again, whatever the guest and whatever ended it.

use super::{INPUT, granting, limits, program::Program};
use crate::harness::{MOST_RECORDED, replays};
use fuelbox::{Finished, Limits, Module, Slice};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(super::CASES))]

    #[test]
    fn what_was_recorded_comes_again(program in Program::any(), limits in limits()) {
        let module = program.module();
        prop_assert_eq!(replays(&module, &recorded(&limits, &module, u64::MAX)), Ok(()));
    }

    #[test]
    fn a_cancel_comes_again_at_the_same_point(
        program in Program::any(), limits in limits(), fuel in 0_u64..30_000,
    ) {
        let module = program.module();
        prop_assert_eq!(replays(&module, &recorded(&limits, &module, fuel)), Ok(()));
    }

    #[test]
    #[cfg(feature = "observe")]
    fn a_module_that_tells_where_it_is_uses_the_same_fuel(
        program in Program::any(), limits in limits(), fuel in prop_oneof![Just(u64::MAX), 0_u64..30_000],
    ) {
        let finished = recorded(&limits, &program.module(), fuel);
        prop_assert_eq!(crate::harness::is_observed(&program.wasm(), &finished), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(super::CASES))]

    #[test]
    #[cfg(feature = "fuzz")]
    fn a_module_that_tells_which_ways_it_takes_uses_the_same_fuel(
        program in Program::any(), limits in limits(), fuel in prop_oneof![Just(u64::MAX), 0_u64..30_000],
    ) {
        let finished = recorded(&limits, &program.module(), fuel);
        let checked = crate::harness::is_traced(&program.wasm(), &fuelbox::ModuleLimits::default(), &finished);
        prop_assert_eq!(checked, Ok(()));
    }
}

/// Runs a guest, which is cancelled once `fuel` is used, if it is not over by then.
fn recorded(limits: &Limits, module: &Module, fuel: u64) -> Finished {
    let sandbox = granting(limits, [true; 5]).record(MOST_RECORDED);
    let mut execution = sandbox
        .start(module, INPUT)
        .expect("the module fits all limits of modules");
    if !execution.step(Slice::fuel(fuel)).is_done() && fuel < u64::MAX {
        execution.cancel_token().cancel();
    }
    execution.finish()
}
