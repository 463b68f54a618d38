//! `fuelbox snapshot`: writes a started module as a new module.

use crate::{
    args::Snapshot,
    exit,
    failure::Failure,
    files,
    guest::prepared::Prepared,
    run,
    show::{explain, print, style::Style},
    units,
};
use fuelbox::{Instance, Report};

/// Lets a module get ready and writes it back; returns the exit code.
pub(crate) fn snapshot(arguments: &Snapshot) -> u8 {
    let made =
        Prepared::for_snapshot(&arguments.run).and_then(|prepared| match prepared.get_ready()? {
            (report, Some(instance)) if report.is_success() => {
                show(&report, arguments)?;
                write(instance, arguments)?;
                Ok(exit::FINISHED)
            }
            (report, _) => {
                show(&report, arguments)?;
                let explanation = explain::outcome(&report.outcome, arguments.run.module_limits());
                print::explanation(&explanation, Style::Wrong);
                Ok(exit::of_outcome(&report.outcome, false))
            }
        });
    made.or_else(|failure| run::refuse(&failure, &arguments.run, None))
        .unwrap_or_else(|failure| {
            print::message(&failure.to_string());
            failure.exit_code()
        })
}

/// Passes on what the guest wrote.
fn show(report: &Report, arguments: &Snapshot) -> Result<(), Failure> {
    if !arguments.run.quiet {
        let logs = report.logs.iter().map(|line| format!("guest: {line}\n"));
        print::whole_lines(&logs.collect::<String>());
    }
    print::output(&report.output)
}

fn write(mut instance: Instance, arguments: &Snapshot) -> Result<(), Failure> {
    let warm = instance.snapshot().map_err(Failure::Snapshot)?;
    let wasm = warm.wasm().unwrap_or_default();
    files::reserve(&arguments.out)?.write(wasm)?;
    if !arguments.run.quiet {
        let size = u64::try_from(wasm.len()).unwrap_or(u64::MAX);
        let size = units::show_size(size);
        print::message(&format!("wrote {} of {size}", arguments.out));
    }
    Ok(())
}
