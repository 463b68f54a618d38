//! The header of a guest in a file: lines of `;; key: value` before the module.
//!
//! This file, `expect.rs`, `grant.rs` and `case.rs` are read by the tests too, as modules of theirs: what a header
//! means is written down once.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;

/// The keys and values at the head of `text`. A line that is indented continues the one before.
///
/// # Errors
/// A line that is neither.
pub(crate) fn read(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in text.lines().map_while(|line| line.strip_prefix(";;")) {
        if line.starts_with("   ") {
            let (_, value) = entries.last_mut().ok_or("the header begins indented")?;
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let (key, value) = line
            .split_once(':')
            .ok_or_else(|| format!("no `key: value`: {line}"))?;
        entries.push((key.trim().into(), value.trim().into()));
    }
    Ok(entries)
}

/// A number such as `1,000`, `64KiB`, `1MiB` or `max`.
///
/// # Errors
/// What is none.
pub(crate) fn number(text: &str) -> Result<u64, String> {
    if text == "max" {
        return Ok(u64::MAX);
    }
    let digits = text.trim_end_matches(char::is_alphabetic);
    let unit: u64 = match text.strip_prefix(digits).unwrap_or_default() {
        "" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        unit => return Err(format!("no unit: {unit}")),
    };
    let number: u64 = digits
        .replace(',', "")
        .parse()
        .map_err(|error| format!("{text}: {error}"))?;
    number
        .checked_mul(unit)
        .ok_or_else(|| format!("{text} is too large"))
}

/// A time such as `20ms`.
///
/// # Errors
/// What is none.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let millis = text
        .strip_suffix("ms")
        .ok_or_else(|| "not in ms".to_string())?;
    number(millis).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units() {
        assert_eq!(number("1,000"), Ok(1_000));
        assert_eq!(number("64KiB"), Ok(65_536));
        assert_eq!(number("max"), Ok(u64::MAX));
        assert!(number("7 apples").is_err());
        assert!(number("").is_err());
    }

    #[test]
    fn times_are_in_milliseconds() {
        assert_eq!(duration("20ms"), Ok(Duration::from_millis(20)));
        assert!(duration("20").is_err());
    }

    #[test]
    fn headers_are_keys_and_values() {
        let header = read(";; attack: endless\n;;   loop\n;; fuel: 1,000\n(module)\n;; not: this");
        let expected = [("attack", "endless loop"), ("fuel", "1,000")];
        let expected = expected.map(|(key, value)| (key.to_string(), value.to_string()));
        assert_eq!(header, Ok(expected.into()));
        assert!(read(";; a sentence without a key").is_err());
    }
}
