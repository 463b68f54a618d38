//! A call of a guest.

use crate::{
    error::Error,
    extern_type::{ExternType, FunctionType},
    host::{CancelToken, Extensions},
    limits::CallLimits,
    module::{Entry, Module},
    report::Report,
    value::{Params, Results, Value},
};
use alloc::{boxed::Box, string::String, vec::Vec};

/// What to call, and with what: the guest's entry or an export.
///
/// Bytes and text are calls of the entry with that input, so that `run(&module, b"input")` is enough.
///
/// ```
/// use fuelbox::{Call, CallLimits, Value};
/// use std::time::Duration;
///
/// let call = Call::export("resize").args((640, 480)).input(b"an image");
/// let same = Call::export("resize").values([Value::I32(640), Value::I32(480)]).input(b"an image");
/// let quick = Call::entry()
///     .input("an event")
///     .limits(CallLimits::default().deadline(Duration::from_millis(2)));
/// # let _ = (call, same, quick);
/// ```
#[derive(Debug)]
pub struct Call {
    callee: Callee,
    arguments: Vec<Value>,
    pub(crate) input: Vec<u8>,
    pub(crate) extensions: Extensions,
    pub(crate) cancel: Option<CancelToken>,
    pub(crate) limits: Option<CallLimits>,
}

#[derive(Debug)]
enum Callee {
    Entry,
    Export(String),
}

/// What a module has for a call.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// The entry of the protocol.
    Entry(Entry),
    /// An export, with arguments that fit it.
    Export {
        name: &'a str,
        arguments: &'a [Value],
        results: usize,
    },
}

impl Call {
    /// A call of the guest's entry: `execute`, else `_start`.
    #[must_use]
    pub fn entry() -> Self {
        Self::of(Callee::Entry)
    }

    /// A call of the export `name`. What it returns is in [`Report::values`].
    #[must_use]
    pub fn export(name: impl Into<String>) -> Self {
        Self::of(Callee::Export(name.into()))
    }

    fn of(callee: Callee) -> Self {
        Self {
            callee,
            arguments: Vec::new(),
            input: Vec::new(),
            extensions: Extensions::new(),
            cancel: None,
            limits: None,
        }
    }

    /// Sets the arguments of an export. The entry takes none but its input.
    #[must_use]
    pub fn args(self, params: impl Params) -> Self {
        self.values(params.into_values())
    }

    /// Sets the arguments of an export, in their dynamic form.
    #[must_use]
    pub fn values(self, values: impl Into<Vec<Value>>) -> Self {
        Self {
            arguments: values.into(),
            ..self
        }
    }

    /// Sets the input.
    #[must_use]
    pub fn input(self, input: impl Into<Vec<u8>>) -> Self {
        Self {
            input: input.into(),
            ..self
        }
    }

    /// Sets values for host functions to find by their type.
    #[must_use]
    pub fn extensions(self, extensions: Extensions) -> Self {
        Self { extensions, ..self }
    }

    /// Sets the token that cancels the call. One token can be that of many calls.
    #[must_use]
    pub fn cancel(self, token: CancelToken) -> Self {
        Self {
            cancel: Some(token),
            ..self
        }
    }

    /// Sets limits for this call, in place of the sandbox's.
    #[must_use]
    pub fn limits(self, limits: CallLimits) -> Self {
        Self {
            limits: Some(limits),
            ..self
        }
    }

    /// What `module` has for this call.
    ///
    /// # Errors
    /// [`Error::ExportMissing`], [`Error::ExportType`].
    pub(crate) fn target(&self, module: &Module) -> Result<Target<'_>, Error> {
        let name = match &self.callee {
            Callee::Export(name) => name.as_str(),
            Callee::Entry => {
                let entry = module.entry()?;
                if self.arguments.is_empty() {
                    return Ok(Target::Entry(entry));
                }
                // So that arguments are never passed over.
                entry.export()
            }
        };
        let found = module.function(name)?;
        let given = self.arguments.iter().map(Value::ty);
        if given.clone().eq(found.params.iter().copied()) {
            return Ok(Target::Export {
                name,
                arguments: &self.arguments,
                results: found.results.len(),
            });
        }
        let params: Vec<_> = given.collect();
        let expected = FunctionType::new(&params, &found.results);
        Err(wrong_type(name, expected, found))
    }

    /// Name and arguments, where it is an export that is called.
    pub(crate) fn of_export(&self) -> Option<(&str, &[Value])> {
        match &self.callee {
            Callee::Export(name) => Some((name, &self.arguments)),
            Callee::Entry => None,
        }
    }

    /// Whether the input is within `limits`.
    ///
    /// # Errors
    /// [`Error::InputTooLarge`].
    pub(crate) fn must_fit(&self, limits: &CallLimits) -> Result<(), Error> {
        let limit = self.limits.as_ref().unwrap_or(limits).input_bytes;
        let found = u64::try_from(self.input.len()).unwrap_or(u64::MAX);
        if found > limit {
            return Err(Error::InputTooLarge { limit, found });
        }
        Ok(())
    }
}

/// The entry, with this input.
impl<T: Into<Vec<u8>>> From<T> for Call {
    fn from(input: T) -> Self {
        Self {
            input: input.into(),
            ..Self::entry()
        }
    }
}

/// Calls an export with typed arguments by `run`, and takes what it returns out of the report.
///
/// # Errors
/// As [`Instance::call`](crate::Instance::call).
pub(crate) fn typed<P: Params, R: Results>(
    module: &Module,
    name: &str,
    params: P,
    run: impl FnOnce(Call) -> Result<Report, Error>,
) -> Result<R, CallError> {
    let found = module.function(name)?;
    let expected = FunctionType::new(&P::types(), &R::types());
    if found != expected {
        return Err(wrong_type(name, expected, found).into());
    }
    let report = run(Call::export(name).args(params))?;
    match R::from_values(&report.values) {
        Some(results) if report.stop().is_none() => Ok(results),
        _ => Err(CallError::Stopped(Box::new(report))),
    }
}

/// An export whose type is not the one that is needed.
fn wrong_type(name: &str, expected: FunctionType, found: FunctionType) -> Error {
    Error::ExportType {
        name: name.into(),
        expected: ExternType::Function(expected),
        found: ExternType::Function(found),
    }
}

/// Why a call gave no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// We refused to start; no guest code ran.
    #[error(transparent)]
    Refused(#[from] Error),
    /// Guest code ran and did not finish; the report has output, logs and usage.
    #[error("{}", .0.outcome)]
    Stopped(Box<Report>),
}
