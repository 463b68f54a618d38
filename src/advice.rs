//! Advice: what to change after an error or a stop, as data.

use crate::{proposal::Proposal, text::Name};
use alloc::{borrow::Cow, boxed::Box};
use core::fmt;

/// What to change so that an [`Error`](crate::Error) or a [`Stop`](crate::Stop) does not come again.
///
/// It is data, so that each host can say it in its own words and its own settings. [`Display`](fmt::Display) says it
/// in the words of this crate.
///
/// ```
/// use fuelbox::{Advice, Limits, Module, Sandbox};
///
/// # let wasm = wat::parse_bytes(br#"(module (func (export "_start") (loop (br 0))))"#)?;
/// let endless = Module::new(&wasm)?;
/// let report = Sandbox::new(Limits::default().fuel(1_000)).run(&endless, [])?;
/// let advice = report.stop().and_then(|stop| stop.advice()).expect("a limit was reached");
/// assert_eq!(advice, Advice::RaiseLimit { limit: "fuel".into() });
/// assert_eq!(advice.code(), "raise-limit");
/// assert_eq!(advice.to_string(), "raise Limits::fuel");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Advice {
    /// Raise a limit of the sandbox.
    RaiseLimit {
        /// The field of [`Limits`](crate::Limits).
        limit: Cow<'static, str>,
    },
    /// Raise a limit of modules.
    RaiseModuleLimit {
        /// The field of [`ModuleLimits`](crate::ModuleLimits).
        limit: Cow<'static, str>,
    },
    /// Raise `ModuleLimits::call_depth` or `ModuleLimits::stack_bytes`, unless the guest calls itself for ever.
    RaiseStack,
    /// Allow a proposal that is off.
    AllowProposal {
        /// The proposal.
        proposal: Proposal,
    },
    /// Build the guest without a proposal.
    BuildWithout {
        /// The proposal.
        proposal: Proposal,
    },
    /// Build this crate with a feature.
    EnableFeature {
        /// The feature of Cargo.
        feature: Cow<'static, str>,
    },
    /// Build a core module, not a component.
    BuildCoreModule,
    /// Compile the text to a binary module first, or read it by `Module::from_wat`.
    CompileText,
    /// Grant a capability.
    Grant {
        /// Its name in [`capability`](crate::capability), such as `Log`.
        capability: Cow<'static, str>,
    },
    /// Grant a [`Function`](crate::Function).
    GrantFunction {
        /// Module of the import.
        module: Box<str>,
        /// Name of the import.
        name: Box<str>,
    },
    /// Link the guest so that it defines its memory and exports it.
    DefineMemory,
    /// Link the guest so that it defines its table.
    DefineTable,
    /// Link the guest as a whole program, not as a library that is linked at run time.
    LinkWholeProgram,
    /// Export the guest's memory as `memory`.
    ExportMemory,
    /// Make a new instance.
    NewInstance,
    /// Step the call, and answer what the guest asks for.
    Answer,
    /// Build the interpreter so that its dispatch needs no native stack.
    BuildInterpreter,
    /// Report it to the authors of this crate.
    Report,
}

impl Advice {
    /// A stable word for this kind of advice, such as `raise-limit`.
    ///
    /// ```
    /// assert_eq!(fuelbox::Advice::NewInstance.code(), "new-instance");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::RaiseLimit { .. } => "raise-limit",
            Self::RaiseModuleLimit { .. } => "raise-module-limit",
            Self::RaiseStack => "raise-stack",
            Self::AllowProposal { .. } => "allow-proposal",
            Self::BuildWithout { .. } => "build-without",
            Self::EnableFeature { .. } => "enable-feature",
            Self::BuildCoreModule => "build-core-module",
            Self::CompileText => "compile-text",
            Self::Grant { .. } => "grant",
            Self::GrantFunction { .. } => "grant-function",
            Self::DefineMemory => "define-memory",
            Self::DefineTable => "define-table",
            Self::LinkWholeProgram => "link-whole-program",
            Self::ExportMemory => "export-memory",
            Self::NewInstance => "new-instance",
            Self::Answer => "answer",
            Self::BuildInterpreter => "build-interpreter",
            Self::Report => "report",
        }
    }

    pub(crate) fn raise(limit: &'static str) -> Self {
        Self::RaiseLimit {
            limit: limit.into(),
        }
    }

    /// What can be done about a module that uses a proposal it may not use.
    pub(crate) fn on(proposal: Proposal) -> Self {
        match proposal {
            _ if proposal.is_supported() => Self::AllowProposal { proposal },
            Proposal::ComponentModel => Self::BuildCoreModule,
            Proposal::Simd | Proposal::RelaxedSimd if cfg!(target_endian = "little") => {
                Self::EnableFeature {
                    feature: "simd".into(),
                }
            }
            _ => Self::BuildWithout { proposal },
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RaiseLimit { limit } => return write!(f, "raise Limits::{}", Name(limit)),
            Self::RaiseModuleLimit { limit } => {
                return write!(f, "raise ModuleLimits::{}", Name(limit));
            }
            Self::RaiseStack => {
                "raise ModuleLimits::call_depth or ModuleLimits::stack_bytes, unless the guest calls itself for ever"
            }
            Self::AllowProposal { proposal } => {
                return write!(f, "allow {proposal} by ModuleBuilder::allow");
            }
            Self::BuildWithout { proposal } => {
                return write!(f, "build the guest without {proposal}");
            }
            Self::EnableFeature { feature } => {
                return write!(f, "build fuelbox with the feature {}", Name(feature));
            }
            Self::BuildCoreModule => "build a core module, not a component",
            Self::CompileText => {
                "compile the text to a binary module first, or read it by Module::from_wat"
            }
            Self::Grant { capability } => {
                return write!(f, "grant capability::{}", Name(capability));
            }
            Self::GrantFunction { module, name } => {
                let (module, name) = (Name(module), Name(name));
                return write!(f, "grant a Function with the name {module}.{name}");
            }
            Self::DefineMemory => {
                "link the guest with a memory of its own: without --import-memory, with --export-memory"
            }
            Self::DefineTable => "link the guest with a table of its own: without --import-table",
            Self::LinkWholeProgram => {
                "link the guest as a whole program: without -shared, --pie and PIC"
            }
            Self::ExportMemory => {
                "export the guest's memory as \"memory\": linkers have --export-memory"
            }
            Self::NewInstance => "make a new instance",
            Self::Answer => "step the call, and answer what the guest asks for",
            Self::BuildInterpreter => {
                "build wasmi without debug assertions ([profile.dev.package.\"*\"] debug-assertions = false, \
                 overflow-checks = false) or with the feature portable-dispatch"
            }
            Self::Report => "report it to the authors of fuelbox, with the module",
        })
    }
}
