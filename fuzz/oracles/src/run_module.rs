//! Whatever the module, limits and grants: a listed outcome, and accounts that agree.

use crate::{guest::grow, laws, plan::Plan, run};
use fuelbox::{Error, Module};

/// Runs the guest that `data` makes.
///
/// # Panics
/// Where a law is broken.
pub(crate) fn check(data: &[u8]) {
    let (plan, bytes) = Plan::split(data);
    let Some(wasm) = grow::module(&plan, bytes) else {
        return;
    };
    let module = match Module::builder().limits(plan.module_limits()).build(&wasm) {
        Ok(module) => module,
        Err(error) => return not_admitted(&error),
    };
    let limits = plan.limits();
    match run::start(&run::sandbox(&plan, limits.clone()), &module, &plan) {
        Ok(execution) => laws::holds(&execution.finish().report, &limits),
        Err(error) => refused(&error),
    }
}

fn not_admitted(error: &Error) {
    laws::is_harmless(error);
    let is_listed = matches!(
        error,
        Error::InvalidModule { .. }
            | Error::Proposal { .. }
            | Error::ModuleLimit { .. }
            | Error::Unsupported { .. }
    );
    assert!(is_listed, "{error:?}");
}

fn refused(error: &Error) {
    laws::is_harmless(error);
    let is_listed = matches!(
        error,
        Error::ImportUnknown { .. }
            | Error::ImportNotGranted { .. }
            | Error::ImportType { .. }
            | Error::ExportMissing { .. }
            | Error::ExportType { .. }
            | Error::AbiVersion { .. }
            | Error::MemoryNotExported { .. }
            | Error::InitialMemory { .. }
            | Error::InitialTable { .. }
            | Error::Segment
    );
    assert!(is_listed, "{error:?}");
}
