//! What the host answers by a future.

use super::{MILLI, Wakes, drive};
use crate::harness::{clock::Hand, code, module, roomy, same_but_for_time, timeless};
use fuelbox::{
    Call, Caller, CancelToken, Execution, Extensions, Function, HostError, Reply, Report, Request,
    Sandbox, Stop, Value,
};
use std::{
    future::{Future, IntoFuture, pending, poll_fn, ready},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

/// Asks n times, and returns the sum of the answers.
pub(super) const ASKER: &str = r#"(module
    (import "env" "ask" (func $ask (param i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 7) "ahoy")
    (func (export "sum") (param $n i32) (result i32) (local $sum i32)
        (loop $again
            (local.set $sum (i32.add (local.get $sum) (call $ask (local.get $n))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum)))"#;

/// The answer, and what is in memory then.
const LOADS_AFTER: &str = "(i32.add (call $ask (local.get $n)) (i32.load (i32.const 8)))";

fn asker(function: Function, n: i32) -> Execution {
    asker_in(timeless(roomy()), function, n)
}

fn asker_in(sandbox: Sandbox, function: Function, n: i32) -> Execution {
    let call = Call::export("sum").args(n);
    let sandbox = sandbox.grant(function);
    sandbox.start(&module(ASKER), call).expect("it starts")
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
fn what_a_future_has_found_out_is_written_to_memory_before_the_guest_goes_on() {
    let ask = Function::from_async("env", "ask", |_: i32| async {
        Reply::with(|request: &mut Request<'_>| {
            let before = request.read(8, 4)?.to_vec();
            request.write(8, &77_u32.to_le_bytes())?;
            Ok::<_, HostError>(i32::from(before == b"hoy\0"))
        })
    });
    let text = ASKER.replace("(call $ask (local.get $n))", LOADS_AFTER);
    let call = Call::export("sum").args(2);
    let sandbox = timeless(roomy()).grant(ask);
    let execution = sandbox.start(&module(&text), call).expect("it starts");
    let (finished, _) = drive(execution.into_future());
    // 1 and 77 for the first question, 0 and 77 for the second.
    assert_eq!(finished.report.values, [Value::I32(155)]);

    // A range outside is passed on as what it is.
    let outside = Function::from_async("env", "ask", |n: i32| async move {
        Reply::with(move |request: &mut Request<'_>| {
            request.write(n.cast_unsigned(), b"1").map(|()| n)
        })
    });
    let (finished, _) = drive(asker(outside, 65_536).into_future());
    assert!(matches!(finished.report.stop(), Some(Stop::Fault { .. })));
}

#[test]
fn a_run_that_is_stopped_while_its_future_runs_is_not_written_to() {
    let token = CancelToken::new();
    let ask = {
        let token = token.clone();
        Function::from_async("env", "ask", move |n: i32| {
            let token = token.clone();
            async move {
                token.cancel();
                Reply::with(move |request: &mut Request<'_>| {
                    *request.get_mut::<bool>().expect("it was given") = true;
                    n
                })
            }
        })
    };
    let call = Call::export("sum").args(1).cancel(token);
    let call = call.extensions(Extensions::new().with(false));
    let sandbox = timeless(roomy()).grant(ask);
    let execution = sandbox.start(&module(ASKER), call).expect("it starts");
    let (finished, _) = drive(execution.into_future());
    assert_eq!(code(&finished.report), "cancelled");
    assert_eq!(finished.extensions.get(), Some(&false));
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
    let fails_last = Function::from_async("env", "ask", |_: i32| async {
        Reply::with(|_: &mut Request<'_>| Err::<i32, _>(HostError::message("no")))
    });
    let panics_last = Function::from_async("env", "ask", |n: i32| async move {
        Ok::<_, HostError>(Reply::with(move |_: &mut Request<'_>| {
            assert_eq!(n, 0, "oh");
            n
        }))
    });
    for (function, expected) in [
        (fails_last, "ask: no"),
        (panics_last, "ask: panicked: assertion"),
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
fn such_a_run_is_answered_by_hand_when_stepped_and_not_at_all_when_run_to_its_end() {
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
