//! What lasts from call to call, and what belongs to one call.

use super::instance;
use crate::harness::{allocations::measure, clock::Hand, code, module, roomy, timeless};
use fuelbox::{
    Call, Caller, Extensions, Function, Limits, Sandbox, Tree, Value,
    capability::{Clock, Random, Wasi},
    protocol,
};
use std::time::Duration;

#[test]
fn the_host_reads_and_writes_memory_between_calls() {
    let mut instance = instance();
    instance.memory().write(8, b"hello").expect("it fits");
    let word = u32::from_le_bytes(*b"hell").cast_signed();
    assert_eq!(instance.call("load", 8), Ok(word));
    assert_eq!(instance.call::<_, ()>("store", (0, -1)), Ok(()));
    let memory = instance.memory();
    assert_eq!(memory.size(), 1 << 16);
    assert_eq!(memory.read(0, 4), Ok(&[0xff; 4][..]));
    assert_eq!(memory.read(1 << 16, 0), Ok(&[][..]));
    for (ptr, len) in [
        (65_533, 4),
        (1 << 16, 1),
        (u64::MAX, 1),
        (1, u64::MAX),
        (1 << 40, 0),
    ] {
        let outside = memory.read(ptr, len).expect_err("it is outside");
        assert_eq!(
            (outside.ptr, outside.len, outside.size),
            (ptr, len, 1 << 16)
        );
    }
    let outside = instance.memory().write(65_533, b"four");
    assert!(outside.is_err());
    assert_eq!(instance.memory().read(65_533, 3), Ok(&[0; 3][..]));
    assert_eq!(instance.global("n"), Some(Value::I32(1_000)));
    assert_eq!((instance.global("add"), instance.global("m")), (None, None));

    let without = module(r#"(module (func (export "f")))"#);
    let mut without = timeless(roomy()).instantiate(&without).expect("it starts");
    assert_eq!(without.memory().size(), 0);
    assert!(without.memory().write(0, b"a").is_err());
}

#[test]
fn values_for_host_functions_are_those_of_the_call() {
    let module = module(
        r#"(module
            (import "env" "tenant" (func $tenant (result i32)))
            (func (export "_start") (drop (call $tenant)))
            (func (export "tenant") (result i32) (call $tenant)))"#,
    );
    let tenant = Function::new("env", "tenant", |caller: &mut Caller<'_>| -> i32 {
        caller.get::<i32>().copied().unwrap_or(-1)
    });
    let sandbox = timeless(roomy()).grant(tenant);
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    let call = || Call::export("tenant");
    let seven = call().extensions(Extensions::new().with(7));
    for (call, expected) in [(seven, 7), (call(), -1)] {
        let report = instance.run(call).expect("it is alive");
        assert_eq!(report.values, [Value::I32(expected)]);
    }
}

#[test]
fn clocks_and_random_bytes_go_on_from_call_to_call() {
    let module = module(
        r#"(module
            (import "env" "host_get_time_nanos" (func $now (result i64)))
            (import "env" "host_read_random" (func $random (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "now") (result i64) (call $now))
            (func (export "random") (result i64)
                (call $random (i32.const 0) (i32.const 8))
                (i64.load (i32.const 0))))"#,
    );
    let sandbox = timeless(roomy())
        .grant(Clock::by_fuel(Duration::ZERO))
        .grant(Random::seeded(1));
    let run = || {
        let mut instance = sandbox.instantiate(&module).expect("it starts");
        (0..4)
            .map(|_| {
                let now: i64 = instance.call("now", ()).expect("it runs");
                let random: i64 = instance.call("random", ()).expect("it runs");
                (now, random)
            })
            .collect::<Vec<_>>()
    };
    let seen = run();
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1)
    );
    assert_eq!(run(), seen);
}

#[test]
fn files_stay_open_from_call_to_call_and_each_report_has_them() {
    let module = module(
        r#"(module
            (import "wasi_snapshot_preview1" "path_open"
                (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "log")
            (data (i32.const 16) "\20\00\00\00\03\00\00\00one")
            (data (i32.const 32) "one")
            (func (export "open") (result i32)
                (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 1)
                    (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 8)))
            (func (export "write") (result i32)
                (call $write (i32.load (i32.const 8)) (i32.const 16) (i32.const 1) (i32.const 12))))"#,
    );
    let files = Tree::new().writable();
    let sandbox = timeless(roomy()).grant(Wasi::new().mount("/", files));
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    assert_eq!(instance.call("open", ()), Ok(0));
    for turn in 1..=3 {
        let report = instance.run(Call::export("write")).expect("it is alive");
        assert_eq!(report.values, [Value::I32(0)]);
        let file = report.trees[0].get("/log").map(<[u8]>::to_vec);
        assert_eq!(file, Some(b"one".repeat(turn)));
    }
}

#[test]
fn time_is_counted_for_each_call() {
    let hand = Hand::default();
    let ticking = hand.clone();
    let tick = Function::new("env", "tick", move || {
        ticking.advance(Duration::from_millis(3));
    });
    let module = module(
        r#"(module (import "env" "tick" (func $tick)) (func (export "tick") (call $tick)))"#,
    );
    let limits = Limits::default().deadline(Duration::from_millis(5));
    let sandbox = Sandbox::with_clock(limits, hand.clock()).grant(tick);
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    for _ in 0..5 {
        hand.advance(Duration::from_secs(1));
        let report = instance.run(Call::export("tick")).expect("it is alive");
        assert_eq!(code(&report), "finished");
        assert_eq!(report.usage.time, Duration::from_millis(3));
    }
}

#[test]
fn calls_without_end_leave_nothing_behind() {
    let module = module(
        r#"(module
            (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (import "env" "host_log" (func $log (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "add") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func (export "execute") (param i32 i32) (result i32)
                (call $write (i32.const 0) (call $read (i32.const 0) (local.get 1)))
                (call $log (i32.const 0) (local.get 1))
                (i32.const 0)))"#,
    );
    let sandbox = timeless(roomy()).grant(protocol());
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    let mut calls = || {
        for n in 0..100 {
            assert_eq!(instance.call("add", n), Ok(n + 1));
            let report = instance.run(b"some input").expect("it is alive");
            assert_eq!(report.output, b"some input");
        }
    };
    // What the first calls make room for stays for those that follow.
    calls();
    for _ in 0..20 {
        let ((), spent) = measure(&mut calls);
        assert_eq!(spent.live, 0);
    }
}
