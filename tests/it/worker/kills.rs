//! Somebody kills workers at random, and no run is lost for it.

use super::told::{self, guest};
use fuelbox::{Stop, WorkerEnd, worker::WorkerPool};
use std::{
    collections::BTreeSet,
    process::{self, Command},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

const RUNS: u64 = 10_000;

#[test]
fn every_run_is_reported_once_while_workers_are_killed() {
    let test = "worker::kills::ten_thousand_runs_are_reported_once_while_workers_are_killed";
    super::passes_alone(test);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test that fails must end")]
fn a_worker_that_is_killed_while_it_has_nothing_to_do_is_replaced_and_no_run_knows() {
    let pool = told::pool(1, options());
    let ids = || pool.process_ids();
    let killed = ids();
    super::kill(*killed.first().expect("there is one"));
    // Without a run that would see it.
    let begun = Instant::now();
    while ids() == killed || ids().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "{killed:?} is not replaced"
        );
        thread::sleep(Duration::from_millis(10));
    }
    let report = pool.run(&guest("nothing"), []).expect("it runs");
    assert!(report.is_success(), "{:?}", report.outcome);
}

#[test]
#[ignore = "in a process of its own: the test above runs it"]
fn ten_thousand_runs_are_reported_once_while_workers_are_killed() {
    // What is opened once and stays.
    drop(told::pool(2, options()));
    let before = descriptors();

    let pool = told::pool(2, options());
    let (finished, killed, seen) = run_beside_a_killer(&pool, RUNS);
    assert_eq!(finished + killed, RUNS);
    println!(
        "{finished} finished, {killed} killed, {} workers",
        seen.len()
    );
    assert!(killed > 0 && seen.len() > 2, "{killed} of {}", seen.len());
    assert!(finished > RUNS / 10, "{finished}");

    drop(pool);
    assert_eq!(children(), Vec::<u32>::new());
    assert_eq!(descriptors(), before);
}

/// Runs in two threads while a third kills; how many finished, how many were killed, and all workers there were.
#[expect(clippy::arithmetic_side_effects, reason = "counts of a test")]
fn run_beside_a_killer(pool: &WorkerPool, runs: u64) -> (u64, u64, BTreeSet<u32>) {
    let (left, over) = (AtomicU64::new(runs), AtomicBool::new(false));
    let is_left = || {
        let less = |left: u64| left.checked_sub(1);
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    };
    let run = || {
        let module = guest("nothing");
        let (mut finished, mut killed) = (0, 0);
        while is_left() {
            let report = pool.run(&module, []).expect("every run is reported");
            match report.stop() {
                None => {
                    assert_eq!(
                        (report.status(), &*report.output),
                        (Some(0), &b"written"[..])
                    );
                    finished += 1;
                }
                Some(stop) => {
                    let how = WorkerEnd::Signal { number: 9 };
                    assert_eq!(stop, &Stop::Worker { how });
                    killed += 1;
                }
            }
        }
        (finished, killed)
    };
    thread::scope(|scope| {
        let killer = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            let mut random = 0x9e37_79b9_u32;
            let mut next = RUNS;
            while !over.load(Ordering::Relaxed) {
                // By runs and not by time, so that a busy machine has as many kills in as many runs.
                if left.load(Ordering::Relaxed) > next {
                    thread::yield_now();
                    continue;
                }
                let ids = pool.process_ids();
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let place = usize::try_from(random >> 16).expect("16 bits");
                if let Some(id) = ids.get(place % ids.len().max(1)) {
                    seen.insert(*id);
                    // It may be gone already.
                    let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
                }
                next = left
                    .load(Ordering::Relaxed)
                    .saturating_sub(u64::from(random >> 27));
            }
            seen
        });
        let threads = [scope.spawn(run), scope.spawn(run)];
        let [one, other] = threads.map(|thread| thread.join().expect("no panic"));
        over.store(true, Ordering::Relaxed);
        let seen = killer.join().expect("no panic");
        (one.0 + other.0, one.1 + other.1, seen)
    })
}

fn options() -> fuelbox::worker::WorkerOptions {
    told::options().quarantine(u32::MAX, Duration::ZERO)
}

/// How many descriptors this process has open.
pub(super) fn descriptors() -> usize {
    std::fs::read_dir("/dev/fd").expect("it is listed").count()
}

/// The children of this process, those included that have ended and were not waited for.
fn children() -> Vec<u32> {
    let own = process::id().to_string();
    let output = Command::new("ps")
        .args(["-A", "-o", "pid=,ppid=,comm="])
        .output();
    let output = output.expect("processes can be listed");
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let ours = lines.filter(|line| line.get(1) == Some(&own.as_str()));
    ours.filter(|line| line.get(2) != Some(&"ps"))
        .filter_map(|line| line.first()?.parse().ok())
        .collect()
}
