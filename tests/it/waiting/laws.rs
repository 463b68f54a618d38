//! Whatever the hosts of several guests do, in whatever order: each guest is as it is alone.

use super::{ALL, ASKS, SUM, answer, ask, run_answering};
use crate::harness::{code, module, roomy, same_but_for_time, timeless};
use fuelbox::{
    AnswerError, Call, CancelToken, Execution, HostError, Report, Slice, Step, Stop, Value,
};
use proptest::prelude::*;

/// What is done to one of the guests.
#[derive(Clone, Copy, Debug)]
enum Act {
    Step(u64),
    Answer,
    AnswerWrongly,
    Fail,
    Cancel,
    Drop,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0_u64..200).prop_map(Act::Step),
        6 => Just(Act::Answer),
        2 => Just(Act::AnswerWrongly),
        1 => Just(Act::Fail),
        1 => Just(Act::Cancel),
        1 => Just(Act::Drop),
    ]
}

fn start(n: i32, token: &CancelToken) -> Execution {
    let call = Call::export("sum").args(n).cancel(token.clone());
    let sandbox = timeless(roomy()).grant(ask());
    sandbox.start(&module(SUM), call).expect("it starts")
}

/// The report of a guest that nobody disturbs; with `fail_at`, where so many answers are followed by a failure.
fn alone(n: i32, fail_at: Option<usize>) -> Report {
    let mut execution = start(n, &CancelToken::new());
    for _ in 0..fail_at.unwrap_or_default() {
        assert_eq!(execution.step(ALL), ASKS);
        answer_rightly(&mut execution).expect("it asks");
    }
    if fail_at.is_some() {
        assert_eq!(execution.step(ALL), ASKS);
        execution.fail(HostError::message("no")).expect("it asks");
    } else {
        run_answering(&mut execution, ALL);
    }
    same_but_for_time(execution.finish().report)
}

fn answer_rightly(execution: &mut Execution) -> Result<(), AnswerError> {
    let asked = execution.request().map(|request| request.args().to_vec());
    let value = asked.map_or(Value::I32(0), |args| answer(&args));
    execution.answer_values(&[value])
}

/// A guest, and what was done to it.
struct Driven {
    n: i32,
    execution: Option<Execution>,
    token: CancelToken,
    answered: usize,
    failed_at: Option<usize>,
    is_cancelled: bool,
}

impl Driven {
    fn new(n: i32) -> Self {
        let token = CancelToken::new();
        Self {
            n,
            execution: Some(start(n, &token)),
            token,
            answered: 0,
            failed_at: None,
            is_cancelled: false,
        }
    }

    fn act(&mut self, act: Act) {
        let Some(execution) = &mut self.execution else {
            return;
        };
        let (asks, was_over) = (execution.request().is_some(), execution.is_over());
        match act {
            Act::Step(fuel) => {
                let step = execution.step(Slice::fuel(fuel));
                assert_eq!(step.is_done(), execution.is_over());
                assert_eq!(step == ASKS, execution.request().is_some());
                assert!(!asks || step == ASKS || self.is_cancelled, "it waits on");
            }
            Act::Answer => {
                let taken = answer_rightly(execution);
                assert_eq!(taken, self.expected(asks, Ok(())));
                self.answered = self.answered.saturating_add(usize::from(taken.is_ok()));
            }
            Act::AnswerWrongly => {
                let taken = execution.answer(1_i64);
                if asks && !self.is_cancelled {
                    assert!(matches!(taken, Err(AnswerError::Types { .. })), "{taken:?}");
                    assert!(execution.request().is_some());
                } else {
                    assert_eq!(taken, self.expected(asks, Ok(())));
                }
            }
            Act::Fail => {
                let taken = execution.fail(HostError::message("no"));
                assert_eq!(taken, self.expected(asks, Ok(())));
                if taken.is_ok() {
                    self.failed_at = Some(self.answered);
                }
            }
            Act::Cancel => {
                self.token.cancel();
                self.is_cancelled |= !was_over;
            }
            Act::Drop => self.execution = None,
        }
    }

    /// What an answer causes where everything but the guest is in order.
    fn expected(&self, asks: bool, taken: Result<(), AnswerError>) -> Result<(), AnswerError> {
        let is_stopped = self.execution.as_ref().is_some_and(Execution::is_over);
        if self.failed_at.is_some() {
            let failed = alone(self.n, self.failed_at);
            let stop = failed.stop().expect("it has failed").clone();
            Err(AnswerError::Stopped { stop })
        } else if self.is_cancelled && (asks || is_stopped) {
            let stop = Stop::Cancelled;
            Err(AnswerError::Stopped { stop })
        } else if asks {
            taken
        } else {
            Err(AnswerError::NothingAsked)
        }
    }

    fn end(self) {
        let Some(mut execution) = self.execution else {
            return;
        };
        if self.failed_at.is_none() && !self.is_cancelled {
            run_answering(&mut execution, Slice::fuel(50));
        }
        assert!(self.is_cancelled || execution.step(ALL) == Step::Done);
        let report = same_but_for_time(execution.finish().report);
        if self.is_cancelled {
            assert_eq!(code(&report), "cancelled");
        } else {
            assert_eq!(report, alone(self.n, self.failed_at));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn guests_that_wait_beside_each_other_are_each_as_they_are_alone(
        acts in proptest::collection::vec((0_usize..3, act()), 0..80),
    ) {
        let mut guests: Vec<_> = [1, 2, 4].into_iter().map(Driven::new).collect();
        for (guest, act) in acts {
            guests[guest].act(act);
        }
        guests.into_iter().for_each(Driven::end);
    }
}
