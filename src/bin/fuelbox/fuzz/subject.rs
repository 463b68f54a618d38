//! The guest that is fuzzed, as the search runs it.

use crate::{
    args::Fuzz,
    failure::Failure,
    grant::allow,
    guest::{module_file::ModuleFile, wasi},
};
use fuelbox::{
    CallError, Error, Module, Observation, Recording, Sandbox, Stop,
    fuzz::{EntryError, Target},
};
use fuelbox_fuzz::{Compare, Detail, Guest, Seen};
use std::fmt::Write;

/// The guest that is fuzzed, and the file that it is from.
pub(super) struct Subject {
    target: Target,
    file: ModuleFile,
    /// How many ways it has.
    pub(super) ways: usize,
}

/// What was recorded of an input that was found, and what became of the run.
pub(super) struct Proof {
    pub(super) recording: Recording,
    /// Whether a guest that is not traced stops too.
    pub(super) stops: bool,
}

impl Subject {
    /// Reads and compiles the module, and gets an instance of it ready.
    ///
    /// # Errors
    /// As for a run.
    pub(super) fn new(arguments: &Fuzz) -> Result<Self, Failure> {
        let run = &arguments.run;
        let wasi = wasi::wasi(run)?;
        let file = ModuleFile::open(&run.module, run.module_limits(), false)?;
        let mut sandbox = Sandbox::new(arguments.limits());
        if run.stub_unknown {
            sandbox = sandbox.stub_unknown();
        }
        let sandbox = allow::grant_all(sandbox, &run.allow, wasi);
        let builder = Module::builder().limits(run.module_limits().clone());
        let target = Target::new(&sandbox, &builder, &file.wasm).map_err(|error| match error {
            EntryError::Refused(error) => Failure::Refused {
                error: Box::new(error),
                file: Some(run.module.clone()),
                missing: allow::missing(&sandbox.check(&file.module)),
            },
            error => Failure::from(engine(&error)),
        })?;
        Ok(Self {
            target,
            file,
            ways: 0,
        })
    }

    /// Runs the guest on `input` without anything that traces it, and records it.
    ///
    /// # Errors
    /// As for a run.
    pub(super) fn prove(&self, input: &[u8]) -> Result<Proof, CallError> {
        let recording = self.target.record(input)?;
        let replay = recording.replay(&self.file.module)?;
        let last = replay.reports.last();
        Ok(Proof {
            stops: last.is_some_and(|report| report.stop().is_some()),
            recording,
        })
    }

    /// The bytes of the module's file.
    pub(super) fn source(&self) -> Vec<u8> {
        let text = self.file.text.as_ref();
        text.unwrap_or(&self.file.wasm).clone()
    }

    /// How often an instance could not be put back.
    pub(super) fn remade(&self) -> u64 {
        self.target.remade()
    }
}

impl Guest for Subject {
    type Error = CallError;

    fn run(&mut self, input: &[u8], detail: Detail, seen: &mut Seen) -> Result<(), CallError> {
        let verdict = match detail {
            Detail::Ways => self.target.run(input)?,
            Detail::Compares => self.target.run_comparing(input)?,
        };
        self.ways = verdict.edges.len();
        seen.fuel = verdict.fuel;
        seen.fault = verdict.stop.as_ref().map(Stop::code);
        let taken = verdict.edges.taken();
        seen.ways
            .extend(taken.map(|(way, count)| (u32::try_from(way).unwrap_or(u32::MAX), count)));
        if detail == Detail::Compares {
            let compares = verdict.compares();
            seen.compares
                .extend(compares.map(|one| Compare::new(one.place, one.left, one.right, one.bits)));
        }
        Ok(())
    }

    /// By what stopped it, and the functions that it was in.
    fn bucket(&mut self, input: &[u8], fault: &'static str) -> Result<String, CallError> {
        let proof = self.prove(input)?;
        if !proof.stops {
            return Ok(format!("{fault}-only-traced"));
        }
        let observation = proof.recording.observe(&self.file.wasm)?;
        Ok(format!("{fault}-{:08x}", fingerprint(&observation)))
    }
}

/// FNV-1a of the innermost functions, and of where in them the guest was.
fn fingerprint(observation: &Observation) -> u32 {
    /// Farther out, the same fault is reached on many ways.
    const INNERMOST: usize = 8;

    let mut places = String::new();
    for frame in observation.frames.iter().take(INNERMOST) {
        // A `String` takes everything.
        let _ = write!(places, "{}:{},", frame.function, frame.offset);
    }
    places.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::from(match error {
            CallError::Refused(error) => error,
            error => engine(&error),
        })
    }
}

/// What happened before any input, in words.
fn engine(error: &impl ToString) -> Error {
    Error::Engine {
        message: error.to_string(),
    }
}
