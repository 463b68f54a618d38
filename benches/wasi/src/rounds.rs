//! Two things compared in turns, so that what else the machine does disturbs both equally.

use std::time::{Duration, Instant};

/// Turns of each side; odd, so that there is a middle.
const ROUNDS: usize = 31;

/// How long a turn lasts at least, so that the clock and a stray interrupt weigh nothing.
const TURN: Duration = Duration::from_millis(4);

/// What was measured.
pub(crate) struct Comparison {
    /// Nanoseconds of the fastest turn of each side.
    least: (f64, f64),
    /// The median over rounds of the second by the first.
    ratio: f64,
}

impl Comparison {
    /// Calls both in turns; as a test just once.
    pub(crate) fn new(mut first: impl FnMut(), mut second: impl FnMut()) -> Self {
        let is_test = std::env::args().any(|argument| argument == "--test");
        let (rounds, calls) = if is_test {
            (1, 1)
        } else {
            (ROUNDS, calls_per_turn(&mut first))
        };
        let mut times = Vec::with_capacity(rounds);
        for round in 0..rounds {
            // Who comes second finds warm caches, so take turns in that too.
            times.push(if round % 2 == 0 {
                let first = turn(calls, &mut first);
                (first, turn(calls, &mut second))
            } else {
                let second = turn(calls, &mut second);
                (turn(calls, &mut first), second)
            });
        }
        let mut ratios: Vec<_> = times.iter().map(|(first, second)| second / first).collect();
        ratios.sort_by(f64::total_cmp);
        let least = times
            .iter()
            .fold((f64::INFINITY, f64::INFINITY), |least, time| {
                (least.0.min(time.0), least.1.min(time.1))
            });
        Self {
            least,
            ratio: ratios[rounds / 2],
        }
    }

    /// Prints it as a line of a table.
    pub(crate) fn print(&self, name: &str, target: &str) {
        let micros = |nanos: f64| format!("{:.3} us", nanos / 1e3);
        println!(
            "{name:<40} {:>12} {:>12} {:>8.3}   {target}",
            micros(self.least.0),
            micros(self.least.1),
            self.ratio
        );
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
fn turn(calls: u32, call: &mut impl FnMut()) -> f64 {
    let begin = Instant::now();
    for _ in 0..calls {
        call();
    }
    begin.elapsed().as_nanos() as f64 / f64::from(calls)
}
