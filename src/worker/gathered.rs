//! What the pool knows of a run, while it goes on.

use super::protocol::{
    Bounds, Ending, Malformed, Progress, Written,
    trees::{self, Most},
};
use crate::{
    limits::CallLimits,
    report::{LogLine, Outcome, Phase, Report, Usage},
    stop::Stop,
    tree::Tree,
};
use alloc::{string::String, vec::Vec};

/// What the pool knows of a run, while it goes on; never more than its limits allow, whatever the worker says.
#[derive(Debug)]
pub(super) struct Gathered {
    limits: CallLimits,
    /// What trees there can be.
    most: Most,
    output: Vec<u8>,
    stderr: Vec<u8>,
    logs: Vec<LogLine>,
    log_bytes: u64,
    phase: Phase,
    usage: Usage,
}

impl Gathered {
    pub(super) fn new(limits: CallLimits, most: Most) -> Self {
        Self {
            limits,
            most,
            output: Vec::new(),
            stderr: Vec::new(),
            logs: Vec::new(),
            log_bytes: 0,
            phase: Phase::Start,
            usage: Usage::default(),
        }
    }

    /// The most that a message about a run may have: what its limits allow, in the longest form that JSON has for it.
    pub(super) fn bounds(&self) -> Bounds {
        /// A byte of text is six at most.
        const ESCAPED: u64 = 6;
        /// What a line takes beside its text, or a tree beside its name.
        const EACH: u64 = 64;
        /// The name of a mount, if its host is not out to make it long.
        const NAME: u64 = 4_096;
        /// What a report takes beside what guests write, and as many results as there can be.
        const REST: u64 = 256 << 10;

        let call = &self.limits;
        let logs = call
            .log_bytes
            .saturating_mul(ESCAPED)
            .saturating_add(call.log_lines.saturating_mul(EACH));
        let mounts = self.most.trees.saturating_mul(EACH.saturating_add(NAME));
        Bounds {
            head: REST.saturating_add(logs).saturating_add(mounts),
            body: call
                .output_bytes
                .saturating_add(call.stderr_bytes)
                .saturating_add(self.most.encoded()),
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
    pub(super) fn end(mut self, ending: Ending, mut body: Vec<u8>) -> Result<Report, Malformed> {
        let streams = ending.output_bytes.checked_add(ending.stderr_bytes);
        let streams = streams.and_then(|bytes| usize::try_from(bytes).ok());
        let streams = streams.filter(|bytes| *bytes <= body.len());
        let rest = body.split_off(streams.ok_or(Malformed::Unexpected)?);
        self.add(ending.output_bytes, body, ending.logs)?;
        let (mounts, trees) = self.trees(ending.trees, &rest)?;
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

    /// The trees that are all of `bytes`, and what they were mounted under.
    fn trees(
        &self,
        written: Vec<Written>,
        mut bytes: &[u8],
    ) -> Result<(Vec<String>, Vec<Tree>), Malformed> {
        if long(written.len()) > self.most.trees {
            return Err(Malformed::Unexpected);
        }
        let mut most = self.most;
        let (mut mounts, mut trees) = (Vec::new(), Vec::new());
        for Written { mount, bytes: len } in written {
            let len = usize::try_from(len).map_err(|_| Malformed::Unexpected)?;
            let (own, rest) = bytes.split_at_checked(len).ok_or(Malformed::Unexpected)?;
            bytes = rest;
            mounts.push(mount);
            trees.push(trees::read(own, &mut most)?);
        }
        if !bytes.is_empty() {
            return Err(Malformed::Unexpected);
        }
        Ok((mounts, trees))
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
            let mut gathered = Gathered::new(limits.clone(), Most::default());
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
