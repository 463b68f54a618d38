//! A guest that has stopped, looked at by running it again.

use crate::{failure::Failure, guest::module_file::ModuleFile};
use fuelbox::{Observation, Recording, Value};
use fuelbox_observe::coredump;
use std::fmt::Write;

/// A guest that has stopped, as it was then.
pub(crate) struct Observed<'a> {
    observation: Observation,
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
    pub(crate) fn new(recording: &Recording, file: &'a ModuleFile) -> Result<Self, Failure> {
        Ok(Self {
            observation: recording.observe(&file.wasm)?,
            file,
        })
    }

    /// The functions that it was in, one a line, the innermost first.
    pub(crate) fn backtrace(&self) -> String {
        let symbols = self.file.symbols();
        let frames = &self.observation.frames;
        let mut lines = String::new();
        if let Some(divergence) = &self.observation.replay.divergence {
            writeln!(lines, "  run again, it parts from the run {divergence}").expect(TAKES_ALL);
        }
        if frames.is_empty() {
            lines.push_str("  it was in no function: it had not begun, or came to its end\n");
        }
        let left_out = frames
            .len()
            .saturating_sub(INNERMOST.saturating_add(OUTERMOST));
        for (number, frame) in frames.iter().enumerate() {
            if left_out > 0 && number == INNERMOST {
                writeln!(lines, "   ... {left_out} more").expect(TAKES_ALL);
            }
            if left_out == 0 || number < INNERMOST || number >= INNERMOST.saturating_add(left_out) {
                let place = symbols.place(frame.function, frame.offset);
                writeln!(lines, "{number:>4}: {place}").expect(TAKES_ALL);
            }
        }
        lines
    }

    /// What it had, in the format of the tool conventions.
    pub(crate) fn coredump(&self) -> Vec<u8> {
        let mut dump = coredump::CoreDump::new("guest", &self.file.wasm);
        for frame in &self.observation.frames {
            dump.frame(frame.function, frame.offset);
        }
        for memory in &self.observation.memories {
            dump.memory(memory);
        }
        for global in &self.observation.globals {
            dump.global(dumped(*global));
        }
        dump.finish()
    }
}

const TAKES_ALL: &str = "a String takes everything";

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
