//! What a run gives, told to the pool while it runs.

use super::{
    protocol::{ChannelError, Ending, Malformed, Progress, ToHost, ToWorker, Written, trees},
    serve::Talk,
};
use crate::{
    execution::{Execution, Slice, Step, Wait},
    instance::Instance,
    report::{LogLine, Report},
};
use alloc::vec::Vec;
use core::time::Duration;

/// What of a run was told.
pub(super) struct Stream<'a> {
    talk: &'a Talk,
    /// So much of the output, in bytes.
    output: usize,
    /// So much of the error stream, in bytes.
    stderr: usize,
    /// So many log lines.
    logs: usize,
}

/// How long a guest runs between two looks at what it has given, and at whether it is cancelled. Most runs end before.
const SLICE: Duration = Duration::from_millis(1);

impl<'a> Stream<'a> {
    pub(super) fn new(talk: &'a Talk) -> Self {
        Self {
            talk,
            output: 0,
            stderr: 0,
            logs: 0,
        }
    }

    /// Runs a guest to its end and tells the pool all about it. The instance comes back where it can be called again.
    pub(super) fn finish(
        mut self,
        mut execution: Execution,
    ) -> Result<Option<Instance>, ChannelError> {
        loop {
            match execution.step(Slice::time(SLICE)) {
                // Nobody answers a function that is answered later: that ends it.
                Step::Done | Step::Waiting(Wait::Host) => break,
                Step::Waiting(_) => execution.sleep(),
                Step::Paused => {}
            }
            self.look_for_cancel()?;
            self.tell(&execution)?;
        }
        let finished = execution.finish();
        let mut report = finished.report;
        report.output.drain(..self.output.min(report.output.len()));
        report.stderr.drain(..self.stderr.min(report.stderr.len()));
        report.logs.drain(..self.logs.min(report.logs.len()));
        let (ending, body) = Ending::of(report, finished.instance.is_some());
        self.talk.open().say(&ToHost::Ended(ending), &[&body])?;
        Ok(finished.instance)
    }

    fn look_for_cancel(&self) -> Result<(), ChannelError> {
        let mut speaker = self.talk.open();
        while speaker.channel.has_something() {
            match speaker.hear()?.0 {
                ToWorker::Cancel => speaker.cancel.cancel(),
                _ => return Err(Malformed::Unexpected.into()),
            }
        }
        Ok(())
    }

    /// Tells what is new, if anything is.
    fn tell(&mut self, execution: &Execution) -> Result<(), ChannelError> {
        let output = execution.output().get(self.output..).unwrap_or_default();
        let stderr = execution.stderr().get(self.stderr..).unwrap_or_default();
        let logs: &[LogLine] = execution.logs().get(self.logs..).unwrap_or_default();
        if output.is_empty() && stderr.is_empty() && logs.is_empty() {
            return Ok(());
        }
        self.output = execution.output().len();
        self.stderr = execution.stderr().len();
        self.logs = execution.logs().len();
        let progress = Progress {
            output_bytes: u64::try_from(output.len()).unwrap_or(u64::MAX),
            logs: logs.to_vec(),
            phase: execution.phase(),
            usage: execution.usage(),
        };
        let mut speaker = self.talk.open();
        speaker.say(&ToHost::Progress(progress), &[output, stderr])
    }
}

impl Ending {
    /// A report as it is told: what is in the head, and the body.
    pub(super) fn of(report: Report, alive: bool) -> (Self, Vec<u8>) {
        let long = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        let (output_bytes, stderr_bytes) = (long(report.output.len()), long(report.stderr.len()));
        let mut body = report.output;
        body.extend_from_slice(&report.stderr);
        let mounted = report.mounts.into_iter().zip(report.trees);
        let trees = mounted.map(|(mount, tree)| {
            let before = body.len();
            trees::write(&tree, &mut body);
            let bytes = long(body.len().saturating_sub(before));
            Written { mount, bytes }
        });
        let trees = trees.collect();
        let ending = Self {
            outcome: report.outcome,
            output_bytes,
            stderr_bytes,
            logs: report.logs,
            values: report.values,
            trees,
            usage: report.usage,
            alive,
        };
        (ending, body)
    }
}
