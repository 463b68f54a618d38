//! A guest of fuelbox as a target of AFL++: `afl-fuzz -i SEEDS -o FOUND -- guest [--fuel N] GUEST`.
//!
//! AFL++ searches, and the guest runs in the sandbox: its ways are AFL++'s map. AFL++ starts a target once and asks it
//! for a process for each input. A guest cannot harm the process that it runs in, so this program runs it there, and
//! answers as if a process had ended. Without AFL++ it runs the guest once, on standard input, and says what it did.
//!
//! `guest --dictionary GUEST FILE..` prints what the guest compares on these inputs as a dictionary for `afl-fuzz -x`.
//!
//! What there is for programs that are instrumented is not used. The runtime of the crate `afl` counts the ways of the
//! host, which are the interpreter's; that of `libafl_targets` brings LibAFL with it, and forks, where there is nothing
//! to fork. The protocol is some words on two pipes, and two pieces of shared memory.
//!
//! It grants the protocol. Copy it to grant more.
#![deny(unsafe_code)]
#![expect(clippy::disallowed_methods, reason = "guests and inputs are files")]
#![expect(clippy::print_stderr, reason = "it is what a program says")]

mod dictionary;
mod forkserver;
mod inherited;
mod status;

use forkserver::Fuzzer;
use fuelbox::{Limits, Module, Sandbox, fuzz::Target, protocol};
use inherited::Map;
use std::{
    env,
    error::Error,
    fs,
    io::{self, Read as _},
    process::ExitCode,
};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match &*words {
        ["--dictionary", guest, files @ ..] => {
            target(guest, FUEL).and_then(|target| dictionary::print(target, files))
        }
        ["--fuel", fuel, guest] => match fuel.parse() {
            Ok(fuel) => run(guest, fuel),
            Err(_) => Err(format!("--fuel: `{fuel}` is no number").into()),
        },
        [guest] if !guest.starts_with('-') => run(guest, FUEL),
        _ => Err("usage: guest [--fuel N] GUEST, or guest --dictionary GUEST FILE..".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("guest: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The work that is allowed for one input: about 20 ms, well within the second that AFL++ waits.
const FUEL: u64 = 20_000_000;

/// Serves AFL++ if it is there; otherwise runs the guest once.
fn run(guest: &str, fuel: u64) -> Result<(), Box<dyn Error>> {
    let mut target = target(guest, fuel)?;
    if let Some(fuzzer) = Fuzzer::connect(target.ways())? {
        return fuzzer.serve(&mut target);
    }
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input)?;
    let verdict = target.run(&input)?;
    if let Some(map) = Map::inherited()? {
        map.note(verdict.edges);
    }
    let (ways, all) = (verdict.edges.taken().count(), verdict.edges.len());
    eprintln!("{ways} of {all} ways, {} fuel", verdict.fuel);
    if let Some(stop) = verdict.stop {
        eprintln!("the guest was stopped: {stop} ({})", stop.code());
        inherited::end_by(status::signal(&stop));
    }
    Ok(())
}

/// The guest in this file.
fn target(path: &str, fuel: u64) -> Result<Target, Box<dyn Error>> {
    let wasm = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let sandbox = Sandbox::new(Limits::default().fuel(fuel)).grant(protocol());
    Ok(Target::new(&sandbox, &Module::builder(), wasm)?)
}
