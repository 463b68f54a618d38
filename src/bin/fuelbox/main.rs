//! The program: runs, inspects or times one module, or proves itself, by the library's public API alone.
//!
//! Reads like this: [`command_line`] puts the words in order, [`args`] says what they mean, [`run`],
//! [`inspect`], [`bench`] and [`selftest`] are the commands, [`explain`] says what went wrong and which flag helps,
//! and [`mod@print`] and [`stream`] are the only places that write to standard output and error.
#![forbid(unsafe_code)]

mod allow;
mod args;
mod bench;
mod command_line;
mod directory;
mod exit;
mod explain;
mod failure;
mod files;
mod histogram;
mod input;
mod inspect;
mod interrupt;
mod json;
mod likeness;
mod live;
mod module_file;
mod prepared;
mod print;
mod proposals;
mod run;
mod selftest;
mod series;
mod statistics;
mod stopwatch;
mod stream;
mod suggest;
mod summary;
mod units;
mod values;
mod wasi;

use argh::{EarlyExit, FromArgs};
use args::{Arguments, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(match parse() {
        Ok(arguments) => dispatch(&arguments),
        Err(exit) => say(&exit),
    })
}

fn parse() -> Result<Arguments, EarlyExit> {
    let words = command_line::words(std::env::args_os().skip(1))?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Arguments::from_args(&["fuelbox"], &words)
}

fn dispatch(arguments: &Arguments) -> u8 {
    match &arguments.command {
        _ if arguments.version => print::text(concat!("fuelbox ", env!("CARGO_PKG_VERSION"), "\n")),
        Some(Command::Run(arguments)) => run::run(arguments),
        Some(Command::Inspect(arguments)) => inspect::inspect(arguments),
        Some(Command::SelfTest(arguments)) => selftest::selftest(arguments),
        Some(Command::Bench(arguments)) => bench::bench(arguments),
        None => {
            print::message("a command is missing: run, inspect, bench or selftest");
            print::lines("try: --help");
            exit::HOST
        }
    }
}

/// Says what ended the reading of the command line: a help text, or what is wrong with it.
fn say(exit: &EarlyExit) -> u8 {
    match exit.status {
        Ok(()) => print::text(&exit.output),
        Err(()) => {
            let words: Vec<&str> = exit.output.split_whitespace().collect();
            print::message(&words.join(" "));
            print::lines("try: --help");
            exit::HOST
        }
    }
}
