//! A run can be awaited, by any executor, a slice at a time.

use crate::harness::{code, module, roomy, same_but_for_time, timeless};
use std::{
    future::{Future, IntoFuture},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

#[derive(Default)]
struct Wakes(AtomicU64);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Loops as often as the input is long, in thousands.
const LONG: &str = r#"(module
    (func (export "execute") (param i32 i32) (result i32)
        (loop $again
            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br_if $again (i32.lt_u (local.get 0) (i32.const 5000000))))
        (i32.const 3)))"#;

#[test]
fn an_awaited_run_gives_the_same_report_in_several_polls() {
    let (sandbox, module) = (timeless(roomy()), module(LONG));
    let expected = same_but_for_time(sandbox.run(&module, []).expect("it starts"));
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(wakes.clone());
    let mut context = Context::from_waker(&waker);
    let mut run = pin!(sandbox.start(&module, []).expect("it starts").into_future());
    let mut polls = 0;
    let report = loop {
        match run.as_mut().poll(&mut context) {
            Poll::Ready(finished) => break finished.report,
            Poll::Pending => polls += 1,
        }
        assert_eq!(
            wakes.0.load(Ordering::Relaxed),
            polls,
            "each pending poll wakes"
        );
    };
    assert!(polls >= 2, "{polls} polls for {} fuel", report.usage.fuel);
    assert_eq!(same_but_for_time(report), expected);
}

#[test]
fn an_awaited_run_can_be_cancelled() {
    let module = module(r#"(module (func (export "_start") (loop $again (br $again))))"#);
    let mut execution = timeless(roomy()).start(&module, []).expect("it starts");
    let cancel = execution.cancel_token();
    let mut run = pin!(execution.into_future());
    let mut context = Context::from_waker(Waker::noop());
    assert!(run.as_mut().poll(&mut context).is_pending());
    cancel.cancel();
    let Poll::Ready(finished) = run.as_mut().poll(&mut context) else {
        panic!("it was cancelled");
    };
    assert_eq!(code(&finished.report), "cancelled");
}
