//! The preflight: every reason why a module could not run, found without running it.

use crate::{error::Error, extern_type::ExternType, module::Import};
use alloc::{borrow::Cow, vec::Vec};

/// What would keep a module from running.
///
/// All but [`Error::Segment`], which is found only when the module is instantiated. Input and arguments
/// are looked at where the question is about one [`Call`](crate::Call).
///
/// ```
/// use fuelbox::{ImportStatus, Limits, Module, Sandbox};
///
/// # let text = std::fs::read_to_string("examples/guests/upper.wat")?;
/// # let wasm = wat::parse_str(text)?;
/// let preflight = Sandbox::new(Limits::default()).check(&Module::new(&wasm)?);
/// assert!(!preflight.would_run());
/// for check in &preflight.imports {
///     if let ImportStatus::Denied { capability } = &check.status {
///         println!("{} needs {capability}", check.import.name);
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Preflight {
    /// How each import would be served, in the module's order.
    pub imports: Vec<ImportCheck>,
    /// Why [`Sandbox::start`](crate::Sandbox::start) would refuse; the first is what it would give.
    pub refusals: Vec<Error>,
}

impl Preflight {
    /// Whether the module would run.
    #[must_use]
    pub fn would_run(&self) -> bool {
        self.refusals.is_empty()
    }
}

/// How one import would be served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ImportCheck {
    /// The import.
    pub import: Import,
    /// How it would be served.
    pub status: ImportStatus,
}

/// How an import would be served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ImportStatus {
    /// By this capability.
    Granted {
        /// Such as `Log`.
        capability: Cow<'static, str>,
    },
    /// Not, but it would be if this capability were granted.
    Denied {
        /// Such as `Log`.
        capability: Cow<'static, str>,
    },
    /// Not: what the host has is of another type.
    WrongType {
        /// What the host has.
        expected: ExternType,
    },
    /// Not: no capability offers it.
    Unknown,
    /// As a function that stops the run when it is called: no capability offers it, and
    /// [`Sandbox::stub_unknown`](crate::Sandbox::stub_unknown) was asked for.
    Stub,
}
