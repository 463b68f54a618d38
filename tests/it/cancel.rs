//! A token cancels the run that it was taken from, and no other.

use crate::harness::{code, module, roomy, timeless};
use fuelbox::{Function, Step};

const ENDLESS: &str = r#"(module (func (export "_start") (loop $again (br $again))))"#;

#[test]
fn cancelled_before_it_begins_a_run_does_nothing() {
    let module = module(r#"(module (func (export "_start") unreachable))"#);
    let mut execution = timeless(roomy()).start(&module, []).expect("it starts");
    let cancel = execution.cancel_token();
    cancel.cancel();
    cancel.cancel();
    assert!(cancel.is_cancelled());
    assert_eq!(execution.step(u64::MAX), Step::Done);
    let report = execution.finish();
    assert_eq!(code(&report), "cancelled");
    assert_eq!((report.usage.fuel, report.usage.slices), (0, 0));
}

#[test]
fn cancelled_from_a_host_function_a_run_stops_at_the_end_of_its_slice() {
    let module = module(
        r#"(module (import "host" "cancel" (func $cancel))
            (func (export "_start") (call $cancel) (loop $again (br $again))))"#,
    );
    let (send, receive) = std::sync::mpsc::channel::<fuelbox::CancelToken>();
    let receive = std::sync::Mutex::new(receive);
    let sandbox = timeless(roomy()).grant(Function::new("host", "cancel", move || {
        let receive = receive.lock().expect("nobody panics");
        receive.recv().expect("the token was sent").cancel();
    }));
    let mut execution = sandbox.start(&module, []).expect("it starts");
    send.send(execution.cancel_token()).expect("it is received");
    let report = execution.finish();
    assert_eq!(code(&report), "cancelled");
    assert!(report.usage.fuel < 10_000_000, "{} fuel", report.usage.fuel);
}

#[test]
fn a_run_that_is_over_stays_as_it_was() {
    let module = module(r#"(module (func (export "_start")))"#);
    let sandbox = timeless(roomy());
    let mut execution = sandbox.start(&module, []).expect("it starts");
    let cancel = execution.cancel_token();
    assert_eq!(execution.step(u64::MAX), Step::Done);
    cancel.cancel();
    assert_eq!(code(&execution.finish()), "finished");
    let next = sandbox.run(&module, []).expect("it starts");
    assert_eq!(code(&next), "finished");
}

#[test]
fn the_other_run_goes_on() {
    let module = module(ENDLESS);
    let sandbox = timeless(roomy());
    let mut one = sandbox.start(&module, []).expect("it starts");
    let mut other = sandbox.start(&module, []).expect("it starts");
    one.cancel_token().cancel();
    assert!(!other.cancel_token().is_cancelled());
    assert_eq!(one.step(1_000), Step::Done);
    assert_eq!(other.step(1_000), Step::Paused);
}
