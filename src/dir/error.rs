//! Errors of `Dir`: why a directory cannot be granted.

use crate::text::Name;
use alloc::{boxed::Box, string::ToString};
use std::{
    io::{Error, ErrorKind},
    path::Path,
};

/// Why a [`Dir`](super::Dir) cannot be granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirError {
    /// The directory cannot be opened.
    #[error("cannot open directory '{}': {reason}", Name(path))]
    Open {
        /// As it was given.
        path: Box<str>,
        /// What the system says.
        reason: ErrorKind,
    },
}

impl DirError {
    pub(super) fn open(path: &Path, error: &Error) -> Self {
        Self::Open {
            path: path.to_string_lossy().to_string().into(),
            reason: error.kind(),
        }
    }
}
