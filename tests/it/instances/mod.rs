//! A guest lives from call to call, until a call stops in its middle.

mod kept;
mod pool;
mod snapshots;
mod typed;
mod unwritable;
mod warm_modules;

use crate::harness::{code, module, roomy, timeless};
use fuelbox::{
    Call, CallError, CallLimits, CancelToken, Error, Finished, GrowthDenial, Instance, Module,
    Outcome, Phase, Slice, Step, Stop, Trap, Value, capability::Wasi, protocol,
};
use std::time::Duration;

/// A counter, and ways to stop.
fn counter() -> Module {
    module(
        r#"(module
            (memory (export "memory") 1 8)
            (global $n (export "n") (mut i32) (i32.const 0))
            (table (export "table") 1 funcref)
            (func $start (global.set $n (i32.add (global.get $n) (i32.const 100))))
            (start $start)
            (func (export "_initialize") (global.set $n (i32.mul (global.get $n) (i32.const 10))))
            (func (export "add") (param i32) (result i32)
                (global.set $n (i32.add (global.get $n) (local.get 0)))
                (global.get $n))
            (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
            (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "trap") (global.set $n (i32.const -1)) unreachable)
            (func (export "loop") (loop $again (br $again)))
            (func (export "execute") (param i32 i32) (result i32) (local.get 1)))"#,
    )
}

fn instance() -> Instance {
    timeless(roomy())
        .instantiate(&counter())
        .expect("it starts")
}

#[test]
fn state_lasts_from_call_to_call() {
    let mut instance = instance();
    assert_eq!(instance.call("add", 1), Ok(1_001));
    assert_eq!(instance.call("add", 2), Ok(1_003));
    assert_eq!(instance.call::<_, ()>("store", (65_532, 7)), Ok(()));
    assert_eq!(instance.call("load", 65_532), Ok(7));
    let report = instance.run(b"12345").expect("it is alive");
    assert_eq!(report.status(), Some(5));
    assert_eq!(instance.call("add", 0), Ok(1_003));
}

#[test]
fn start_function_and_initialize_run_once_and_tell_what_they_did() {
    let mut instance = instance();
    let report = instance.initialization().expect("they have run");
    assert_eq!(report.outcome, Outcome::Finished { status: 0 });
    assert!(report.usage.fuel > 0);
    assert_eq!(instance.call("add", 0), Ok(1_000));

    // In an instance of one run they are a part of it.
    let sandbox = timeless(roomy());
    let add = || Call::export("add").args(0);
    let Finished {
        report, instance, ..
    } = sandbox
        .start(&counter(), add())
        .expect("it starts")
        .finish();
    assert_eq!(report.values, [Value::I32(1_000)]);
    let mut instance = instance.expect("it finished");
    assert!(instance.initialization().is_none());
    let again = instance.run(add()).expect("it is alive");
    assert_eq!(again.values, [Value::I32(1_000)]);
    assert!(again.usage.fuel < report.usage.fuel);
}

#[test]
fn each_call_has_fuel_output_and_logs_of_its_own() {
    let module = module(
        r#"(module
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (import "env" "host_log" (func $log (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "abc")
            (func (export "execute") (param i32 i32) (result i32)
                (call $write (i32.const 0) (local.get 1))
                (call $log (i32.const 0) (local.get 1))
                (i32.const 0)))"#,
    );
    let limits = roomy().output_bytes(3).log_lines(1).fuel(1_000);
    let sandbox = timeless(limits).grant(protocol());
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    let mut reports = Vec::new();
    for _ in 0..20 {
        let report = instance.run(b"xyz").expect("it is alive");
        assert_eq!(report.output, b"abc");
        assert_eq!((report.logs.len(), report.usage.log_lines_lost), (1, 0));
        assert_eq!(report.usage.host_calls, 2);
        reports.push(report.usage.fuel);
    }
    assert!(
        reports
            .iter()
            .all(|fuel| *fuel == reports[0] && *fuel > 100)
    );
    let report = instance.run(b"four").expect("it is alive");
    assert_eq!(code(&report), "output-too-large");
}

#[test]
fn memory_and_tables_are_bounded_for_all_calls_together() {
    let limits = roomy()
        .memory_bytes(3 << 16)
        .growth_denial(GrowthDenial::Refuse);
    let mut instance = timeless(limits).instantiate(&counter()).expect("it starts");
    let grow = |pages: i32| Call::export("grow").args(pages);
    for (pages, grown, denied, peak) in [(1, 1, 0, 2), (1, 2, 0, 3), (1, -1, 1, 3), (0, 3, 0, 3)] {
        let report = instance.run(grow(pages)).expect("it is alive");
        assert_eq!(report.values, [Value::I32(grown)]);
        let usage = report.usage;
        assert_eq!(
            (usage.memory_growths_denied, usage.peak_memory_bytes),
            (denied, peak << 16)
        );
    }
}

#[test]
fn a_call_that_stops_ends_the_instance_and_later_ones_name_the_first_cause() {
    let trapped = Stop::Trapped(Trap::Unreachable);
    let mut instance = instance();
    let report = instance.run(Call::export("trap")).expect("it is alive");
    assert_eq!(report.stop(), Some(&trapped));
    assert!(!instance.is_alive());
    let refused = Error::InstanceStopped {
        stop: Box::new(trapped),
    };
    for _ in 0..2 {
        assert_eq!(instance.run(b"").expect_err("it has stopped"), refused);
        let call = instance.call::<_, i32>("add", 1);
        assert_eq!(call, Err(CallError::Refused(refused.clone())));
    }
    // What it left can still be seen.
    assert_eq!(instance.global("n"), Some(Value::I32(-1)));
    let refused = instance.start(b"").expect_err("it has stopped");
    assert!(!refused.instance.is_alive());
    assert_eq!(refused.error.code(), "instance-stopped");
}

#[test]
fn every_kind_of_stop_ends_the_instance() {
    let fuel = CallLimits::default().fuel(1_000);
    let late = CallLimits::default().deadline(Duration::ZERO);
    let cancelled = CancelToken::new();
    cancelled.cancel();
    let calls = [
        (Call::export("loop").limits(fuel), "out-of-fuel"),
        (Call::export("loop").limits(late), "deadline"),
        (Call::export("loop").cancel(cancelled), "cancelled"),
        (Call::export("grow").args(9), "finished"),
        (Call::export("load").args(-1), "trap-memory-out-of-bounds"),
    ];
    for (call, expected) in calls {
        let mut instance = instance();
        let report = instance.run(call).expect("it is alive");
        assert_eq!(code(&report), expected);
        assert_eq!(instance.is_alive(), expected == "finished", "{expected}");
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut instance = instance();
    let calls = [
        (Call::export("sub"), "export-missing"),
        (Call::export("add"), "export-type"),
        (Call::export("memory"), "export-type"),
        (Call::entry().args(1), "export-type"),
        (
            Call::entry()
                .input("long")
                .limits(CallLimits::default().input_bytes(3)),
            "input-too-large",
        ),
    ];
    for (call, expected) in calls {
        let refused = instance.run(call).expect_err("it is refused");
        assert_eq!(refused.code(), expected);
        assert!(instance.is_alive());
    }
    let refused = instance
        .start(Call::export("sub"))
        .expect_err("it is refused");
    let mut instance = refused.instance;
    assert_eq!(instance.call("add", 1), Ok(1_001));
}

#[test]
fn a_typed_call_of_a_guest_that_exits_returns_nothing() {
    let module = module(
        r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func (export "number") (param i32) (result i32) (call $exit (local.get 0)) (i32.const 7))
            (func (export "nothing") (param i32) (call $exit (local.get 0))))"#,
    );
    let sandbox = timeless(roomy()).grant(Wasi::new());
    let instance = || sandbox.instantiate(&module).expect("it starts");
    for status in [0, 3] {
        let stopped = |error| match error {
            CallError::Stopped(report) => (report.status(), report.values),
            error => panic!("{error}"),
        };
        let number = instance().call::<_, i32>("number", status).map_err(stopped);
        assert_eq!(number, Err((Some(status), vec![])));
        let number = sandbox.call::<_, i32>(&module, "number", status);
        assert_eq!(number.map_err(stopped), Err((Some(status), vec![])));

        let nothing = match status {
            0 => Ok(()),
            _ => Err((Some(status), vec![])),
        };
        assert_eq!(instance().call("nothing", status).map_err(stopped), nothing);
        let called = sandbox.call(&module, "nothing", status);
        assert_eq!(called.map_err(stopped), nothing);
    }
}

#[test]
fn a_status_keeps_the_instance_and_an_exit_during_code_ends_it() {
    let module = module(
        r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (func (export "leave") (call $exit (i32.const 4)))
            (func (export "execute") (param i32 i32) (result i32) (i32.const 3)))"#,
    );
    let sandbox = timeless(roomy()).grant(Wasi::new());
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    for _ in 0..2 {
        assert_eq!(instance.run(b"").expect("it is alive").status(), Some(3));
    }
    let report = instance.run(Call::export("leave")).expect("it is alive");
    assert_eq!(report.status(), Some(4));
    let refused = instance.run(b"").expect_err("it has exited");
    assert_eq!(refused, Error::InstanceExited { status: 4 });
}

#[test]
fn code_that_stops_before_the_first_call_leaves_no_instance() {
    let text = |name: &str, body: &str| {
        module(&format!(
            r#"(module
                (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (memory (export "memory") 1)
                (func $f (export "{name}") {body}) {})"#,
            if name == "start" { "(start $f)" } else { "" }
        ))
    };
    let sandbox = timeless(roomy()).grant(Wasi::new());
    for (name, phase) in [("start", Phase::Start), ("_initialize", Phase::Initialize)] {
        let stopped = sandbox.instantiate(&text(name, "unreachable"));
        let Err(CallError::Stopped(report)) = stopped else {
            panic!("{stopped:?}");
        };
        let stop = Stop::Trapped(Trap::Unreachable);
        assert_eq!(report.outcome, Outcome::Stopped { stop, phase });
        let exited = sandbox.instantiate(&text(name, "(call $exit (i32.const 2))"));
        let Err(CallError::Stopped(report)) = exited else {
            panic!("{exited:?}");
        };
        assert_eq!(report.status(), Some(2));
    }
    let refused = timeless(roomy()).instantiate(&text("start", "")).map(drop);
    assert!(matches!(
        refused,
        Err(CallError::Refused(Error::ImportNotGranted { .. }))
    ));
}

#[test]
fn an_instance_made_step_by_step_is_as_one_made_at_once() {
    let begun = timeless(roomy()).start_instance(&counter());
    let mut execution = begun.expect("it starts");
    while !execution.step(Slice::fuel(1)).is_done() {}
    let finished = execution.finish();
    let report = finished.report;
    let mut stepped = finished.instance.expect("nothing stopped it");
    let at_once = instance();
    let told = |instance: &Instance| {
        let report = instance.initialization().expect("it has run");
        (report.outcome.clone(), report.usage.fuel)
    };
    assert_eq!(told(&stepped), told(&at_once));
    assert_eq!(told(&stepped), (report.outcome, report.usage.fuel));
    assert_eq!(stepped.call("add", 1), Ok(1_001));

    let endless = module("(module (func $f (loop (br 0))) (start $f))");
    let mut execution = timeless(roomy())
        .start_instance(&endless)
        .expect("it starts");
    assert_eq!(execution.step(Slice::fuel(10_000)), Step::Paused);
    execution.cancel_token().cancel();
    let Finished {
        report, instance, ..
    } = execution.finish();
    assert_eq!(code(&report), "cancelled");
    assert!(instance.is_none());
}

#[test]
fn an_execution_gives_the_instance_back_unless_it_stopped() {
    let instance = instance();
    let mut execution = instance
        .start(Call::export("add").args(5))
        .expect("it is alive");
    while !execution.step(Slice::fuel(1)).is_done() {}
    let Finished {
        report, instance, ..
    } = execution.finish();
    assert_eq!(report.values, [Value::I32(1_005)]);
    let instance = instance.expect("it finished");
    let mut execution = instance.start(Call::export("loop")).expect("it is alive");
    assert_eq!(execution.step(Slice::fuel(10_000)), Step::Paused);
    execution.cancel_token().cancel();
    let Finished {
        report, instance, ..
    } = execution.finish();
    assert_eq!(code(&report), "cancelled");
    assert!(instance.is_none());
}

#[test]
fn one_token_cancels_many_calls() {
    let token = CancelToken::new();
    let mut executions: Vec<_> = (0..3)
        .map(|_| {
            let call = Call::export("loop").cancel(token.clone());
            instance().start(call).expect("it is alive")
        })
        .collect();
    for execution in &mut executions {
        assert_eq!(execution.step(Slice::fuel(1_000)), Step::Paused);
    }
    token.cancel();
    for execution in executions {
        assert_eq!(code(&execution.finish().report), "cancelled");
    }
}
