//! The name of a project, which is that of its folder.

use crate::failure::Failure;
use std::path::Path;

/// A name that a package of any language can have.
pub(super) struct Name(String);

/// No longer than that: a crate's name has at most 64 letters, and `-host` is put after it.
const MOST_LETTERS: usize = 59;

/// What a package of Rust cannot be called, or what its dependencies are called.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "fuelbox",
    "fuelbox-guest",
    "fuelbox_guest",
    "gen",
    "host",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

impl Name {
    /// The last part of a path.
    ///
    /// # Errors
    /// [`Failure::BadName`].
    pub(super) fn of(folder: &str) -> Result<Self, Failure> {
        let name = Path::new(folder).file_name().and_then(|name| name.to_str());
        let bad = |why| Failure::BadName {
            name: name.unwrap_or(folder).to_owned(),
            why,
        };
        let Some(name) = name else {
            return Err(bad("it is not the name of a folder"));
        };
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(bad("it does not start with a letter from a to z"));
        }
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if !name.chars().all(fits) {
            return Err(bad("it has more than letters from a to z, digits, - and _"));
        }
        if name.len() > MOST_LETTERS {
            return Err(bad("it is longer than 59 letters"));
        }
        if TAKEN.contains(&name) {
            return Err(bad("it means something else to the compiler"));
        }
        Ok(Self(name.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_every_language_takes() {
        for good in ["plugin", "some/where/tax-rules_2", "./a"] {
            assert!(Name::of(good).is_ok(), "{good}");
        }
        let long = "a".repeat(60);
        for bad in [
            "",
            "..",
            "/",
            "2nd",
            "Tax",
            "tax rules",
            "täx",
            "a.b",
            "fn",
            "test",
            "fuelbox",
            &long,
        ] {
            let failure = Name::of(bad).err().expect("it is refused");
            assert!(
                failure
                    .to_string()
                    .contains(" cannot be the name of a guest: "),
                "{failure}"
            );
        }
    }
}
