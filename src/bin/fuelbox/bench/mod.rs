//! `fuelbox bench`: runs a module many times and says how long the runs took.

mod histogram;
mod likeness;
mod series;
mod statistics;
mod suggest;

use crate::{
    args::Bench,
    exit,
    explanation::Explanation,
    failure::Failure,
    files::Reserved,
    guest::prepared::Prepared,
    interrupt::Interrupt,
    run,
    show::{explain, json, live::LiveRuns, print, style::Style},
    stopwatch::Stopwatch,
};
use fuelbox::Outcome;
use serde::Serialize;
use series::{Series, Summary};
use std::{
    io::{self, IsTerminal},
    time::Duration,
};

/// How long runs are measured, unless their number is given.
const ENOUGH: Duration = Duration::from_secs(2);

/// Runs that are measured even if they take longer, so that there is a middle.
const LEAST_RUNS: u64 = 3;

/// Runs that are enough even if they take less time.
const MOST_RUNS: u64 = 100_000;

/// Runs a module many times and says what the runs took; returns the exit code.
pub(crate) fn bench(arguments: &Bench) -> u8 {
    run::with_report(&arguments.run, |report| match measure(arguments) {
        Ok((series, outcome)) => deliver(&series, &outcome, arguments, report),
        Err(failure) => run::refuse(&failure, &arguments.run, report),
    })
}

/// Also returns how the runs ended. A run that is stopped is the last one; otherwise a run that did not
/// succeed counts for more than all that did.
fn measure(arguments: &Bench) -> Result<(Series, Outcome), Failure> {
    let prepared = Prepared::new(&arguments.run, false)?;
    let interrupt = Interrupt::listen()?;
    let mut series = Series::new(prepared.compile);
    let mut live = LiveRuns::new(arguments.runs, arguments.run.quiet);
    let mut all = None;
    loop {
        let (mut execution, start) = prepared.start()?;
        interrupt.cancels(execution.cancel_token());
        let report = execution.finish().report;
        if report.stop().is_some() {
            return Ok((series, report.outcome));
        }
        series.add(start, report);
        live.show(series.runs());
        // The first run only warms up: time counts from its end.
        let all = all.get_or_insert_with(Stopwatch::start);
        if is_enough(arguments.runs, series.runs(), all) {
            let outcome = series.outcome();
            return Ok((series, outcome));
        }
    }
}

fn is_enough(wanted: Option<u64>, measured: u64, all: &Stopwatch) -> bool {
    match wanted {
        Some(wanted) => measured >= wanted,
        None => measured >= MOST_RUNS || measured >= LEAST_RUNS && all.elapsed() >= ENOUGH,
    }
}

/// The document of a series.
#[derive(Serialize)]
struct Measured<'a> {
    outcome: &'a Outcome,
    /// Missing where no run was measured.
    measured: Option<&'a Summary>,
}

fn deliver(
    series: &Series,
    outcome: &Outcome,
    arguments: &Bench,
    file: Option<Reserved>,
) -> Result<u8, Failure> {
    let Bench { run, .. } = arguments;
    let explanation = explain::outcome(outcome, run.module_limits());
    let summary = series.summary();
    let document = || document(summary.as_ref(), outcome, &explanation);
    let printed = if run.json {
        print::output(document().as_bytes())
    } else {
        let shown = summary.as_ref().map(|summary| summary.show(bar()));
        print::output(shown.unwrap_or_default().as_bytes())
    };
    let is_well = *outcome == Outcome::Finished { status: 0 };
    if matches!(outcome, Outcome::Stopped { .. }) || !(run.quiet || is_well) {
        print::explanation(&explanation, Style::Wrong);
    }
    let written = file.map_or(Ok(()), |file| file.write(document()));
    printed.and(written)?;
    Ok(exit::of_outcome(outcome, run.exit_status))
}

fn document(summary: Option<&Summary>, outcome: &Outcome, explanation: &Explanation) -> String {
    let measured = Measured {
        outcome,
        measured: summary,
    };
    json::document(outcome.code(), explanation, measured)
}

/// What bars are made of: blocks on a terminal, plain characters elsewhere.
fn bar() -> char {
    if io::stdout().is_terminal() {
        '█'
    } else {
        '#'
    }
}
