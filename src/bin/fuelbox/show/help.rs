//! The help texts.

use crate::{
    args::{
        COMMANDS, GENERAL,
        flag::{Command, Flag, Group},
    },
    exit,
    show::wrap::wrap,
};

/// Where the meaning of a flag begins.
const MEANING: usize = 28;

/// What the program can do. `heading` marks what heads a part.
pub(crate) fn program(heading: fn(&str) -> String) -> String {
    let mut text = format!(
        "{} fuelbox COMMAND ...\n\nRun untrusted WebAssembly under strict limits.\n\n{}\n",
        heading("Usage:"),
        heading("Commands:")
    );
    for command in COMMANDS {
        push(&mut text, &entry(command.name, command.summary));
    }
    let examples = COMMANDS
        .iter()
        .filter_map(|command| command.examples.first());
    push_examples(&mut text, examples.copied(), heading);
    push_group(&mut text, &GENERAL, heading);
    text.push_str("\n`fuelbox COMMAND --help` lists the flags of a command.\n");
    text
}

/// What one command can do.
pub(crate) fn command(command: &Command, heading: fn(&str) -> String) -> String {
    let mut text = String::new();
    let usage = format!("fuelbox {} {}", command.name, command.usage);
    text.push_str(&format!("{} {usage}\n\n", heading("Usage:")));
    push(&mut text, &wrap(command.summary, 0));
    if !command.operands.is_empty() {
        text.push('\n');
    }
    for (name, meaning) in command.operands {
        push(&mut text, &entry(name, meaning));
    }
    for group in command.groups.iter().copied().chain([&GENERAL]) {
        push_group(&mut text, group, heading);
    }
    push_examples(&mut text, command.examples.iter().copied(), heading);
    if !command.notes.is_empty() {
        text.push('\n');
    }
    for note in command.notes {
        push(&mut text, &wrap(note, 0));
    }
    text.push_str(&format!("\n{}\n", heading("Exit codes:")));
    for code in command.exit_codes {
        push(&mut text, &format!("  {code:>3}  {}", exit::meaning(*code)));
    }
    text
}

fn push_group(text: &mut String, group: &Group, heading: fn(&str) -> String) {
    text.push_str(&format!("\n{}\n", heading(&format!("{}:", group.heading))));
    for flag in group.flags {
        let meaning = match flag.default {
            Some(default) => format!("{}; default {}", flag.help, default()),
            None => flag.help.to_owned(),
        };
        push(text, &entry(&name(flag), &meaning));
    }
}

fn push_examples<'a>(
    text: &mut String,
    examples: impl Iterator<Item = &'a str>,
    heading: fn(&str) -> String,
) {
    text.push_str(&format!("\n{}\n", heading("Examples:")));
    for example in examples {
        push(text, &format!("  fuelbox {example}"));
    }
}

/// A flag as it is written, with the name of its value.
fn name(flag: &Flag) -> String {
    let mut name = match flag.short {
        Some(short) => format!("-{short}, --{}", flag.name),
        None => format!("    --{}", flag.name),
    };
    if let Some(value) = flag.value {
        name.push(' ');
        name.push_str(value);
    }
    name
}

/// A name and its meaning, which begins on a line of its own where the name is long.
fn entry(name: &str, meaning: &str) -> String {
    let indent = " ".repeat(MEANING);
    let start = format!("  {name:<26}");
    if name.chars().count() > MEANING.saturating_sub(4) {
        return format!(
            "{}\n{}",
            start.trim_end(),
            wrap(&format!("{indent}{meaning}"), MEANING)
        );
    }
    wrap(&format!("{indent}{meaning}"), MEANING).replacen(&indent, &start, 1)
}

fn push(text: &mut String, lines: &str) {
    text.push_str(lines);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::wrap::COLUMNS;

    #[test]
    fn every_flag_is_in_the_help_text_of_its_command_and_no_line_is_too_wide() {
        let plain: fn(&str) -> String = str::to_owned;
        for of in COMMANDS {
            let text = command(of, plain);
            for line in text.lines().chain(program(plain).lines()) {
                assert!(line.chars().count() <= COLUMNS, "{line}");
            }
            for flag in of.flags() {
                assert!(text.contains(&name(flag)), "{} {}", of.name, flag.name);
            }
            assert!(program(plain).contains(of.name));
        }
        let run = command(COMMANDS[0], plain);
        assert!(
            run.contains("  -q, --quiet               print no log lines"),
            "{run}"
        );
        assert!(run.contains("work the guest may do; default "), "{run}");
    }

    #[test]
    fn no_command_has_a_flag_twice() {
        for command in COMMANDS {
            let mut names: Vec<&str> = command.flags().map(|flag| flag.name).collect();
            let mut shorts: Vec<char> = command.flags().filter_map(|flag| flag.short).collect();
            let (before, shorts_before) = (names.len(), shorts.len());
            names.sort_unstable();
            names.dedup();
            shorts.sort_unstable();
            shorts.dedup();
            assert_eq!((names.len(), shorts.len()), (before, shorts_before));
        }
    }
}
