//! How do guests use all cores? Each thread has a scheduler of its own, and takes work from one queue.
//!
//! ```sh
//! cargo run --example cores
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "there are forty jobs, each of forty lines at the most"
)]

use fuelbox::{ExecutionId, Limits, Module, Report, Sandbox, Scheduler, Step, protocol};
use std::{
    collections::BTreeMap,
    error::Error,
    num::NonZero,
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

/// How long a thread runs its guests before it looks for new work.
const TURN: Duration = Duration::from_millis(1);

/// How many guests a thread runs at once. The more, the fewer a thread finds that is done sooner.
const AT_ONCE: usize = 4;

const JOBS: u32 = 40;

const GUEST: &[u8] = include_bytes!("../tests/guests/rust-words.wasm");

struct Job {
    number: u32,
    input: String,
}

struct Done {
    number: u32,
    core: usize,
    report: Report,
}

fn main() -> Result<(), Box<dyn Error>> {
    // Shared by all threads.
    let module = Module::new(GUEST)?;
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (work, jobs) = mpsc::channel();
    let (done, results) = mpsc::channel();
    for number in 0..JOBS {
        let input = "one two\n".repeat(number as usize);
        work.send(Job { number, input })?;
    }
    drop(work); // there is no more, so that the threads end

    let jobs = Mutex::new(jobs);
    thread::scope(|scope| {
        for core in 0..cores {
            let (guest, jobs, done) = ((&module, &sandbox), &jobs, done.clone());
            scope.spawn(move || serve(core, guest, jobs, &done));
        }
        drop(done);
        let mut by_core = BTreeMap::<usize, u32>::new();
        let mut count = 0;
        for result in results {
            let lines = result.number;
            let expected = format!("{lines} {} {}", lines * 2, lines * 8);
            assert_eq!(result.report.into_output()?, expected.as_bytes());
            count += 1;
            *by_core.entry(result.core).or_default() += 1;
        }
        println!("{count} guests on {cores} cores: {by_core:?}");
        assert_eq!(count, JOBS);
        Ok(())
    })
}

/// What one thread does: it runs what it has, takes more where it has room, and sleeps only where it has nothing.
fn serve(
    core: usize,
    (module, sandbox): (&Module, &Sandbox),
    jobs: &Mutex<Receiver<Job>>,
    done: &Sender<Done>,
) {
    let mut scheduler = Scheduler::new();
    let mut numbers = BTreeMap::<ExecutionId, u32>::new();
    loop {
        while scheduler.len() < AT_ONCE {
            let Some(job) = next(jobs, scheduler.is_empty()) else {
                break;
            };
            let execution = sandbox.start(module, job.input);
            let id = scheduler.add(execution.expect("all is granted"));
            numbers.insert(id, job.number);
        }
        if scheduler.is_empty() {
            return;
        }
        if let Step::Waiting(_) = scheduler.turn(TURN) {
            thread::sleep(TURN); // all wait; none of these does
        }
        while let Some((id, finished)) = scheduler.finished() {
            let number = numbers.remove(&id).unwrap_or_default();
            let report = finished.report;
            let sent = done.send(Done {
                number,
                core,
                report,
            });
            if sent.is_err() {
                return;
            }
        }
    }
}

/// The next job: waits for one, or says that there is none at the moment.
fn next(jobs: &Mutex<Receiver<Job>>, waits: bool) -> Option<Job> {
    if waits {
        return jobs.lock().ok()?.recv().ok();
    }
    // Who has the lock for long waits for a job itself, so that there is none.
    jobs.try_lock().ok()?.try_recv().ok()
}
