//! What the four functions are to do, in as few words as can be.

use super::{Act, Range};
use fuelbox::{Limits, LogLine, Outcome, Report, Stop};

/// What a run did.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) report: Report,
    pub(super) answers: Vec<i32>,
    /// Memory at the last answer.
    pub(super) memory: Vec<u8>,
}

/// A run as it is to be.
pub(super) struct Model {
    limits: Limits,
    input: Vec<u8>,
    memory: Vec<u8>,
    answers: Vec<i32>,
    /// Memory at the last answer.
    seen: Vec<u8>,
    output: Vec<u8>,
    /// Text, and whether it was cut.
    lines: Vec<(String, bool)>,
    log_lines_lost: u64,
    calls: u64,
    stop: Option<&'static str>,
}

impl Model {
    pub(super) fn new(limits: &Limits, input: Vec<u8>, memory_bytes: u64) -> Self {
        Self {
            limits: limits.clone(),
            input,
            memory: vec![0; memory_bytes as usize],
            answers: Vec::new(),
            seen: Vec::new(),
            output: Vec::new(),
            lines: Vec::new(),
            log_lines_lost: 0,
            calls: 0,
            stop: None,
        }
    }

    /// Bytes that are in memory at the start.
    pub(super) fn put(&mut self, at: usize, bytes: &[u8]) {
        if let Some(range) = self.memory.get_mut(at..at + bytes.len()) {
            range.copy_from_slice(bytes);
        }
    }

    /// Calls a function; whether the run goes on.
    pub(super) fn act(&mut self, act: &Act) -> bool {
        self.calls += 1;
        let answer = match act {
            Act::InputLen => Ok(Some(self.input.len())),
            Act::Log(at) => self.range(*at).map(|bytes| self.log(&bytes)),
            Act::WriteOutput(at) => self.range(*at).and_then(|bytes| self.write(&bytes)),
            Act::ReadInput(at) => self.range(*at).map(|buffer| {
                let len = buffer.len().min(self.input.len());
                let start = at.of(self.memory.len() as u64).0 as usize;
                self.memory[start..start + len].copy_from_slice(&self.input[..len]);
                Some(len)
            }),
        };
        match answer {
            Ok(None) => true,
            Ok(Some(answer)) => {
                self.calls += 1;
                self.answers.push((answer as u32).cast_signed());
                self.seen = self.memory.clone();
                true
            }
            Err(stop) => {
                self.stop = Some(stop);
                false
            }
        }
    }

    /// Panics where something else was seen.
    pub(super) fn compare(&self, seen: &Seen) {
        let report = &seen.report;
        assert_eq!(report.outcome.code(), self.stop.unwrap_or("finished"));
        if let Outcome::Stopped {
            stop: Stop::Fault { memory_bytes, .. },
            ..
        } = &report.outcome
        {
            let bytes = self.memory.len() as u64;
            assert_eq!(*memory_bytes, (bytes > 0).then_some(bytes));
        }
        let lines: Vec<_> = report.logs.iter().map(words).collect();
        assert_eq!(lines, self.lines);
        assert_eq!(report.output, self.output);
        assert_eq!(report.usage.log_lines_lost, self.log_lines_lost);
        assert_eq!(report.usage.host_calls, self.calls);
        assert_eq!(seen.answers, self.answers);
        assert!(seen.memory == self.seen, "memory is another");
    }

    fn range(&self, at: Range) -> Result<Vec<u8>, &'static str> {
        let (ptr, len) = at.of(self.memory.len() as u64);
        // Without memory there is nothing that even an empty range could lie in.
        if self.memory.is_empty() {
            return Err("fault");
        }
        let bytes = self.memory.get(ptr as usize..ptr as usize + len as usize);
        bytes.map(<[u8]>::to_vec).ok_or("fault")
    }

    fn write(&mut self, bytes: &[u8]) -> Result<Option<usize>, &'static str> {
        let room = self.limits.call.output_bytes as usize - self.output.len();
        self.output.extend(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            return Err("output-too-large");
        }
        Ok(None)
    }

    fn log(&mut self, bytes: &[u8]) -> Option<usize> {
        let used: usize = self.lines.iter().map(|(text, _)| text.len()).sum();
        let room = (self.limits.call.log_bytes as usize - used)
            .min(self.limits.call.log_line_bytes as usize);
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        let is_cut = text.len() > room;
        while text.len() > room {
            text.pop();
        }
        let is_dropped =
            self.lines.len() as u64 == self.limits.call.log_lines || (is_cut && text.is_empty());
        if is_dropped || is_cut {
            self.log_lines_lost += 1;
        }
        if !is_dropped {
            self.lines.push((text, is_cut));
        }
        None
    }
}

fn words(line: &LogLine) -> (String, bool) {
    (line.text.clone(), line.truncated)
}
