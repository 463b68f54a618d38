//! `fuelbox run`: runs a module once and hands out its report.

use crate::{
    args::Run,
    exit,
    explanation::Explanation,
    failure::Failure,
    files::{self, Reserved},
    grant::allow,
    guest::prepared::Prepared,
    interrupt::Interrupt,
    isolated,
    observed::Backtrace,
    recorded::{FoundOut, Kept},
    show::{explain, json, live::Live, print, stream::Stream, style::Style, summary},
};
use fuelbox::{Execution, Finished, Report, Slice, Step, Stop};
use std::io::{Stderr, Stdout};

/// Fuel between two updates of the live line: a moment of work, so that the updates cost nearly nothing.
const STEP_FUEL: u64 = 5_000_000;

/// Runs a module and hands out its report; returns the exit code.
pub(crate) fn run(arguments: &Run) -> u8 {
    with_report(arguments, |report| match watched(arguments) {
        Ok(ran) => deliver(ran, arguments, report),
        Err(failure) => refuse(&failure, arguments, report),
    })
}

/// What a run has left.
struct Ran {
    report: Report,
    /// How it went to pass on what it wrote, and to keep what is to be kept.
    kept: Result<(), Failure>,
    /// What was found out by running it again.
    found_out: FoundOut,
}

/// Runs to the end and keeps what is to be kept.
fn watched(arguments: &Run) -> Result<Ran, Failure> {
    if arguments.isolate {
        let report = isolated::run(arguments)?;
        return Ok(Ran {
            kept: pass(&report, arguments),
            report,
            found_out: FoundOut::default(),
        });
    }
    let kept = Kept::reserve(&arguments.observe)?;
    let mut prepared = Prepared::new(arguments, true)?;
    let (execution, _) = prepared.start()?;
    let (finished, streamed) = watch(execution, arguments)?;
    let Finished {
        report, recording, ..
    } = finished;
    let stopped = report.stop().is_some();
    let written = match (recording, prepared.file.take()) {
        (Some(recording), Some(file)) => kept.write(recording, file, stopped),
        _ => Ok(FoundOut::default()),
    };
    let (found_out, written) = match written {
        Ok(found_out) => (found_out, Ok(())),
        Err(failure) => (FoundOut::default(), Err(failure)),
    };
    let kept = streamed.and(written);
    Ok(Ran {
        report,
        kept,
        found_out,
    })
}

/// Runs a command with the file for its report, which is opened before anything runs; returns the exit code.
pub(crate) fn with_report(
    arguments: &Run,
    run: impl FnOnce(Option<Reserved>) -> Result<u8, Failure>,
) -> u8 {
    let report = arguments.report.as_deref().map(files::reserve).transpose();
    let delivered = match report {
        Ok(report) => run(report),
        Err(failure) => refuse(&failure, arguments, None),
    };
    delivered.unwrap_or_else(|failure| {
        print::message(&failure.to_string());
        failure.exit_code()
    })
}

/// Runs to the end and shows progress; what the guest writes is passed on at once.
///
/// The second result says whether that succeeded.
fn watch(
    mut execution: Execution,
    arguments: &Run,
) -> Result<(Finished, Result<(), Failure>), Failure> {
    let interrupt = Interrupt::listen()?;
    interrupt.cancels(execution.cancel_token());
    let mut live = Live::new(arguments.limits(), arguments.quiet);
    let mut streams = Streams::new();
    let are_streamed = allow::output(&arguments.allow) && !arguments.json;
    loop {
        let step = execution.step(Slice::fuel(STEP_FUEL));
        if are_streamed {
            streams.pass(&execution, &mut live);
        }
        match step {
            Step::Done => break,
            Step::Waiting(_) => execution.sleep(),
            _ => {}
        }
        live.show(&execution.usage());
    }
    let finished = execution.finish();
    drop(live);
    let streamed = if are_streamed {
        let report = &finished.report;
        streams.finish(report, speaks(report, arguments))
    } else {
        Ok(())
    };
    // From here on Ctrl-C ends the program.
    drop(interrupt);
    Ok((finished, streamed))
}

/// Passes on what a guest has written.
fn pass(report: &Report, arguments: &Run) -> Result<(), Failure> {
    if allow::output(&arguments.allow) && !arguments.json {
        Streams::new().finish(report, speaks(report, arguments))
    } else {
        Ok(())
    }
}

/// Output and error stream of the guest.
struct Streams {
    output: Stream<Stdout>,
    error: Stream<Stderr>,
}

impl Streams {
    fn new() -> Self {
        Self {
            output: Stream::stdout(),
            error: Stream::stderr(),
        }
    }

    fn pass(&mut self, execution: &Execution, live: &mut Live) {
        let (output, error) = (execution.output(), execution.stderr());
        if self.output.disturbs(output) || self.error.disturbs(error) {
            live.end();
        }
        self.output.pass(output);
        self.error.pass(error);
    }

    /// Passes on the rest; `speaks` if messages of the program follow.
    fn finish(self, report: &Report, speaks: bool) -> Result<(), Failure> {
        // Where standard error is closed, nobody can be told.
        let _ = self.error.finish(&report.stderr, speaks);
        // What the export returned follows, on lines of its own.
        self.output
            .finish(&report.output, !report.values.is_empty())
            .map_err(|error| Failure::Write {
                path: "standard output".to_owned(),
                error,
            })
    }
}

fn deliver(ran: Ran, arguments: &Run, file: Option<Reserved>) -> Result<u8, Failure> {
    let report = &ran.report;
    let explanation = explain::outcome(&report.outcome, arguments.module_limits());
    let backtrace = ran.found_out.backtrace.as_ref();
    let document = json::report(report, &explanation, backtrace.map(Backtrace::places));
    let printed = if arguments.json {
        print::output(document.as_bytes()).and(ran.kept)
    } else {
        let kept = ran.kept;
        kept.and_then(|()| print::output(returned(report).as_bytes()))
    };
    tell(report, &offered(explanation, report, arguments), arguments);
    if let Some(backtrace) = backtrace.filter(|_| !arguments.json) {
        print::lines(&backtrace.to_string());
    }
    print::lines(&ran.found_out.tables);
    let written = file.map_or(Ok(()), |file| file.write(&document));
    printed.and(written)?;
    Ok(exit::of_outcome(&report.outcome, arguments.exit_status))
}

/// With what finds out more, where nothing else is to be changed.
fn offered(explanation: Explanation, report: &Report, arguments: &Run) -> Explanation {
    let is_in_code = matches!(
        report.stop(),
        Some(Stop::Trapped(_) | Stop::HostFunction { .. } | Stop::Fault { .. })
    );
    let change = (is_in_code && !arguments.observe.looks())
        .then(|| "--backtrace, to see where in the guest".to_owned());
    Explanation {
        change: explanation.change.or(change),
        ..explanation
    }
}

/// What the export returned, one value a line.
fn returned(report: &Report) -> String {
    let lines = report.values.iter().map(|value| format!("{value}\n"));
    lines.collect()
}

/// Whether a person is told how it went. With a document, only errors are told on standard error too.
fn speaks(report: &Report, arguments: &Run) -> bool {
    sums_up(report, arguments)
        || report.stop().is_some()
        || (!arguments.quiet && report.status() != Some(0))
}

/// Whether a person is told what it took. The error stream of a WASI guest is its own: programs that print an
/// answer and nothing else do so here, too.
fn sums_up(report: &Report, arguments: &Run) -> bool {
    let is_own = allow::wasi(&arguments.allow) && report.usage.stderr_bytes_lost == 0;
    !arguments.quiet && !arguments.json && (arguments.summary || !is_own)
}

/// Tells a person how it went.
fn tell(report: &Report, explanation: &Explanation, arguments: &Run) {
    if !arguments.quiet && !arguments.json {
        // Behind a prefix, so that a guest cannot pass a line off as the program's.
        let logs: String = report
            .logs
            .iter()
            .map(|line| format!("guest: {line}\n"))
            .collect();
        print::whole_lines(&logs);
    }
    if speaks(report, arguments) {
        let style = if report.is_success() {
            Style::Heading
        } else {
            Style::Wrong
        };
        print::explanation(explanation, style);
    }
    if sums_up(report, arguments) {
        print::lines(&summary::summary(report, arguments.limits()));
    }
}

/// Says why there is no run; returns the exit code.
///
/// # Errors
/// [`Failure::Write`].
pub(crate) fn refuse(
    failure: &Failure,
    arguments: &Run,
    file: Option<Reserved>,
) -> Result<u8, Failure> {
    let explanation = explain::failure(failure, arguments.module_limits());
    let document = json::failure(failure, &explanation);
    print::explanation(&explanation, Style::Wrong);
    let printed = if arguments.json {
        print::output(document.as_bytes())
    } else {
        Ok(())
    };
    let written = file.map_or(Ok(()), |file| file.write(&document));
    printed.and(written)?;
    Ok(failure.exit_code())
}
