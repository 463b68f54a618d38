//! Two things compared in turns, so that what else the machine does hits both alike.

use std::time::{Duration, Instant};

/// Turns of each side; odd, so that there is a middle.
const ROUNDS: usize = 31;

/// How long a turn lasts at least, so that the clock and a stray interrupt weigh nothing.
const TURN: Duration = Duration::from_millis(4);

/// What was measured: time per call.
pub struct Comparison {
    /// The fastest turn of plain wasmi, in nanoseconds.
    pub plain_nanos: f64,
    /// The fastest turn of fuelbox, in nanoseconds.
    pub ours_nanos: f64,
    /// The median over rounds of ours by plain.
    pub ratio: f64,
}

/// Calls both in turns; with `once` just a single time, to see that they work.
pub fn compare(once: bool, mut plain: impl FnMut(), mut ours: impl FnMut()) -> Comparison {
    let (rounds, calls) = if once {
        (1, 1)
    } else {
        (ROUNDS, calls_per_turn(&mut plain))
    };
    let mut times = Vec::with_capacity(rounds);
    for round in 0..rounds {
        // Who comes second finds warm caches, so take turns in that too.
        times.push(if round % 2 == 0 {
            let plain = turn(calls, &mut plain);
            (plain, turn(calls, &mut ours))
        } else {
            let ours = turn(calls, &mut ours);
            (turn(calls, &mut plain), ours)
        });
    }
    let least = |times: &mut dyn Iterator<Item = f64>| times.fold(f64::INFINITY, f64::min);
    let mut ratios: Vec<_> = times.iter().map(|(plain, ours)| ours / plain).collect();
    ratios.sort_by(f64::total_cmp);
    Comparison {
        plain_nanos: least(&mut times.iter().map(|(plain, _)| *plain)),
        ours_nanos: least(&mut times.iter().map(|(_, ours)| *ours)),
        ratio: ratios[ratios.len() / 2],
    }
}

fn calls_per_turn(call: &mut impl FnMut()) -> u32 {
    let mut calls = 1_u32;
    while turn(calls, call) * f64::from(calls) < TURN.as_nanos() as f64 {
        calls *= 2;
    }
    calls
}

/// Nanoseconds per call.
#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn turn(calls: u32, call: &mut impl FnMut()) -> f64 {
    let begin = Instant::now();
    for _ in 0..calls {
        call();
    }
    begin.elapsed().as_nanos() as f64 / f64::from(calls)
}
