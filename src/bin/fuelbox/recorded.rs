//! What a run has left to look at it again.

use crate::{
    args::Observe,
    counted::Counted,
    covered::Covered,
    failure::Failure,
    files::{self, Reserved},
    guest::module_file::ModuleFile,
    observed::{Backtrace, Observed},
};
use fuelbox::Recording;

/// Files for what is kept of a run, opened before it begins.
pub(crate) struct Kept {
    record: Option<Reserved>,
    coredump: Option<Reserved>,
    backtrace: bool,
    /// With the name of the file, which says what form it has.
    profile: Option<(String, Reserved)>,
    coverage: Option<Reserved>,
}

/// What was found out about a run.
#[derive(Default)]
pub(crate) struct FoundOut {
    /// Where it stopped, if that was asked for.
    pub(crate) backtrace: Option<Backtrace>,
    /// What is shown besides, in lines.
    pub(crate) tables: String,
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
            coverage: reserve(&observe.coverage)?,
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
    ) -> Result<FoundOut, Failure> {
        let looks = stopped && (self.backtrace || self.coredump.is_some());
        let observed = looks
            .then(|| Observed::new(&recording, &file))
            .transpose()?;
        if let (Some(coredump), Some(observed)) = (self.coredump, &observed) {
            coredump.write(observed.coredump()?)?;
        }
        let mut found_out = FoundOut {
            backtrace: observed
                .filter(|_| self.backtrace)
                .map(|observed| observed.backtrace()),
            tables: String::new(),
        };
        if let Some((name, profile)) = self.profile {
            let counted = Counted::new(&recording, &file)?;
            profile.write(counted.in_form_of(&name))?;
            found_out.tables.push_str(&counted.table());
        }
        if let Some(coverage) = self.coverage {
            let mut covered = Covered::default();
            covered.add(&recording, &file)?;
            let (lcov, shown) = covered.told(&file.symbols());
            coverage.write(lcov)?;
            found_out.tables.push_str(&shown);
        }
        if let Some(record) = self.record {
            let recording = recording.with_module(file.into_source());
            record.write(recording.to_bytes())?;
        }
        Ok(found_out)
    }
}
