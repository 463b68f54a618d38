//! What a run has left to look at it again.

use crate::{
    args::Observe,
    counted::Counted,
    failure::Failure,
    files::{self, Reserved},
    guest::module_file::ModuleFile,
    observed::Observed,
};
use fuelbox::Recording;

/// Files for what is kept of a run, opened before it begins.
pub(crate) struct Kept {
    record: Option<Reserved>,
    coredump: Option<Reserved>,
    backtrace: bool,
    /// With the name of the file, which says what form it has.
    profile: Option<(String, Reserved)>,
}

impl Kept {
    /// Opens them.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(crate) fn reserve(observe: &Observe) -> Result<Self, Failure> {
        let reserve = |path: &Option<String>| path.as_deref().map(files::reserve).transpose();
        Ok(Self {
            record: reserve(&observe.record)?,
            coredump: reserve(&observe.coredump)?,
            backtrace: observe.backtrace,
            profile: observe.profile.clone().zip(reserve(&observe.profile)?),
        })
    }

    /// Writes what was recorded of a run of this module, and what was found out where it `stopped`. What is to
    /// be shown comes back.
    ///
    /// # Errors
    /// [`Failure::Write`], and what keeps it from being run again.
    pub(crate) fn write(
        self,
        recording: Recording,
        file: ModuleFile,
        stopped: bool,
    ) -> Result<String, Failure> {
        let looks = stopped && (self.backtrace || self.coredump.is_some());
        let observed = looks
            .then(|| Observed::new(&recording, &file))
            .transpose()?;
        if let (Some(coredump), Some(observed)) = (self.coredump, &observed) {
            coredump.write(observed.coredump())?;
        }
        let mut shown = String::new();
        if let Some(observed) = observed.filter(|_| self.backtrace) {
            shown.push_str(&observed.backtrace());
        }
        if let Some((name, profile)) = self.profile {
            let counted = Counted::new(&recording, &file)?;
            profile.write(counted.in_form_of(&name))?;
            shown.push_str(&counted.table());
        }
        if let Some(record) = self.record {
            let recording = recording.with_module(file.into_source());
            record.write(recording.to_bytes())?;
        }
        Ok(shown)
    }
}
