//! Copies of a module for threads that start its guests at once.

#![expect(
    clippy::disallowed_methods,
    reason = "a test may take a minute, by the machine's clock"
)]

use crate::harness::{
    allocations::measure, module, resident_bytes, roomy, same_but_for_time, timeless,
};
use fuelbox::{Module, Report, Sandbox};
use std::{
    sync::{Barrier, mpsc},
    thread,
    time::{Duration, Instant},
};

/// Counts to 1,000 in memory, and returns how far it came.
const COUNTER: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "execute") (param i32 i32) (result i32)
        (loop $again
            (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
            (br_if $again (i32.lt_u (i32.load (i32.const 8)) (i32.const 1000))))
        (i32.load (i32.const 8))))"#;

/// More meetings than the first lane of a small module takes.
const MANY: usize = 1_000;

fn with_most(lanes: usize) -> Module {
    let wasm = wat::parse_str(COUNTER).expect("the text is valid");
    let builder = Module::builder().most_lanes(lanes);
    builder.build(wasm).expect("the module is admitted")
}

fn report(sandbox: &Sandbox, module: &Module) -> Report {
    same_but_for_time(sandbox.run(module, []).expect("it starts"))
}

/// Runs on two threads, one run after the other, and never two from the same.
fn in_turns(sandbox: &Sandbox, module: &Module, turns: usize) -> Vec<Report> {
    let (to_one, one) = mpsc::channel();
    let (to_other, other) = mpsc::channel();
    let (done, reports) = mpsc::channel();
    to_one.send(()).expect("it is received");
    thread::scope(|scope| {
        for (turn, next) in [(one, to_other), (other, to_one)] {
            let done = done.clone();
            scope.spawn(move || {
                for () in turn.iter().take(turns / 2) {
                    done.send(report(sandbox, module)).expect("it is received");
                    // The last turn is followed by none.
                    let _ = next.send(());
                }
            });
        }
        drop(done);
        reports.iter().collect()
    })
}

#[test]
fn threads_that_meet_get_lanes_until_they_do_not_and_every_report_is_the_same() {
    let (sandbox, module) = (timeless(roomy()), with_most(64));
    let alone = report(&sandbox, &module);
    assert_eq!(alone.status(), Some(1_000));
    let reports = in_turns(&sandbox, &module, MANY);
    assert_eq!(reports.len(), MANY);
    assert!(reports.iter().all(|report| *report == alone));
    let lanes = module.lanes();
    assert!((2..64).contains(&lanes), "{lanes}");
}

#[test]
fn one_thread_makes_no_lane() {
    let (sandbox, module) = (timeless(roomy()), with_most(64));
    for _ in 0..MANY {
        report(&sandbox, &module);
    }
    assert_eq!(module.lanes(), 1);
}

#[test]
fn there_are_no_more_lanes_than_are_allowed() {
    let sandbox = timeless(roomy());
    for most in [0, 1] {
        let module = with_most(most);
        in_turns(&sandbox, &module, MANY);
        module.make_lanes(3).expect("nothing is made");
        assert_eq!(module.lanes(), 1, "{most}");
    }
    let module = with_most(3);
    for (wanted, expected) in [(0, 1), (2, 2), (1, 2), (100, 3)] {
        module.make_lanes(wanted).expect("it compiles again");
        assert_eq!(module.lanes(), expected, "{wanted}");
    }
}

#[test]
fn snapshots_of_any_lane_are_modules_that_may_have_as_many() {
    let wasm = wat::parse_str(COUNTER).expect("the text is valid");
    let builder = Module::builder().snapshots(true).most_lanes(4);
    let module = builder.build(wasm).expect("the module is admitted");
    module.make_lanes(4).expect("it compiles again");
    let sandbox = timeless(roomy());
    let snapshot = || {
        let mut instance = sandbox.instantiate(&module).expect("it starts");
        instance.run([]).expect("it can be called");
        let snapshot = instance.snapshot().expect("it can be written");
        snapshot.wasm().expect("it keeps its bytes").to_vec()
    };
    let barrier = Barrier::new(4);
    let snapshots: Vec<_> = thread::scope(|scope| {
        let threads = [(); 4].map(|()| {
            scope.spawn(|| {
                barrier.wait();
                snapshot()
            })
        });
        threads
            .map(|thread| thread.join().expect("it does not panic"))
            .into()
    });
    assert!(snapshots.iter().all(|other| *other == snapshots[0]));
    let again = builder
        .build(&snapshots[0])
        .expect("the module is admitted");
    assert_eq!(report(&sandbox, &again).status(), Some(1_001));
}

/// The bytes that a further lane would be compiled of.
#[test]
fn a_module_of_one_lane_keeps_less() {
    let (_one, alone) = measure(|| with_most(1));
    let (_two, beside) = measure(|| with_most(2));
    // At least: it also has a place for the lane.
    let bytes = wat::parse_str(COUNTER).expect("the text is valid").len();
    let more = beside.live.abs_diff(alone.live);
    assert!(alone.live < beside.live && more >= bytes as u64, "{more}");
}

#[test]
fn a_lane_takes_what_the_module_keeps_and_goes_with_it() {
    let (module, first) = measure(|| with_most(3));
    let ((), lanes) = measure(|| module.make_lanes(3).expect("it compiles again"));
    assert!(
        lanes.live <= 2 * first.live,
        "{} and {}",
        lanes.live,
        first.live
    );
    let ((), dropped) = measure(|| drop(module));
    assert_eq!(dropped.live, -first.live - lanes.live);
}

/// Sixteen threads, whatever the machine has.
#[test]
#[ignore = "takes a minute; .ci/full does it"]
fn sixteen_threads_for_a_minute_say_the_same_and_keep_nothing() {
    const THREADS: usize = 16;
    const TIME: Duration = Duration::from_secs(60);
    const GROWTH_BYTES: u64 = 8 << 20;

    let (sandbox, module) = (timeless(roomy()), with_most(THREADS));
    let alone = report(&sandbox, &module);
    let begin = Instant::now();
    let run_until = |end: Duration| {
        thread::scope(|scope| {
            let run = || {
                let mut runs = 0_u64;
                while begin.elapsed() < end {
                    assert_eq!(report(&sandbox, &module), alone);
                    runs = runs.saturating_add(1);
                }
                runs
            };
            let threads = [(); THREADS].map(|()| scope.spawn(run));
            let runs = threads.map(|thread| thread.join().expect("every report is the same"));
            (runs.iter().sum::<u64>(), resident_bytes())
        })
    };
    let (_, early) = run_until(TIME / 3);
    let (runs, late) = run_until(TIME);
    println!(
        "{runs} runs in {} lanes, {early:?} and {late:?} bytes",
        module.lanes()
    );
    assert!(module.lanes() > 1);
    if let (Some(early), Some(late)) = (early, late) {
        assert!(late < early.saturating_add(GROWTH_BYTES));
    }
}

#[test]
fn modules_have_lanes_by_default_where_there_are_cores() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let module = module(COUNTER);
    module.make_lanes(cores).expect("it compiles again");
    assert_eq!(module.lanes(), cores);
}
