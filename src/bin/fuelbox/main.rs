//! The program: runs, inspects, times or snapshots one module, makes a project for one, or tests itself, by the library's public API alone.
//!
//! Reads like this: [`command_line`] reads the words, [`args`] says what they mean, [`run`],
//! [`inspect`], [`bench`], [`mod@new`], [`snapshot`], [`selftest`] and [`mod@completions`] are the commands, [`explain`] says what went
//! wrong and which flag helps,
//! and [`mod@print`] and [`stream`] are the only places that write to standard output and error.
#![forbid(unsafe_code)]

mod allow;
mod args;
mod bench;
mod command_line;
mod completions;
mod counted;
mod directory;
mod exit;
mod explain;
mod failure;
mod files;
mod flag;
mod help;
mod histogram;
mod input;
mod inspect;
mod interrupt;
mod json;
mod likeness;
mod live;
mod module_file;
mod nearest;
mod new;
mod observed;
mod prepared;
mod print;
mod proposals;
mod recorded;
mod replay;
mod run;
mod selftest;
mod series;
mod snapshot;
mod statistics;
mod stopwatch;
mod stream;
mod style;
mod suggest;
mod summary;
mod units;
mod values;
mod wasi;
mod wrap;

use args::{
    Bench, COMMANDS, Completions, HELP, Inspect, Project, Replay, Run, SelfTest, Snapshot, VERSION,
};
use command_line::{Line, Words};
use explain::Explanation;
use std::process::ExitCode;
use style::Style;

fn main() -> ExitCode {
    let code = command_line::read(std::env::args_os().skip(1)).and_then(|line| dispatch(&line));
    ExitCode::from(code.unwrap_or_else(|wrong| {
        print::explanation(&wrong, Style::Wrong);
        exit::HOST
    }))
}

/// Does what a line says; returns the exit code.
///
/// # Errors
/// What is wrong with the line.
fn dispatch(line: &Line) -> Result<u8, Explanation> {
    let words = &line.words;
    if words.has(&VERSION) {
        let version = concat!("fuelbox ", env!("CARGO_PKG_VERSION"), "\n");
        return Ok(print::text(version));
    }
    if words.has(&HELP) {
        let text = match line.command {
            Some(command) => help::command(command, heading),
            None => help::program(heading),
        };
        return Ok(print::help(&text));
    }
    match line.command {
        Some(command) => run_command(command.name, words),
        None => {
            let names = COMMANDS.map(|command| command.name).join(", ");
            let what = format!("a command is missing; there are {names}");
            Err(Explanation::new(what, "fuelbox --help"))
        }
    }
}

fn run_command(name: &str, words: &Words) -> Result<u8, Explanation> {
    Ok(match name {
        "run" => run::run(&Run::new(words)?),
        "replay" => replay::replay(&Replay::new(words)?),
        "inspect" => inspect::inspect(&Inspect::new(words)?),
        "bench" => bench::bench(&Bench::new(words)?),
        "new" => new::new(&Project::new(words)?),
        "snapshot" => snapshot::snapshot(&Snapshot::new(words)?),
        "selftest" => selftest::selftest(&SelfTest::new(words)?),
        _ => completions::completions(&Completions::new(words)?),
    })
}

/// What heads a part of a help text.
fn heading(text: &str) -> String {
    style::styled(text, Style::Heading, style::on_stdout())
}
