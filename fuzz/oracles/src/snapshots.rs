//! What starts from a snapshot does what the instance would that it was made of; and room for snapshots shows
//! nowhere.

#[path = "../../../tests/it/laws/going_on.rs"]
mod going_on;

use crate::{
    guest::{DIGEST, grow},
    plan::Plan,
    run::{same_but_for_time, start, unchanging},
};
use fuelbox::{Call, Error, Instance, Module, SnapshotError};

/// Makes snapshots of the guest that `data` makes.
///
/// # Panics
/// Where a law is broken.
pub(crate) fn check(data: &[u8]) {
    let (plan, bytes) = Plan::split(data);
    let Some(wasm) = grow::module(&plan, bytes) else {
        return;
    };
    let builder = Module::builder().limits(plan.module_limits());
    let plain = builder.build(&wasm);
    let built = builder.clone().snapshots(true).build(&wasm);
    let (Ok(plain), Ok(module)) = (&plain, &built) else {
        assert_eq!(plain.err(), built.err());
        return;
    };
    assert!(module.exports().eq(plain.exports()));

    let sandbox = unchanging(&plan, plan.timeless());
    let run = |module| {
        let execution = start(&sandbox, module, &plan)?;
        Ok::<_, Error>(same_but_for_time(execution.finish().report))
    };
    assert_eq!(run(module), run(plain));
    let Ok(mut instance) = sandbox.instantiate(module) else {
        return;
    };
    let mut draw = plan.draw();
    for call in calls(&plan, draw.below(3)) {
        if instance.is_alive() {
            instance.run(call).expect("it is alive");
        }
    }
    if let Some(first) = snapshot(&mut instance) {
        let count = 1 + draw.below(3);
        let calls = || calls(&plan, count);
        going_on::go_on_the_same(&sandbox, &mut instance, &first, calls, same_but_for_time);
    }
}

/// So many calls, by turns of what tells all of its state and of the entry.
fn calls(plan: &Plan, count: u64) -> Vec<Call> {
    let call = |n: u64| match n % 2 {
        0 => Call::export(DIGEST),
        _ => Call::entry().input(plan.input()),
    };
    (0..count).map(call).collect()
}

/// A snapshot of the instance, unless it is refused for a reason that guests may have.
fn snapshot(instance: &mut Instance) -> Option<Module> {
    match instance.snapshot() {
        Ok(module) => Some(module),
        Err(SnapshotError::Over(_) | SnapshotError::OpenFile { .. }) => None,
        Err(SnapshotError::Refused(Error::ModuleLimit { .. })) => None,
        Err(error) => panic!("{error:?}"),
    }
}
