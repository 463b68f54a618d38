//! What the pool knows of a run, while it goes on.

use super::protocol::{Bounds, Ending, Malformed, Progress};
use crate::{
    limits::{CallLimits, Limits},
    report::{LogLine, Outcome, Phase, Report, Usage},
    stop::Stop,
};
use alloc::vec::Vec;

/// What the pool knows of a run, while it goes on; never more than its limits allow, whatever the worker says.
#[derive(Debug)]
pub(super) struct Gathered {
    limits: CallLimits,
    output: Vec<u8>,
    stderr: Vec<u8>,
    logs: Vec<LogLine>,
    log_bytes: u64,
    phase: Phase,
    usage: Usage,
}

impl Gathered {
    pub(super) fn new(limits: CallLimits) -> Self {
        Self {
            limits,
            output: Vec::new(),
            stderr: Vec::new(),
            logs: Vec::new(),
            log_bytes: 0,
            phase: Phase::Start,
            usage: Usage::default(),
        }
    }

    /// The most that a message about a run may have: what its limits allow, in the longest form that JSON has for it.
    pub(super) fn bounds(call: &CallLimits, limits: &Limits) -> Bounds {
        /// A byte of text is six at most, and of base64 less than two.
        const ESCAPED: u64 = 6;
        /// What a line, or a file, takes beside its text.
        const EACH: u64 = 64;
        /// What a report takes beside what guests write, and as many results as there can be.
        const REST: u64 = 256 << 10;

        let logs = call
            .log_bytes
            .saturating_mul(ESCAPED)
            .saturating_add(call.log_lines.saturating_mul(EACH));
        // Trees lie in the host's memory, and count towards the guest's.
        let trees = limits.instance.memory_bytes.saturating_mul(ESCAPED);
        Bounds {
            head: REST.saturating_add(logs).saturating_add(trees),
            body: call.output_bytes.saturating_add(call.stderr_bytes),
        }
    }

    /// # Errors
    /// [`Malformed::Unexpected`] where it is more than there may be.
    pub(super) fn progress(&mut self, progress: Progress, body: Vec<u8>) -> Result<(), Malformed> {
        self.add(progress.output_bytes, body, progress.logs)?;
        self.phase = progress.phase;
        self.usage = progress.usage;
        Ok(())
    }

    /// The report of a run that has ended.
    ///
    /// # Errors
    /// [`Malformed::Unexpected`] where it is more than there may be.
    pub(super) fn end(mut self, ending: Ending, body: Vec<u8>) -> Result<Report, Malformed> {
        self.add(ending.output_bytes, body, ending.logs)?;
        let (mounts, trees) = ending
            .trees
            .into_iter()
            .map(|written| (written.mount, written.tree))
            .unzip();
        Ok(Report {
            outcome: ending.outcome,
            output: self.output,
            stderr: self.stderr,
            logs: self.logs,
            values: ending.values,
            trees,
            mounts,
            usage: ending.usage,
        })
    }

    /// The report of a run whose worker has ended.
    pub(super) fn stopped(self, stop: Stop) -> Report {
        Report {
            outcome: Outcome::Stopped {
                stop,
                phase: self.phase,
            },
            output: self.output,
            stderr: self.stderr,
            logs: self.logs,
            values: Vec::new(),
            trees: Vec::new(),
            mounts: Vec::new(),
            usage: self.usage,
        }
    }

    fn add(
        &mut self,
        output_bytes: u64,
        mut body: Vec<u8>,
        logs: Vec<LogLine>,
    ) -> Result<(), Malformed> {
        let output_len = usize::try_from(output_bytes).map_err(|_| Malformed::Unexpected)?;
        if output_len > body.len() {
            return Err(Malformed::Unexpected);
        }
        let stderr = body.split_off(output_len);
        append(&mut self.output, body, self.limits.output_bytes)?;
        append(&mut self.stderr, stderr, self.limits.stderr_bytes)?;
        for line in &logs {
            self.log_bytes = self.log_bytes.saturating_add(long(line.text.len()));
        }
        if self.log_bytes > self.limits.log_bytes
            || long(self.logs.len()).saturating_add(long(logs.len())) > self.limits.log_lines
        {
            return Err(Malformed::Unexpected);
        }
        self.logs.extend(logs);
        Ok(())
    }
}

/// Appends, where so many bytes may be there in all.
fn append(bytes: &mut Vec<u8>, more: Vec<u8>, most: u64) -> Result<(), Malformed> {
    if long(bytes.len()).saturating_add(long(more.len())) > most {
        return Err(Malformed::Unexpected);
    }
    if bytes.is_empty() {
        *bytes = more;
    } else {
        bytes.extend_from_slice(&more);
    }
    Ok(())
}

fn long(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(output_bytes: u64, lines: usize) -> Progress {
        Progress {
            output_bytes,
            logs: (0..lines)
                .map(|_| LogLine::new("ab".into(), false))
                .collect(),
            phase: Phase::Entry,
            usage: Usage::default(),
        }
    }

    #[test]
    fn no_worker_gives_more_than_the_limits_allow() {
        let limits = CallLimits::default()
            .output_bytes(3)
            .stderr_bytes(1)
            .log_lines(2)
            .log_bytes(4);
        let exact = || {
            let mut gathered = Gathered::new(limits.clone());
            let told = gathered.progress(progress(3, 2), b"outE".to_vec());
            assert_eq!(told, Ok(()));
            gathered
        };
        let more = |gathered: &mut Gathered, progress, body: &[u8]| {
            assert_eq!(
                gathered.progress(progress, body.to_vec()),
                Err(Malformed::Unexpected)
            );
        };
        more(&mut exact(), progress(1, 0), b"o");
        more(&mut exact(), progress(0, 0), b"e");
        more(&mut exact(), progress(0, 1), b"");
        more(&mut exact(), progress(9, 0), b"");
        let report = exact().stopped(Stop::Cancelled);
        assert_eq!((&*report.output, &*report.stderr), (&b"out"[..], &b"E"[..]));
        assert_eq!(report.logs.len(), 2);
    }
}
