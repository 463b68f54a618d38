//! The report is complete and exact however the run ended, and nothing leaks from one run into the next.

use crate::harness::{admit, code, module, roomy, same_but_for_time, timeless};
use std::panic::AssertUnwindSafe;

use fuelbox::{Error, HostError, ModuleLimits, Report, Stop, Value, protocol};

/// Writes and logs, then does what the body says.
fn writing_then(body: &str) -> fuelbox::Module {
    module(&format!(
        r#"(module
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (import "env" "host_log" (func $log (param i32 i32)))
            (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
            (memory (export "memory") 1) (table $table 1 funcref)
            (data (i32.const 0) "so far")
            (func (export "execute") (param i32 i32) (result i32)
                (call $write (i32.const 0) (i32.const 6))
                (call $log (i32.const 0) (i32.const 6))
                {body}))"#
    ))
}

#[test]
fn what_came_before_the_end_is_in_the_report() {
    for (body, expected) in [
        ("(i32.const 0)", "finished"),
        ("unreachable", "trap-unreachable"),
        ("(loop $again (br $again)) unreachable", "out-of-fuel"),
        ("(memory.grow (i32.const 2000))", "out-of-memory"),
        (
            "(table.grow $table (ref.null func) (i32.const 200000))",
            "out-of-table",
        ),
        (
            "(call $write (i32.const 0) (i32.const 60000)) (i32.const 0)",
            "output-too-large",
        ),
        (
            "(call $write (i32.const -1) (i32.const 1)) (i32.const 0)",
            "fault",
        ),
    ] {
        let limits = roomy().fuel(100_000).output_bytes(100);
        let report = timeless(limits)
            .grant(protocol())
            .run(&writing_then(body), [])
            .expect("it starts");
        assert_eq!(code(&report), expected);
        assert!(report.output.starts_with(b"so far"));
        assert_eq!(report.logs[0].text, "so far");
        assert!(report.usage.fuel > 128 && report.usage.fuel <= 100_000);
        assert!(report.usage.host_calls >= 2);
        assert_eq!(report.usage.peak_memory_bytes, 65_536);
        assert_eq!(report.usage.peak_table_elements, 1);
        assert!(report.usage.slices > 0);
        assert_eq!(report.status().is_some(), expected == "finished");
        assert_eq!(report.stop().is_some(), expected != "finished");
        assert_eq!(report.is_success(), expected == "finished");
        match report.clone().into_output() {
            Ok(output) => assert_eq!((output, expected), (report.output, "finished")),
            Err(failed) => assert_eq!(*failed.0, report),
        }
    }
}

#[test]
fn a_status_other_than_zero_is_no_output_but_a_report() {
    let report = timeless(roomy())
        .grant(protocol())
        .run(&writing_then("(i32.const 2)"), [])
        .expect("it starts");
    assert!(!report.is_success());
    let failed = report.into_output().expect_err("the guest says so");
    assert_eq!(failed.to_string(), "the guest finished with status 2");
    assert!(failed.0.output.starts_with(b"so far"));
}

#[test]
fn nothing_leaks_from_run_to_run() {
    let module = module(
        r#"(module
            (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (import "env" "host_log" (func $log (param i32 i32)))
            (import "env" "host_read_random" (func $random (param i32 i32)))
            (memory (export "memory") 1) (table $table 1 10 funcref)
            (global $runs (mut i32) (i32.const 0)) (data $data "once")
            (func (export "execute") (param i32 i32) (result i32)
                (call $write (i32.const 0) (i32.const 100))
                (drop (call $read (i32.const 0) (i32.const 50)))
                (call $random (i32.const 50) (i32.const 50))
                (call $write (i32.const 0) (i32.const 100))
                (call $log (i32.const 0) (i32.const 10))
                (memory.init $data (i32.const 200) (i32.const 0) (i32.const 4))
                (data.drop $data)
                (drop (memory.grow (i32.const 1)))
                (drop (table.grow $table (ref.null func) (i32.const 1)))
                (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
                (i32.add (global.get $runs) (i32.mul (i32.const 1000)
                    (i32.add (memory.size) (table.size $table))))))"#,
    );
    let sandbox = timeless(roomy())
        .grant(protocol())
        .grant(fuelbox::capability::Random::seeded(1));
    let run = |input: &[u8]| same_but_for_time(sandbox.run(&module, input).expect("it starts"));
    let first = run(b"a secret of the first run");
    assert_eq!(first.status(), Some(4_001));
    let second = run(b"");
    assert_eq!(&second.output[..150], &[0; 150], "memory starts empty");
    assert_eq!(
        &second.output[150..],
        &first.output[150..],
        "random bytes start again"
    );
    assert_eq!(second.logs.len(), 1);
    assert_eq!(run(b"a secret of the first run"), first);
}

#[test]
fn reports_errors_and_stops_can_be_told_apart_and_copied() {
    fn is_data<T: Clone + std::fmt::Debug + PartialEq + Send + Sync>() {}
    is_data::<Report>();
    is_data::<Error>();
    is_data::<Stop>();
    is_data::<HostError>();
    is_data::<Value>();
}

#[test]
fn values_are_those_of_a_guest_that_finished() {
    let module = module(
        r#"(module (func (export "two") (result i32 f64) (i32.const 1) (f64.const nan:0x4000000000001))
            (func (export "trap") (result i32) unreachable))"#,
    );
    let call = |name: &str| {
        let execution = timeless(roomy()).start(&module, fuelbox::Call::export(name));
        execution.expect("it starts").finish().report
    };
    let nan = f64::from_bits(0x7ff4_0000_0000_0001);
    assert_eq!(call("two").values, [Value::I32(1), Value::F64(nan)]);
    assert_eq!(
        call("two").status(),
        Some(0),
        "what an export returns is no status"
    );
    assert_eq!(call("trap").values, []);
}

#[test]
fn the_report_does_not_tell_the_fuel_limit_from_the_work() {
    let module = writing_then("(i32.const 0)");
    let run = |fuel| {
        let sandbox = timeless(roomy().fuel(fuel)).grant(protocol());
        same_but_for_time(sandbox.run(&module, []).expect("it starts"))
    };
    assert_eq!(run(100_000), run(u64::MAX));
}

#[cfg(feature = "serde")]
#[test]
fn output_is_text_in_json_where_it_is_text() {
    let report = |bytes: &str| {
        let module = module(&format!(
            r#"(module (import "env" "host_write_output" (func $write (param i32 i32)))
                (memory (export "memory") 1) (data (i32.const 0) "{bytes}")
                (func (export "_start") (call $write (i32.const 0) (i32.const 3))))"#
        ));
        let report = timeless(roomy())
            .grant(protocol())
            .run(&module, [])
            .expect("it starts");
        let json = serde_json::to_value(&report).expect("a report is JSON");
        let back: Report = serde_json::from_value(json.clone()).expect("and comes back");
        assert_eq!(back, report);
        json
    };
    assert_eq!(report("abc")["output"], "abc");
    assert_eq!(report("\\ffbc")["output"]["base64"], "/2Jj");
    assert_eq!(report("abc")["usage"]["host_calls"], 1);
}

#[cfg(feature = "serde")]
#[test]
fn reports_that_were_stored_under_the_old_names_of_fields_are_read() {
    let module = writing_then(r#"(call $log (i32.const 0) (i32.const 6)) unreachable"#);
    let limits = roomy().log_lines(1);
    let report = timeless(limits).grant(protocol()).run(&module, []);
    let report = report.expect("it starts");
    assert_eq!(report.usage.log_lines_lost, 1);
    let mut json = serde_json::to_string(&report).expect("a report is JSON");
    for (new, old) in [
        ("memory_growths_denied", "memory_denied"),
        ("table_growths_denied", "table_denied"),
        ("log_lines_lost", "log_lost"),
        ("stderr_bytes_lost", "stderr_lost"),
    ] {
        assert!(json.contains(new), "{json}");
        json = json.replace(new, old);
    }
    assert_eq!(serde_json::from_str::<Report>(&json).ok(), Some(report));
}

#[test]
fn errors_of_the_interpreters_own_bounds_are_named() {
    // The parser takes 1,000 parameters; what the interpreter cannot take must say so, not panic.
    let text = format!("(module (func (param {})))", "i64 ".repeat(1_000));
    match admit(&text, &ModuleLimits::default()) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.code(), "unsupported"),
    }
    let text = format!("(module (func (param {})))", "i64 ".repeat(1_001));
    let error = admit(&text, &ModuleLimits::default()).expect_err("there are too many");
    assert_eq!(error.code(), "invalid-module");
}

#[test]
fn a_subscriber_that_panics_panics_its_host_and_aborts_nothing() {
    let module = writing_then("(i32.const 0)");
    let sandbox = timeless(roomy()).grant(protocol());
    let panicked = std::panic::catch_unwind(AssertUnwindSafe(|| {
        crate::tracing::with_panicking_subscriber(|| sandbox.run(&module, []).expect("it starts"))
    }));
    let payload = panicked.expect_err("the subscriber panics");
    assert_eq!(
        payload.downcast_ref::<&str>(),
        Some(&"the subscriber panics")
    );
    assert_eq!(
        code(&sandbox.run(&module, []).expect("it starts")),
        "finished"
    );
}
