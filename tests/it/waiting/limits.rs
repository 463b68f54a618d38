//! No guest waits forever, and one that cannot be answered does not wait at all.

use super::{ALL, ASKS, SECOND, SUM, ask, asking};
use crate::harness::{clock::Hand, code, module, roomy, timeless};
use fuelbox::{AnswerError, Call, CallError, Limits, Sandbox, Slice, Step, Stop};
use std::{
    future::{Future, IntoFuture},
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

#[test]
fn waiting_has_a_limit_of_its_own_for_all_of_a_call() {
    let hand = Hand::default();
    let limits = || roomy().deadline(SECOND).wait(SECOND * 20);
    let mut execution = asking(Sandbox::with_clock(limits(), hand.clock()));
    hand.advance(SECOND * 15);
    assert_eq!(execution.answer(10), Ok(()));
    // The host's own time, until it steps.
    hand.advance(SECOND * 100);
    assert_eq!(execution.step(ALL), ASKS);
    assert_eq!(execution.wake_at(), Some(SECOND * 120));
    hand.advance(SECOND * 5 - Duration::from_nanos(1));
    assert_eq!(execution.step(Slice::fuel(1)), ASKS);
    assert_eq!(execution.wake_at(), Some(SECOND * 120));
    assert_eq!(execution.usage().time, Duration::ZERO);
    hand.advance(Duration::from_nanos(1));
    assert_eq!(execution.step(Slice::fuel(1)), Step::Done);
    let report = execution.finish().report;
    assert_eq!(report.stop(), Some(&Stop::Wait { limit: SECOND * 20 }));
    assert_eq!(
        (report.usage.time, report.usage.waited),
        (Duration::ZERO, SECOND * 20)
    );

    let mut execution = asking(Sandbox::with_clock(limits(), hand.clock()));
    hand.advance(SECOND * 20);
    let stop = Stop::Wait { limit: SECOND * 20 };
    assert_eq!(execution.answer(10), Err(AnswerError::Stopped { stop }));
    assert_eq!(code(&execution.finish().report), "wait");
    assert_eq!(Limits::default().call.wait, SECOND * 30);
}

#[test]
fn waiting_counts_towards_the_deadline_where_the_sandbox_says_so() {
    let hand = Hand::default();
    let limits = roomy().deadline(SECOND * 3).wait_counts(true);
    let mut execution = asking(Sandbox::with_clock(limits, hand.clock()));
    assert_eq!(execution.wake_at(), Some(SECOND * 3));
    hand.advance(SECOND * 2);
    assert_eq!(execution.answer(10), Ok(()));
    assert_eq!(execution.step(ALL), ASKS);
    hand.advance(SECOND);
    assert_eq!(execution.step(ALL), Step::Done);
    let report = execution.finish().report;
    assert_eq!(report.stop(), Some(&Stop::Deadline { limit: SECOND * 3 }));
    assert_eq!(
        (report.usage.time, report.usage.waited),
        (SECOND * 3, SECOND * 3)
    );
}

#[test]
fn a_host_that_sleeps_during_a_wait_sleeps_no_longer_than_the_limit() {
    let mut execution = asking(timeless(roomy().wait(Duration::from_micros(2_500))));
    let mut slept = 0;
    while execution.step(ALL) == ASKS {
        execution.sleep();
        slept += 1;
    }
    assert_eq!(slept, 3, "a millisecond each");
    let report = execution.finish().report;
    assert_eq!(
        (code(&report), report.usage.waited),
        ("wait", Duration::from_micros(2_500))
    );
}

#[test]
fn a_call_that_is_run_to_its_end_is_not_answered_and_does_not_wait() {
    let module = module(SUM);
    let sandbox = timeless(roomy()).grant(ask());
    let call = || Call::export("sum").args(1);
    let awaited = {
        let mut future = pin!(
            sandbox
                .start(&module, call())
                .expect("it starts")
                .into_future()
        );
        match future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(finished) => finished.report,
            Poll::Pending => panic!("it waits"),
        }
    };
    let instantiated = match sandbox.instantiate(&module) {
        Err(CallError::Stopped(report)) => *report,
        other => panic!("{other:?}"),
    };
    for report in [
        sandbox.run(&module, call()).expect("it starts"),
        asking(timeless(roomy())).finish().report,
        awaited,
        instantiated,
    ] {
        let expected = Stop::Unanswered {
            module: "env".into(),
            name: "ask".into(),
        };
        assert_eq!(report.stop(), Some(&expected));
        assert_eq!(report.usage.waited, Duration::ZERO);
    }
}
