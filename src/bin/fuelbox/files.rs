//! Files: read no further than is of use, and written whole.

use crate::failure::Failure;
use std::{
    fs::{self, File},
    io::{self, Read},
};

/// Reads a file, but no more than one byte beyond `limit`: enough to tell that it is too large.
///
/// # Errors
/// [`Failure::Read`].
#[expect(
    clippy::disallowed_methods,
    reason = "files belong to the program, and this is its door"
)]
pub(crate) fn read(path: &str, limit: u64) -> Result<Vec<u8>, Failure> {
    File::open(path)
        .and_then(|file| read_from(file, limit))
        .map_err(|error| Failure::Read {
            path: path.to_owned(),
            error,
        })
}

/// Reads standard input, but no more than one byte beyond `limit`.
///
/// # Errors
/// [`Failure::Read`].
pub(crate) fn read_stdin(limit: u64) -> Result<Vec<u8>, Failure> {
    read_from(io::stdin().lock(), limit).map_err(|error| Failure::Read {
        path: "standard input".to_owned(),
        error,
    })
}

/// Writes a file, in place of what it held.
///
/// # Errors
/// [`Failure::Write`].
#[expect(
    clippy::disallowed_methods,
    reason = "files belong to the program, and this is its door"
)]
pub(crate) fn write(path: &str, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::Write {
        path: path.to_owned(),
        error,
    })
}

fn read_from(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
