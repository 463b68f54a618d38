//! Guests whose host answers later do what they do where it answers at once.

use crate::{
    draw::Draw,
    grants::{fail, mix, sum, two},
    run::same_but_for_time,
    slices_agree::is_start,
};
use fuelbox::{
    AnswerError, Error, Execution, Function, HostError, Report, Sandbox, Slice, Step, Value,
    ValueType::{self, F64, I32, I64},
    Wait,
};

/// The functions of the host that can be answered later.
const FUNCTIONS: [(&str, &[ValueType], &[ValueType]); 5] = [
    ("mix", &[I32, I64], &[I64]),
    ("two", &[F64], &[F64, I32]),
    ("see", &[I32, I32], &[I64]),
    ("burn", &[I32], &[]),
    ("fail", &[I32], &[]),
];

const ASKS: Step = Step::Waiting(Wait::Host);

/// Some guests beside each other.
const MOST_GUESTS: u64 = 3;

/// What will be done to a guest.
enum Fate {
    /// It runs to its end.
    End,
    /// It is cancelled after so many acts.
    Cancel(u64),
    /// It is dropped after so many acts.
    Drop(u64),
}

struct Guest {
    execution: Execution,
    fate: Fate,
    acts: u64,
}

/// The sandbox, where some functions of the host are answered later.
pub(crate) fn answered_later(sandbox: Sandbox, draw: &mut Draw) -> Sandbox {
    FUNCTIONS.into_iter().filter(|_| draw.percent(60)).fold(
        sandbox,
        |sandbox, (name, params, results)| {
            sandbox.grant(Function::waiting("host", name, params, results))
        },
    )
}

/// Runs some of the guest beside each other, and answers, steps, cancels and drops them in any order.
///
/// # Panics
/// Where one does not do what the whole run did.
pub(crate) fn check(start: impl Fn() -> Result<Execution, Error>, draw: &mut Draw, whole: &Report) {
    let mut guests = Vec::new();
    for _ in 0..=draw.below(MOST_GUESTS) {
        let execution = start().expect("it started before");
        let fate = match draw.below(8) {
            0 => Fate::Cancel(draw.below(40)),
            1 => Fate::Drop(draw.below(40)),
            _ => Fate::End,
        };
        guests.push(Guest {
            execution,
            fate,
            acts: 0,
        });
    }
    // As for slices: those of one fuel take long where there is much of it.
    let least = whole.usage.fuel / 1_024;
    let exponent = draw.below(16);
    let most = 1 + draw.below(1 << exponent);
    while !guests.is_empty() {
        let index = draw.below(guests.len() as u64) as usize;
        let fuel = least + 1 + draw.below(most);
        if guests[index].act(draw, fuel) {
            guests.swap_remove(index).end(whole);
        }
    }
}

impl Guest {
    /// Does something to it; whether that was the last thing.
    fn act(&mut self, draw: &mut Draw, fuel: u64) -> bool {
        self.acts += 1;
        match self.fate {
            Fate::Cancel(acts) if acts < self.acts => {
                self.execution.cancel_token().cancel();
                return true;
            }
            Fate::Drop(acts) if acts < self.acts => return true,
            _ => {}
        }
        if self.execution.request().is_none() {
            let taken = self.execution.answer(());
            assert!(taken.is_err(), "it asks nothing");
            return self.execution.step(Slice::fuel(fuel)).is_done();
        }
        match draw.below(8) {
            0 => assert_eq!(self.execution.step(Slice::fuel(fuel)), ASKS),
            1 => {
                let taken = self.execution.answer((1_i64, 2_f32));
                assert!(matches!(taken, Err(AnswerError::Types { .. })), "{taken:?}");
            }
            _ => match answer(&mut self.execution) {
                Ok(values) => {
                    let taken = self.execution.answer_values(&values);
                    assert_eq!(taken, Ok(()));
                }
                Err(error) => {
                    let taken = self.execution.fail(error);
                    assert_eq!(taken, Ok(()));
                }
            },
        }
        self.execution.is_over()
    }

    fn end(self, whole: &Report) {
        if let Fate::Drop(acts) = self.fate
            && acts < self.acts
        {
            return;
        }
        let was_over = self.execution.is_over();
        let report = same_but_for_time(self.execution.finish().report);
        if was_over {
            assert_eq!(report, *whole);
        } else {
            is_start(&report, whole);
        }
    }
}

/// What the function returns that the guest has called.
fn answer(execution: &mut Execution) -> Result<Vec<Value>, HostError> {
    let mut request = execution.request().expect("it asks");
    assert_eq!(request.module(), "host");
    let args = request.args().to_vec();
    Ok(match (request.name(), &*args) {
        ("mix", &[Value::I32(a), Value::I64(b)]) => vec![Value::I64(mix(a, b))],
        ("two", &[Value::F64(a)]) => {
            let (a, b) = two(a);
            vec![Value::F64(a), Value::I32(b)]
        }
        ("see", &[Value::I32(ptr), Value::I32(len)]) => {
            let ptr = ptr.cast_unsigned();
            let bytes = request.read(ptr, len.cast_unsigned())?.to_vec();
            request.write(ptr.wrapping_add(1), &bytes)?;
            vec![Value::I64(sum(&bytes))]
        }
        ("burn", &[Value::I32(fuel)]) => {
            request.charge(fuel.cast_unsigned().into())?;
            Vec::new()
        }
        ("fail", &[Value::I32(code)]) => {
            fail(code)?;
            Vec::new()
        }
        other => panic!("{other:?}"),
    })
}
