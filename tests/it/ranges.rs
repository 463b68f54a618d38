//! Ranges of guest memory are checked before anything is allocated, copied or paid for.

use crate::harness::{allocations::measure, code, module, roomy, timeless};
use fuelbox::{
    Call, Caller, Error, Function, HostError, Module, Report, Sandbox, Stop,
    capability::{Abort, Clock, Input, Log, Output, Random, Wasi},
};

const PAGE: u32 = 65_536;

/// Ranges that do not lie in one page of memory.
const OUTSIDE: [(u32, u32); 12] = [
    (0, u32::MAX),
    (0, i32::MAX as u32),
    (0, 1 << 31),
    (0, PAGE + 1),
    (1, PAGE),
    (PAGE, 1),
    (PAGE + 1, 0),
    (u32::MAX, 0),
    (u32::MAX, 1),
    (u32::MAX, u32::MAX),
    (i32::MAX as u32, i32::MAX as u32),
    (PAGE - 1, u32::MAX - PAGE + 2),
];

/// Ranges that do.
const INSIDE: [(u32, u32); 5] = [(0, 0), (0, PAGE), (PAGE, 0), (PAGE - 1, 1), (100, 200)];

/// Every function that takes a range.
const FUNCTIONS: [(&str, &str); 6] = [
    ("env", "host_log"),
    ("env", "host_read_input"),
    ("env", "host_write_output"),
    ("env", "host_read_random"),
    ("host", "read"),
    ("host", "write"),
];

fn sandbox() -> Sandbox {
    timeless(roomy())
        .grant(Log)
        .grant(Input)
        .grant(Output)
        .grant(Random::seeded(1))
        .grant(Function::new(
            "host",
            "read",
            |caller: &mut Caller<'_>, ptr: u32, len: u32| -> Result<(), HostError> {
                drop(caller.read(ptr, len)?.to_vec());
                Ok(())
            },
        ))
        .grant(Function::new(
            "host",
            "write",
            |caller: &mut Caller<'_>, ptr: u32, len: u32| -> Result<(), HostError> {
                // Looks before it makes room, as a careful host does.
                caller.read(ptr, len)?;
                let bytes = vec![1; usize::try_from(len).expect("32 bits fit")];
                Ok(caller.write(ptr, &bytes)?)
            },
        ))
}

/// Calls `function` with a range; a memory is exported as `export` says.
fn guest(function: (&str, &str), export: &str, (ptr, len): (u32, u32)) -> Module {
    let (from, name) = function;
    let (result, dropped) = match name {
        "host_read_input" => ("(result i32)", "drop"),
        _ => ("", ""),
    };
    module(&format!(
        r#"(module (import "{from}" "{name}" (func $f (param i32 i32) {result}))
            {export}
            (func (export "_start")
                (call $f (i32.const {ptr}) (i32.const {len})) {dropped}))"#
    ))
}

/// Runs with input that would fill any range, and counts what the run itself allocates.
fn run(module: &Module) -> (Report, i64) {
    let execution = sandbox()
        .start(module, vec![7; 1 << 20])
        .expect("it starts");
    let (report, spent) = measure(|| execution.finish().report);
    (report, spent.peak)
}

#[test]
fn a_range_outside_memory_is_a_fault_and_allocates_nothing() {
    for function in FUNCTIONS {
        for (ptr, len) in OUTSIDE {
            let module = guest(function, r#"(memory (export "memory") 1)"#, (ptr, len));
            let (report, allocated) = run(&module);
            let expected = Stop::Fault {
                function: function.1.into(),
                ptr,
                len,
                memory_bytes: Some(PAGE.into()),
            };
            assert_eq!(report.stop(), Some(&expected));
            assert!(
                allocated < 32 << 10,
                "{function:?} allocated {allocated} bytes"
            );
            assert!(report.output.is_empty() && report.logs.is_empty());
            assert!(
                report.usage.fuel < 200,
                "a bad range costs the call, no more"
            );
        }
    }
}

#[test]
fn a_range_inside_memory_is_served_to_the_last_byte() {
    for function in FUNCTIONS {
        for range in INSIDE {
            let module = guest(function, r#"(memory (export "memory") 1)"#, range);
            let (report, _) = run(&module);
            assert_eq!(code(&report), "finished", "{function:?} {range:?}");
        }
    }
}

/// What is exported, or not, where `memory` would be, and under which name a memory is.
const UNREACHABLE: [(&str, Option<&str>); 5] = [
    ("", None),
    ("(memory 1)", None),
    (r#"(memory (export "mem") 1)"#, Some("mem")),
    (r#"(func (export "memory"))"#, None),
    (r#"(table (export "memory") 1 funcref)"#, None),
];

#[test]
fn a_guest_whose_memory_cannot_be_reached_is_refused() {
    let sandbox = sandbox()
        .grant(Wasi::new())
        .grant(Abort)
        .grant(Function::new("host", "write", |_: u32, _: u32| ()).needs_memory());
    let wasi = |name, params, result| (("wasi_snapshot_preview1", name), params, result);
    for (export, exported) in UNREACHABLE {
        for ((from, name), params, result) in [
            (("env", "host_log"), "i32 i32", ""),
            (("env", "host_read_input"), "i32 i32", "i32"),
            (("env", "host_write_output"), "i32 i32", ""),
            (("env", "host_read_random"), "i32 i32", ""),
            (("env", "abort"), "i32 i32 i32 i32", ""),
            (("host", "write"), "i32 i32", ""),
            wasi("fd_write", "i32 i32 i32 i32", "i32"),
            wasi("random_get", "i32 i32", "i32"),
        ] {
            let guest = module(&format!(
                r#"(module (import "{from}" "{name}" (func (param {params}) (result {result})))
                    {export} (func (export "_start")))"#
            ));
            let expected = Error::MemoryNotExported {
                module: from.into(),
                name: name.into(),
                exported: exported.map(Into::into),
            };
            let refusals = sandbox.check(&guest).refusals;
            assert_eq!(refusals, std::slice::from_ref(&expected));
            let refused = sandbox.start(&guest, "").map(drop);
            assert_eq!(refused, Err(expected.clone()));
            let refused = sandbox.start(&guest, Call::export("_start")).map(drop);
            assert_eq!(refused, Err(expected));
        }
    }
}

#[test]
fn what_takes_no_address_is_served_without_a_memory() {
    let guest = module(
        r#"(module
            (import "env" "host_get_input_len" (func (result i32)))
            (import "env" "host_get_time_nanos" (func (result i64)))
            (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
            (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
            (func (export "_start")))"#,
    );
    let clock = Clock::fixed(std::time::Duration::ZERO);
    let sandbox = sandbox().grant(Wasi::new()).grant(clock);
    assert!(sandbox.check(&guest).would_run());
    let report = sandbox.run(&guest, "").expect("it starts");
    assert_eq!(report.status(), Some(0));
}

#[test]
fn a_function_of_the_host_that_is_handed_a_range_without_a_memory_faults() {
    for name in ["read", "write"] {
        for (export, _) in UNREACHABLE {
            for range in [(0, 0), (0, 1), (u32::MAX, u32::MAX)] {
                let (report, _) = run(&guest(("host", name), export, range));
                let expected = Stop::Fault {
                    function: name.into(),
                    ptr: range.0,
                    len: range.1,
                    memory_bytes: None,
                };
                assert_eq!(report.stop(), Some(&expected));
            }
        }
    }
}

#[test]
fn a_range_is_measured_against_the_memory_as_it_has_grown() {
    let module = module(
        r#"(module (import "env" "host_write_output" (func $write (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "_start")
                (drop (memory.grow (i32.const 1)))
                (i32.store8 (i32.const 131071) (i32.const 33))
                (call $write (i32.const 131071) (i32.const 1))
                (call $write (i32.const 131072) (i32.const 1))))"#,
    );
    let (report, _) = run(&module);
    assert_eq!(
        (report.output.as_slice(), code(&report)),
        (&b"!"[..], "fault")
    );
}

#[test]
fn writing_more_than_memory_holds_writes_nothing() {
    let module = module(
        r#"(module (import "host" "flood" (func $flood))
            (memory (export "memory") 1)
            (func (export "_start") (call $flood)))"#,
    );
    let sandbox = timeless(roomy()).grant(Function::new(
        "host",
        "flood",
        |caller: &mut Caller<'_>| -> Result<(), HostError> {
            let halt = caller
                .write(1, &vec![1; PAGE as usize])
                .expect_err("it does not fit");
            assert_eq!(halt.stop().code(), "fault");
            assert_eq!(caller.read(0, PAGE)?, vec![0; PAGE as usize]);
            Ok(())
        },
    ));
    // The function looked at the halt and went on: so does the guest.
    assert_eq!(
        code(&sandbox.run(&module, []).expect("it starts")),
        "finished"
    );
}

#[test]
fn a_memory_larger_than_32_bits_address_is_reached_below_that() {
    // The cap is far below 4 GiB: what matters is that a 64-bit memory is served by 32-bit ranges.
    let limits = fuelbox::ModuleLimits::default().allow(fuelbox::Proposal::Memory64);
    let module = crate::harness::admit(
        r#"(module (import "env" "host_write_output" (func $write (param i32 i32)))
            (memory (export "memory") i64 1)
            (func (export "_start")
                (i32.store8 (i64.const 65535) (i32.const 33))
                (call $write (i32.const 65535) (i32.const 1))
                (call $write (i32.const 65535) (i32.const 2))))"#,
        &limits,
    )
    .expect("it is admitted");
    let (report, _) = run(&module);
    assert_eq!(
        (report.output.as_slice(), code(&report)),
        (&b"!"[..], "fault")
    );
}
