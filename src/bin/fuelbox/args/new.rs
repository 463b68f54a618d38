//! The flags of `fuelbox new`.

use super::{
    flag::{Command, Group},
    flags::{CLONE, LANG},
    words::{Words, text},
};
use crate::{
    explanation::Explanation,
    language::{self, Language},
};

pub(super) const COMMAND: Command = Command {
    name: "new",
    summary: "Make a project for a guest: it builds with one command, has a test, and a host that runs it.",
    usage: "NAME [--lang LANGUAGE] [--clone FOLDER]",
    operands: &[(
        "NAME",
        "folder to make; its last part is the name: letters from a to z, digits, - and _",
    )],
    groups: &[&WHAT_IS_MADE],
    examples: &["new tax-rules", "new tax-rules --lang c"],
    notes: &["A folder that is not empty is not changed."],
    exit_codes: &[0, 1],
};

const WHAT_IS_MADE: Group = Group {
    heading: "What is made",
    flags: &[&LANG, &CLONE],
};

/// What is to be made.
pub(crate) struct Project {
    pub(crate) folder: String,
    pub(crate) language: Language,
    /// Where the packages are taken from, where it is not the registry.
    pub(crate) clone: Option<String>,
}

impl Project {
    /// Reads its flags.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn new(words: &Words) -> Result<Self, Explanation> {
        super::at_most(words, 1, &COMMAND)?;
        Ok(Self {
            folder: super::first(words, &COMMAND)?,
            language: words.one(&LANG, language::parse)?.unwrap_or(Language::Rust),
            clone: words.one(&CLONE, text)?,
        })
    }
}
