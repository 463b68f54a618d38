//! Errors: why a guest was not started.

use crate::{
    advice::Advice,
    blame::Blame,
    extern_type::ExternType,
    function_name::FunctionName,
    proposal::Proposal,
    stop::Stop,
    text::{Escaped, Name},
};
use alloc::{borrow::Cow, boxed::Box, string::String};
use core::fmt;

/// Why we refused to start; no guest code ran.
///
/// ```
/// use fuelbox::{Blame, Error, Module};
///
/// let error = Module::new(b"no module").unwrap_err();
/// assert_eq!(error.code(), "invalid-module");
/// assert_eq!(error.blame(), Blame::Guest);
/// assert!(!error.is_transient());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no valid module.
    #[error("invalid module at byte {offset}: {}{}", Escaped(.message), Within(.function))]
    InvalidModule {
        /// Where in the bytes, from 0.
        offset: u64,
        /// What the parser said.
        message: String,
        /// The function whose code is there, if it is one's.
        #[cfg_attr(feature = "serde", serde(default))]
        function: Option<FunctionName>,
    },
    /// The bytes are text where the binary format is expected.
    #[error("this is text, not a binary module")]
    TextModule,
    /// The text is no valid module.
    #[error("invalid text: {}", Escaped(.message))]
    InvalidText {
        /// What the parser said, with line and column.
        message: String,
    },
    /// The module uses a proposal that is off, or that this sandbox never runs.
    #[error("the module uses {proposal}, {}", State(*.proposal))]
    Proposal {
        /// The proposal.
        proposal: Proposal,
    },
    /// The module is larger than it may be.
    #[error("the module has {found} {0}, {allowed} are allowed", Name(.limit))]
    ModuleLimit {
        /// The field of [`ModuleLimits`](crate::ModuleLimits).
        limit: Cow<'static, str>,
        /// What it allows.
        allowed: u64,
        /// What the module has.
        found: u64,
    },
    /// The interpreter's own bounds are narrower than the module.
    #[error("the interpreter cannot take the module: {}", Escaped(.message))]
    Unsupported {
        /// What the interpreter said.
        message: String,
    },
    /// The module imports something that no capability offers.
    #[error("unknown import {}.{} ({found})", Name(.module), Name(.name))]
    ImportUnknown {
        /// Module of the import.
        module: Box<str>,
        /// Name of the import.
        name: Box<str>,
        /// The type that the module imports it with.
        found: ExternType,
    },
    /// The module imports something that was not granted.
    #[error("import {}.{} is not granted", Name(.module), Name(.name))]
    ImportNotGranted {
        /// Module of the import.
        module: Box<str>,
        /// Name of the import.
        name: Box<str>,
        /// The capability that offers it, such as `Log`.
        capability: Cow<'static, str>,
    },
    /// The module imports something known as another type.
    #[error("import {}.{} is {expected}, the module wants {found}", Name(.module), Name(.name))]
    ImportType {
        /// Module of the import.
        module: Box<str>,
        /// Name of the import.
        name: Box<str>,
        /// What the host has.
        expected: ExternType,
        /// What the module wants.
        found: ExternType,
    },
    /// The module imports what reads or writes its memory, and does not export that as `memory`.
    #[error(
        "import {}.{} reaches the guest's memory, which is {}",
        Name(.module), Name(.name), Exported(.exported.as_deref())
    )]
    MemoryNotExported {
        /// Module of the first such import.
        module: Box<str>,
        /// Name of the first such import.
        name: Box<str>,
        /// Under which other name a memory is exported; `None` where none is.
        exported: Option<Box<str>>,
    },
    /// The module does not export what is to be called.
    #[error("the module exports no function {}", Name(.name))]
    ExportMissing {
        /// Name of the export.
        name: Box<str>,
    },
    /// The module exports it as another type.
    #[error("export {} is {found}, but {expected} is needed", Name(.name))]
    ExportType {
        /// Name of the export.
        name: Box<str>,
        /// What is needed.
        expected: ExternType,
        /// What the module has.
        found: ExternType,
    },
    /// An argument that cannot be passed: only null references can.
    #[error("argument {index} of {} is a reference other than null, which cannot be passed", Name(.name))]
    Argument {
        /// Name of the export.
        name: Box<str>,
        /// Position of the argument, from 0.
        index: u64,
    },
    /// The guest was built for another version of the protocol.
    #[error("the guest {}, this host speaks version {host}", GuestVersion(*.guest))]
    AbiVersion {
        /// The host's version.
        host: i32,
        /// The guest's version; `None` where it exports none, or one that is no constant.
        guest: Option<i32>,
    },
    /// The input is larger than it may be.
    #[error("input of {found} bytes, {limit} are allowed")]
    InputTooLarge {
        /// [`Limits::input_bytes`](crate::Limits::input_bytes).
        limit: u64,
        /// Length of the input in bytes.
        found: u64,
    },
    /// The module starts with more memory than it may have.
    #[error("the module starts with {requested} bytes of memory, {limit} are allowed")]
    InitialMemory {
        /// [`Limits::memory_bytes`](crate::Limits::memory_bytes).
        limit: u64,
        /// All memories together, in bytes.
        requested: u64,
    },
    /// The module starts with more table elements than it may have.
    #[error("the module starts with {requested} table elements, {limit} are allowed")]
    InitialTable {
        /// [`Limits::table_elements`](crate::Limits::table_elements).
        limit: u64,
        /// All tables together, in elements.
        requested: u64,
    },
    /// A data or element segment does not fit where the module wants it.
    #[error("a data or element segment of the module lies outside its memory or table")]
    Segment,
    /// An earlier call of the instance stopped, in the middle of guest code: no later one can rely on its state.
    #[error("the instance has stopped in an earlier call: {stop}")]
    InstanceStopped {
        /// What stopped it first.
        stop: Box<Stop>,
    },
    /// The guest of the instance has exited in an earlier call, in the middle of its code.
    #[error("the guest has exited with status {status} in an earlier call")]
    InstanceExited {
        /// Its status.
        status: i32,
    },
    /// The machine has no memory left.
    #[error("the machine has no memory left for the guest")]
    SystemOutOfMemory,
    /// This build would let a guest overflow the native stack.
    #[error(
        "unsafe build: the interpreter's dispatch uses {bytes} bytes of native stack within {steps} steps"
    )]
    UnsafeBuild {
        /// Native stack that was used, in bytes.
        bytes: u64,
        /// Steps of the guest that used it.
        steps: u64,
    },
    /// The interpreter failed; the host goes on. Please report it.
    #[error("the interpreter failed: {}", Escaped(.message))]
    Engine {
        /// What it said.
        message: String,
    },
}

impl Error {
    /// A stable word for this kind of error, such as `invalid-module`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidModule { .. } => "invalid-module",
            Self::TextModule => "text-module",
            Self::InvalidText { .. } => "invalid-text",
            Self::Proposal { .. } => "proposal",
            Self::ModuleLimit { .. } => "module-limit",
            Self::Unsupported { .. } => "unsupported",
            Self::ImportUnknown { .. } => "import-unknown",
            Self::ImportNotGranted { .. } => "import-not-granted",
            Self::ImportType { .. } => "import-type",
            Self::MemoryNotExported { .. } => "memory-not-exported",
            Self::ExportMissing { .. } => "export-missing",
            Self::ExportType { .. } => "export-type",
            Self::Argument { .. } => "argument",
            Self::AbiVersion { .. } => "abi-version",
            Self::InputTooLarge { .. } => "input-too-large",
            Self::InitialMemory { .. } => "initial-memory",
            Self::InitialTable { .. } => "initial-table",
            Self::Segment => "segment",
            Self::InstanceStopped { .. } => "instance-stopped",
            Self::InstanceExited { .. } => "instance-exited",
            Self::SystemOutOfMemory => "system-out-of-memory",
            Self::UnsafeBuild { .. } => "unsafe-build",
            Self::Engine { .. } => "engine",
        }
    }

    /// Who has to act.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::InvalidModule { .. }
            | Self::InvalidText { .. }
            | Self::AbiVersion { .. }
            | Self::MemoryNotExported { .. }
            | Self::Unsupported { .. }
            | Self::Segment => Blame::Guest,
            Self::Proposal { .. }
            | Self::ModuleLimit { .. }
            | Self::InputTooLarge { .. }
            | Self::InitialMemory { .. }
            | Self::InitialTable { .. } => Blame::Limit,
            Self::TextModule
            | Self::ImportUnknown { .. }
            | Self::ImportNotGranted { .. }
            | Self::ImportType { .. }
            | Self::ExportMissing { .. }
            | Self::ExportType { .. }
            | Self::Argument { .. }
            | Self::InstanceStopped { .. }
            | Self::InstanceExited { .. }
            | Self::SystemOutOfMemory
            | Self::UnsafeBuild { .. } => Blame::Host,
            Self::Engine { .. } => Blame::Engine,
        }
    }

    /// What to change so that it does not come again; `None` where that depends on the guest.
    ///
    /// ```
    /// use fuelbox::{Advice, Module};
    ///
    /// let error = Module::new(b"(module)").unwrap_err();
    /// assert_eq!(error.to_string(), "this is text, not a binary module");
    /// assert_eq!(error.advice(), Some(Advice::CompileText));
    /// ```
    #[must_use]
    pub fn advice(&self) -> Option<Advice> {
        Some(match self {
            Self::TextModule => Advice::CompileText,
            Self::Proposal { proposal } => Advice::on(*proposal),
            Self::ModuleLimit { limit, .. } => Advice::RaiseModuleLimit {
                limit: limit.clone(),
            },
            Self::ImportUnknown {
                module,
                name,
                found,
            } => match found {
                ExternType::Function(_) => Advice::GrantFunction {
                    module: module.clone(),
                    name: name.clone(),
                },
                ExternType::Memory(_) => Advice::DefineMemory,
                ExternType::Table(_) => Advice::DefineTable,
                ExternType::Global(_) => Advice::LinkWholeProgram,
            },
            Self::ImportNotGranted { capability, .. } => Advice::Grant {
                capability: capability.clone(),
            },
            Self::MemoryNotExported { .. } => Advice::ExportMemory,
            Self::InputTooLarge { .. } => Advice::raise("input_bytes"),
            Self::InitialMemory { .. } => Advice::raise("memory_bytes"),
            Self::InitialTable { .. } => Advice::raise("table_elements"),
            Self::InstanceStopped { .. } | Self::InstanceExited { .. } => Advice::NewInstance,
            Self::UnsafeBuild { .. } => Advice::BuildInterpreter,
            Self::Engine { .. } => Advice::Report,
            Self::InvalidModule { .. }
            | Self::InvalidText { .. }
            | Self::Unsupported { .. }
            | Self::ImportType { .. }
            | Self::ExportMissing { .. }
            | Self::ExportType { .. }
            | Self::Argument { .. }
            | Self::AbiVersion { .. }
            | Self::Segment
            | Self::SystemOutOfMemory => return None,
        })
    }

    /// Whether the same call could succeed later without a change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::SystemOutOfMemory)
    }
}

/// Where in a module something is wrong.
struct Within<'a>(&'a Option<FunctionName>);

impl fmt::Display for Within<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(function) => write!(f, ", in {function}"),
            None => Ok(()),
        }
    }
}

/// Where the memory of a guest is.
struct Exported<'a>(Option<&'a str>);

impl fmt::Display for Exported<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "exported as {}", Name(name)),
            None => f.write_str("not exported"),
        }
    }
}

/// Why a module may not use a proposal.
struct State(Proposal);

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            proposal if proposal.is_supported() => "which is off",
            Proposal::Simd | Proposal::RelaxedSimd if cfg!(target_endian = "big") => {
                "which never runs on a big-endian host"
            }
            Proposal::Simd | Proposal::RelaxedSimd => "which this build leaves out",
            _ => "which never runs here",
        })
    }
}

struct GuestVersion(Option<i32>);

impl fmt::Display for GuestVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(version) => write!(f, "was built for version {version} of the protocol"),
            None => f.write_str(
                "does not say by a constant which version of the protocol it was built for",
            ),
        }
    }
}
