//! A guest reaches what was granted to it and nothing else, and the preflight says the same as a start.

use crate::harness::{module, roomy, timeless};
use fuelbox::{
    Call, Error, ExternType, Function, FunctionType, HostError, ImportStatus, Sandbox, Stop,
    ValueType,
    capability::{Clock, Input, Log, Output, Random},
    protocol,
};
use std::time::Duration;

/// Every function that a capability offers, with the capability.
const OFFERED: [(&str, &str, &str); 6] = [
    ("host_log", "(param i32 i32)", "Log"),
    ("host_get_input_len", "(result i32)", "Input"),
    ("host_read_input", "(param i32 i32) (result i32)", "Input"),
    ("host_write_output", "(param i32 i32)", "Output"),
    ("host_get_time_nanos", "(result i64)", "Clock"),
    ("host_read_random", "(param i32 i32)", "Random"),
];

fn importing(module_name: &str, name: &str, what: &str) -> fuelbox::Module {
    module(&format!(
        r#"(module (import "{module_name}" "{name}" {what})
            (func $f unreachable) (start $f) (func (export "_start") unreachable))"#
    ))
}

fn with(sandbox: Sandbox, capability: &str) -> Sandbox {
    match capability {
        "Log" => sandbox.grant(Log),
        "Input" => sandbox.grant(Input),
        "Output" => sandbox.grant(Output),
        "Clock" => sandbox.grant(Clock::fixed(Duration::ZERO)),
        "Random" => sandbox.grant(Random::seeded(1)),
        other => panic!("no capability {other}"),
    }
}

/// A module that imports a function of the protocol, and whose memory that could reach.
fn importing_with_memory(name: &str, ty: &str) -> fuelbox::Module {
    module(&format!(
        r#"(module (import "env" "{name}" (func {ty})) (memory (export "memory") 1)
            (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))"#
    ))
}

#[test]
fn nothing_is_granted_by_default() {
    for (name, ty, capability) in OFFERED {
        let module = importing("env", name, &format!("(func {ty})"));
        let expected = Error::ImportNotGranted {
            module: "env".into(),
            name: name.into(),
            capability: capability.into(),
        };
        let sandbox = timeless(roomy());
        assert_eq!(sandbox.run(&module, []).expect_err("not granted"), expected);
        assert_eq!(sandbox.check(&module).refusals, [expected]);
        let capability = capability.into();
        assert_eq!(
            sandbox.check(&module).imports[0].status,
            ImportStatus::Denied { capability }
        );
    }
}

#[test]
fn each_function_takes_its_own_capability_and_no_other() {
    let capabilities = ["Log", "Input", "Output", "Clock", "Random"];
    for (name, ty, needed) in OFFERED {
        let module = importing_with_memory(name, ty);
        for granted in capabilities {
            let sandbox = with(timeless(roomy()), granted);
            assert_eq!(
                sandbox.start(&module, []).is_ok(),
                granted == needed,
                "{name}, {granted}"
            );
            assert_eq!(sandbox.check(&module).would_run(), granted == needed);
        }
    }
}

#[test]
fn the_protocol_reaches_nothing_but_the_report() {
    let sandbox = timeless(roomy()).grant(protocol());
    for (name, ty, capability) in OFFERED {
        let module = importing_with_memory(name, ty);
        let granted = !matches!(capability, "Clock" | "Random");
        assert_eq!(sandbox.check(&module).would_run(), granted, "{name}");
    }
}

#[test]
fn another_type_is_refused_with_both_types() {
    let sandbox = timeless(roomy()).grant(protocol());
    let offered = ExternType::Function(FunctionType::new(&[ValueType::I32, ValueType::I32], &[]));
    for what in [
        "(func)",
        "(func (param i32))",
        "(func (param i32 i64))",
        "(func (param i32 i32) (result i32))",
        "(func (param i32 i32 i32))",
        "(global i32)",
        "(memory 1)",
        "(table 1 funcref)",
    ] {
        let module = importing("env", "host_log", what);
        let error = sandbox.run(&module, []).expect_err("it is of another type");
        let Error::ImportType {
            module: from,
            name,
            expected,
            found,
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!((&**from, &**name), ("env", "host_log"));
        assert_eq!(*expected, offered);
        assert_eq!(*found, module.imports()[0].ty);
        assert_eq!(sandbox.check(&module).refusals.first(), Some(&error));
        let expected = expected.clone();
        assert_eq!(
            sandbox.check(&module).imports[0].status,
            ImportStatus::WrongType { expected }
        );
    }
}

#[test]
fn a_function_of_the_host_must_be_imported_with_its_type_too() {
    let sandbox = timeless(roomy()).grant(Function::new("host", "ours", |n: i64| n));
    for what in [
        "(func)",
        "(func (param i64))",
        "(func (param i32) (result i64))",
        "(global i64)",
    ] {
        let module = importing("host", "ours", what);
        let error = sandbox.run(&module, []).expect_err("it is of another type");
        assert_eq!(error.code(), "import-type", "{what}");
        assert_eq!(
            sandbox.check(&module).refusals,
            std::slice::from_ref(&error)
        );
    }
}

#[test]
fn what_nobody_offers_is_unknown() {
    let sandbox = timeless(roomy()).grant(protocol());
    for (from, name, what) in [
        ("env", "fuel_gauge", "(func)"),
        ("env", "", "(func)"),
        ("", "host_log", "(func (param i32 i32))"),
        ("ENV", "host_log", "(func (param i32 i32))"),
        ("env", "host_log ", "(func (param i32 i32))"),
        ("env", "memory", "(memory 1)"),
        ("env", "table", "(table 1 funcref)"),
        ("env", "global", "(global i32)"),
        (
            "wasi_unstable",
            "fd_write",
            "(func (param i32 i32 i32 i32) (result i32))",
        ),
    ] {
        let module = importing(from, name, what);
        let expected = Error::ImportUnknown {
            module: from.into(),
            name: name.into(),
            found: module.imports()[0].ty.clone(),
        };
        assert_eq!(sandbox.run(&module, []).expect_err("unknown"), expected);
        assert_eq!(sandbox.check(&module).refusals, [expected]);
        assert_eq!(
            sandbox.check(&module).imports[0].status,
            ImportStatus::Unknown
        );
    }
}

#[test]
fn the_first_refusal_is_the_starts_and_the_preflight_has_them_all() {
    let module = module(
        r#"(module
            (import "env" "host_log" (func (param i32 i32)))
            (import "env" "host_read_input" (func))
            (import "env" "nothing" (func)) (import "env" "nothing" (func))
            (import "host" "ours" (func (param i64)))
            (memory 2000) (table 99999 funcref)
            (func (export "execute")))"#,
    );
    let sandbox = timeless(roomy()).grant(Function::new("host", "ours", |_: i64| ()));
    let preflight = sandbox.check(&module);
    let codes: Vec<_> = preflight.refusals.iter().map(Error::code).collect();
    let start = sandbox.start(&module, []).expect_err("much is missing");
    assert_eq!(start, preflight.refusals[0]);
    for code in [
        "import-not-granted",
        "import-type",
        "import-unknown",
        "initial-memory",
        "export-type",
    ] {
        assert!(codes.contains(&code), "{code} is not in {codes:?}");
    }
    assert!(!preflight.would_run());
    assert_eq!(preflight.imports.len(), 5);
    let capability = "Function".into();
    assert_eq!(
        preflight.imports[4].status,
        ImportStatus::Granted { capability }
    );
}

#[test]
fn the_hosts_own_function_comes_before_a_capabilitys() {
    let module = module(
        r#"(module (import "env" "host_get_input_len" (func $len (result i32)))
            (func (export "execute") (param i32 i32) (result i32) (call $len)))"#,
    );
    let own = || Function::new("env", "host_get_input_len", || 42);
    let sandbox = timeless(roomy()).grant(Input).grant(own());
    assert_eq!(
        sandbox.run(&module, b"12345").expect("it starts").status(),
        Some(42)
    );
    let sandbox = timeless(roomy()).grant(own());
    assert_eq!(
        sandbox.run(&module, b"12345").expect("it starts").status(),
        Some(42)
    );
}

#[test]
fn the_same_grant_again_replaces_the_first() {
    let module = module(
        r#"(module (import "host" "number" (func $number (result i32)))
            (func (export "execute") (param i32 i32) (result i32) (call $number)))"#,
    );
    let sandbox = timeless(roomy())
        .grant(Function::new("host", "number", || 1_i64))
        .grant(Function::new("host", "number", || 2_i32));
    assert_eq!(
        sandbox.run(&module, []).expect("it starts").status(),
        Some(2)
    );
}

#[test]
fn what_a_guest_does_not_import_costs_it_nothing() {
    let module = module(r#"(module (func (export "_start")))"#);
    let bare = timeless(roomy()).run(&module, []).expect("it starts");
    let granted = timeless(roomy())
        .grant(protocol())
        .grant(Random::seeded(1))
        .run(&module, [])
        .expect("it starts");
    assert_eq!(bare, granted);
}

#[test]
fn what_is_no_function_is_refused_with_what_helps() {
    for (what, help) in [
        (
            "(memory 1)",
            "without --import-memory, with --export-memory",
        ),
        ("(table 1 funcref)", "without --import-table"),
        ("(global i32)", "without -shared"),
        ("(func)", "grant a Function with the name env.it"),
    ] {
        let module = module(&format!(
            r#"(module (import "env" "it" {what}) (func (export "_start")))"#
        ));
        // Not even as a stub.
        let sandbox = match what {
            "(func)" => timeless(roomy()),
            _ => timeless(roomy()).stub_unknown(),
        };
        let error = sandbox.run(&module, []).expect_err("nothing offers it");
        assert_eq!(error.code(), "import-unknown");
        let advice = error.advice().expect("it can be changed");
        assert!(advice.to_string().contains(help), "{advice}");
        assert_eq!(sandbox.check(&module).refusals, [error]);
    }
}

#[test]
fn an_unknown_function_stops_the_run_only_where_it_is_called() {
    let module = module(
        r#"(module (import "env" "rare" (func $rare (param i64) (result f32)))
            (import "env" "host_log" (func (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "_start"))
            (func (export "rarely") (drop (call $rare (i64.const 1)))))"#,
    );
    let refused = timeless(roomy()).grant(Log).run(&module, []);
    assert_eq!(refused.expect_err("unknown").code(), "import-unknown");
    // What is known and was not granted is no stub.
    let error = timeless(roomy()).stub_unknown().run(&module, []);
    assert_eq!(error.expect_err("not granted").code(), "import-not-granted");
    let sandbox = timeless(roomy()).stub_unknown().grant(Log);
    let statuses = sandbox.check(&module).imports;
    assert_eq!(statuses[0].status, ImportStatus::Stub);
    let report = sandbox.run(&module, []).expect("it starts");
    assert!(report.is_success() && report.usage.host_calls == 0);
    let report = sandbox
        .start(&module, Call::export("rarely"))
        .expect("it starts")
        .finish()
        .report;
    let expected = Stop::HostFunction {
        module: "env".into(),
        name: "rare".into(),
        error: HostError::message("no capability offers it: it is a stub"),
    };
    assert_eq!(report.stop(), Some(&expected));
    assert_eq!(report.usage.host_calls, 1);
}
