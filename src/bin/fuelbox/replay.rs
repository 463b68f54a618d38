//! `fuelbox replay`: runs a recording again.

use crate::{
    args::Replay,
    covered::Covered,
    exit,
    explanation::Explanation,
    failure::Failure,
    files,
    guest::module_file::ModuleFile,
    observed::Backtrace,
    recorded::{FoundOut, Kept},
    show::{explain, json, print, style::Style, summary},
};
use fuelbox::{Divergence, Limits, Recording, Report};

/// Runs a recording again, and shows the report of its last call; returns the exit code.
pub(crate) fn replay(arguments: &Replay) -> u8 {
    run(arguments).unwrap_or_else(|failure| {
        let explanation = match &failure {
            Failure::NoModule(_) => Explanation::new(failure.to_string(), "--module FILE"),
            _ => explain::failure(&failure, &fuelbox::ModuleLimits::default()),
        };
        print::explanation(&explanation, Style::Wrong);
        failure.exit_code()
    })
}

fn run(arguments: &Replay) -> Result<u8, Failure> {
    let recording = open(&arguments.recording)?;
    let file = module(&recording, arguments)?;
    if !arguments.more.is_empty() {
        return merge(&recording, &file, arguments);
    }
    let replay = recording.replay(&file.module)?;
    if let Some(divergence) = &replay.divergence {
        tell_divergence(divergence, file.is_of(&recording));
        return Ok(exit::DIVERGED);
    }
    let Some(report) = replay.reports.last() else {
        print::message("nothing was called");
        return Ok(exit::FINISHED);
    };
    let kept = Kept::reserve(&arguments.observe)?;
    let limits = recording.limits().clone();
    let explanation = explain::outcome(&report.outcome, recording.module_limits());
    let (found_out, written) = match kept.write(recording, file, report.stop().is_some()) {
        Ok(found_out) => (found_out, Ok(())),
        Err(failure) => (FoundOut::default(), Err(failure)),
    };
    show(report, &explanation, &limits, &found_out, arguments)?;
    written.map(|()| exit::of_outcome(&report.outcome, false))
}

/// Runs several recordings of one module again, for what they cover together.
fn merge(first: &Recording, file: &ModuleFile, arguments: &Replay) -> Result<u8, Failure> {
    let coverage = arguments.observe.coverage.as_deref();
    let coverage = coverage.map(files::reserve).transpose()?;
    let mut covered = Covered::default();
    let mut add = |recording: &Recording, path: &str| {
        if !file.is_of(recording) {
            return Err(Failure::AnotherModule(path.to_owned()));
        }
        let divergence = covered.add(recording, file)?;
        if let Some(divergence) = &divergence {
            print::message(path);
            tell_divergence(divergence, true);
        }
        Ok(divergence.is_none())
    };
    let mut are_same = add(first, &arguments.recording)?;
    for path in &arguments.more {
        are_same &= add(&open(path)?, path)?;
    }
    let (lcov, shown) = covered.told(&file.symbols());
    if let Some(coverage) = coverage {
        coverage.write(lcov)?;
    }
    print::lines(&shown);
    Ok(if are_same {
        exit::FINISHED
    } else {
        exit::DIVERGED
    })
}

/// Reads the file of a recording.
fn open(path: &str) -> Result<Recording, Failure> {
    let bytes = files::read(path, Recording::MOST_BYTES)?;
    Recording::from_bytes(&bytes).map_err(|error| Failure::Recording {
        path: path.to_owned(),
        error,
    })
}

/// The module that was named, or the one that came along.
fn module(recording: &Recording, arguments: &Replay) -> Result<ModuleFile, Failure> {
    let limits = recording.module_limits();
    if let Some(path) = &arguments.module {
        return ModuleFile::open(path, limits, false);
    }
    let path = &arguments.recording;
    let bytes = recording.module();
    let bytes = bytes.ok_or_else(|| Failure::NoModule(path.clone()))?;
    ModuleFile::of_bytes(bytes.to_vec(), limits)
}

fn show(
    report: &Report,
    explanation: &Explanation,
    limits: &Limits,
    found_out: &FoundOut,
    arguments: &Replay,
) -> Result<(), Failure> {
    let backtrace = found_out.backtrace.as_ref();
    if arguments.json {
        let document = json::report(report, explanation, backtrace.map(Backtrace::places));
        print::output(document.as_bytes())?;
    } else {
        print::output(&report.output)?;
        let values = report.values.iter().map(|value| format!("{value}\n"));
        print::output(values.collect::<String>().as_bytes())?;
    }
    if !arguments.quiet && !arguments.json {
        let logs = report.logs.iter().map(|line| format!("guest: {line}\n"));
        print::whole_lines(&logs.collect::<String>());
        print::lines(&summary::summary(report, limits));
    }
    let style = if report.is_success() {
        Style::Heading
    } else {
        Style::Wrong
    };
    print::explanation(explanation, style);
    if let Some(backtrace) = backtrace.filter(|_| !arguments.json) {
        print::lines(&backtrace.to_string());
    }
    print::lines(&found_out.tables);
    Ok(())
}

/// Says where the guest did something else.
fn tell_divergence(divergence: &Divergence, is_same_module: bool) {
    let what = format!("the replay parts from the recording {divergence}");
    let explanation = if is_same_module {
        Explanation::new(
            what,
            "report it to the authors of fuelbox, with the recording",
        )
    } else {
        Explanation::new(
            what,
            "the module that was recorded, to see the run as it was",
        )
    };
    print::explanation(&explanation, Style::Wrong);
}
