//! The command line, read into a command, its flags and its operands.
//!
//! Flags stand anywhere after the command: `--fuel 10M` or `--fuel=10M`, `-n 7` or `-n7`. A number below zero is
//! no flag. After `--` nothing is one.

use super::{
    COMMANDS, GENERAL, HELP, VERSION,
    flag::{Command, Flag},
    words::Words,
};
use crate::{explanation::Explanation, nearest::nearest};
use std::ffi::OsString;

/// What stands on the command line.
#[derive(Default)]
pub(crate) struct Line {
    pub(crate) command: Option<&'static Command>,
    pub(crate) words: Words,
}

/// Reads the words of the command line.
///
/// # Errors
/// What is wrong with them: one that is not UTF-8, or unknown, a value that is missing or too much.
pub(crate) fn read(words: impl Iterator<Item = OsString>) -> Result<Line, Explanation> {
    let words = words
        .map(|word| {
            word.into_string().map_err(|word| {
                let shown = word.to_string_lossy();
                Explanation::only(format!(
                    "an argument is not UTF-8: {}",
                    shown.escape_debug()
                ))
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    in_order(words)
}

fn in_order(words: Vec<String>) -> Result<Line, Explanation> {
    let mut words = words.into_iter().peekable();
    let mut line = Line::default();
    // As the help texts say; a file of that name is `./help`.
    while line.command.is_none()
        && let Some(word) = words.next()
    {
        match word.as_str() {
            "help" | "-h" | "--help" => line.words.add(&HELP, ""),
            "-V" | "--version" => line.words.add(&VERSION, ""),
            word => line.command = Some(command(word)?),
        }
    }
    let Some(command) = line.command else {
        return Ok(line);
    };
    if words.next_if(|word| word == "help").is_some() {
        line.words.add(&HELP, "");
    }
    while let Some(word) = words.next() {
        if word == "--" {
            line.words.operands.extend(words.by_ref());
        } else if !is_flag(&word) {
            line.words.operands.push(word);
        } else {
            line.words.read_flag(command, &word, &mut words)?;
        }
    }
    Ok(line)
}

impl Words {
    fn add(&mut self, flag: &'static Flag, value: impl Into<String>) {
        self.flags.push((flag.name, value.into()));
    }

    /// Reads a flag, and its value from what follows it.
    fn read_flag(
        &mut self,
        command: &'static Command,
        word: &str,
        rest: &mut impl Iterator<Item = String>,
    ) -> Result<(), Explanation> {
        let Some((flag, attached)) = find(command, word) else {
            return Err(self.unknown(command, word));
        };
        let value = match (flag.value, attached) {
            (None, None) => String::new(),
            (None, Some(_)) => {
                return Err(Explanation::only(format!("--{} takes no value", flag.name)));
            }
            (Some(_), Some(value)) => value.to_owned(),
            (Some(value), None) => rest.next().ok_or_else(|| {
                let missing = format!("--{} needs a value", flag.name);
                Explanation::new(missing, format!("--{} {value}", flag.name))
            })?,
        };
        self.add(flag, value);
        Ok(())
    }

    fn unknown(&self, command: &Command, word: &str) -> Explanation {
        let name = word.split('=').next().unwrap_or(word);
        let what = format!("`{}` has no flag {name}", command.name);
        // A module is named already, so that it may be meant for the guest.
        let behind = format!("-- {word}, after everything else, if it is for the guest");
        let for_guest = command.takes_arguments() && !self.operands.is_empty();
        let known = command.flags().chain(GENERAL.flags.iter().copied());
        let near = name
            .strip_prefix("--")
            .and_then(|name| nearest(name, known.map(|flag| flag.name)));
        match (near, for_guest) {
            (Some(near), true) => Explanation::new(what, format!("--{near}, or {behind}")),
            (Some(near), false) => Explanation::new(what, format!("--{near}")),
            (None, true) => Explanation::new(what, behind),
            (None, false) => Explanation::new(what, format!("fuelbox {} --help", command.name)),
        }
    }
}

fn command(word: &str) -> Result<&'static Command, Explanation> {
    let mut known = COMMANDS.iter().copied();
    if let Some(command) = known.find(|command| command.name == word) {
        return Ok(command);
    }
    let names = COMMANDS.map(|command| command.name);
    let what = format!(
        "{word:?} is not a command; the commands are {}",
        names.join(", ")
    );
    let meant = nearest(word, names.into_iter());
    Err(match meant {
        Some(meant) => Explanation::new(what, format!("fuelbox {meant}")),
        None => Explanation::new(what, "fuelbox --help"),
    })
}

/// The flag that a word names, and the value that is part of the word.
fn find<'a>(command: &Command, word: &'a str) -> Option<(&'static Flag, Option<&'a str>)> {
    let mut known = command.flags().chain(GENERAL.flags.iter().copied());
    if let Some(long) = word.strip_prefix("--") {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        return Some((known.find(|flag| flag.name == name)?, value));
    }
    let mut short = word.strip_prefix('-')?.chars();
    let letter = short.next()?;
    let flag = known.find(|flag| flag.short == Some(letter))?;
    let value = short.as_str();
    let value = value.strip_prefix('=').unwrap_or(value);
    Some((flag, (!short.as_str().is_empty()).then_some(value)))
}

/// Whether `word` is a flag, and neither `-` for standard input nor a number below zero.
fn is_flag(word: &str) -> bool {
    match word.strip_prefix('-') {
        Some("" | "inf" | "nan") | None => false,
        Some(rest) => !rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{flags, words::text};

    fn line(line: &str) -> Result<Line, Explanation> {
        in_order(line.split(' ').map(str::to_owned).collect())
    }

    /// Flags with their values, then operands.
    fn words(text: &str) -> String {
        let Ok(Line { words, .. }) = line(text) else {
            panic!("it can be read: {text}");
        };
        let flags = words
            .flags
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        flags
            .chain(words.operands.iter().cloned())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn refused(text: &str) -> Explanation {
        match line(text) {
            Err(explanation) => explanation,
            Ok(_) => panic!("it is refused: {text}"),
        }
    }

    #[test]
    fn flags_stand_anywhere_after_the_command() {
        assert_eq!(
            words("run a.wasm --invoke add 2 40 --fuel 10M --json"),
            "invoke=add fuel=10M json= a.wasm 2 40"
        );
        assert_eq!(words("run -q a.wasm"), "quiet= a.wasm");
        for form in ["-n 7", "-n7", "-n=7", "--runs 7", "--runs=7"] {
            assert_eq!(words(&format!("bench {form} a.wasm")), "runs=7 a.wasm");
        }
    }

    #[test]
    fn numbers_below_zero_are_arguments() {
        assert_eq!(
            words("run a.wasm --invoke f -1 -.5 -inf"),
            "invoke=f a.wasm -1 -.5 -inf"
        );
    }

    #[test]
    fn a_value_is_taken_as_it_stands() {
        assert_eq!(
            words("run --allow=random=7 a.wasm"),
            "allow=random=7 a.wasm"
        );
        assert_eq!(
            words("run --arg --a=b a.wasm --arg -5"),
            "arg=--a=b arg=-5 a.wasm"
        );
        assert_eq!(words("run a.wasm -- -x --fuel 1"), "a.wasm -x --fuel 1");
    }

    #[test]
    fn a_value_is_neither_missing_nor_too_much() {
        let explanation = refused("run a.wasm 5 --fuel");
        assert_eq!(explanation.what, "--fuel needs a value");
        assert_eq!(explanation.change.as_deref(), Some("--fuel COUNT"));
        let refusal = refused("run --json=true a.wasm");
        assert_eq!(refusal.what, "--json takes no value");
        assert_eq!(words("run --text --json=true"), "text=--json=true");
    }

    #[test]
    fn help_is_a_word_too_where_the_help_texts_say_so() {
        for form in ["help run", "run help", "run --help", "run -h", "--help run"] {
            assert_eq!(words(form), "help=");
        }
        assert_eq!(words("run a.wasm help"), "a.wasm help");
        assert_eq!(
            (words("-V"), words("run -V")),
            (words("--version"), words("--version"))
        );
    }

    #[test]
    fn what_is_unknown_is_answered_with_what_was_meant() {
        for (line, change) in [
            ("rum a.wasm", "fuelbox run"),
            ("a.wasm", "fuelbox --help"),
            ("run --alow wasi a.wasm", "--allow"),
            ("inspect a.wasm --zzz", "fuelbox inspect --help"),
            (
                "run a.wasm one --two",
                "-- --two, after everything else, if it is for the guest",
            ),
            (
                "run a.wasm -c",
                "-- -c, after everything else, if it is for the guest",
            ),
            (
                "run a.wasm --fule=1",
                "--fuel, or -- --fule=1, after everything else, if it is for the guest",
            ),
        ] {
            assert_eq!(refused(line).change.as_deref(), Some(change), "{line}");
        }
        assert!(
            refused("jump").what.contains(
                "run, replay, inspect, bench, fuzz, new, snapshot, selftest, completions"
            )
        );
    }

    #[test]
    fn a_flag_that_is_given_twice_is_refused() {
        let Ok(Line { words, .. }) = line("run --fuel 1 --fuel 2 --env A=1 --env B=2") else {
            panic!("it can be read");
        };
        assert!(
            words
                .one(&flags::FUEL, text)
                .is_err_and(|e| e.what == "--fuel is given twice")
        );
        assert_eq!(words.all(&flags::ENV, text).map(|all| all.len()), Ok(2));
    }
}
