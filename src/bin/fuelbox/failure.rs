//! A failure of the program: why it could not hand out a report.

use crate::{exit, units};
use fuelbox::{DirError, Error, FunctionType, RecordingError, SnapshotError, TreeError, ValueType};
use std::io;

/// Why there is no report, or why it could not be handed out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The library refused to start.
    #[error("{error}")]
    Refused {
        error: Box<Error>,
        /// The file that it is about, where it is about one.
        file: Option<String>,
        /// The flag that grants all that the module lacks.
        missing: Option<String>,
    },
    /// The guest is ready, and cannot be written back.
    #[error(transparent)]
    Snapshot(SnapshotError),
    #[error("cannot read {path}: {error}")]
    Read { path: String, error: io::Error },
    #[error("cannot write {path}: {error}")]
    Write { path: String, error: io::Error },
    #[error("the input is given twice, by --input and by --text")]
    TwoInputs,
    #[error("standard input is both the module and the input")]
    TwoFromStdin,
    #[error("{0} is only for a guest that is allowed wasi")]
    WithoutWasi(&'static str),
    #[error("two directories of the guest have the name {0:?}: give each --dir another name")]
    TwoDirectories(String),
    #[error(transparent)]
    NoDirectory(#[from] DirError),
    #[error("the directories of the guest have more than {}, up to {path}", units::show_size(*.limit))]
    DirectoryBytes { path: String, limit: u64 },
    #[error("the directories of the guest have more than {limit} entries, up to {path}")]
    DirectoryEntries { path: String, limit: u64 },
    #[error("{path} belongs to the system: what is in it shows or changes the machine itself")]
    SystemDirectory { path: String },
    #[error("cannot give {path} to the guest: {error}")]
    Tree { path: String, error: TreeError },
    #[error("{0:?} is an argument, but no export is named that takes it")]
    NoExport(String),
    #[error("{name:?} is {ty}: it takes {} arguments, not {found}", .ty.params.len())]
    ArgumentCount {
        name: String,
        ty: FunctionType,
        found: usize,
    },
    #[error("argument {text:?} is not of type {ty}")]
    Argument { text: String, ty: ValueType },
    #[error("{name:?} cannot be the name of a guest: {why}")]
    BadName { name: String, why: &'static str },
    #[error("{0} is not empty: a project needs a new or empty folder")]
    NotEmpty(String),
    #[error("{0} is not a clone of fuelbox: it has no guest-abi/Cargo.toml")]
    NoClone(String),
    #[error("cannot run the guest in a process of its own: {0}")]
    Isolate(String),
    /// The file is no recording.
    #[error("{path}: {error}")]
    Recording { path: String, error: RecordingError },
    #[error("{0} holds no module")]
    NoModule(String),
    #[error("{0} is a recording of another module, or was made under other limits of modules")]
    AnotherModule(String),
    #[error("cannot listen for Ctrl-C: {0}")]
    Interrupt(#[from] ctrlc::Error),
}

impl Failure {
    /// A stable word, as [`Error::code`] gives.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Refused { error, .. } => error.code(),
            Self::Snapshot(_) => "snapshot",
            Self::Recording { .. } | Self::NoModule(_) | Self::AnotherModule(_) => "recording",
            Self::Read { .. } => "read",
            Self::Write { .. } => "write",
            Self::TwoInputs
            | Self::TwoFromStdin
            | Self::WithoutWasi(_)
            | Self::TwoDirectories(_)
            | Self::BadName { .. }
            | Self::NotEmpty(_)
            | Self::NoClone(_)
            | Self::NoExport(_) => "usage",
            Self::ArgumentCount { .. } | Self::Argument { .. } => "argument",
            Self::NoDirectory(_)
            | Self::SystemDirectory { .. }
            | Self::DirectoryBytes { .. }
            | Self::DirectoryEntries { .. }
            | Self::Tree { .. } => "directory",
            Self::Isolate(_) => "isolate",
            Self::Interrupt(_) => "interrupt",
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused { error, .. } => error.exit_code(),
            Self::Snapshot(SnapshotError::Refused(error)) => error.exit_code(),
            Self::ArgumentCount { .. } | Self::Argument { .. } => exit::EXPORT,
            _ => exit::HOST,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused {
            error: Box::new(error),
            file: None,
            missing: None,
        }
    }
}
