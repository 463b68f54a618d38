//! What a run has left to look at it again.

use crate::{
    args::Observe,
    failure::Failure,
    files::{self, Reserved},
};
use fuelbox::Recording;

/// Files for what is kept of a run, opened before it begins.
pub(crate) struct Kept {
    record: Option<Reserved>,
}

impl Kept {
    /// Opens them.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(crate) fn reserve(observe: &Observe) -> Result<Self, Failure> {
        let record = observe.record.as_deref().map(files::reserve);
        Ok(Self {
            record: record.transpose()?,
        })
    }

    /// Writes what was recorded of a run of the module whose file holds `source`.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(crate) fn write(self, recording: Recording, source: Vec<u8>) -> Result<(), Failure> {
        let recording = recording.with_module(source);
        self.record
            .map_or(Ok(()), |file| file.write(recording.to_bytes()))
    }
}
