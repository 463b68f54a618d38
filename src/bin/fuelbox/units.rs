//! Counts, sizes and durations, as people write them and as they are shown.

use parse_size::{ByteSuffix, Config};
use std::time::Duration;

/// Reads a count, such as `10M` for ten million.
///
/// # Errors
/// A text for the user where it is none, or beyond `u64`.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    Config::new()
        .with_byte_suffix(ByteSuffix::Deny)
        .parse_size(text)
        .map_err(|error| format!("{error}; a count is written 5000, 10M or 2G"))
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
/// A text for the user where it is none, or beyond `u64`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    Config::new()
        .parse_size(text)
        .map_err(|error| format!("{error}; a size is written 5000, 64MiB or 64MB"))
}

/// Reads a duration, such as `500ms` or `1m30s`.
///
/// # Errors
/// A text for the user where it is none, or beyond [`Duration`].
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|error| format!("{error}; a duration is written 500ms, 2s or 1m30s"))
}

/// Writes a count so that [`count`] reads the same.
pub(crate) fn show_count(count: u64) -> String {
    show(
        count,
        &[(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")],
    )
}

/// Writes a size so that [`size`] reads the same.
pub(crate) fn show_size(bytes: u64) -> String {
    show(
        bytes,
        &[(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")],
    )
}

/// Writes a duration so that [`duration`] reads the same, as one word.
pub(crate) fn show_duration(duration: Duration) -> String {
    humantime::format_duration(duration)
        .to_string()
        .replace(' ', "")
}

/// So many runs can be measured: what is known of each stays in memory until the end.
const MOST_RUNS: u64 = 10_000_000;

fn show(number: u64, units: &[(u64, &str)]) -> String {
    units
        .iter()
        .find(|(unit, _)| number != 0 && number.is_multiple_of(*unit))
        .and_then(|(unit, name)| Some(format!("{}{name}", number.checked_div(*unit)?)))
        .unwrap_or_else(|| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read() {
        assert_eq!(size("64MiB"), Ok(64 << 20));
        assert_eq!(size("64MB"), Ok(64_000_000));
        assert_eq!(count("10M"), Ok(10_000_000));
        assert_eq!(count("10_000"), Ok(10_000));
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(count("18446744073709551615"), Ok(u64::MAX));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for text in ["18446744073709551616", "20E", "1e40", "-1", "", "M", "ten"] {
            assert!(count(text).is_err(), "{text}");
            assert!(size(text).is_err(), "{text}");
        }
        assert!(runs("0").is_err() && runs("1").is_ok());
        assert!(runs("10M").is_ok() && runs("10000001").is_err());
        assert!(count("10MB").is_err() && size("16EiB").is_err());
        for text in ["5", "", "-1s", "99999999999999999999s", "1000000000000y"] {
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
            Duration::from_secs(90_061),
        ] {
            assert_eq!(duration(&show_duration(duration_)), Ok(duration_));
        }
    }
}
