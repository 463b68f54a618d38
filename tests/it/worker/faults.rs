//! A worker that ends takes its run with it and nothing else.

use super::told::{self, guest, pool};
use fuelbox::{
    Call, CancelToken, Limits, ModuleLimits, MonotonicClock, Report, Sandbox, Stop, WorkerEnd,
    protocol,
    worker::{WorkerError, WorkerPool, WorkerSpec},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

const SIGABRT: i32 = 6;

fn how(report: &Report) -> WorkerEnd {
    match report.stop() {
        Some(Stop::Worker { how }) => *how,
        other => panic!("{other:?}"),
    }
}

/// Runs what ends its worker, and then what does not.
fn ends(pool: &WorkerPool, does: &str) -> WorkerEnd {
    let report = pool.run(&guest(does), []).expect("the run has begun");
    let how = how(&report);
    let report = pool
        .run(&guest("nothing"), [])
        .expect("another worker is there");
    assert!(report.is_success(), "{:?}", report.outcome);
    assert_eq!(report.output, b"written");
    how
}

#[test]
fn a_worker_that_aborts_is_a_stop_and_the_next_run_goes_well() {
    let pool = pool(1, told::options());
    assert_eq!(ends(&pool, "abort"), WorkerEnd::Signal { number: SIGABRT });
}

#[test]
fn a_worker_that_exits_is_a_stop_and_the_next_run_goes_well() {
    let pool = pool(1, told::options());
    assert_eq!(ends(&pool, "exit"), WorkerEnd::Exit { status: 7 });
}

#[test]
fn a_worker_that_takes_more_memory_than_it_may_ends() {
    let pool = pool(1, told::options().address_space_bytes(1 << 30));
    let end = ends(&pool, "take_memory");
    assert_eq!(end, WorkerEnd::Signal { number: SIGABRT });
}

#[test]
fn a_worker_that_hangs_beyond_deadline_and_grace_is_killed() {
    let limits = Limits::default().deadline(Duration::from_millis(100));
    for does in ["hang", "spin"] {
        let options = told::options().grace(Duration::from_millis(300));
        let pool = told::pool_within(limits.clone(), 1, options);
        let limit = Duration::from_millis(400);
        assert_eq!(ends(&pool, does), WorkerEnd::Hang { limit });
    }
}

// With 32 bits the interpreter finds that there is no such function.
#[test]
#[cfg(all(not(feature = "portable-dispatch"), target_pointer_width = "64"))]
fn guests_that_abort_the_interpreter_where_nothing_is_rewritten_end_their_worker_alone() {
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    let faulty = ModuleLimits::default().keep_faults();
    let spec = WorkerSpec::new(&sandbox).expect("it is data");
    let pool = WorkerPool::with_options(spec.module_limits(faulty), 1, super::options());
    let pool = pool.expect("workers can be started");
    for text in [
        include_str!("../../hostile/forged_function.wat"),
        include_str!("../../hostile/number_as_function.wat"),
    ] {
        let report = pool.run(&super::module(text), []).expect("it runs");
        let WorkerEnd::Signal { number } = how(&report) else {
            panic!("{:?}", report.outcome);
        };
        // An abort, or an access to what is not there.
        assert!([SIGABRT, 11].contains(&number), "{number}");
        let well = super::module(r#"(module (func (export "_start")))"#);
        assert!(pool.run(&well, []).is_ok_and(|report| report.is_success()));
    }
}

#[test]
fn what_a_guest_has_given_a_moment_before_its_worker_ends_is_in_the_report() {
    // It goes on for a while after what it gave, so that a slice has ended in between.
    let module = super::module(
        r#"(module
            (import "env" "host_write_output" (func $write (param i32 i32)))
            (import "env" "host_log" (func $log (param i32 i32)))
            (import "told" "abort" (func $abort))
            (import "told" "dawdle" (func $dawdle))
            (memory (export "memory") 1)
            (data (i32.const 0) "written")
            (func $count (local $i i32)
                (loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                    (i32.const 1000000)))))
            (func (export "_start")
                (call $write (i32.const 0) (i32.const 7))
                (call $log (i32.const 0) (i32.const 5))
                (call $dawdle) (call $count) (call $count)
                (call $abort)))"#,
    );
    let report = pool(1, told::options()).run(&module, []).expect("it runs");
    assert_eq!(how(&report), WorkerEnd::Signal { number: SIGABRT });
    assert_eq!(report.output, b"written");
    assert_eq!(report.logs.len(), 1);
    assert!(report.usage.fuel > 0 && report.usage.host_calls >= 2);
}

#[test]
fn a_run_beside_one_that_ends_its_worker_does_not_notice() {
    let pool = pool(2, told::options().quarantine(u32::MAX, Duration::ZERO));
    std::thread::scope(|scope| {
        let well = scope.spawn(|| {
            (0..20).all(|_| {
                let report = pool.run(&guest("dawdle"), []).expect("it runs");
                report.is_success()
            })
        });
        for _ in 0..5 {
            how(&pool.run(&guest("abort"), []).expect("it runs"));
        }
        assert!(well.join().expect("no panic"));
    });
}

/// A clock that tests move.
#[derive(Clone, Default)]
struct Moved(Arc<AtomicU64>);

impl MonotonicClock for Moved {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

#[test]
fn a_module_that_ends_workers_is_kept_out_for_the_time_that_the_host_says_and_others_are_not() {
    let clock = Moved::default();
    let minute = Duration::from_secs(60);
    let options = told::options().quarantine(2, minute).clock(clock.clone());
    let pool = pool(1, options);
    let aborts = guest("abort");
    how(&pool.run(&aborts, []).expect("it is let in"));
    // So that the wait for the next worker, which doubles, begins again.
    assert!(pool.run(&guest("nothing"), []).is_ok());
    how(&pool.run(&aborts, []).expect("it is let in"));

    let left = minute;
    let kept_out = || Err(WorkerError::Quarantined { left });
    assert_eq!(pool.run(&aborts, []), kept_out());
    // The bytes count, not what holds them.
    assert_eq!(pool.run(&guest("abort"), []), kept_out());
    assert!(
        pool.instantiate(&aborts)
            .is_err_and(|error| error == kept_out().unwrap_err())
    );
    assert!(pool.run(&guest("nothing"), []).is_ok());
    clock.0.store(60, Ordering::Relaxed);
    how(&pool.run(&aborts, []).expect("it is let in again"));
}

#[test]
fn a_run_is_cancelled_from_another_thread() {
    let pool = pool(1, told::options());
    let endless = super::module(r#"(module (func (export "_start") (loop (br 0))))"#);
    let token = CancelToken::new();
    let from_elsewhere = token.clone();
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        from_elsewhere.cancel();
    });
    let report = pool
        .run(&endless, Call::entry().cancel(token.clone()))
        .expect("it runs");
    assert_eq!(report.stop(), Some(&Stop::Cancelled));
    canceller.join().expect("no panic");

    // One that was cancelled before runs nothing.
    let report = pool
        .run(&endless, Call::entry().cancel(token))
        .expect("it runs");
    assert_eq!(report.stop(), Some(&Stop::Cancelled));
    assert_eq!(report.usage.fuel, 0);
}

#[test]
fn a_program_that_is_no_worker_is_no_pool() {
    let sandbox = Sandbox::new(Limits::default());
    let spec = || WorkerSpec::new(&sandbox).expect("it is data");
    for program in ["/bin/true", "/bin/cat", "/no/such/program"] {
        let options = told::options().program(program);
        let options = options.admission_time(Duration::from_millis(500));
        let error = WorkerPool::with_options(spec(), 1, options).expect_err(program);
        assert!(matches!(error, WorkerError::Start { .. }), "{error}");
    }
}
