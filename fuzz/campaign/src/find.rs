//! A guest that differs, as it is written down.

use crate::{contents::Contents, search::Search};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A guest that differs, as it is written down.
pub(crate) struct Find<'a> {
    pub(crate) search: &'a Search,
    pub(crate) number: u64,
    /// What differs, in words.
    pub(crate) words: &'a str,
    /// Made small.
    pub(crate) wasm: &'a [u8],
}

impl Find<'_> {
    /// Writes it into a folder, as text.
    #[expect(clippy::disallowed_methods, reason = "finds are files")]
    pub(crate) fn write(&self, folder: &Path) -> io::Result<PathBuf> {
        let name = format!("{:?}-{}", self.search.generator, self.number).to_lowercase();
        let path = folder.join(format!("{name}.wat"));
        let words: String = self.words.chars().take(MOST_WORDS).collect();
        let words = words.replace('\n', " ");
        let text = wasmprinter::print_bytes(self.wasm).unwrap_or_else(|error| error.to_string());
        let constructs: Vec<_> = Contents::of(self.wasm).constructs.into_iter().collect();
        let header = format!(
            ";; {words}\n;; guest {} of {:?}, {:?}\n;; constructs: {}\n",
            self.number,
            self.search.generator,
            self.search.proposals,
            constructs.join(", ")
        );
        fs::create_dir_all(folder)?;
        fs::write(&path, header + &text)?;
        Ok(path)
    }
}

/// Characters of what differs.
const MOST_WORDS: usize = 600;
