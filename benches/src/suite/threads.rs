//! Runs per second by the number of threads that share a compiled module.

use crate::{
    engine::{FLOOR, ONE_LANE, OURS, plain::Plain},
    guest,
    results::Results,
    stopwatch,
};
use fuelbox::{Limits, Module, Sandbox};
use std::{hint::black_box, sync::Barrier, thread, time::Duration};

/// How long threads run in each round.
const WINDOW: Duration = Duration::from_millis(200);

const ROUNDS: usize = 7;

/// Runs per second on 1, 2, 4 and more threads, as many as the machine has.
pub(super) fn threads(results: &mut Results) {
    for (name, wasm) in [
        ("nothing", guest::nothing(0)),
        ("echo", guest::parse(guest::ECHO)),
        ("a page", guest::nothing(1)),
    ] {
        guest(results, name, &wasm);
    }
}

fn guest(results: &mut Results, name: &str, wasm: &[u8]) {
    let sandbox = Sandbox::new(Limits::default()).grant(fuelbox::protocol());
    let run = |module: &Module| _ = black_box(sandbox.run(module, "a line")).expect("it starts");
    let lanes = Module::new(wasm).expect("the guest is valid");
    let one_lane = Module::builder().most_lanes(1).build(wasm);
    let one_lane = one_lane.expect("the guest is valid");
    let plain = Plain { metered: true }.module(wasm);
    let sides: [(&str, &(dyn Fn() + Sync)); 3] = [
        (OURS, &|| run(&lanes)),
        (ONE_LANE, &|| run(&one_lane)),
        (FLOOR, &|| _ = black_box(plain.run_on(b"a line"))),
    ];
    let counts = counts();
    let rounds = if stopwatch::is_test() { 1 } else { ROUNDS };
    // Once without measuring, so that lanes are there.
    for count in &counts {
        runs_per_second(*count, sides[0].1);
    }
    for (side, run) in sides {
        let samples: Vec<Vec<f64>> = (0..rounds)
            .map(|_| {
                counts
                    .iter()
                    .map(|count| runs_per_second(*count, run))
                    .collect()
            })
            .collect();
        for (place, count) in counts.iter().enumerate() {
            let of = |round: &Vec<f64>| round[place];
            let case = format!("{name}, {count} threads");
            results.add(&case, "runs/s", side, samples.iter().map(of).collect());
            let by_one = |round: &Vec<f64>| round[place] / round[0];
            let scaling = samples.iter().map(by_one).collect();
            results.add(&format!("{case} by 1"), "times", side, scaling);
        }
    }
    println!("  {name}: {} lanes", lanes.lanes());
}

/// 1, 2, 4 and so on, up to as many as the machine has cores.
fn counts() -> Vec<usize> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let doubled = |count: &usize| count.checked_mul(2);
    let counts = std::iter::successors(Some(1), doubled);
    counts.take_while(|count| *count <= cores).collect()
}

fn runs_per_second(threads: usize, run: &(dyn Fn() + Sync)) -> f64 {
    let barrier = Barrier::new(threads);
    let begin_to_end = || {
        barrier.wait();
        let begin = stopwatch::now();
        let mut runs = 0_u64;
        while begin.elapsed() < WINDOW {
            for _ in 0..100 {
                run();
            }
            runs += 100;
        }
        runs as f64 / begin.elapsed().as_secs_f64()
    };
    thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(begin_to_end)).collect();
        handles
            .into_iter()
            .map(|handle| handle.join().expect("no run panics"))
            .sum()
    })
}
