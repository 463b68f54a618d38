//! `--lang`: the languages that a new guest can be written in.

/// A language with bindings of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Rust,
    C,
    Zig,
    AssemblyScript,
}

impl Language {
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("rust", Self::Rust),
        ("c", Self::C),
        ("zig", Self::Zig),
        ("assemblyscript", Self::AssemblyScript),
    ];
}

/// Reads the name of a language.
///
/// # Errors
/// A text for the user that lists the known names.
pub(crate) fn parse(word: &str) -> Result<Language, String> {
    let found = Language::ALL.iter().find(|(name, _)| *name == word);
    found.map(|(_, language)| *language).ok_or_else(|| {
        let names = Language::ALL.map(|(name, _)| name).join(", ");
        format!("{word:?} is not known; known are {names}")
    })
}
