//! What a search keeps: a folder of inputs, and one of finds.

use super::subject::{Proof, Subject};
use crate::{args::Fuzz, failure::Failure};
use fuelbox_fuzz::{Find, Folder, Search};
use std::{io, path::Path};

/// The folder of inputs, and the one of finds.
pub(super) struct Kept {
    pub(super) corpus: Folder,
    pub(super) finds: Folder,
    most_input: usize,
}

impl Kept {
    /// Opens both, and makes them if they are not there.
    ///
    /// # Errors
    /// [`Failure::Write`], also where nothing can be written there.
    pub(super) fn open(arguments: &Fuzz) -> Result<Self, Failure> {
        let open = |path: &str| Folder::open(path).map_err(|error| write(Path::new(path), error));
        Ok(Self {
            corpus: open(&arguments.corpus)?,
            finds: open(&arguments.finds)?,
            most_input: arguments.most_input,
        })
    }

    /// The inputs to begin with.
    ///
    /// # Errors
    /// [`Failure::Read`].
    pub(super) fn inputs(&self) -> Result<Vec<Vec<u8>>, Failure> {
        read(&self.corpus, self.most_input)
    }

    /// Keeps an input that took a new way.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(super) fn add(&self, input: &[u8]) -> Result<(), Failure> {
        let added = self.corpus.add(input);
        added.map_err(|error| write(self.corpus.path(), error))?;
        Ok(())
    }

    /// Writes the input of a find, and a recording of it that replays.
    ///
    /// # Errors
    /// [`Failure::Write`], and what keeps it from being recorded.
    pub(super) fn find(&self, subject: &Subject, find: &Find) -> Result<(), Failure> {
        let Proof { recording, .. } = subject.prove(&find.input)?;
        let recording = recording.with_module(subject.source());
        self.write(&format!("{}.input", find.bucket), &find.input)?;
        self.write(&format!("{}.fbrun", find.bucket), &recording.to_bytes())
    }

    /// Writes the input that took the most fuel for its length, if there was any.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(super) fn slowest(&self, search: &Search<Subject>) -> Result<(), Failure> {
        match search.slowest() {
            Some((input, _)) => self.write(SLOWEST, input),
            None => Ok(()),
        }
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.finds.write(name, bytes);
        written.map_err(|error| write(self.finds.path(), error))?;
        Ok(())
    }
}

/// The file of the input that took the most fuel for its length.
pub(super) const SLOWEST: &str = "slowest.input";

fn read(folder: &Folder, most_input: usize) -> Result<Vec<Vec<u8>>, Failure> {
    folder.inputs(most_input).map_err(|error| Failure::Read {
        path: folder.path().display().to_string(),
        error,
    })
}

pub(super) fn write(path: &Path, error: io::Error) -> Failure {
    Failure::Write {
        path: path.display().to_string(),
        error,
    }
}
