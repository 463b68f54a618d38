//! An explanation for the user: what went wrong, and what to change.

use fuelbox::Advice;

/// One line what, one line what to change.
#[derive(Debug, PartialEq)]
pub(crate) struct Explanation {
    pub(crate) what: String,
    pub(crate) change: Option<String>,
}

impl Explanation {
    /// With what to change.
    pub(crate) fn new(what: impl Into<String>, change: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            change: Some(change.into()),
        }
    }

    /// Where no flag helps.
    pub(crate) fn only(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            change: None,
        }
    }

    /// In the library's own words.
    pub(crate) fn of_library(what: String, advice: Option<Advice>) -> Self {
        let change = advice.map(|advice| advice.to_string());
        Self { what, change }
    }
}
