//! A guest that is ready to run, as often as wanted.

use crate::{
    args::Run,
    failure::Failure,
    grant::allow,
    guest::{
        input::{self, Input},
        module_file::ModuleFile,
        values, wasi,
    },
    stopwatch::Stopwatch,
};
use fuelbox::{
    Call, CallError, Error, Execution, ExternType, Finished, Instance, Module, Report, Sandbox,
    Value,
};
use std::time::Duration;

/// How much of a run is recorded: as much as many hosts have room for.
const MOST_RECORDED_BYTES: u64 = 256 << 20;

/// Module, sandbox, call and input, as the command line says.
pub(crate) struct Prepared {
    module: Module,
    sandbox: Sandbox,
    /// The export that the user named and its arguments.
    call: Option<(String, Vec<Value>)>,
    input: Vec<u8>,
    /// The module's file, where the run is looked at again.
    pub(crate) file: Option<ModuleFile>,
    /// How long it took to check and compile the module.
    pub(crate) compile: Duration,
}

impl Prepared {
    /// Reads and compiles what is to run; with `streams` standard input may arrive during the run.
    ///
    /// # Errors
    /// Every [`Failure`] but [`Failure::Write`] and [`Failure::Interrupt`].
    pub(crate) fn new(arguments: &Run, streams: bool) -> Result<Self, Failure> {
        Self::made(arguments, streams, false)
    }

    /// The same where a snapshot is to be made.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(crate) fn for_snapshot(arguments: &Run) -> Result<Self, Failure> {
        Self::made(arguments, false, true)
    }

    fn made(arguments: &Run, streams: bool, snapshots: bool) -> Result<Self, Failure> {
        let mut wasi = wasi::wasi(arguments)?;
        let file = ModuleFile::open(&arguments.module, arguments.module_limits(), snapshots)?;
        let (module, compile) = (file.module.clone(), file.compile);
        let file = arguments.observe.is_on().then_some(file);
        let named = arguments.invoke.as_deref();
        let call = call(named.and_then(|name| module.export(name)), arguments)?;
        let imports = module.imports().iter().map(|import| import.name.as_str());
        let input = match input::find(arguments, imports, streams)? {
            Input::Whole(input) => input,
            Input::Streamed => {
                wasi = wasi.stdin(input::Stdin::default());
                Vec::new()
            }
        };
        let mut sandbox = Sandbox::new(arguments.limits().clone());
        if arguments.stub_unknown {
            sandbox = sandbox.stub_unknown();
        }
        if file.is_some() {
            sandbox = sandbox.record(MOST_RECORDED_BYTES);
        }
        let sandbox = allow::grant_all(sandbox, &arguments.allow, wasi);
        Ok(Self {
            file,
            module,
            sandbox,
            call,
            input,
            compile,
        })
    }

    /// Prepares a run of its own, and tells how long that took: not the copy of the input, which a host
    /// has at hand.
    ///
    /// # Errors
    /// [`Failure::Refused`].
    pub(crate) fn start(&self) -> Result<(Execution, Duration), Failure> {
        let input = self.input.clone();
        let call = self.call.clone();
        let stopwatch = Stopwatch::start();
        let started = match call {
            Some((name, values)) => {
                let call = Call::export(name).values(values).input(input);
                self.sandbox.start(&self.module, call)
            }
            None => self.sandbox.start(&self.module, input),
        };
        let took = stopwatch.elapsed();
        match started {
            Ok(execution) => Ok((execution, took)),
            Err(error) => Err(self.refused(error)),
        }
    }

    /// Makes an instance and calls the export that the user named, if one was; the instance is there unless that has
    /// ended it.
    ///
    /// # Errors
    /// [`Failure::Refused`].
    pub(crate) fn get_ready(&self) -> Result<(Report, Option<Instance>), Failure> {
        if self.call.is_some() {
            let Finished {
                report, instance, ..
            } = self.start()?.0.finish();
            return Ok((report, instance));
        }
        match self.sandbox.instantiate(&self.module) {
            Ok(instance) => {
                let report = instance.initialization().cloned();
                let report = report.expect("an instance tells what it began with");
                Ok((report, Some(instance)))
            }
            Err(CallError::Stopped(report)) => Ok((*report, None)),
            Err(CallError::Refused(error)) => Err(self.refused(error)),
            Err(error) => Err(self.refused(Error::Engine {
                message: error.to_string(),
            })),
        }
    }

    fn refused(&self, error: Error) -> Failure {
        Failure::Refused {
            error: Box::new(error),
            file: None,
            missing: allow::missing(&self.sandbox.check(&self.module)),
        }
    }
}

/// The call of the export that the user named, if one was: `export` is what the module has of that name.
///
/// # Errors
/// [`Failure::NoExport`], [`Failure::ArgumentCount`], [`Failure::Argument`].
pub(crate) fn call(
    export: Option<ExternType>,
    arguments: &Run,
) -> Result<Option<(String, Vec<Value>)>, Failure> {
    let texts = &arguments.arguments;
    let Some(name) = &arguments.invoke else {
        return match texts.first() {
            Some(text) if !allow::wasi(&arguments.allow) => Err(Failure::NoExport(text.clone())),
            _ => Ok(None),
        };
    };
    // What is no function is refused at the start, after imports and limits.
    let Some(ExternType::Function(ty)) = export else {
        return Ok(Some((name.clone(), Vec::new())));
    };
    if texts.len() != ty.params.len() {
        return Err(Failure::ArgumentCount {
            name: name.clone(),
            ty,
            found: texts.len(),
        });
    }
    let values = texts
        .iter()
        .zip(&ty.params)
        .map(|(text, &ty)| {
            values::parse(text, ty).ok_or_else(|| Failure::Argument {
                text: text.clone(),
                ty,
            })
        })
        .collect::<Result<Vec<Value>, Failure>>()?;
    Ok(Some((name.clone(), values)))
}
