//! Exit codes: how a run or a refusal ends a program.

use crate::{error::Error, report::Outcome, stop::Stop};

/// The guest finished with status 0.
const FINISHED: u8 = 0;
/// The machine, or what none of the other codes says.
const HOST: u8 = 1;
const OUT_OF_FUEL: u8 = 2;
const DEADLINE: u8 = 3;
const MEMORY: u8 = 4;
const IMPORT: u8 = 5;
const MODULE: u8 = 6;
const EXPORT: u8 = 7;
const TRAP: u8 = 8;
const STATUS: u8 = 9;
const OUTPUT: u8 = 10;
const HOST_FUNCTION: u8 = 11;
/// What shells give for Ctrl-C: 128 and the number of the signal.
const CANCELLED: u8 = 130;

impl Outcome {
    /// The exit code that the program `fuelbox run` ends with, for programs in other languages.
    ///
    /// A status other than 0 is code 9, whatever the status is.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module (func (export "_start") (loop (br 0))))"#)?;
    /// let endless = Module::new(&wasm)?;
    /// let report = Sandbox::new(Limits::default().fuel(1_000)).run(&endless, [])?;
    /// assert_eq!(report.outcome.exit_code(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Finished { status: 0 } => FINISHED,
            Self::Finished { .. } => STATUS,
            Self::Stopped { stop, .. } => of_stop(stop),
        }
    }
}

fn of_stop(stop: &Stop) -> u8 {
    match stop {
        Stop::OutOfFuel { .. } => OUT_OF_FUEL,
        Stop::Deadline { .. } | Stop::Wait { .. } => DEADLINE,
        Stop::OutOfMemory { .. } | Stop::OutOfTable { .. } => MEMORY,
        Stop::Trapped(_) => TRAP,
        Stop::OutputTooLarge { .. } => OUTPUT,
        Stop::Fault { .. } | Stop::HostFunction { .. } | Stop::Unanswered { .. } => HOST_FUNCTION,
        Stop::Cancelled => CANCELLED,
        _ => HOST,
    }
}

impl Error {
    /// The exit code that the program `fuelbox run` ends with, for programs in other languages.
    ///
    /// ```
    /// assert_eq!(fuelbox::Error::TextModule.exit_code(), 6);
    /// ```
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::InvalidModule { .. }
            | Self::TextModule
            | Self::InvalidText { .. }
            | Self::Proposal { .. }
            | Self::ModuleLimit { .. }
            | Self::Unsupported { .. }
            | Self::Segment => MODULE,
            Self::ImportUnknown { .. }
            | Self::ImportNotGranted { .. }
            | Self::ImportType { .. } => IMPORT,
            Self::ExportMissing { .. }
            | Self::ExportType { .. }
            | Self::Argument { .. }
            | Self::MemoryNotExported { .. }
            | Self::AbiVersion { .. } => EXPORT,
            Self::InitialMemory { .. } | Self::InitialTable { .. } => MEMORY,
            _ => HOST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stop::HostError;

    #[test]
    fn what_no_guest_of_the_program_can_show_has_its_code_too() {
        let failed = Stop::HostFunction {
            module: "env".into(),
            name: "price".into(),
            error: HostError::message("no price"),
        };
        assert_eq!(of_stop(&failed), 11);
        assert_eq!(of_stop(&Stop::SystemOutOfMemory), 1);
        let unsafe_build = Error::UnsafeBuild { bytes: 1, steps: 1 };
        assert_eq!(unsafe_build.exit_code(), 1);
        assert_eq!(Error::Segment.exit_code(), 6);
    }
}
