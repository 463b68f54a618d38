//! A host function that takes its time carries a run past its deadline by one call, and no more.

use crate::harness::{clock::Hand, code, module, roomy, same_but_for_time, timeless};
use fuelbox::{
    Call, Caller, CancelToken, Execution, Function, Limits, Module, ModuleLimits, Proposal, Report,
    Sandbox, Slice, Step,
    capability::{Output, Random},
};
use std::{
    future::{Future, IntoFuture},
    pin::pin,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

const DEADLINE: Duration = Duration::from_millis(10);

/// Calls the host for ever, in a loop.
const LOOP: &str = r#"(module (import "host" "work" (func $work))
    (func (export "_start") (loop $again (call $work) (br $again))))"#;

/// Calls the host a thousand times in a row: there is nowhere to come up in between.
fn straight() -> String {
    format!(
        r#"(module (import "host" "work" (func $work)) (func (export "_start") {}))"#,
        "(call $work)".repeat(1_000)
    )
}

/// A host function that takes `cheap` in its first calls, then `slow`.
fn work(hand: &Hand, cheap: Duration, trained: u64, slow: Duration) -> Function {
    let (hand, calls) = (hand.clone(), AtomicU64::new(0));
    Function::new("host", "work", move || {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        hand.advance(if call < trained { cheap } else { slow });
    })
}

fn sandbox(hand: &Hand, function: Function) -> Sandbox {
    let limits = roomy().fuel(u64::MAX).deadline(DEADLINE);
    Sandbox::with_clock(limits, hand.clock()).grant(function)
}

type Way = (&'static str, fn(Execution) -> Report);

/// The ways to run to the end.
const WAYS: [Way; 4] = [
    ("finish", |execution| execution.finish().report),
    ("with a token", |mut execution| {
        let _token = execution.cancel_token();
        execution.finish().report
    }),
    ("step", |mut execution| {
        while !execution.step(Slice::fuel(100_000)).is_done() {}
        execution.finish().report
    }),
    ("await", |execution| {
        let mut future = pin!(execution.into_future());
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(finished) = future.as_mut().poll(&mut context) {
                return finished.report;
            }
        }
    }),
];

#[test]
fn a_host_function_sees_what_time_is_left_as_it_goes() {
    const STEP: Duration = Duration::from_millis(3);

    let hand = Hand::default();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let polite = {
        let (hand, seen) = (hand.clone(), seen.clone());
        Function::new("host", "work", move |caller: &mut Caller<'_>| {
            while caller.time_left() >= STEP {
                seen.lock().expect("nobody panics").push(caller.time_left());
                hand.advance(STEP);
            }
            hand.advance(STEP - Duration::from_millis(2));
            seen.lock().expect("nobody panics").push(caller.time_left());
            hand.advance(STEP);
            seen.lock().expect("nobody panics").push(caller.time_left());
        })
    };
    let report = sandbox(&hand, polite).run(&module(LOOP), []);
    assert_eq!(code(&report.expect("it starts")), "deadline");
    let expected = [10, 7, 4, 0, 0].map(Duration::from_millis);
    assert_eq!(*seen.lock().expect("nobody panics"), expected);
}

#[test]
fn a_host_function_sees_that_its_run_is_cancelled_and_no_other() {
    let other = CancelToken::new();
    let token = CancelToken::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let polite = {
        let (token, seen) = (token.clone(), seen.clone());
        Function::new("host", "work", move |caller: &mut Caller<'_>| {
            let before = caller.is_cancelled();
            other.cancel();
            let between = caller.is_cancelled();
            token.cancel();
            let all = [before, between, caller.is_cancelled()];
            seen.lock().expect("nobody panics").push(all);
        })
    };
    let sandbox = timeless(roomy()).grant(polite);
    let report = sandbox.run(&module(LOOP), Call::entry().cancel(token));
    assert_eq!(code(&report.expect("it starts")), "cancelled");
    assert_eq!(*seen.lock().expect("nobody panics"), [[false, false, true]]);
}

#[test]
fn a_slow_host_function_is_late_by_one_call_at_the_most() {
    for (name, module) in [("loop", module(LOOP)), ("straight", module(&straight()))] {
        for slow in [100, 1_000, 3_000].map(Duration::from_micros) {
            for trained in [0, 100] {
                for (way, run) in WAYS {
                    let hand = Hand::default();
                    let function = work(&hand, Duration::from_nanos(10), trained, slow);
                    let execution = sandbox(&hand, function).start(&module, []);
                    let report = run(execution.expect("it starts"));
                    let which = format!("{name}, {slow:?}, trained {trained} times, by {way}");
                    assert_eq!(code(&report), "deadline", "{which}");
                    assert!(report.usage.overrun < slow, "{which}: {:?}", report.usage);
                }
            }
        }
    }
}

#[test]
fn an_export_called_by_name_is_stopped_the_same() {
    let text = LOOP.replace("_start", "tick");
    let hand = Hand::default();
    let slow = Duration::from_millis(1);
    let report = sandbox(&hand, work(&hand, slow, 0, slow))
        .start(&module(&text), Call::export("tick"))
        .expect("it starts")
        .finish()
        .report;
    assert_eq!(code(&report), "deadline");
    assert!(report.usage.overrun < slow, "{:?}", report.usage);
}

#[test]
fn a_cancel_is_seen_after_the_call_that_it_came_in() {
    for text in [LOOP.to_string(), straight()] {
        let token = Arc::new(OnceLock::<CancelToken>::new());
        let calls = Arc::new(AtomicU64::new(0));
        let function = {
            let (token, calls) = (token.clone(), calls.clone());
            Function::new("host", "work", move || {
                if calls.fetch_add(1, Ordering::Relaxed) == 7 {
                    token.get().expect("it was taken").cancel();
                }
            })
        };
        let module = module(&text);
        let mut execution = timeless(roomy())
            .grant(function)
            .start(&module, [])
            .expect("it starts");
        token.set(execution.cancel_token()).expect("it is set once");
        assert_eq!(code(&execution.finish().report), "cancelled");
        assert_eq!(calls.load(Ordering::Relaxed), 8);
    }
}

/// After a slow call the rest of the slice is taken away, so that what follows it is looked at soon.
#[test]
fn what_follows_a_slow_call_is_measured_out_again() {
    let module = module(
        r#"(module (import "host" "work" (func $work))
            (func (export "_start")
                (call $work) (call $work)
                (loop $again (br $again))))"#,
    );
    let hand = Hand::default();
    let function = work(&hand, Duration::ZERO, 0, DEADLINE * 2 / 5);
    let mut execution = sandbox(&hand, function)
        .start(&module, [])
        .expect("it starts");
    // Two calls take 8 of 10 ms; the slice they are in ends with them, not with its fuel.
    assert_eq!(execution.step(Slice::fuel(1_000)), Step::Paused);
    assert!(execution.usage().slices > 1, "{:?}", execution.usage());
}

#[test]
fn slow_calls_do_not_show_in_fuel() {
    let text = r#"(module (import "host" "work" (func $work))
        (func (export "_start") (local $n i32)
            (loop $again (call $work)
                (br_if $again (i32.lt_u
                    (local.tee $n (i32.add (local.get $n) (i32.const 1)))
                    (i32.const 500))))))"#;
    let module = module(text);
    let run = |fuel: u64, slow: Duration| {
        let hand = Hand::default();
        let limits = roomy().fuel(fuel).deadline(Duration::MAX);
        Sandbox::with_clock(limits, hand.clock())
            .grant(work(&hand, slow, 0, slow))
            .run(&module, [])
            .expect("it starts")
    };
    let quick = run(u64::MAX, Duration::ZERO);
    let used = quick.usage.fuel;
    let slow = run(u64::MAX, Duration::from_millis(1));
    assert!(slow.usage.slices >= 499, "{:?}", slow.usage);
    assert_eq!(same_but_for_time(slow), same_but_for_time(quick));
    for time in [Duration::ZERO, Duration::from_millis(1)] {
        let exact = run(used, time);
        assert_eq!((code(&exact), exact.usage.fuel), ("finished", used));
        assert_eq!(code(&run(used - 1, time)), "out-of-fuel");
    }
}

/// 16 MiB of random bytes, in one call; `tail` makes it a module with tail calls.
fn filling(tail: bool) -> Module {
    let text = format!(
        r#"(module (import "env" "host_read_random" (func $random (param i32 i32)))
            (memory (export "memory") 256)
            {}
            (func (export "_start") (call $random (i32.const 0) (i32.const 0x1000000))))"#,
        if tail {
            "(func $f (return_call $f))"
        } else {
            ""
        }
    );
    let limits = ModuleLimits::default().allow(Proposal::TailCall);
    Module::builder()
        .limits(limits.clone())
        .build_wat(&text)
        .expect("it is admitted")
}

#[test]
fn a_source_of_random_bytes_is_stopped_after_one_piece() {
    const PIECE: Duration = Duration::from_micros(300);
    for tail in [false, true] {
        let hand = Hand::default();
        let source = {
            let hand = hand.clone();
            move |_: &mut [u8]| {
                hand.advance(PIECE);
            }
        };
        let limits = Limits::default().deadline(DEADLINE);
        let report = Sandbox::with_clock(limits, hand.clock())
            .grant(Random::from_source(source))
            .run(&filling(tail), [])
            .expect("it starts");
        assert_eq!(code(&report), "deadline");
        assert!(report.usage.overrun < PIECE, "{:?}", report.usage);
    }
}

#[test]
fn random_bytes_in_pieces_are_the_same_bytes() {
    let text = r#"(module (import "env" "host_read_random" (func $random (param i32 i32)))
        (import "env" "host_write_output" (func $write (param i32 i32)))
        (memory (export "memory") 8)
        (func (export "_start")
            (call $random (i32.const 3) (i32.const 400000))
            (call $write (i32.const 3) (i32.const 400000))))"#;
    let module = module(text);
    let sandbox = timeless(roomy()).grant(Random::seeded(7)).grant(Output);
    let whole = sandbox.run(&module, []).expect("it starts");
    let mut generator = 7_u64;
    let mut next = move || {
        generator = generator.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (generator ^ (generator >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let expected: Vec<u8> = (0..50_000).flat_map(|_| next().to_le_bytes()).collect();
    assert!(whole.output == expected);
    let mut execution = sandbox.start(&module, []).expect("it starts");
    while !execution.step(Slice::fuel(1)).is_done() {}
    assert_eq!(
        same_but_for_time(execution.finish().report),
        same_but_for_time(whole)
    );
}

/// Runs a guest that makes one call on 16 MiB; returns how often `step` came back on the way.
fn pieces(sandbox: &Sandbox, input: &[u8], function: &str, results: &str) -> (usize, Report) {
    let ends = if results.is_empty() { "" } else { "drop" };
    let text = format!(
        r#"(module (import "env" "{function}" (func $call (param i32 i32) {results}))
            (memory (export "memory") 256)
            (func (export "_start") (call $call (i32.const 0) (i32.const 0x1000000)) {ends}))"#
    );
    in_pieces(sandbox, &module(&text), input)
}

/// The same however the run is sliced.
fn in_pieces(sandbox: &Sandbox, module: &Module, input: &[u8]) -> (usize, Report) {
    let run = |slice| {
        let mut execution = sandbox.start(module, input).expect("it starts");
        let steps = std::iter::repeat_with(|| execution.step(Slice::fuel(slice)));
        let paused = steps.take_while(|step| *step == Step::Paused).count();
        (paused, same_but_for_time(execution.finish().report))
    };
    let (paused, report) = run(u64::MAX);
    assert!(run(1).1 == report);
    assert_eq!(code(&report), "finished");
    (paused, report)
}

#[test]
fn long_calls_of_the_protocol_come_up_in_between() {
    const BYTES: usize = 16 << 20;
    let limits = roomy().output_bytes(u64::MAX).log_bytes(u64::MAX);
    let sandbox = timeless(limits.log_line_bytes(u64::MAX)).grant(fuelbox::protocol());

    let (paused, report) = pieces(&sandbox, &[], "host_write_output", "");
    assert_eq!((paused, report.output.len()), (63, BYTES));

    let input: Vec<u8> = (0..BYTES).map(|byte| byte.to_le_bytes()[0]).collect();
    let (paused, _) = pieces(&sandbox, &input, "host_read_input", "(result i32)");
    assert_eq!(paused, 63);

    let (paused, report) = pieces(&sandbox, &[], "host_log", "");
    assert_eq!((paused, report.logs.len()), (255, 1));
    assert_eq!(report.logs[0].text.len(), BYTES);
    // What is cut is not read to its end.
    let cut = timeless(roomy()).grant(fuelbox::protocol());
    let (paused, report) = pieces(&cut, &[], "host_log", "");
    assert_eq!((paused, report.usage.log_lines_lost), (0, 1));
}

#[test]
fn the_input_that_is_read_in_pieces_arrives() {
    let echo = module(
        r#"(module (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (memory (export "memory") 20)
            (func (export "_start")
                (call $write (i32.const 9) (call $read (i32.const 9) (i32.const 0x100000)))))"#,
    );
    let input: Vec<u8> = (0..1_000_003_u32)
        .map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1])
        .collect();
    let sandbox = timeless(roomy().output_bytes(u64::MAX)).grant(fuelbox::protocol());
    let (paused, report) = in_pieces(&sandbox, &echo, &input);
    assert_eq!(paused, 6);
    assert!(report.output == input);
}
