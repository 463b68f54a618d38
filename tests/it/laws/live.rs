//! The laws of every run, checked for every call of a guest that is kept.

use super::{
    CASES, adding_up, granting, is_beginning, is_untouched_by_limits, limits, part,
    program::Program, sum, within,
};
use crate::harness::{SLICES, finish_in, same_but_for_time};
use fuelbox::{
    Call, CallError, Execution, Finished, Instance, Limits, Module, Report, Slice, Stop,
};
use proptest::{collection::vec, prelude::*, sample::select};
use std::iter::repeat;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn slices_of_no_size_show_in_calls(
        program in Program::any(), limits in short_limits(), inputs in inputs(),
    ) {
        let module = program.module();
        let [first, rest @ ..] = SLICES.map(|slice| life(&limits, &module, &inputs, slice));
        for life in rest {
            prop_assert_eq!(&life, &first);
        }
    }

    #[test]
    fn fuel_adds_up_over_the_slices_of_each_call(
        program in Program::any(), limits in short_limits(), inputs in inputs(), slice in slice(),
    ) {
        let adding_up = |execution| adding_up(execution, repeat(slice));
        live(&limits, &program.module(), &inputs, adding_up);
    }

    #[test]
    fn nothing_is_larger_than_its_limit_in_any_call(
        program in Program::any(), limits in short_limits(), inputs in inputs(), slice in slice(),
    ) {
        let within = |execution| within(&limits, execution, repeat(slice));
        live(&limits, &program.module(), &inputs, within);
    }

    #[test]
    fn what_a_call_used_is_enough_and_one_less_is_not(
        program in Program::any(), limits in short_limits(), inputs in inputs(), slice in slice(),
    ) {
        let module = program.module();
        // The last of those that finish.
        let life = life(&limits, &module, &inputs, slice);
        let finished = life.iter().skip(1).filter(|(report, _)| report.stop().is_none());
        let inputs = &inputs[..finished.count()];
        let Some(whole) = last_of(&limits, &module, inputs, limits.call.fuel, slice) else {
            return Ok(());
        };
        let fuel = whole.usage.fuel;
        let enough = last_of(&limits, &module, inputs, fuel, slice);
        prop_assert_eq!(enough.as_ref(), Some(&whole));
        let short = last_of(&limits, &module, inputs, fuel - 1, slice);
        let stop = short.as_ref().and_then(Report::stop);
        prop_assert_eq!(stop, Some(&Stop::OutOfFuel { limit: fuel - 1 }));
    }

    #[test]
    fn a_call_that_is_cut_short_is_the_beginning_of_the_whole(
        program in Program::any(), limits in short_limits(), inputs in inputs(), slice in slice(),
        share in 0.0..1.0, cancel: bool,
    ) {
        let module = program.module();
        let Some(whole) = last_of(&limits, &module, &inputs, limits.call.fuel, slice) else {
            return Ok(());
        };
        let fuel = part(whole.usage.fuel, share);
        let cut = if cancel {
            let mut execution = last(&limits, &module, &inputs, limits.call.fuel).expect("it began before");
            execution.step(Slice::fuel(fuel));
            execution.cancel_token().cancel();
            Some(same_but_for_time(finish_in(execution, slice).report))
        } else {
            last_of(&limits, &module, &inputs, fuel, slice)
        };
        let cut = cut.expect("it began before");
        prop_assert!(is_beginning(&cut, &whole), "{:?} is no beginning of {:?}", cut, whole);
    }

    #[test]
    fn calls_that_finish_are_the_same_under_larger_limits(
        program in Program::any(), limits in short_limits(), more in limits(), inputs in inputs(), slice in slice(),
    ) {
        let module = program.module();
        let life = life(&limits, &module, &inputs, slice);
        let larger = self::life(&sum(&limits, &more), &module, &inputs, u64::MAX);
        // As long as no limit made a difference; what a guest does then may be another thing.
        let untouched = life.iter().take_while(|(report, _)| is_untouched_by_limits(report)).count();
        prop_assert_eq!(&larger[..untouched], &life[..untouched]);
    }

    #[test]
    fn the_peak_of_each_call_is_what_the_guest_has_at_its_end(
        program in Program::any(), limits in short_limits(), inputs in inputs(), slice in slice(),
    ) {
        let life = life(&limits, &program.module(), &inputs, slice);
        for (report, memory) in life.iter().skip(1).filter(|(report, _)| report.stop().is_none()) {
            let pages = report.output.last_chunk().map(|last| u32::from_le_bytes(*last));
            let peak = report.usage.peak_memory_bytes;
            prop_assert_eq!(pages.map(|pages| u64::from(pages) << 16), Some(peak));
            prop_assert_eq!(memory.len() as u64, peak);
        }
    }

    #[test]
    fn a_life_leaves_its_module_as_it_was(
        program in Program::any(), limits in short_limits(), inputs in inputs(), slice in slice(),
    ) {
        let module = program.module();
        let fingerprint = module.fingerprint();
        let first = life(&limits, &module, &inputs, slice);
        prop_assert_eq!(&life(&limits, &module, &inputs, slice), &first);
        prop_assert_eq!(module.fingerprint(), fingerprint);
        prop_assert_eq!(life(&limits, &program.module(), &inputs, slice), first);
    }
}

/// What a guest did: a report of its beginning and of each call, with all of its memory at the end of it.
type Life = Vec<(Report, Vec<u8>)>;

/// So little fuel that slices of 1 are soon through.
fn short_limits() -> impl Strategy<Value = Limits> {
    const MOST_FUEL: u64 = 20_000;

    limits().prop_map(|limits| {
        let fuel = limits.call.fuel.min(MOST_FUEL);
        limits.fuel(fuel)
    })
}

fn inputs() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 0..5), 1..5)
}

fn slice() -> impl Strategy<Value = u64> {
    select(&SLICES[..])
}

/// A call with each of `inputs`, in slices of this size, until one stops.
fn life(limits: &Limits, module: &Module, inputs: &[Vec<u8>], slice: u64) -> Life {
    live(limits, module, inputs, |execution| {
        finish_in(execution, slice)
    })
}

/// The same, with each call run to its end by `finish`.
fn live(
    limits: &Limits,
    module: &Module,
    inputs: &[Vec<u8>],
    finish: impl Fn(Execution) -> Finished,
) -> Life {
    let mut instance = match granting(limits, [true; 5]).instantiate(module) {
        Ok(instance) => instance,
        Err(CallError::Stopped(report)) => return vec![(same_but_for_time(*report), Vec::new())],
        Err(error) => panic!("the module fits all limits of modules: {error}"),
    };
    let began = instance
        .initialization()
        .expect("it was made ready")
        .clone();
    let mut life = vec![(same_but_for_time(began), memory(&mut instance))];
    for input in inputs {
        let execution = instance.start(input.as_slice()).expect("it is alive");
        let Finished {
            report,
            instance: back,
            ..
        } = finish(execution);
        let report = same_but_for_time(report);
        let Some(back) = back else {
            life.push((report, Vec::new()));
            break;
        };
        instance = back;
        life.push((report, memory(&mut instance)));
    }
    life
}

/// The last of these calls, with this fuel, where those before it finish.
fn last(limits: &Limits, module: &Module, inputs: &[Vec<u8>], fuel: u64) -> Option<Execution> {
    let mut instance = granting(limits, [true; 5]).instantiate(module).ok()?;
    let (last, before) = inputs.split_last()?;
    for input in before {
        instance.run(input.as_slice()).expect("it is alive");
        if !instance.is_alive() {
            return None;
        }
    }
    let limits = limits.call.clone().fuel(fuel);
    let call = Call::entry().input(last.as_slice()).limits(limits);
    Some(instance.start(call).expect("it is alive"))
}

/// Its report, in slices of this size.
fn last_of(
    limits: &Limits,
    module: &Module,
    inputs: &[Vec<u8>],
    fuel: u64,
    slice: u64,
) -> Option<Report> {
    let execution = last(limits, module, inputs, fuel)?;
    Some(same_but_for_time(finish_in(execution, slice).report))
}

fn memory(instance: &mut Instance) -> Vec<u8> {
    let memory = instance.memory();
    let all = memory.read(0, memory.size());
    all.expect("it is all of it").to_vec()
}
