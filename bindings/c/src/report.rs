//! What happened in a run.

use crate::{
    boundary::{In, Out, RawValue},
    error::Problem,
    guard::guard,
    handle::{self, Handle},
    json, output,
    status::{Failure, Status},
    usage, value,
};
use fuelbox::{Outcome, Phase, Report, Tree};

/// Writes what `tell` says of a report.
fn tell<T: Copy>(
    report: Handle<Report>,
    out: &Out<T>,
    tell: impl FnOnce(&Report) -> Result<T, Status>,
) -> Status {
    guard(|| {
        out.required()?;
        out.set(tell(&*handle::open(report)?)?);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_outcome(
    report: Handle<Report>,
    outcome: Out<Status>,
) -> Status {
    tell(report, &outcome, |report| {
        Ok(Status::of_outcome(&report.outcome))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_exit_status(
    report: Handle<Report>,
    exit_status: Out<i32>,
) -> Status {
    tell(report, &exit_status, |report| {
        report.status().ok_or(Status::NOT_FOUND)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_stop(
    report: Handle<Report>,
    stop: Out<Handle<Problem>>,
) -> Status {
    tell(report, &stop, |report| {
        let stop = report.stop().cloned().ok_or(Status::NOT_FOUND)?;
        handle::new(Problem::new(Failure::from(stop)))
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_phase(report: Handle<Report>, phase: Out<i32>) -> Status {
    tell(report, &phase, |report| match report.outcome {
        Outcome::Stopped { phase, .. } => Ok(match phase {
            Phase::Start => 0,
            Phase::Initialize => 1,
            // Whatever else there may be one day is none of the two before.
            _ => 2,
        }),
        _ => Err(Status::NOT_FOUND),
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_output(
    report: Handle<Report>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| output::fill((&buf, cap, &len), &handle::open(report)?.output))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_stderr(
    report: Handle<Report>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| output::fill((&buf, cap, &len), &handle::open(report)?.stderr))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_log_count(
    report: Handle<Report>,
    count: Out<usize>,
) -> Status {
    tell(report, &count, |report| Ok(report.logs.len()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_log_line(
    report: Handle<Report>,
    index: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
    truncated: Out<i32>,
) -> Status {
    guard(|| {
        let report = handle::open(report)?;
        let line = report.logs.get(index).ok_or(Status::NOT_FOUND)?;
        output::text((&buf, cap, &len), &line.text)?;
        truncated.set(i32::from(line.truncated));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_values(
    report: Handle<Report>,
    buf: Out<RawValue>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let values = value::write(&handle::open(report)?.values);
        output::fill((&buf, cap, &len), &values)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_usage(
    report: Handle<Report>,
    name: In<u8>,
    name_len: usize,
    value: Out<u64>,
) -> Status {
    tell(report, &value, |report| {
        usage::field(&report.usage, name.text(name_len)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_tree_count(
    report: Handle<Report>,
    count: Out<usize>,
) -> Status {
    tell(report, &count, |report| Ok(report.trees.len()))
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_mount(
    report: Handle<Report>,
    index: usize,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let report = handle::open(report)?;
        let mount = report.mounts.get(index).ok_or(Status::NOT_FOUND)?;
        output::text((&buf, cap, &len), mount)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_tree(
    report: Handle<Report>,
    index: usize,
    tree: Out<Handle<Tree>>,
) -> Status {
    tell(report, &tree, |report| {
        handle::new(report.trees.get(index).cloned().ok_or(Status::NOT_FOUND)?)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_json(
    report: Handle<Report>,
    buf: Out<u8>,
    cap: usize,
    len: Out<usize>,
) -> Status {
    guard(|| {
        let text = json::text(&*handle::open(report)?)?;
        output::text((&buf, cap, &len), &text)
    })
}

#[unsafe(no_mangle)]
pub(crate) extern "C" fn fuelbox_report_free(report: Handle<Report>) -> Status {
    guard(|| Ok(handle::free(report)?))
}
