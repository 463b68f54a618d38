//! A run in a worker process, where there are some.

use crate::{
    args::Run,
    failure::Failure,
    grant::allow,
    guest::{
        input::{self, Input},
        module_file, prepared, wasi,
    },
    interrupt::Interrupt,
};
use fuelbox::{
    Call, CancelToken, Report, Sandbox, SelfTest,
    worker::{self, WorkerError, WorkerModule, WorkerOptions, WorkerPool, WorkerSpec},
};

/// Makes this process a worker if it was started as one, and never returns then.
pub(crate) fn be_a_worker() {
    worker::main();
}

/// Runs a module in a worker process, where it is also checked and compiled: this process reads none but text.
///
/// # Errors
/// Every [`Failure`] but [`Failure::Write`].
pub(crate) fn run(arguments: &Run) -> Result<Report, Failure> {
    let mut sandbox = Sandbox::new(arguments.limits().clone());
    if arguments.stub_unknown {
        sandbox = sandbox.stub_unknown();
    }
    let sandbox = allow::grant_all(sandbox, &arguments.allow, wasi::wasi(arguments)?);
    let spec = WorkerSpec::new(&sandbox).map_err(failure)?;
    let spec = spec.module_limits(arguments.module_limits().clone());
    let wasm = module_file::wasm(&arguments.module, arguments.module_limits())?;
    let module = WorkerModule::new(wasm);
    let pool = WorkerPool::new(spec, 1).map_err(failure)?;

    let checked = pool
        .check(&module)
        .map_err(|error| named(failure(error), &arguments.module))?;
    let imports = checked.imports.iter();
    let imports = imports.map(|check| check.import.name.as_str());
    let input = match input::find(arguments, imports, false)? {
        Input::Whole(input) => input,
        Input::Streamed => Vec::new(),
    };
    let export = match &arguments.invoke {
        Some(name) => pool.export(&module, name).map_err(failure)?,
        None => None,
    };
    let call = match prepared::call(export, arguments)? {
        Some((name, values)) => Call::export(name).values(values),
        None => Call::entry(),
    };

    let (interrupt, token) = (Interrupt::listen()?, CancelToken::new());
    interrupt.cancels(token.clone());
    let report = pool.run(&module, call.input(input).cancel(token));
    report.map_err(|error| match failure(error) {
        Failure::Refused { error, file, .. } => Failure::Refused {
            error,
            file,
            missing: allow::missing(&checked),
        },
        other => other,
    })
}

/// The self-test, with each attack in a worker process.
///
/// # Errors
/// [`Failure::Isolate`].
pub(crate) fn selftest() -> Result<SelfTest, Failure> {
    fuelbox::selftest_in_workers(WorkerOptions::default()).map_err(failure)
}

/// What a worker refuses is said as without one.
fn failure(error: WorkerError) -> Failure {
    match error {
        WorkerError::Refused(error) => error.into(),
        error => Failure::Isolate(error.to_string()),
    }
}

/// With the file that a refusal is about.
fn named(failure: Failure, path: &str) -> Failure {
    match failure {
        Failure::Refused { error, missing, .. } => Failure::Refused {
            error,
            file: Some(path.to_owned()),
            missing,
        },
        other => other,
    }
}
