//! `fuelbox replay`: runs a recording again.

use crate::{
    args::Replay,
    exit,
    explanation::Explanation,
    failure::Failure,
    files,
    guest::module_file::ModuleFile,
    recorded::Kept,
    show::{explain, json, print, style::Style, summary},
};
use fuelbox::{Divergence, Recording, Report};

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
    let replay = recording.replay(&file.module)?;
    if let Some(divergence) = &replay.divergence {
        tell_divergence(
            divergence,
            file.module.fingerprint() == recording.fingerprint(),
        );
        return Ok(exit::DIVERGED);
    }
    match replay.reports.last() {
        Some(report) => {
            let code = show(report, &recording, arguments)?;
            let kept = Kept::reserve(&arguments.observe)?;
            let stopped = report.stop().is_some();
            let found_out = kept.write(recording, file, stopped)?;
            print::lines(&found_out);
            Ok(code)
        }
        None => {
            print::message("nothing was called");
            Ok(exit::FINISHED)
        }
    }
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

fn show(report: &Report, recording: &Recording, arguments: &Replay) -> Result<u8, Failure> {
    let explanation = explain::outcome(&report.outcome, recording.module_limits());
    if arguments.json {
        print::output(json::report(report, &explanation).as_bytes())?;
    } else {
        print::output(&report.output)?;
        let values = report.values.iter().map(|value| format!("{value}\n"));
        print::output(values.collect::<String>().as_bytes())?;
    }
    if !arguments.quiet && !arguments.json {
        let logs = report.logs.iter().map(|line| format!("guest: {line}\n"));
        print::whole_lines(&logs.collect::<String>());
        print::lines(&summary::summary(report, recording.limits()));
    }
    let style = if report.is_success() {
        Style::Heading
    } else {
        Style::Wrong
    };
    print::explanation(&explanation, style);
    Ok(exit::of_outcome(&report.outcome, false))
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
