//! A call of one export.

use crate::{
    error::Error,
    host::Extensions,
    report::Report,
    value::{Params, Value},
};
use alloc::{boxed::Box, string::String, vec::Vec};

/// An export to call, and with what.
///
/// ```
/// use fuelbox::{Call, Value};
///
/// let call = Call::new("resize").arguments((640, 480)).input(b"an image");
/// let same = Call::new("resize").values([Value::I32(640), Value::I32(480)]).input(b"an image");
/// # let _ = (call, same);
/// ```
#[derive(Debug)]
pub struct Call {
    pub(crate) name: String,
    pub(crate) arguments: Vec<Value>,
    pub(crate) input: Vec<u8>,
    pub(crate) extensions: Extensions,
}

impl Call {
    /// A call of the export `name`, without arguments and input.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            arguments: Vec::new(),
            input: Vec::new(),
            extensions: Extensions::new(),
        }
    }

    /// Sets the arguments.
    #[must_use]
    pub fn arguments(self, params: impl Params) -> Self {
        Self {
            arguments: params.into_values(),
            ..self
        }
    }

    /// Sets the arguments, in their dynamic form.
    #[must_use]
    pub fn values(self, values: impl Into<Vec<Value>>) -> Self {
        Self {
            arguments: values.into(),
            ..self
        }
    }

    /// Sets the run's input.
    #[must_use]
    pub fn input(self, input: impl Into<Vec<u8>>) -> Self {
        Self {
            input: input.into(),
            ..self
        }
    }

    /// Sets the run's values for host functions.
    #[must_use]
    pub fn extensions(self, extensions: Extensions) -> Self {
        Self { extensions, ..self }
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
