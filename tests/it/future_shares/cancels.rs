//! What a cancel does to a guest that waits.

use super::{
    MILLI, Wakes,
    answers::ASKER,
    drive,
    timers::{READER, sleeper},
};
use crate::harness::{clock::Hand, code, module, roomy, timeless};
use fuelbox::{
    Call, CancelToken, Function,
    capability::{Wasi, pipe},
};
use std::{
    future::{Future, IntoFuture, pending},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// Whatever it waits for.
#[test]
fn a_cancel_wakes_a_guest_that_waits() {
    let hand = Hand::default();
    let (stdin, _writer) = pipe();
    let reader = {
        let sandbox = timeless(roomy()).grant(Wasi::new().stdin(stdin));
        sandbox.start(&module(READER), []).expect("it starts")
    };
    let asker = {
        let ask = Function::from_async("env", "ask", |_: i32| pending::<i32>());
        let call = Call::export("sum").args(1);
        let sandbox = timeless(roomy()).grant(ask);
        sandbox.start(&module(ASKER), call).expect("it starts")
    };
    for mut execution in [sleeper(&hand, MILLI), reader, asker] {
        let token = execution.cancel_token();
        let run = execution.into_future().timer(|_| pending::<()>());
        let mut run = pin!(run);
        let wakes = Arc::new(Wakes::default());
        let waker = Waker::from(wakes.clone());
        let mut poll = || run.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(poll().is_pending());
        assert!(poll().is_pending());
        assert_eq!(wakes.take(), 0);
        token.cancel();
        assert_eq!(wakes.take(), 1);
        let Poll::Ready(finished) = poll() else {
            panic!("it was cancelled");
        };
        assert_eq!(code(&finished.report), "cancelled");
    }
}

#[test]
fn a_cancel_between_a_step_and_its_wait_is_not_missed() {
    let token = CancelToken::new();
    let ask = {
        let token = token.clone();
        Function::from_async("env", "ask", move |_: i32| {
            token.cancel();
            pending::<i32>()
        })
    };
    let call = Call::export("sum").args(1).cancel(token);
    let execution = timeless(roomy()).grant(ask).start(&module(ASKER), call);
    let (finished, _) = drive(execution.expect("it starts").into_future());
    assert_eq!(code(&finished.report), "cancelled");
}

#[test]
fn a_run_that_is_dropped_is_not_woken() {
    let hand = Hand::default();
    let mut execution = sleeper(&hand, MILLI);
    let token = execution.cancel_token();
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(wakes.clone());
    let mut run = Box::pin(execution.into_future().timer(|_| pending::<()>()));
    let polled = run.as_mut().poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    drop(run);
    token.cancel();
    assert_eq!(wakes.take(), 0);
}
