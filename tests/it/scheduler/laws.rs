//! Whatever is done to guests in a scheduler: each is as it is alone.

use super::{Workshop, endless};
use crate::harness::{module, same_but_for_time, timeless};
use fuelbox::{
    Call, Execution, ExecutionId, Function, Priority, Report, Scheduler, Share, Step, Value,
    ValueType,
};
use proptest::prelude::*;
use std::{collections::BTreeMap, time::Duration};

/// Works a while, asks, and so on, n times; returns the sum of the answers.
const GUEST: &str = r#"(module
    (import "env" "ask" (func $ask (param i32) (result i32)))
    (func (export "sum") (param $n i32) (result i32) (local $sum i32) (local $work i32)
        (loop $again
            (local.set $work (i32.const 100))
            (loop $more (br_if $more (local.tee $work (i32.sub (local.get $work) (i32.const 1)))))
            (local.set $sum (i32.add (local.get $sum) (call $ask (local.get $n))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum)))"#;

#[derive(Clone, Copy, Debug)]
enum Act {
    Add(i32, u16, usize),
    Round(u64),
    Answer,
    Look(usize),
    /// Takes one out and adds it again.
    Move(usize),
    Drop(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1..5, 0_u16..4, 0_usize..3).prop_map(|(n, weight, at)| Act::Add(n, weight, at)),
        8 => (0_u64..500).prop_map(Act::Round),
        6 => Just(Act::Answer),
        2 => any::<usize>().prop_map(Act::Look),
        2 => any::<usize>().prop_map(Act::Move),
        1 => any::<usize>().prop_map(Act::Drop),
    ]
}

fn start(n: i32) -> Execution {
    let ask = Function::waiting("env", "ask", &[ValueType::I32], &[ValueType::I32]);
    let call = Call::export("sum").args(n);
    let sandbox = timeless(endless()).grant(ask);
    sandbox.start(&module(GUEST), call).expect("it starts")
}

fn answer(execution: &mut Execution) {
    let Some(request) = execution.request() else {
        panic!("it asks");
    };
    let [Value::I32(n)] = *request.args() else {
        panic!("it asks with a number");
    };
    execution.answer(n * 10).expect("it asks");
}

fn alone(n: i32) -> Report {
    let mut execution = start(n);
    while execution.step(fuelbox::Slice::fuel(u64::MAX)) != Step::Done {
        answer(&mut execution);
    }
    same_but_for_time(execution.finish().report)
}

struct Crowd {
    scheduler: Scheduler,
    there: BTreeMap<ExecutionId, i32>,
}

impl Crowd {
    fn act(&mut self, act: Act) {
        let pick = |at: usize| self.there.keys().nth(at % self.there.len().max(1)).copied();
        match act {
            Act::Add(n, weight, at) => {
                let priority = [Priority::Low, Priority::Normal, Priority::High][at];
                let share = Share::default().weight(weight).priority(priority);
                let id = self.scheduler.add_with(start(n), share);
                assert_eq!(self.there.insert(id, n), None);
            }
            Act::Round(fuel) => {
                self.scheduler.round(fuel);
                self.collect();
            }
            Act::Answer => {
                while let Some(id) = self.scheduler.asking() {
                    answer(self.scheduler.get_mut(id).expect("it is there"));
                }
            }
            Act::Look(at) => {
                if let Some(id) = pick(at) {
                    assert!(self.scheduler.get_mut(id).is_some());
                }
            }
            Act::Move(at) => {
                if let Some(id) = pick(at) {
                    let execution = self.scheduler.remove(id).expect("it is there");
                    let n = self.there.remove(&id).expect("it is there");
                    self.there.insert(self.scheduler.add(execution), n);
                }
            }
            Act::Drop(at) => {
                if let Some(id) = pick(at) {
                    assert!(self.scheduler.remove(id).is_some());
                    self.there.remove(&id);
                }
            }
        }
        assert_eq!(self.scheduler.len(), self.there.len());
    }

    fn collect(&mut self) {
        while let Some((id, finished)) = self.scheduler.finished() {
            let n = self.there.remove(&id).expect("it is handed out once");
            assert_eq!(same_but_for_time(finished.report), alone(n));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn guests_in_a_scheduler_are_each_as_they_are_alone(
        acts in proptest::collection::vec(act(), 0..60),
    ) {
        let mut crowd = Crowd {
            scheduler: Scheduler::with_clock(crate::harness::clock::still()),
            there: BTreeMap::new(),
        };
        for act in acts {
            crowd.act(act);
        }
        // All come to their end in so many rounds, each with an answer for all.
        for _ in 0..1_000 {
            crowd.act(Act::Round(500));
            crowd.act(Act::Answer);
        }
        prop_assert!(crowd.there.is_empty());
    }
}

#[test]
fn the_order_of_guests_is_the_same_every_time() {
    let calls = || {
        let mut workshop =
            Workshop::new(|n| Duration::from_micros(u64::from(7 + n.unsigned_abs())));
        for (n, weight) in (0..20).zip([0, 1, 2].into_iter().cycle()) {
            workshop.add(n, Share::default().weight(weight));
        }
        let turns = (0..20).flat_map(|_| workshop.turn(Duration::from_millis(1)).1);
        turns.collect::<Vec<_>>()
    };
    let expected = calls();
    assert!(expected.len() > 500);
    assert_eq!(calls(), expected);
}
