//! The words after the command: flags with their values, and operands.

use super::flag::Flag;
use crate::explanation::Explanation;

/// What follows the command.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Words {
    pub(super) flags: Vec<(&'static str, String)>,
    /// What is no flag, in order.
    pub(crate) operands: Vec<String>,
}

impl Words {
    /// Whether a switch is there.
    pub(crate) fn has(&self, flag: &Flag) -> bool {
        self.values(flag).next().is_some()
    }

    /// The value of a flag that may be there once.
    ///
    /// # Errors
    /// Where it cannot be read, or is there twice.
    pub(crate) fn one<T>(
        &self,
        flag: &Flag,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Explanation> {
        let mut all = self.all(flag, read)?;
        let last = all.pop();
        if all.is_empty() {
            return Ok(last);
        }
        let twice = format!("--{} is given twice", flag.name);
        Err(Explanation::new(twice, "leave one of them out"))
    }

    /// The values of a flag that may be there several times.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub(crate) fn all<T>(
        &self,
        flag: &Flag,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, Explanation> {
        self.values(flag)
            .map(|value| {
                read(value).map_err(|wrong| Explanation::only(format!("--{}: {wrong}", flag.name)))
            })
            .collect()
    }

    fn values(&self, flag: &Flag) -> impl Iterator<Item = &str> {
        let values = self.flags.iter().filter(|(name, _)| *name == flag.name);
        values.map(|(_, value)| value.as_str())
    }
}

/// Any text is a value.
pub(crate) fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}
