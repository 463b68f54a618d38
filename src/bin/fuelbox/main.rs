//! The program: it runs, inspects, measures or snapshots one module, makes a project for one, or tests itself.
//!
//! It uses the public API of the library alone. [`args`] reads the command line: flags, operands and what they mean.
//! [`grant`] has what flags give a guest, [`guest`] makes it ready to run. The commands are [`run`], [`inspect`],
//! [`bench`], [`fuzz`], [`mod@new`], [`snapshot`], [`selftest`] and [`mod@completions`]. [`show`] has what people see:
//! it alone writes to standard output and error. [`failure`] and [`exit`] say why there is no report, and with which
//! exit code.
#![forbid(unsafe_code)]

mod args;
mod bench;
mod completions;
mod counted;
mod covered;
mod exit;
mod explanation;
mod failure;
mod files;
mod fuzz;
mod grant;
mod guest;
mod inspect;
mod interrupt;
mod isolated;
mod language;
mod nearest;
mod new;
mod observed;
mod recorded;
mod replay;
mod run;
mod selftest;
mod show;
mod snapshot;
mod stopwatch;
mod units;

use args::{
    Bench, COMMANDS, Completions, Fuzz, HELP, Inspect, Project, Replay, Run, SelfTest, Snapshot,
    VERSION,
    command_line::{self, Line},
    words::Words,
};
use explanation::Explanation;
use show::{
    help, print,
    style::{self, Style},
};
use std::process::ExitCode;

fn main() -> ExitCode {
    isolated::be_a_worker();
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
            let what = format!("a command is missing; the commands are {names}");
            Err(Explanation::new(what, "fuelbox --help"))
        }
    }
}

fn run_command(name: &str, words: &Words) -> Result<u8, Explanation> {
    Ok(match name {
        "run" => run::run(&Run::new(words)?),
        "replay" => replay::replay(&Replay::new(words)?),
        "inspect" => inspect::inspect(&Inspect::new(words)?),
        "fuzz" => fuzz::fuzz(&Fuzz::new(words)?),
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
