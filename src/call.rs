//! A call: what to run in a guest, with its input, arguments and limits.

use crate::{
    error::Error,
    extern_type::{ExternType, FunctionType},
    host::{CancelToken, Extensions},
    limits::CallLimits,
    module::{Entry, Module, wrong_type},
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
///
/// Values for host functions, and a token that ends it:
///
/// ```
/// use fuelbox::{Call, CancelToken, Extensions};
///
/// let token = CancelToken::new();
/// let call = Call::entry()
///     .input("an event")
///     .extensions(Extensions::new().with(7_u32))
///     .cancel(token.clone());
/// # let _ = call;
/// ```
#[derive(Debug)]
pub struct Call {
    pub(crate) callee: Callee,
    pub(crate) setting: Setting,
}

/// What is called, and with which arguments.
#[derive(Debug, Default)]
pub(crate) struct Callee {
    /// The export; without one it is the entry.
    name: Option<String>,
    arguments: Vec<Value>,
}

/// What a call has beside its arguments.
#[derive(Debug, Default)]
pub(crate) struct Setting {
    pub(crate) input: Vec<u8>,
    pub(crate) extensions: Extensions,
    pub(crate) cancel: Option<CancelToken>,
    /// In place of the sandbox's.
    pub(crate) limits: Option<CallLimits>,
}

/// What a module has for a call.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// Nothing but what every instance begins with.
    Initialization,
    /// The entry of the protocol.
    Entry(Entry),
    /// An export, with arguments that fit it.
    Export {
        name: &'a str,
        /// Where it is among the exports.
        place: usize,
        arguments: &'a [Value],
        results: usize,
    },
}

impl Call {
    /// A call of the guest's entry: `execute`, else `_start`.
    #[must_use]
    pub fn entry() -> Self {
        Self {
            callee: Callee::default(),
            setting: Setting::default(),
        }
    }

    /// A call of the export `name`. What it returns is in [`Report::values`].
    #[must_use]
    pub fn export(name: impl Into<String>) -> Self {
        let mut call = Self::entry();
        call.callee.name = Some(name.into());
        call
    }

    /// Sets the arguments of an export. The entry takes none but its input.
    #[must_use]
    pub fn args(self, params: impl Params) -> Self {
        self.values(params.into_values().into())
    }

    /// Sets the arguments of an export, in their dynamic form.
    #[must_use]
    pub fn values(mut self, values: impl Into<Vec<Value>>) -> Self {
        self.callee.arguments = values.into();
        self
    }

    /// Sets the input.
    #[must_use]
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.setting.input = input.into();
        self
    }

    /// Sets values for host functions to find by their type.
    #[must_use]
    pub fn extensions(mut self, extensions: Extensions) -> Self {
        self.setting.extensions = extensions;
        self
    }

    /// Sets the token that cancels the call. One token can be that of many calls.
    #[must_use]
    pub fn cancel(mut self, token: CancelToken) -> Self {
        self.setting.cancel = Some(token);
        self
    }

    /// Sets limits for this call, in place of the sandbox's.
    #[must_use]
    pub fn limits(mut self, limits: CallLimits) -> Self {
        self.setting.limits = Some(limits);
        self
    }
}

impl Callee {
    /// The export `name` with these arguments; without a name the entry.
    pub(crate) fn new(name: Option<String>, arguments: Vec<Value>) -> Self {
        Self { name, arguments }
    }

    /// What `module` has for it.
    ///
    /// # Errors
    /// [`Error::ExportMissing`], [`Error::ExportType`].
    pub(crate) fn target(&self, module: &Module) -> Result<Target<'_>, Error> {
        let name = match &self.name {
            Some(name) => name.as_str(),
            None => {
                let entry = module.entry()?;
                if self.arguments.is_empty() {
                    return Ok(Target::Entry(entry));
                }
                // So that arguments are never passed over.
                entry.export()
            }
        };
        export(module, name, &self.arguments, None)
    }

    /// The export, unless it is the entry, and the arguments.
    #[cfg(all(feature = "worker", unix))]
    pub(crate) fn into_parts(self) -> (Option<String>, Vec<Value>) {
        (self.name, self.arguments)
    }

    /// Name and arguments, where it is an export that is called.
    pub(crate) fn of_export(&self) -> Option<(&str, &[Value])> {
        let name = self.name.as_deref()?;
        Some((name, &self.arguments))
    }
}

impl Setting {
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
        Self::entry().input(input)
    }
}

/// The export `name` with typed arguments, if `module` has it with just these types.
///
/// # Errors
/// [`Error::ExportMissing`], [`Error::ExportType`].
pub(crate) fn typed<'a, P: Params, R: Results>(
    module: &Module,
    name: &'a str,
    arguments: &'a [Value],
) -> Result<Target<'a>, Error> {
    let place = module.function_of(name, P::TYPES, R::TYPES)?;
    Ok(Target::Export {
        name,
        place,
        arguments,
        results: R::TYPES.len(),
    })
}

/// The export `name` with these arguments, if `module` has it with just their types and with as many results as
/// `results` has room for.
///
/// # Errors
/// [`Error::ExportMissing`], [`Error::ExportType`].
pub(crate) fn export<'a>(
    module: &Module,
    name: &'a str,
    arguments: &'a [Value],
    results: Option<&[Value]>,
) -> Result<Target<'a>, Error> {
    let (place, found) = module.function(name)?;
    let given = arguments.iter().map(Value::ty);
    let has_room = results.is_none_or(|results| results.len() == found.results.len());
    if has_room && given.clone().eq(found.params.iter().copied()) {
        return Ok(Target::Export {
            name,
            place,
            arguments,
            results: found.results.len(),
        });
    }
    let params: Vec<_> = given.collect();
    let expected = match results {
        Some(results) if !has_room => {
            let results: Vec<_> = results.iter().map(Value::ty).collect();
            FunctionType::new(&params, &results)
        }
        _ => FunctionType::new(&params, &found.results),
    };
    let found = ExternType::Function(found.clone());
    Err(wrong_type(name, expected, found))
}

/// What the export of a typed call returned.
///
/// # Errors
/// [`CallError::Stopped`] where it did not return: a guest that exits is fine only with status 0, where nothing is
/// to be returned.
pub(crate) fn results<R: Results>(report: Report) -> Result<R, CallError> {
    match R::from_values(report.values.iter().copied()) {
        Some(results) if report.is_success() => Ok(results),
        _ => Err(CallError::Stopped(Box::new(report))),
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
