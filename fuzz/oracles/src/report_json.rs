//! Whatever JSON reads as a report is written as JSON that reads as the same report, and none of its
//! text drives a terminal where it is shown.

use crate::laws::is_harmless;
use fuelbox::{Error, Outcome, Report, Stop, Tree, Value};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

/// Reads `data` as a report, and as each of its parts.
///
/// # Panics
/// Where a law is broken.
pub(crate) fn check(data: &[u8]) {
    if let Some(report) = round_trip::<Report>(data) {
        is_harmless(&report.outcome);
        report.logs.iter().for_each(is_harmless);
        report.values.iter().for_each(is_harmless);
    }
    if let Some(outcome) = round_trip::<Outcome>(data) {
        is_harmless(&outcome);
    }
    if let Some(stop) = round_trip::<Stop>(data) {
        is_harmless(&stop);
        assert!(is_word(stop.code()));
    }
    if let Some(error) = round_trip::<Error>(data) {
        is_harmless(&error);
        assert!(is_word(error.code()));
    }
    if let Some(value) = round_trip::<Value>(data) {
        is_harmless(&value);
    }
    if let Some(tree) = round_trip::<Tree>(data) {
        assert!(tree.paths().all(|(path, _)| path.starts_with('/')));
    }
}

/// What `data` reads as, written and read again.
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(data: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(data).ok()?;
    let json = serde_json::to_string(&value).expect("it can be written");
    let again: T = serde_json::from_str(&json).expect("what was written can be read");
    assert_eq!(again, value, "{json}");
    assert_eq!(serde_json::to_string(&again).ok(), Some(json));
    Some(value)
}

/// A code is a word that never changes: lower case, with hyphens.
fn is_word(code: &str) -> bool {
    code.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
