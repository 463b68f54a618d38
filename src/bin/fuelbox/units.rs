//! Counts, sizes and times: one way to write each, read and shown.

use std::time::Duration;

/// Reads a count, such as `10M` for ten million.
///
/// # Errors
/// A text for the user, where it cannot be read or does not fit `u64`.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    scaled(text, &COUNTS).ok_or_else(|| format!("{text:?} is not a count: write 5000, 10M or 2G"))
}

/// Reads how many runs are wanted.
///
/// # Errors
/// As for [`count`], and where it is zero or more than [`MOST_RUNS`].
pub(crate) fn runs(text: &str) -> Result<u64, String> {
    match count(text)? {
        0 => Err("at least 1 is needed".to_owned()),
        runs if runs > MOST_RUNS => Err(format!("at most {} can be", show_count(MOST_RUNS))),
        runs => Ok(runs),
    }
}

/// Reads a size in bytes, such as `64MiB` for 64 times 1,024 times 1,024, or `64MB` for 64 million.
///
/// # Errors
/// A text for the user, where it cannot be read or does not fit `u64`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    scaled(text, &SIZES)
        .or_else(|| scaled(text, &COUNTS))
        .ok_or_else(|| format!("{text:?} is not a size: write 5000, 64MiB or 64MB"))
}

/// Reads a time, such as `500ms`, `1.5s` or `1m30s`.
///
/// # Errors
/// A text for the user, where it cannot be read or does not fit [`Duration`].
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    parts(text).ok_or_else(|| format!("{text:?} is not a time: write 500ms, 1.5s or 1m30s"))
}

/// Writes a count so that [`count`] reads the same.
pub(crate) fn show_count(count: u64) -> String {
    shortest(count, &SHOWN_COUNTS)
}

/// Writes a size so that [`size`] reads the same.
pub(crate) fn show_size(bytes: u64) -> String {
    shortest(bytes, &SIZES)
}

/// Writes a duration so that [`duration`] reads the same.
pub(crate) fn show_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        return ascii(&format!("{duration:?}"));
    }
    let mut shown = String::new();
    let mut rest = seconds;
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60)] {
        let number = rest.checked_div(length).unwrap_or(0);
        rest = rest.saturating_sub(number.saturating_mul(length));
        if number > 0 {
            shown.push_str(&format!("{number}{unit}"));
        }
    }
    let rest = Duration::new(rest, duration.subsec_nanos());
    if !rest.is_zero() {
        shown.push_str(&ascii(&format!("{rest:?}")));
    }
    shown
}

/// Writes a count for people: `10,000,000`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// Writes a size that was measured: exactly where that is short, else with one digit after the point.
pub(crate) fn measured_size(bytes: u64) -> String {
    let exact = show_size(bytes);
    if exact.len() <= MOST_EXACT_CHARS {
        return exact;
    }
    let unit = SIZES
        .iter()
        .find(|(name, unit)| name.ends_with("iB") && bytes >= *unit);
    let Some((name, unit)) = unit else {
        return exact;
    };
    let tenths = u128::from(bytes)
        .saturating_mul(10)
        .checked_div(u128::from(*unit))
        .unwrap_or(0);
    let whole = tenths.checked_div(10).unwrap_or(0);
    let tenth = tenths.checked_rem(10).unwrap_or(0);
    format!("{whole}.{tenth}{name}")
}

/// Writes a time that was measured, with this number of digits after the point.
pub(crate) fn measured_time(time: Duration, digits: usize) -> String {
    ascii(&format!("{time:.digits$?}"))
}

/// So many runs can be measured: what is known of each stays in memory until the end.
const MOST_RUNS: u64 = 10_000_000;

/// A size that is no longer is shown exactly.
const MOST_EXACT_CHARS: usize = 7;

/// What may follow a count, largest first.
const COUNTS: [(&str, u64); 8] = [
    ("E", 1_000_000_000_000_000_000),
    ("P", 1_000_000_000_000_000),
    ("T", 1_000_000_000_000),
    ("G", 1_000_000_000),
    ("M", 1_000_000),
    ("k", 1_000),
    ("K", 1_000),
    ("", 1),
];

/// What is shown after a count.
const SHOWN_COUNTS: [(&str, u64); 4] = [
    ("G", 1_000_000_000),
    ("M", 1_000_000),
    ("k", 1_000),
    ("", 1),
];

/// What may follow a size; of two that are as short, the first is shown.
const SIZES: [(&str, u64); 12] = [
    ("EiB", 1 << 60),
    ("PiB", 1 << 50),
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("KB", 1_000),
    ("B", 1),
];

/// What may follow a part of a time, in nanoseconds.
const TIMES: [(&str, u64); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// A number with a unit after it, which must come to a whole one.
fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, unit) = split(text.trim())?;
    let (_, unit) = units.iter().find(|(name, _)| *name == unit)?;
    u64::try_from(times(number, *unit)?).ok()
}

fn parts(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut nanos = 0_u128;
    while !rest.is_empty() {
        let (number, behind) = split(rest)?;
        let end = behind
            .find(|c: char| c.is_ascii_digit() || c == ' ')
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at_checked(end)?;
        let (_, unit) = TIMES.iter().find(|(name, _)| *name == unit)?;
        nanos = nanos.checked_add(times(number, *unit)?)?;
        rest = behind.trim_start();
    }
    let second = Duration::from_secs(1).as_nanos();
    let seconds = u64::try_from(nanos.checked_div(second)?).ok()?;
    let nanos = u32::try_from(nanos.checked_rem(second)?).ok()?;
    Some(Duration::new(seconds, nanos))
}

/// A number and what follows it.
fn split(text: &str) -> Option<(&str, &str)> {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
    let end = text.find(|c| !is_of_number(c)).unwrap_or(text.len());
    let (number, behind) = text.split_at_checked(end)?;
    number
        .starts_with(|c: char| c.is_ascii_digit())
        .then_some((number, behind.trim_start()))
}

/// A number, which may have digits after a point, times `unit`; nothing where that is no whole number.
fn times(number: &str, unit: u64) -> Option<u128> {
    let number = number.replace('_', "");
    let (whole, part) = number.split_once('.').unwrap_or((&number, "0"));
    let whole: u128 = whole.parse().ok()?;
    let part = part.trim_end_matches('0');
    let scale = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let part: u128 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    let unit = u128::from(unit);
    let part = part.checked_mul(unit)?;
    if part.checked_rem(scale)? != 0 {
        return None;
    }
    whole
        .checked_mul(unit)?
        .checked_add(part.checked_div(scale)?)
}

fn shortest(number: u64, units: &[(&str, u64)]) -> String {
    let shown = units
        .iter()
        .filter(|(_, unit)| *unit == 1 || number != 0 && number.is_multiple_of(*unit))
        .filter_map(|(name, unit)| Some(format!("{}{name}", number.checked_div(*unit)?)));
    shown
        .min_by_key(String::len)
        .expect("the last unit divides everything")
}

/// Every keyboard has the letters.
fn ascii(time: &str) -> String {
    time.replace('µ', "u")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read() {
        assert_eq!(size("64MiB"), Ok(64 << 20));
        assert_eq!(size("64MB"), Ok(64_000_000));
        assert_eq!(size("128M"), Ok(128_000_000));
        assert_eq!(size("1.5 KiB"), Ok(1_536));
        assert_eq!(size("7"), size("7B"));
        assert_eq!(count("10M"), Ok(10_000_000));
        assert_eq!(count("0.5k"), Ok(500));
        assert_eq!(count("10_000"), Ok(10_000));
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1m 30s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1_500)));
        assert_eq!(duration("2us"), duration("2µs"));
        assert_eq!(count("18446744073709551615"), Ok(u64::MAX));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for text in [
            "18446744073709551616",
            "20E",
            "1e40",
            "-1",
            "",
            "M",
            "ten",
            "0.5",
            ".5",
            "1.2.3k",
        ] {
            assert!(count(text).is_err(), "{text}");
            assert!(size(text).is_err(), "{text}");
        }
        assert!(runs("0").is_err() && runs("1").is_ok());
        assert!(runs("10M").is_ok() && runs("10000001").is_err());
        assert!(count("10MB").is_err() && size("16EiB").is_err());
        for text in [
            "5",
            "",
            "-1s",
            "99999999999999999999s",
            "1000000000000y",
            "s",
            "1s2",
            "0.1ns",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for number in [0, 1, 1_000, 1_024, 1_500_000, 64 << 20, u64::MAX] {
            assert_eq!(count(&show_count(number)), Ok(number));
            assert_eq!(size(&show_size(number)), Ok(number));
        }
        for duration_ in [
            Duration::ZERO,
            Duration::from_micros(1_500),
            Duration::from_nanos(61_000_000_001),
            Duration::from_secs(90_061),
            Duration::MAX,
        ] {
            assert_eq!(duration(&show_duration(duration_)), Ok(duration_));
        }
    }

    #[test]
    fn the_shortest_way_is_shown() {
        let shown = [0, 41, 64 << 20, 128_000_000, 1_000_000, 1 << 16, 1_500];
        let shown = shown.map(show_size);
        assert_eq!(
            shown,
            ["0B", "41B", "64MiB", "128MB", "1MB", "64KiB", "1500B"]
        );
        let measured = [0, 1_114_112, 1_234_567, 9_999_999_999].map(measured_size);
        assert_eq!(measured, ["0B", "1088KiB", "1.1MiB", "9.3GiB"]);
        let times = [Duration::from_micros(1_500), Duration::from_secs(90)].map(show_duration);
        assert_eq!(times, ["1.5ms", "1m30s"]);
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
