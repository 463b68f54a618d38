//! The expectations of a guest: what must happen to it.

use super::header;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::{Debug, Display};
use fuelbox::{Error, Outcome, Report};

/// What the header of a guest says must happen.
#[derive(Clone, Default)]
pub(crate) struct Expect {
    /// `finished` and the status, or the code of an [`Error`] or of an [`Outcome`].
    outcome: Option<String>,
    facts: Vec<(Fact, String)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Fact {
    Phase,
    Output,
    Logs,
    Values,
    Text,
    Usage(String),
}

impl Expect {
    pub(super) fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let fact = match key {
            "expect" => {
                self.outcome = Some(value.into());
                return Ok(());
            }
            "phase" => Fact::Phase,
            "output" => Fact::Output,
            "logs" => Fact::Logs,
            "values" => Fact::Values,
            "text" => Fact::Text,
            _ => match key.strip_prefix("usage.") {
                Some(field) => Fact::Usage(field.into()),
                None => return Err("no such key".into()),
            },
        };
        self.facts.push((fact, value.into()));
        Ok(())
    }

    /// How the guest must end; nothing where nothing is expected.
    pub(crate) fn outcome(&self) -> &str {
        self.outcome.as_deref().unwrap_or_default()
    }

    /// # Errors
    /// Where the refusal is another one.
    pub(crate) fn refusal(&self, error: &Error) -> Result<(), String> {
        equal("expect", error.code(), self.outcome())?;
        self.facts
            .iter()
            .try_for_each(|(fact, expected)| match fact {
                Fact::Text => contains(&error.to_string(), expected),
                other => Err(format!("{other:?} of a run that was refused")),
            })
    }

    /// # Errors
    /// What came out otherwise.
    pub(crate) fn report(&self, report: &Report) -> Result<(), String> {
        equal("expect", ended(report).as_str(), self.outcome())?;
        self.facts
            .iter()
            .try_for_each(|(fact, expected)| check(fact, expected, report))
    }
}

/// How a run ended, in the words of a header.
pub(crate) fn ended(report: &Report) -> String {
    match report.outcome {
        Outcome::Finished { status } => format!("finished {status}"),
        _ => report.outcome.code().to_string(),
    }
}

fn check(fact: &Fact, expected: &str, report: &Report) -> Result<(), String> {
    match fact {
        Fact::Phase => {
            let Outcome::Stopped { phase, .. } = &report.outcome else {
                return Err("a phase, but the guest finished".into());
            };
            equal(
                "phase",
                format!("{phase:?}").to_lowercase().as_str(),
                expected,
            )
        }
        Fact::Output => equal(
            "output",
            report.output.escape_ascii().to_string().as_str(),
            expected,
        ),
        Fact::Logs => equal("logs", bracketed(&report.logs).as_str(), expected),
        Fact::Values => equal("values", bracketed(&report.values).as_str(), expected),
        Fact::Text => contains(&report.outcome.to_string(), expected),
        Fact::Usage(field) => {
            let usage = &report.usage;
            let found = match field.as_str() {
                "fuel" => usage.fuel,
                "peak_memory_bytes" => usage.peak_memory_bytes,
                "memory_growths_denied" => usage.memory_growths_denied,
                "peak_table_elements" => usage.peak_table_elements,
                "table_growths_denied" => usage.table_growths_denied,
                "host_calls" => usage.host_calls,
                "log_lines_lost" => usage.log_lines_lost,
                other => return Err(format!("no field of usage: {other}")),
            };
            equal(field, &found, &header::number(expected)?)
        }
    }
}

/// Each item in brackets, so that empty ones show.
fn bracketed<T: Display>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(|item| format!("[{item}]")).collect();
    items.join(" ")
}

fn contains(found: &str, expected: &str) -> Result<(), String> {
    if found.contains(expected) {
        Ok(())
    } else {
        Err(format!("`{found}` does not say `{expected}`"))
    }
}

fn equal<T: PartialEq + Debug + ?Sized>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what} is {found:?}, expected {expected:?}"))
    }
}
