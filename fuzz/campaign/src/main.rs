//! The program: searches for guests that do not do the same in fuelbox and in wasmtime.
//!
//! Exits with 0 where none was found, with 1 where one was, with 2 where it could not search.
#![forbid(unsafe_code)]

use argh::FromArgs;
use fuelbox_campaign::{
    Generator, Proposals,
    campaign::Campaign,
    judge::{Verdict, judge},
    search::Search,
    worker::{Worker, die_of},
};
use std::{
    env, fs, io,
    path::PathBuf,
    process::{Command, ExitCode},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

/// Runs generated guests in fuelbox and in wasmtime, and writes down those that do not do the same.
#[derive(FromArgs)]
struct Arguments {
    /// the number of the first guest (0)
    #[argh(option, default = "0")]
    seed: u64,
    /// how many seconds to search; 0: until the guests are tried (60)
    #[argh(option, default = "60")]
    seconds: u64,
    /// how many guests to try at most
    #[argh(option, default = "u64::MAX")]
    guests: u64,
    /// how many processes search (as many as the machine has cores)
    #[argh(option, default = "cores()")]
    threads: u64,
    /// smith, translator or all (all)
    #[argh(option, default = "Generator::All")]
    generator: Generator,
    /// default, or any of tail-call, multi-memory, memory64, custom-page-sizes, wide-arithmetic, relaxed-simd
    #[argh(option, default = "Proposals::default()")]
    proposals: Proposals,
    /// leave control flow as it is written, to see what the search finds
    #[argh(switch)]
    keep_control_flow: bool,
    /// how many finds each process makes small (10)
    #[argh(option, default = "10")]
    finds: u64,
    /// the folder for what was found (target/campaign)
    #[argh(option, default = "PathBuf::from(\"target/campaign\")")]
    out: PathBuf,
    /// judge this one module, .wasm or .wat
    #[argh(option)]
    judge: Option<PathBuf>,
    /// be a worker, and write to this file how far it is
    #[argh(option, hidden_help)]
    place: Option<PathBuf>,
    /// how many workers share the numbers
    #[argh(option, default = "1", hidden_help)]
    step: u64,
    /// the number that a worker does not reach
    #[argh(option, default = "u64::MAX", hidden_help)]
    until: u64,
    /// up to which number a worker tries one at a time
    #[argh(option, default = "0", hidden_help)]
    singly: u64,
    /// how long a worker works
    #[argh(option, default = "0", hidden_help)]
    milliseconds: u64,
    /// for tests: die of guests that have this construct
    #[argh(option, hidden_help)]
    dies_of: Option<String>,
}

/// Whether it was asked to end early.
static IS_STOPPED: AtomicBool = AtomicBool::new(false);

fn main() -> ExitCode {
    let arguments: Arguments = argh::from_env();
    let done = match (&arguments.judge, &arguments.place) {
        (Some(module), _) => judge_one(&arguments, module),
        (None, Some(progress)) => work(&arguments, progress),
        (None, None) => search(&arguments),
    };
    match done {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(1),
        Err(error) => {
            say(&error.to_string());
            ExitCode::from(2)
        }
    }
}

/// Whether something was found.
fn search(arguments: &Arguments) -> io::Result<bool> {
    let campaign = Campaign {
        search: arguments.search(),
        seed: arguments.seed,
        guests: arguments.guests,
        time: match arguments.seconds {
            0 => A_YEAR,
            seconds => Duration::from_secs(seconds),
        },
        threads: arguments.threads,
        folder: arguments.out.clone(),
        command,
        say,
        is_stopped: || IS_STOPPED.load(Ordering::Relaxed),
    };
    // By Ctrl-C or a signal to end: what was found till then is said.
    ctrlc::set_handler(|| IS_STOPPED.store(true, Ordering::Relaxed)).map_err(io::Error::other)?;
    say(&format!("searching from --seed {}", arguments.seed));
    let outcome = campaign.run()?;
    say(&outcome.tally.to_string());
    say(&format!("go on with --seed {}", outcome.next));
    Ok(outcome.tally.different > 0)
}

fn work(arguments: &Arguments, progress: &std::path::Path) -> io::Result<bool> {
    let worker = Worker {
        search: arguments.search(),
        from: arguments.seed,
        step: arguments.step,
        singly: arguments.singly,
        until: arguments.until,
        time: Duration::from_millis(arguments.milliseconds),
        finds: arguments.finds,
        progress: progress.to_path_buf(),
        folder: arguments.out.clone(),
        dies_of: arguments.dies_of.clone(),
    };
    worker.work()?;
    Ok(false)
}

#[expect(clippy::disallowed_methods, reason = "the module is a file")]
fn judge_one(arguments: &Arguments, module: &std::path::Path) -> io::Result<bool> {
    let wasm = wat::parse_bytes(&fs::read(module)?)
        .map_err(io::Error::other)?
        .into_owned();
    die_of(arguments.dies_of.as_deref(), &wasm);
    let guest = arguments.search().written(wasm, arguments.seed);
    let verdict = judge(&guest, arguments.seed);
    say(&format!("{verdict:?}"));
    Ok(matches!(verdict, Verdict::Different(_)))
}

impl Arguments {
    fn search(&self) -> Search {
        let mut search = Search::new(self.generator, self.proposals);
        search.keep_control_flow = self.keep_control_flow;
        search
    }
}

/// This program with the same words.
fn command() -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    // Of those that are given twice the last one counts; see `words`.
    command.args(words());
    Ok(command)
}

/// The words of this program but for those that each worker has its own of.
fn words() -> Vec<String> {
    const OWN: [&str; 4] = ["--seed", "--seconds", "--guests", "--threads"];
    let mut words = env::args().skip(1);
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        if OWN.contains(&&*word) {
            words.next();
        } else {
            kept.push(word);
        }
    }
    kept
}

fn cores() -> u64 {
    thread::available_parallelism().map_or(1, |cores| cores.get() as u64)
}

#[expect(clippy::print_stdout, reason = "it is what a program says")]
fn say(text: &str) {
    println!("{text}");
}

/// As good as no end.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3_600);
