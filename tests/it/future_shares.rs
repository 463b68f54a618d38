//! A run that is awaited shares its thread: with other tasks, with timers, and with what answers it.

#![expect(clippy::arithmetic_side_effects, reason = "a test may panic")]

use crate::harness::{
    SLEEPER,
    clock::{Hand, ticking},
    code, module, roomy, same_but_for_time, timeless,
};
use fuelbox::{
    Call, Caller, Execution, Finished, Function, HostError, Report, Sandbox, Stop, Value,
    capability::{Clock, Wasi, pipe},
};
use std::{
    future::{Future, IntoFuture, pending, poll_fn, ready},
    io::Write,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

const MICRO: Duration = Duration::from_micros(1);
const MILLI: Duration = Duration::from_millis(1);
const ENDLESS: &str = r#"(module (func (export "_start") (loop $again (br $again))))"#;

/// Asks n times, and returns the sum of the answers.
const ASKER: &str = r#"(module
    (import "env" "ask" (func $ask (param i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 7) "ahoy")
    (func (export "sum") (param $n i32) (result i32) (local $sum i32)
        (loop $again
            (local.set $sum (i32.add (local.get $sum) (call $ask (local.get $n))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum)))"#;

/// Waits until there is something to read.
const READER: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\40\00\00\00\04\00\00\00")
    (func (export "_start")
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))))"#;

#[derive(Default)]
struct Wakes(AtomicU64);

impl Wakes {
    fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls until it is ready, as long as something wakes it; returns the polls that it took.
fn drive<F: Future>(future: F) -> (F::Output, u64) {
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(wakes.clone());
    let mut future = pin!(future);
    for polls in 1..100_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return (output, polls);
        }
        assert!(wakes.take() > 0, "nothing wakes it after {polls} polls");
    }
    panic!("it does not end")
}

fn asker(function: Function, n: i32) -> Execution {
    asker_in(timeless(roomy()), function, n)
}

fn asker_in(sandbox: Sandbox, function: Function, n: i32) -> Execution {
    let call = Call::export("sum").args(n);
    let sandbox = sandbox.grant(function);
    sandbox.start(&module(ASKER), call).expect("it starts")
}

fn sleeper(hand: &Hand, time: Duration) -> Execution {
    let nanos = i64::try_from(time.as_nanos()).expect("it is short");
    let sandbox =
        Sandbox::with_clock(roomy(), hand.clock()).grant(Wasi::new().clock(Clock::system()));
    let call = Call::export("sleep").values(vec![Value::I64(nanos)]);
    sandbox.start(&module(SLEEPER), call).expect("it starts")
}

#[test]
fn a_poll_takes_its_time_and_no_more() {
    const TICK: Duration = Duration::from_micros(5);

    for (poll_time, chosen) in [(40 * MICRO, false), (200 * MICRO, true)] {
        let limits = roomy().fuel(u64::MAX).deadline(20 * MILLI);
        let sandbox = Sandbox::with_clock(limits, ticking(TICK));
        let execution = sandbox.start(&module(ENDLESS), []).expect("it starts");
        let mut run = execution.into_future();
        if chosen {
            run = run.poll_time(poll_time);
        }
        let (Finished { report, .. }, polls) = drive(run);
        assert_eq!(code(&report), "deadline");
        let each = report.usage.time / u32::try_from(polls).expect("they are few");
        assert!(
            each > poll_time / 2 && each <= poll_time + TICK,
            "{each:?} for each of {polls} polls"
        );
    }
}

/// An executor as tokio's is: after 61 polls of tasks that are ready it goes on with its timers. Returns how often a timer
/// of a millisecond ticked.
fn ticks_beside(guests: usize, clock: &Hand, mut runs: Vec<Pin<Box<fuelbox::Run>>>) -> u64 {
    const POLLS: usize = 61;

    assert_eq!(runs.len(), guests);
    let (mut ticks, mut next) = (0, MILLI);
    let waker = Waker::from(Arc::new(Wakes::default()));
    while !runs.is_empty() {
        for _ in 0..POLLS {
            if runs.is_empty() {
                break;
            }
            let mut run = runs.remove(0);
            if run
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
            {
                runs.push(run);
            }
        }
        let now = clock.advance(Duration::ZERO);
        if now >= next {
            ticks += 1;
            next = now + MILLI;
        }
    }
    ticks
}

#[test]
fn endless_guests_leave_a_timer_of_the_executor_its_time() {
    const DEADLINE: Duration = Duration::from_millis(300);

    for guests in [1, 5] {
        let hand = Hand::default();
        let tick = {
            let hand = hand.clone();
            move || hand.advance(5 * MICRO)
        };
        let limits = roomy().fuel(u64::MAX).deadline(DEADLINE);
        let sandbox = Sandbox::with_clock(limits, tick);
        let module = module(ENDLESS);
        let runs = (0..guests).map(|_| {
            let execution = sandbox.start(&module, []).expect("it starts");
            Box::pin(execution.into_future())
        });
        let ticks = ticks_beside(guests, &hand, runs.collect());
        // Each has 300 ms of its own.
        let expected = 90 * u64::try_from(guests).expect("they are few");
        assert!(ticks >= expected, "{ticks} ticks beside {guests}");
    }
}

#[test]
fn a_guest_that_sleeps_is_woken_by_the_timer_and_not_polled_before() {
    let hand = Hand::default();
    let asked = Arc::<Mutex<Vec<Duration>>>::default();
    let timer = {
        let (hand, asked) = (hand.clone(), asked.clone());
        move |time: Duration| {
            asked.lock().expect("nobody panics").push(time);
            let (clock, mut is_over) = (hand.clone(), false);
            poll_fn(move |context| {
                if is_over {
                    return Poll::Ready(());
                }
                // The time passes until the executor polls again.
                clock.advance(time);
                is_over = true;
                context.waker().wake_by_ref();
                Poll::Pending
            })
        }
    };
    let run = sleeper(&hand, 50 * MILLI)
        .into_future()
        .timer(timer.clone());
    let (finished, polls) = drive(run);
    // One to begin to sleep, one to see that its time has come, one to go on.
    assert_eq!((finished.report.stop(), polls), (None, 3));
    assert_eq!(*asked.lock().expect("nobody panics"), [50 * MILLI]);
    assert_eq!(finished.report.usage.time, 50 * MILLI);

    // Where somebody can cancel it, it looks from time to time.
    asked.lock().expect("nobody panics").clear();
    let mut execution = sleeper(&hand, 25 * MILLI);
    let _token = execution.cancel_token();
    let (finished, _) = drive(execution.into_future().timer(timer));
    assert_eq!(finished.report.stop(), None);
    let expected = [10, 10, 5].map(|time| MILLI * time);
    assert_eq!(*asked.lock().expect("nobody panics"), expected);
}

#[test]
fn a_guest_that_waits_for_input_asks_every_millisecond() {
    let (reader, writer) = pipe();
    let sandbox = timeless(roomy()).grant(Wasi::new().stdin(reader));
    let execution = sandbox.start(&module(READER), []).expect("it starts");
    let times = Arc::<Mutex<Vec<Duration>>>::default();
    let timer = {
        let (times, writer) = (times.clone(), Mutex::new(writer));
        move |time| {
            let mut times = times.lock().expect("nobody panics");
            times.push(time);
            if times.len() == 3 {
                let mut writer = writer.lock().expect("nobody panics");
                writer.write_all(b"ahoy").expect("it is read");
            }
            ready(())
        }
    };
    let (finished, _) = drive(execution.into_future().timer(timer));
    assert_eq!(finished.report.status(), Some(0));
    assert_eq!(*times.lock().expect("nobody panics"), [MILLI; 3]);
}

#[test]
fn without_a_timer_a_guest_that_sleeps_polls_in_short_naps() {
    let hand = Hand::default();
    let (finished, polls) = drive(sleeper(&hand, 400 * MICRO).into_future());
    // The first begins to sleep; the clock stands still, so each nap counts as 40 us.
    assert_eq!((finished.report.stop(), polls), (None, 11));
    assert_eq!(finished.report.usage.time, 400 * MICRO);
}

fn report_at_once(n: i32) -> Report {
    let at_once = Function::new("env", "ask", |n: i32| n * 10);
    same_but_for_time(asker(at_once, n).finish().report)
}

#[test]
fn a_function_answers_by_a_future_and_the_report_is_the_same_as_at_once() {
    let ask = Function::from_async("env", "ask", |n: i32| async move {
        let mut left = n;
        poll_fn(|context| {
            left -= 1;
            if left < 0 {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        n * 10
    });
    let (finished, polls) = drive(asker(ask, 3).into_future());
    // Six while the answers come, three with one, and the last.
    assert_eq!(polls, 10);
    assert_eq!(finished.report.values, [Value::I32(60)]);
    assert!(finished.instance.is_some());
    assert_eq!(same_but_for_time(finished.report), report_at_once(3));
}

#[test]
fn each_wait_for_an_answer_has_a_limit_that_begins_with_it() {
    let hand = Hand::default();
    let ask = {
        let hand = hand.clone();
        Function::from_async("env", "ask", move |n: i32| {
            let (hand, mut is_asked) = (hand.clone(), false);
            poll_fn(move |context| {
                if is_asked {
                    return Poll::Ready(n);
                }
                hand.advance(5 * MILLI);
                is_asked = true;
                context.waker().wake_by_ref();
                Poll::Pending
            })
        })
    };
    let asked = Arc::<Mutex<Vec<Duration>>>::default();
    let timer = {
        let asked = asked.clone();
        move |time| {
            asked.lock().expect("nobody panics").push(time);
            pending::<()>()
        }
    };
    let sandbox = Sandbox::with_clock(roomy().wait(50 * MILLI), hand.clock());
    let (finished, _) = drive(asker_in(sandbox, ask, 2).into_future().timer(timer));
    assert_eq!(finished.report.values, [Value::I32(3)]);
    // As of the last look at the clock.
    let expected = [50, 45].map(|time| MILLI * time);
    assert_eq!(*asked.lock().expect("nobody panics"), expected);
}

#[test]
fn what_the_guest_has_in_memory_is_read_before_it_waits() {
    let ask = Function::from_async("env", "ask", |caller: &mut Caller<'_>, ptr: u32| {
        let text = caller.read(ptr + 6, 4).map(<[u8]>::to_vec);
        async move { Ok::<_, HostError>(i32::try_from(text?.len()).unwrap_or(0) + 1) }
    });
    let (finished, _) = drive(asker(ask.clone(), 1).into_future());
    assert_eq!(finished.report.values, [Value::I32(5)]);
    // A range outside is passed on as what it is.
    let (finished, _) = drive(asker(ask, 65_536).into_future());
    assert!(matches!(finished.report.stop(), Some(Stop::Fault { .. })));
}

#[test]
fn a_future_that_fails_or_panics_stops_the_run_as_a_function_does() {
    let error = |report: &Report| match report.stop() {
        Some(Stop::HostFunction { name, error, .. }) => format!("{name}: {error}"),
        other => panic!("{other:?}"),
    };
    let fails = Function::from_async("env", "ask", |_: i32| async {
        Err::<i32, _>(HostError::message("no"))
    });
    let panics = Function::from_async("env", "ask", |n: i32| async move {
        assert_eq!(n, 0, "oh");
        n
    });
    let begins_badly = Function::from_async("env", "ask", |n: i32| {
        assert_eq!(n, 0, "oh");
        ready(n)
    });
    for (function, expected) in [
        (fails, "ask: no"),
        (panics, "ask: panicked: assertion"),
        (begins_badly, "ask: panicked: assertion"),
    ] {
        let (finished, _) = drive(asker(function, 1).into_future());
        let error = error(&finished.report);
        assert!(error.starts_with(expected), "{error}");
        assert!(finished.instance.is_none());
    }
}

#[test]
fn a_future_that_never_answers_is_stopped_by_the_limit_and_dropped() {
    struct Dropped(Arc<AtomicBool>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    let (hand, is_dropped) = (Hand::default(), Arc::new(AtomicBool::new(false)));
    let ask = {
        let is_dropped = is_dropped.clone();
        Function::from_async("env", "ask", move |n: i32| {
            let dropped = Dropped(is_dropped.clone());
            async move {
                pending::<()>().await;
                drop(dropped);
                n
            }
        })
    };
    let timer = {
        let hand = hand.clone();
        move |time| {
            hand.advance(time);
            ready(())
        }
    };
    let sandbox = || Sandbox::with_clock(roomy().wait(50 * MILLI), hand.clock());
    let (finished, _) = drive(
        asker_in(sandbox(), ask.clone(), 1)
            .into_future()
            .timer(timer),
    );
    let limit = 50 * MILLI;
    assert_eq!(finished.report.stop(), Some(&Stop::Wait { limit }));
    assert!(is_dropped.swap(false, Ordering::Relaxed));

    // Without a timer nothing wakes it; dropping the run drops the future.
    let mut run = Box::pin(asker_in(sandbox(), ask, 1).into_future());
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(wakes.clone());
    assert!(
        run.as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    assert_eq!(
        (wakes.take(), is_dropped.load(Ordering::Relaxed)),
        (0, false)
    );
    drop(run);
    assert!(is_dropped.load(Ordering::Relaxed));
}

#[test]
fn who_steps_such_a_run_answers_it_by_hand_and_who_runs_it_to_its_end_cannot() {
    let ask = Function::from_async("env", "ask", |_: i32| pending::<i32>());
    let mut execution = asker(ask.clone(), 1);
    let all = fuelbox::Slice::fuel(u64::MAX);
    assert_eq!(
        execution.step(all),
        fuelbox::Step::Waiting(fuelbox::Wait::Host)
    );
    assert_eq!(execution.answer(7), Ok(()));
    assert_eq!(execution.finish().report.values, [Value::I32(7)]);
    assert_eq!(code(&asker(ask, 1).finish().report), "unanswered");
}
