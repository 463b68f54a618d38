//! Instances that are kept are recorded call by call, from their beginning.

use crate::harness::{MOST_RECORDED, module, roomy, timeless};
use fuelbox::{Call, Function, Instance, Module, Recording, Value};

const KEPT: &str = r#"(module
    (import "env" "next" (func $next (param i32) (result i64)))
    (memory (export "memory") 1)
    (global $calls (mut i32) (i32.const 0))
    (func (export "_initialize") (global.set $calls (i32.wrap_i64 (call $next (i32.const 1)))))
    (func (export "add") (param i32) (result i32)
        (global.set $calls (i32.add (global.get $calls) (local.get 0)))
        (i32.add (global.get $calls) (i32.load8_u (i32.const 100))))
    (func (export "divide") (param i32) (result i32)
        (i32.div_u (global.get $calls) (local.get 0))))"#;

fn kept(module: &Module) -> Instance {
    let next = Function::new("env", "next", |n: i32| i64::from(n) * 10);
    let sandbox = timeless(roomy()).grant(next).record(MOST_RECORDED);
    sandbox.instantiate(module).expect("it starts")
}

fn reread(instance: &Instance) -> Recording {
    let file = instance.recording().expect("it is recorded").to_bytes();
    Recording::from_bytes(&file).expect("it was just written")
}

#[test]
fn calls_follow_each_other_with_what_the_host_wrote_between_them() {
    let module = module(KEPT);
    let mut instance = kept(&module);
    let first = instance
        .run(Call::export("add").args(5))
        .expect("it is ready");
    instance
        .memory()
        .write(100, &[200])
        .expect("there is memory");
    let typed = instance.call::<_, i32>("add", 7).expect("it returns");
    let last = instance
        .run(Call::export("divide").args(0))
        .expect("it is ready");
    assert_eq!((first.values, typed), (vec![Value::I32(15)], 222));

    let recording = reread(&instance);
    assert_eq!((recording.calls(), recording.host_calls()), (4, 1));
    let replay = recording.replay(&module).expect("it starts");
    assert_eq!(replay.divergence, None);
    let reports = &replay.reports;
    assert_eq!(Some(&reports[0]), instance.initialization());
    assert_eq!(reports[1].values, [Value::I32(15)]);
    assert_eq!(reports[2].values, [Value::I32(222)]);
    assert_eq!(reports[3], last);
}

#[test]
fn what_was_refused_is_no_call() {
    let module = module(KEPT);
    let mut instance = kept(&module);
    assert!(instance.run(Call::export("nowhere")).is_err());
    assert!(
        instance
            .run(Call::export("divide").args(0))
            .is_ok_and(|report| report.stop().is_some())
    );
    assert!(
        instance.run(Call::export("add").args(1)).is_err(),
        "it has stopped"
    );
    assert_eq!(reread(&instance).calls(), 2);
}

#[test]
fn a_finished_call_brings_all_of_them() {
    let module = module(KEPT);
    let instance = kept(&module);
    let execution = instance
        .start(Call::export("add").args(3))
        .expect("it is ready");
    let finished = execution.finish();
    let recording = finished.recording.expect("it is recorded");
    assert_eq!(recording.calls(), 2);
    let replay = recording.replay(&module).expect("it starts");
    assert_eq!(replay.reports.last(), Some(&finished.report));
}

#[test]
fn a_snapshot_is_recorded_as_the_module_that_it_is() {
    let builder = Module::builder().snapshots(true);
    let built = builder.build(wat::parse_str(KEPT).expect("the text is valid"));
    let warm = kept(&built.expect("it is admitted"))
        .snapshot()
        .expect("it can be written");
    let mut instance = kept(&warm);
    let sum = instance.call::<_, i32>("add", 1).expect("it returns");
    assert_eq!(sum, 11);
    let replay = reread(&instance).replay(&warm).expect("it starts");
    assert_eq!(replay.divergence, None);
}
