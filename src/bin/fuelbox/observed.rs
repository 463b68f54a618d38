//! A guest that has stopped, looked at by running it again.

use crate::{failure::Failure, guest::module_file::ModuleFile};
use fuelbox::{Divergence, Frame, Observation, Recording, Value};
use fuelbox_observe::{Place, coredump};
use std::fmt;

/// A guest that has stopped, as it was then.
pub(crate) struct Observed<'a> {
    observation: Observation,
    recording: &'a Recording,
    file: &'a ModuleFile,
}

/// So many of the innermost functions are shown, and of the outermost.
const INNERMOST: usize = 40;
const OUTERMOST: usize = 10;

impl<'a> Observed<'a> {
    /// Runs a recording of the module again.
    ///
    /// # Errors
    /// What keeps it from being run again.
    pub(crate) fn new(recording: &'a Recording, file: &'a ModuleFile) -> Result<Self, Failure> {
        Ok(Self {
            observation: recording.observe(&file.wasm)?,
            recording,
            file,
        })
    }

    /// The functions that it was in, the innermost first; of very many those in the middle are left out.
    pub(crate) fn backtrace(&self) -> Backtrace {
        let symbols = self.file.symbols();
        let frames = &self.observation.frames;
        let most = INNERMOST.saturating_add(OUTERMOST);
        let left_out = frames.len().saturating_sub(most);
        let behind = INNERMOST.saturating_add(left_out);
        let (innermost, outermost) = match left_out {
            0 => (frames.as_slice(), &[][..]),
            _ => (
                frames.get(..INNERMOST).unwrap_or_default(),
                frames.get(behind..).unwrap_or_default(),
            ),
        };
        let places = |frames: &[Frame]| {
            let frames = frames.iter();
            let places = frames.map(|frame| symbols.place(frame.function, frame.offset));
            places.collect()
        };
        Backtrace {
            innermost: places(innermost),
            left_out,
            outermost: places(outermost),
            divergence: self.observation.replay.divergence.clone(),
        }
    }

    /// What it had, in the format of the tool conventions.
    ///
    /// # Errors
    /// What keeps it from being run again, for its locals.
    pub(crate) fn coredump(&self) -> Result<Vec<u8>, Failure> {
        let mut dump = coredump::CoreDump::new("guest", &self.file.wasm);
        let locals = self.recording.locals(&self.file.wasm, &self.observation)?;
        let mut locals = locals.into_iter();
        for frame in &self.observation.frames {
            let locals = locals.next().unwrap_or_default().into_iter();
            let locals: Vec<_> = locals.map(|local| local.map(dumped)).collect();
            dump.frame(frame.function, frame.offset, &locals);
        }
        for memory in &self.observation.memories {
            dump.memory(memory);
        }
        for global in &self.observation.globals {
            dump.global(dumped(*global));
        }
        Ok(dump.finish())
    }
}

/// The functions that a guest was in.
pub(crate) struct Backtrace {
    /// All of them, or the first.
    innermost: Vec<Place>,
    /// How many stand between these and the others.
    left_out: usize,
    outermost: Vec<Place>,
    divergence: Option<Divergence>,
}

impl Backtrace {
    /// Its functions, each with its number.
    pub(crate) fn places(&self) -> impl Iterator<Item = (usize, &Place)> {
        let first = self.innermost.len().saturating_add(self.left_out);
        let outermost = (first..).zip(&self.outermost);
        (0..).zip(&self.innermost).chain(outermost)
    }
}

impl fmt::Display for Backtrace {
    /// One function a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(divergence) = &self.divergence {
            writeln!(f, "  run again, it parts from the run {divergence}")?;
        }
        if self.innermost.is_empty() {
            f.write_str("  it was in no function: it had not begun, or came to its end\n")?;
        }
        for (number, place) in self.places() {
            if self.left_out > 0 && number == self.innermost.len().saturating_add(self.left_out) {
                writeln!(f, "   ... {} more", self.left_out)?;
            }
            writeln!(f, "{number:>4}: {place}")?;
        }
        Ok(())
    }
}

fn dumped(value: Value) -> coredump::Value {
    match value {
        Value::I32(value) => coredump::Value::I32(value),
        Value::I64(value) => coredump::Value::I64(value),
        Value::F32(value) => coredump::Value::F32(value),
        Value::F64(value) => coredump::Value::F64(value),
        Value::V128(value) => coredump::Value::V128(value),
        Value::FuncRef(_) => coredump::Value::FuncRef,
        _ => coredump::Value::ExternRef,
    }
}
