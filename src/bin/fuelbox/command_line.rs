//! The words of the command line, in the order that the parser takes them.
//!
//! The parser knows neither `--fuel=10M` nor numbers below zero among the arguments of an export. So
//! flags come first, each with its value as a word of its own, then `--`, then everything else.

use std::ffi::OsString;

/// Flags without a value.
const SWITCHES: [&str; 6] = [
    "--exit-status",
    "--help",
    "--json",
    "--quiet",
    "--summary",
    "--version",
];

/// What may stand first, beside flags.
const COMMANDS: [&str; 4] = ["run", "inspect", "bench", "selftest"];

/// Brings `words` into order.
///
/// # Errors
/// A text for the user where a word is not UTF-8, the command is unknown, or a switch is given a value.
pub(crate) fn words(words: impl Iterator<Item = OsString>) -> Result<Vec<String>, String> {
    let words = words
        .map(|word| {
            word.into_string().map_err(|word| {
                format!(
                    "an argument is not UTF-8: {}",
                    word.to_string_lossy().escape_debug()
                )
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    in_order(words)
}

/// Whether the word after `word` belongs to it.
pub(crate) fn takes_value(word: &str) -> bool {
    is_flag(word) && !SWITCHES.contains(&word)
}

fn in_order(words: Vec<String>) -> Result<Vec<String>, String> {
    let mut words = words.into_iter().map(long).peekable();
    let mut flags = Vec::new();
    let mut others = Vec::new();
    // The command and what stands before it are left where they are.
    for word in words.by_ref() {
        if word == "help" {
            flags.push("--help".to_owned());
        } else if word.starts_with('-') {
            flags.push(word);
        } else if COMMANDS.contains(&word.as_str()) {
            flags.push(word);
            break;
        } else {
            let known = COMMANDS.join(", ");
            return Err(format!("{word:?} is no command; there are {known}"));
        }
    }
    // As the help texts say; a file of that name is `./help`.
    if words.next_if(|word| word == "help").is_some() {
        flags.push("--help".to_owned());
    }
    while let Some(word) = words.next() {
        if word == "--" {
            others.extend(words);
            break;
        } else if !is_flag(&word) {
            others.push(word);
        } else if let Some((flag, value)) = word.split_once('=') {
            if SWITCHES.contains(&flag) {
                return Err(format!("{flag} takes no value"));
            }
            flags.extend([flag.to_owned(), value.to_owned()]);
        } else {
            let takes_value = takes_value(&word);
            flags.push(word);
            if takes_value {
                let Some(value) = words.next() else {
                    // Nothing may follow that the parser could take for the value.
                    return Ok(flags);
                };
                flags.push(value);
            }
        }
    }
    if !others.is_empty() {
        flags.push("--".to_owned());
        flags.append(&mut others);
    }
    Ok(flags)
}

/// The long form of what has a short one.
fn long(word: String) -> String {
    match word.as_str() {
        "-h" => "--help".to_owned(),
        "-V" => "--version".to_owned(),
        _ => word,
    }
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

    fn ordered(line: &str) -> String {
        read(line).expect("it can be read").join(" ")
    }

    fn read(line: &str) -> Result<Vec<String>, String> {
        in_order(line.split(' ').map(str::to_owned).collect())
    }

    #[test]
    fn flags_come_first_wherever_they_stand() {
        assert_eq!(
            ordered("run a.wasm --invoke add 2 40 --fuel 10M --json"),
            "run --invoke add --fuel 10M --json -- a.wasm 2 40"
        );
    }

    #[test]
    fn numbers_below_zero_are_arguments() {
        assert_eq!(
            ordered("run a.wasm --invoke f -1 -.5 -inf"),
            "run --invoke f -- a.wasm -1 -.5 -inf"
        );
    }

    #[test]
    fn a_value_may_follow_an_equals_sign_and_hold_another() {
        assert_eq!(
            ordered("run --allow=random=7 a.wasm"),
            "run --allow random=7 -- a.wasm"
        );
    }

    #[test]
    fn a_value_is_taken_as_it_stands() {
        assert_eq!(
            ordered("run --text --a=b a.wasm --text -5"),
            "run --text --a=b --text -5 -- a.wasm"
        );
    }

    #[test]
    fn a_value_that_is_missing_is_not_made_up() {
        assert_eq!(ordered("run a.wasm 5 --fuel"), "run --fuel");
    }

    #[test]
    fn what_stands_before_the_command_stays_there() {
        assert_eq!(ordered("-V"), "--version");
        assert_eq!(ordered("--help run"), "--help run");
        assert_eq!(ordered("run -- -x"), "run -- -x");
    }

    #[test]
    fn help_is_a_word_too_where_the_help_texts_say_so() {
        assert_eq!(ordered("help run"), "--help run");
        assert_eq!(ordered("run help"), "run --help");
        assert_eq!(ordered("run a.wasm help"), "run -- a.wasm help");
    }

    #[test]
    fn a_switch_takes_no_value_that_would_be_the_module() {
        let refused = Err("--json takes no value".to_owned());
        assert_eq!(read("run --json=true a.wasm"), refused);
        assert_eq!(ordered("run --text --json=true"), "run --text --json=true");
    }

    #[test]
    fn a_command_that_is_unknown_is_answered_with_the_known_ones() {
        for line in ["a.wasm", "rum a.wasm", "--version a.wasm", ""] {
            assert!(
                read(line).is_err_and(|text| text.contains("inspect")),
                "{line}"
            );
        }
    }
}
