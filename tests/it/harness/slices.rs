//! Runs at several slice sizes, which must not show in the report.

use super::Case;
use fuelbox::{
    Error, Execution, Finished, Limits, Module, Recording, Report, Sandbox, Slice, Step, Usage,
};
use std::time::Duration;

/// The sizes: at 1 every basic block is left and resumed.
pub(crate) const SLICES: [u64; 4] = [1, 7, 1_000, u64::MAX];

/// Runs to the end in steps of `fuel`, as [`finish_in`] does.
pub(crate) fn run_to_end(execution: Execution, fuel: u64) -> Report {
    finish_in(execution, fuel).report
}

/// Runs to the end in steps of `fuel`; on the way nothing that was used may become less.
pub(crate) fn finish_in(mut execution: Execution, fuel: u64) -> Finished {
    let mut before = execution.usage();
    loop {
        match execution.step(Slice::fuel(fuel)) {
            Step::Done => break,
            Step::Waiting(_) => execution.sleep(),
            _ => {}
        }
        let now = execution.usage();
        assert!(grew(&before, &now), "usage fell from {before:?} to {now:?}");
        before = now;
    }
    assert!(execution.is_over());
    assert_eq!(
        execution.step(Slice::fuel(fuel)),
        Step::Done,
        "over is over"
    );
    let finished = execution.finish();
    let usage = &finished.report.usage;
    assert!(grew(&before, usage), "usage fell at the end");
    finished
}

/// The report without what depends on time and slices.
pub(crate) fn same_but_for_time(mut report: Report) -> Report {
    report.usage.time = Duration::ZERO;
    report.usage.overrun = Duration::ZERO;
    report.usage.waited = Duration::ZERO;
    report.usage.slices = 0;
    report
}

impl Case {
    /// Runs the guest at every slice size, from a cached module and from a fresh one.
    ///
    /// # Errors
    /// What is not as it must be.
    pub(crate) fn run(&self) -> Result<(), String> {
        let module = match self.admit() {
            Ok(module) => module,
            Err(error) => return self.expect.refusal(&error),
        };
        if let Err(error) = self.start(&self.sandbox(), &module) {
            return self.refused(&module, &error);
        }
        let fresh = self.admit().map_err(|error| error.to_string())?;
        let cached = self.sandbox();
        let mut first: Option<Report> = None;
        for (sandbox, module, slice) in SLICES
            .map(|slice| (&cached, &module, slice))
            .into_iter()
            .chain([
                (&cached, &module, u64::MAX),
                (&self.sandbox(), &fresh, u64::MAX),
            ])
        {
            let report = self.run_once(sandbox, module, slice)?;
            if self.is_timed() {
                continue;
            }
            let report = same_but_for_time(report);
            match &first {
                Some(first) if *first != report => {
                    return Err(format!(
                        "in slices of {slice} the report is {report:#?}, before it was {first:#?}"
                    ));
                }
                Some(_) => {}
                None => first = Some(report),
            }
        }
        self.run_recorded(&module, first.as_ref())
    }

    /// Recorded, the guest does the same, and so does the recording.
    fn run_recorded(&self, module: &Module, expected: Option<&Report>) -> Result<(), String> {
        let sandbox = self.sandbox().record(MOST_RECORDED);
        for slice in [7, u64::MAX] {
            let execution = self.start(&sandbox, module);
            let execution = execution.map_err(|error| format!("recorded: {error}"))?;
            let finished = finish_in(execution, slice);
            let report = same_but_for_time(finished.report.clone());
            if expected.is_some_and(|expected| *expected != report) {
                return Err(format!("recorded, the report is {report:#?}"));
            }
            replays(module, &finished)?;
            #[cfg(feature = "observe")]
            is_observed(&self.wasm, &finished)?;
            #[cfg(feature = "fuzz")]
            is_traced(&self.wasm, &self.module_limits, &finished)?;
        }
        Ok(())
    }

    fn run_once(&self, sandbox: &Sandbox, module: &Module, slice: u64) -> Result<Report, String> {
        let execution = self
            .start(sandbox, module)
            .map_err(|error| format!("refused the second time: {error}"))?;
        let report = run_to_end(execution, slice);
        let in_slices = |problem| format!("in slices of {slice}: {problem}");
        self.expect.report(&report).map_err(in_slices)?;
        laws(&report, &self.limits).map_err(in_slices)?;
        Ok(report)
    }

    /// A refusal must be the expected one, and the preflight must say the same.
    fn refused(&self, module: &Module, error: &Error) -> Result<(), String> {
        self.expect.refusal(error)?;
        let preflight = self.sandbox().check(module);
        // The preflight sees neither the input nor what only making the instance shows.
        let unseen = matches!(error, Error::InputTooLarge { .. } | Error::Segment);
        if self.calls_the_entry() && !unseen && preflight.refusals.first() != Some(error) {
            return Err(format!(
                "refused for {error:?}, but the preflight says {preflight:?}"
            ));
        }
        Ok(())
    }
}

/// More than any guest of the tests has.
pub(crate) const MOST_RECORDED: u64 = 1 << 30;

/// A recording gives the same report, also when it is read back from a file.
///
/// # Errors
/// What differs.
pub(crate) fn replays(module: &Module, finished: &Finished) -> Result<(), String> {
    let recording = finished.recording.as_ref();
    let file = recording.ok_or("nothing is recorded")?.to_bytes();
    let recording = Recording::from_bytes(&file).map_err(|error| error.to_string())?;
    if Some(&recording) != finished.recording.as_ref() {
        return Err("another recording is read back".into());
    }
    let replay = recording
        .replay(module)
        .map_err(|error| error.to_string())?;
    if let Some(divergence) = replay.divergence {
        return Err(format!("the replay diverges {divergence}"));
    }
    match replay.reports.last() {
        Some(report) if *report == finished.report => Ok(()),
        report => Err(format!(
            "the replay reports {report:#?}, not {:#?}",
            finished.report
        )),
    }
}

/// A module that tells where it is comes to the same report, and to the unit of fuel.
///
/// # Errors
/// What differs.
#[cfg(feature = "observe")]
pub(crate) fn is_observed(wasm: &[u8], finished: &Finished) -> Result<(), String> {
    let recording = finished.recording.as_ref().ok_or("nothing is recorded")?;
    let observation = recording.observe(wasm).map_err(|error| error.to_string())?;
    if let Some(divergence) = &observation.replay.divergence {
        return Err(format!("observed, it diverges {divergence}"));
    }
    super::frames::are_located(wasm, &observation)?;
    let locals = recording
        .locals(wasm, &observation)
        .map_err(|error| error.to_string())?;
    if locals.len() != observation.frames.len().min(64) {
        return Err(format!("there are locals of {} functions", locals.len()));
    }
    is_counted(wasm, finished)?;
    is_covered(wasm, finished)?;
    match observation.replay.reports.last() {
        Some(report) if *report == finished.report => Ok(()),
        report => Err(format!(
            "observed, it reports {report:#?}, not {:#?}",
            finished.report
        )),
    }
}

/// A module that tells which ways it takes comes to the same report, and to the unit of fuel.
///
/// # Errors
/// What differs.
#[cfg(feature = "fuzz")]
pub(crate) fn is_traced(
    wasm: &[u8],
    limits: &fuelbox::ModuleLimits,
    finished: &Finished,
) -> Result<(), String> {
    // What tells takes room on the stack, so a traced module has more of it.
    if finished.report.outcome.code() == "trap-stack-overflow" {
        return Ok(());
    }
    for traced in [
        fuelbox::fuzz::Traced::Edges,
        fuelbox::fuzz::Traced::Compares,
    ] {
        let builder = Module::builder().limits(limits.clone()).traced(traced);
        let module = builder.build(wasm).map_err(|error| error.to_string())?;
        replays(&module, finished).map_err(|problem| format!("traced: {problem}"))?;
    }
    Ok(())
}

/// The fuel of all functions together is that of all calls.
#[cfg(feature = "observe")]
fn is_counted(wasm: &[u8], finished: &Finished) -> Result<(), String> {
    let recording = finished.recording.as_ref().ok_or("nothing is recorded")?;
    let profile = recording.profile(wasm).map_err(|error| error.to_string())?;
    if let Some(divergence) = profile.replay.divergence {
        return Err(format!("counted, it diverges {divergence}"));
    }
    let reports = profile.replay.reports.iter();
    let used: u64 = reports.map(|report| report.usage.fuel).sum();
    let counted: u64 = profile.nodes.iter().map(|node| node.fuel).sum();
    if used == counted {
        Ok(())
    } else {
        Err(format!(
            "functions used {counted} of {used} fuel: {:?}",
            profile.nodes
        ))
    }
}

/// Counted by blocks, it comes to the same report too, and each branch goes on as often as it is come to.
#[cfg(feature = "observe")]
fn is_covered(wasm: &[u8], finished: &Finished) -> Result<(), String> {
    let recording = finished.recording.as_ref().ok_or("nothing is recorded")?;
    let coverage = recording
        .coverage(wasm)
        .map_err(|error| error.to_string())?;
    if let Some(divergence) = coverage.replay.divergence {
        return Err(format!("covered, it diverges {divergence}"));
    }
    if coverage.replay.reports.last() != Some(&finished.report) {
        return Err(format!(
            "covered, it reports {:#?}",
            coverage.replay.reports
        ));
    }
    for branch in &coverage.branches {
        let blocks = &coverage.blocks;
        let block = blocks.get(blocks.partition_point(|block| block.end <= branch.offset));
        let ways: u64 = branch.ways.iter().sum();
        if block.map(|block| block.count) != Some(ways) {
            return Err(format!("{branch:?} is in {block:?}"));
        }
    }
    Ok(())
}

/// What holds for every report, however the run ended.
///
/// # Errors
/// The law that does not hold.
pub(crate) fn laws(report: &Report, limits: &Limits) -> Result<(), String> {
    let Usage {
        fuel,
        peak_memory_bytes,
        peak_table_elements,
        ..
    } = report.usage;
    let log_bytes: usize = report.logs.iter().map(|line| line.text.len()).sum();
    let longest = report.logs.iter().map(|line| line.text.len()).max();
    let sizes = [
        ("fuel", fuel, limits.call.fuel),
        (
            "peak_memory_bytes",
            peak_memory_bytes,
            limits.instance.memory_bytes,
        ),
        (
            "peak_table_elements",
            peak_table_elements,
            limits.instance.table_elements,
        ),
        (
            "output",
            report.output.len() as u64,
            limits.call.output_bytes,
        ),
        (
            "stderr",
            report.stderr.len() as u64,
            limits.call.stderr_bytes,
        ),
        ("logs", report.logs.len() as u64, limits.call.log_lines),
        ("log bytes", log_bytes as u64, limits.call.log_bytes),
        (
            "log line",
            longest.unwrap_or(0) as u64,
            limits.call.log_line_bytes,
        ),
    ];
    for (what, used, limit) in sizes {
        if used > limit {
            return Err(format!("{what} is {used}, beyond the limit of {limit}"));
        }
    }
    let overrun = report.usage.time.saturating_sub(limits.call.deadline);
    if report.usage.overrun != overrun {
        return Err(format!(
            "overrun is {:?}, not {overrun:?}",
            report.usage.overrun
        ));
    }
    #[cfg(feature = "serde")]
    {
        let json = serde_json::to_string(report).map_err(|error| error.to_string())?;
        let back: Report =
            serde_json::from_str(&json).map_err(|error| format!("{error}: {json}"))?;
        if back != *report {
            return Err(format!("another report comes back from {json}"));
        }
    }
    Ok(())
}

fn grew(before: &Usage, now: &Usage) -> bool {
    before.fuel <= now.fuel
        && before.peak_memory_bytes <= now.peak_memory_bytes
        && before.memory_growths_denied <= now.memory_growths_denied
        && before.peak_table_elements <= now.peak_table_elements
        && before.table_growths_denied <= now.table_growths_denied
        && before.host_calls <= now.host_calls
        && before.log_lines_lost <= now.log_lines_lost
        && before.time <= now.time
        && before.waited <= now.waited
        && before.slices <= now.slices
}
