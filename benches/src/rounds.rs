//! Things compared in turns, so that what else the machine does disturbs all of them equally.

use crate::stopwatch;
use std::time::Duration;

/// Rounds at most; odd, so that there is a middle.
const MOST_ROUNDS: usize = 31;

/// Rounds at least, however long they take.
const LEAST_ROUNDS: usize = 5;

/// About what one comparison may take.
const BUDGET: Duration = Duration::from_secs(8);

/// How long a turn lasts at least, so that the clock and a stray interrupt weigh nothing.
const TURN: Duration = Duration::from_millis(4);

/// One of the things compared.
pub struct Contender<'a> {
    name: &'static str,
    call: Box<dyn FnMut() + 'a>,
}

/// What was measured of one: nanoseconds per call, round by round. The rounds of all contenders happened
/// together, so the ratio of two in one round means something where their times may not.
pub struct Timing {
    /// Whose.
    pub name: &'static str,
    /// Nanoseconds per call, in each round.
    pub nanos: Vec<f64>,
}

impl<'a> Contender<'a> {
    /// Something to call, and its name.
    pub fn new(name: &'static str, call: impl FnMut() + 'a) -> Self {
        Self {
            name,
            call: Box::new(call),
        }
    }
}

/// Calls all in turns; as a test just once, to see that they work.
pub fn compare(mut contenders: Vec<Contender<'_>>) -> Vec<Timing> {
    let once = stopwatch::is_test();
    let calls: Vec<u32> = contenders
        .iter_mut()
        .map(|contender| if once { 1 } else { calls_per_turn(contender) })
        .collect();
    let mut rounds = if once { 1 } else { MOST_ROUNDS };
    let mut nanos = vec![Vec::new(); contenders.len()];
    let mut round = 0;
    let begin = stopwatch::now();
    while round < rounds {
        // Who comes later finds other caches, so the first changes.
        for n in 0..contenders.len() {
            let n = (n + round) % contenders.len();
            nanos[n].push(turn(calls[n], &mut contenders[n]));
        }
        round += 1;
        if begin.elapsed() > BUDGET && round >= LEAST_ROUNDS {
            rounds = round | 1;
        }
    }
    contenders
        .iter()
        .zip(nanos)
        .map(|(contender, nanos)| Timing {
            name: contender.name,
            nanos,
        })
        .collect()
}

fn calls_per_turn(contender: &mut Contender<'_>) -> u32 {
    let mut calls = 1_u32;
    while turn(calls, contender) * f64::from(calls) < TURN.as_nanos() as f64 {
        calls *= 2;
    }
    calls
}

/// Nanoseconds per call.
fn turn(calls: u32, contender: &mut Contender<'_>) -> f64 {
    let nanos = stopwatch::nanos(|| {
        for _ in 0..calls {
            (contender.call)();
        }
    });
    nanos / f64::from(calls)
}
