//! The arguments of the program, one file for each command.

mod bench;
pub(crate) mod command_line;
mod completions;
pub(crate) mod flag;
pub(crate) mod flags;
mod fuzz;
mod inspect;
mod new;
mod observe;
mod replay;
mod run;
mod selftest;
mod snapshot;
pub(crate) mod words;

pub(crate) use bench::Bench;
pub(crate) use completions::{Completions, Shell};
pub(crate) use flags::{HELP, VERSION};
pub(crate) use fuzz::Fuzz;
pub(crate) use inspect::Inspect;
pub(crate) use new::Project;
pub(crate) use observe::Observe;
pub(crate) use replay::Replay;
pub(crate) use run::Run;
pub(crate) use selftest::SelfTest;
pub(crate) use snapshot::Snapshot;

use crate::explanation::Explanation;
use flag::{Command, Group};
use run::WASI_DEADLINE;
use words::Words;

/// All commands, in the order of the help text.
pub(crate) const COMMANDS: [&Command; 9] = [
    &run::COMMAND,
    &replay::COMMAND,
    &inspect::COMMAND,
    &bench::COMMAND,
    &fuzz::COMMAND,
    &new::COMMAND,
    &snapshot::COMMAND,
    &selftest::COMMAND,
    &completions::COMMAND,
];

/// Flags that every command has.
pub(crate) const GENERAL: Group = Group {
    heading: "General",
    flags: &[&HELP, &VERSION],
};

/// The one operand of a command, such as the module.
///
/// # Errors
/// Where it is missing.
fn first(words: &Words, command: &Command) -> Result<String, Explanation> {
    words.operands.first().cloned().ok_or_else(|| {
        let name = command.operands.first().map_or("", |(name, _)| name);
        Explanation::new(
            format!("`{}` needs a {name}", command.name),
            format!("fuelbox {} {}", command.name, command.usage),
        )
    })
}

/// Refuses words that nothing asks for.
///
/// # Errors
/// Where there are some.
fn at_most(words: &Words, most: usize, command: &Command) -> Result<(), Explanation> {
    match words.operands.get(most) {
        Some(word) => Err(Explanation::new(
            format!("`{}` does not take {word:?}", command.name),
            format!("fuelbox {} {}", command.name, command.usage),
        )),
        None => Ok(()),
    }
}
