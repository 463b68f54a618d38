//! The soak test: guests of all kinds run and live for minutes on two threads, and no memory is left behind.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test that overflows fails, and this one goes by the machine's clock"
)]

use crate::harness::{
    Case, allocations::measure, cases, finish_in, laws, resident_bytes, run_to_end,
    same_but_for_time,
};
use fuelbox::{Finished, Instance, Module, Report, Sandbox};
use std::{
    thread,
    time::{Duration, Instant},
};

/// Sets how long it goes, in seconds; ten minutes if it does not.
const SECONDS: &str = "FUELBOX_SOAK_SECONDS";

/// Fuel of the steps that runs are given by turns.
const STEPS: [u64; 4] = [1_000, 20_000, 1_000_000, u64::MAX];

/// What resident memory may grow by from the first third to the last, on both threads together:
/// allocators keep what they were given back, as long as it does not go on.
const GROWTH_BYTES: u64 = 32 << 20;

#[test]
#[ignore = "takes ten minutes, or as FUELBOX_SOAK_SECONDS says; .ci/run has a short one"]
fn soak() {
    let seconds = std::env::var(SECONDS).map_or(600, |text| text.parse().expect("a number"));
    let time = Duration::from_secs(seconds);
    let tallies = thread::scope(|scope| {
        let threads = [
            scope.spawn(|| soak_thread(time)),
            scope.spawn(|| soak_thread(time)),
        ];
        threads.map(|thread| thread.join().expect("every law holds"))
    });
    for tally in &tallies {
        println!("{tally:?}");
    }
    let runs: u64 = tallies.iter().map(|tally| tally.runs).sum();
    let calls: u64 = tallies.iter().map(|tally| tally.calls).sum();
    println!("{runs} runs, and {calls} calls of instances that live, in {seconds} s");
    for tally in &tallies {
        assert_eq!(tally.left_bytes, 0, "bytes left by {} runs", tally.runs);
        assert!(tally.calls > tally.lives, "no instance lives: {tally:?}");
        let [early, _, late] = tally.most_resident;
        let grown = late.saturating_sub(early);
        assert!(grown < GROWTH_BYTES, "{grown} bytes more are resident");
    }
}

/// How the runs of one thread ended.
#[derive(Debug, Default)]
struct Tally {
    runs: u64,
    finished: u64,
    stopped: u64,
    refused: u64,
    modules: u64,
    /// Instances that lived, and calls of them.
    lives: u64,
    calls: u64,
    /// Bytes that were allocated and are not freed.
    left_bytes: i64,
    /// The most that was resident in each third of the time.
    most_resident: [u64; 3],
}

/// One guest, and what its first run said.
struct Load {
    path: String,
    case: Case,
    sandbox: Sandbox,
    module: Module,
    first: Option<Report>,
    life: Life,
    /// Time that its runs took so far: each guest is given as much.
    spent: Duration,
    runs: u64,
}

/// An instance that lives for some calls, and what these said in the first of its lives.
#[derive(Default)]
struct Life {
    instance: Option<Instance>,
    calls: usize,
    first: Vec<Report>,
}

fn soak_thread(time: Duration) -> Tally {
    let mut tally = Tally::default();
    let begin = Instant::now();
    let ((), spent) = measure(|| {
        let mut loads = loads();
        while begin.elapsed() < time {
            let load = loads.iter_mut().min_by_key(|load| load.spent);
            load.expect("there are guests").run(&mut tally);
            if tally.runs.is_multiple_of(1_000) {
                tally.note_resident(begin.elapsed(), time);
            }
        }
    });
    tally.left_bytes = spent.live;
    tally
}

fn loads() -> Vec<Load> {
    ["tests/guests", "tests/hostile"]
        .into_iter()
        .flat_map(cases)
        .filter_map(|(path, case)| {
            Some(Load {
                sandbox: case.sandbox(),
                module: case.admit().ok()?,
                path,
                case,
                first: None,
                life: Life::default(),
                spent: Duration::ZERO,
                runs: 0,
            })
        })
        .collect()
}

impl Load {
    /// One run: as its header says, within every law, and the same as the first.
    fn run(&mut self, tally: &mut Tally) {
        const RUNS_OF_A_MODULE: u64 = 50;

        let begin = Instant::now();
        if self.runs.is_multiple_of(RUNS_OF_A_MODULE) {
            self.module = self.case.admit().expect("it was admitted before");
            tally.modules += 1;
        }
        let turn = usize::try_from(self.runs).unwrap_or(0) % STEPS.len();
        let step = STEPS.get(turn).copied().unwrap_or(u64::MAX);
        let ran = self.run_in_steps(step, tally);
        if let Err(problem) = ran.and_then(|()| self.live_in_steps(step, tally)) {
            panic!("{}, run {}: {problem}", self.path, self.runs);
        }
        self.runs += 1;
        tally.runs += 1;
        self.spent += begin.elapsed();
    }

    fn run_in_steps(&mut self, step: u64, tally: &mut Tally) -> Result<(), String> {
        let Self { case, sandbox, .. } = self;
        let execution = match case.start(sandbox, &self.module) {
            Ok(execution) => execution,
            Err(error) => {
                tally.refused += 1;
                return case.expect.refusal(&error);
            }
        };
        let report = run_to_end(execution, step);
        case.expect.report(&report)?;
        laws(&report, &case.limits)?;
        match report.stop() {
            Some(_) => tally.stopped += 1,
            None => tally.finished += 1,
        }
        if case.is_timed() {
            return Ok(());
        }
        let report = same_but_for_time(report);
        let first = self.first.get_or_insert_with(|| report.clone());
        if *first == report {
            Ok(())
        } else {
            Err(format!("{report:#?}, but at first {first:#?}"))
        }
    }
}

impl Load {
    /// One call of the instance that lives: within every law, and the same as in its first life.
    fn live_in_steps(&mut self, step: u64, tally: &mut Tally) -> Result<(), String> {
        const KEPT_BYTES: u64 = 1 << 20;

        let Some(instance) = self.instance(tally) else {
            return Ok(());
        };
        let call = self.case.call(&self.module);
        let Ok(execution) = instance.start(call) else {
            return Ok(());
        };
        let Finished {
            report, instance, ..
        } = finish_in(execution, step);
        tally.calls += 1;
        laws(&report, &self.case.limits)?;
        let life = &mut self.life;
        // Those of all guests together have to fit.
        life.instance = instance.filter(|_| report.usage.peak_memory_bytes <= KEPT_BYTES);
        life.calls += 1;
        if self.case.is_timed() {
            return Ok(());
        }
        let report = same_but_for_time(report);
        match life.first.get(life.calls - 1) {
            None => life.first.push(report),
            Some(first) if *first == report => {}
            Some(first) => {
                let calls = life.calls;
                return Err(format!(
                    "call {calls} of a life: {report:#?}, but in the first one {first:#?}"
                ));
            }
        }
        Ok(())
    }

    /// The one that lives, or the next where its life is over; none of a guest that does not get so far.
    fn instance(&mut self, tally: &mut Tally) -> Option<Instance> {
        const CALLS_OF_A_LIFE: usize = 20;

        let life = &mut self.life;
        let lives = life.instance.take();
        if let Some(instance) = lives.filter(|_| life.calls < CALLS_OF_A_LIFE) {
            return Some(instance);
        }
        life.calls = 0;
        let made = self.sandbox.instantiate(&self.module).ok()?;
        tally.lives += 1;
        Some(made)
    }
}

impl Tally {
    fn note_resident(&mut self, at: Duration, end: Duration) {
        let third = 3 * at.as_millis() / end.as_millis().max(1);
        let third = usize::try_from(third).unwrap_or(2).min(2);
        if let Some(most) = self.most_resident.get_mut(third) {
            *most = (*most).max(resident_bytes().unwrap_or(0));
        }
    }
}
