//! A typed call has no report where it returns, and all of one where it does not.

use super::counter;
use crate::harness::{clock::ticking, roomy};
use fuelbox::{CallError, Instance, Report, Sandbox, Stop};
use std::time::Duration;

const TICK: Duration = Duration::from_micros(10);
const DEADLINE: Duration = Duration::from_millis(5);

fn instance() -> Instance {
    let limits = roomy().deadline(DEADLINE);
    let sandbox = Sandbox::with_clock(limits, ticking(TICK));
    sandbox.instantiate(&counter()).expect("it starts")
}

fn stopped(call: Result<(), CallError>) -> Report {
    match call {
        Err(CallError::Stopped(report)) => *report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_that_stops_in_its_first_slice_says_how_long_it_took() {
    let mut instance = instance();
    assert_eq!(instance.call("add", 1), Ok(1_001));
    let report = stopped(instance.call("trap", ()));
    assert_eq!((report.usage.slices, report.usage.time), (1, TICK));
}

#[test]
fn one_that_goes_on_is_ended_by_its_deadline() {
    let report = stopped(instance().call("loop", ()));
    assert_eq!(report.stop(), Some(&Stop::Deadline { limit: DEADLINE }));
    assert_eq!(report.usage.time, DEADLINE);
}
