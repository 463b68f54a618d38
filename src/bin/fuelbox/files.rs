//! Files: read no further than is needed, and written whole.

use crate::failure::Failure;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
};

/// What stands for standard input in place of a file's name.
pub(crate) const STDIN: &str = "-";

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

/// Whether standard input is a file, whose end is known; not a pipe, a device or a terminal.
pub(crate) fn stdin_is_file() -> bool {
    #[cfg(unix)]
    let handle = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned();
    #[cfg(windows)]
    let handle = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned();
    let metadata = handle.and_then(|handle| File::from(handle).metadata());
    metadata.is_ok_and(|metadata| metadata.is_file())
}

/// A file that can be written, opened before there is something to write.
pub(crate) struct Reserved {
    path: String,
    file: File,
}

/// Opens a file to be written, and leaves what it holds until then.
///
/// # Errors
/// [`Failure::Write`].
pub(crate) fn reserve(path: &str) -> Result<Reserved, Failure> {
    let path = path.to_owned();
    match File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
    {
        Ok(file) => Ok(Reserved { path, file }),
        Err(error) => Err(Failure::Write { path, error }),
    }
}

impl Reserved {
    /// Writes the file, in place of what it had.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(crate) fn write(self, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
        let Self { path, file } = self;
        overwrite(file, bytes.as_ref()).map_err(|error| Failure::Write { path, error })
    }
}

fn overwrite(mut file: File, bytes: &[u8]) -> io::Result<()> {
    // A pipe or a device has no length.
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    file.write_all(bytes)
}

/// Whether a directory is, or holds, what the system shows of itself as files: to read one tells what the machine does,
/// to write one changes it. Links in the path are followed. A path that leads nowhere is not such a file.
pub(crate) fn is_of_system(path: &str) -> bool {
    let system = ["/proc", "/sys", "/dev"];
    fs::canonicalize(path).is_ok_and(|whole| {
        whole == Path::new("/") || system.iter().any(|system| whole.starts_with(system))
    })
}

/// What a directory holds.
pub(crate) struct Listing {
    pub(crate) entries: Vec<Entry>,
    /// How many names are not among them: those that no guest could use.
    pub(crate) left_out: u64,
}

/// What a guest can be given of a directory.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// What a name leads to.
pub(crate) enum Kind {
    Directory,
    File,
    /// A symbolic link, with its target.
    Link(String),
}

/// Lists a directory, sorted by name. Links are not followed.
///
/// Left out is what a `Dir` of the library leaves out: names and targets that are not UTF-8, links that start at
/// the machine's root, pipes, sockets and devices.
///
/// # Errors
/// [`Failure::Read`].
pub(crate) fn list(path: &str) -> Result<Listing, Failure> {
    let failure = |error| Failure::Read {
        path: path.to_owned(),
        error,
    };
    let entries = fs::read_dir(path).map_err(failure)?;
    let mut listing = Listing {
        entries: Vec::new(),
        left_out: 0,
    };
    for entry in entries {
        match entry.and_then(|entry| describe(&entry)).map_err(failure)? {
            Some(entry) => listing.entries.push(entry),
            None => listing.left_out = listing.left_out.saturating_add(1),
        }
    }
    listing.entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(listing)
}

/// What an entry is; `None` if it is left out.
fn describe(entry: &fs::DirEntry) -> io::Result<Option<Entry>> {
    let ty = entry.file_type()?;
    let kind = if ty.is_symlink() {
        let target = fs::read_link(entry.path())?;
        match target.to_str() {
            // Where it leads to is a name of the machine's, which the guest could not follow.
            Some(text) if !target.has_root() => Kind::Link(text.to_owned()),
            _ => return Ok(None),
        }
    } else if ty.is_dir() {
        Kind::Directory
    } else if ty.is_file() {
        Kind::File
    } else {
        return Ok(None);
    };
    let name = entry.file_name().into_string().ok();
    Ok(name.map(|name| Entry { name, kind }))
}

fn read_from(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes a folder, and those that it lies in. One that is there has to be empty.
///
/// # Errors
/// [`Failure::NotEmpty`], [`Failure::Write`].
pub(crate) fn make_empty(folder: &str) -> Result<(), Failure> {
    let failed = |error| Failure::Write {
        path: folder.to_owned(),
        error,
    };
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(Failure::NotEmpty(folder.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Writes a file that is not there yet, at a path in `folder`.
///
/// # Errors
/// [`Failure::Write`].
pub(crate) fn write_new(folder: &str, path: &str, text: &str) -> Result<(), Failure> {
    let path = Path::new(folder).join(path);
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = made
        .and_then(|()| File::create_new(&path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::Write {
        path: path.display().to_string(),
        error,
    })
}

/// The whole path of a folder that has a file of that name.
pub(crate) fn absolute_with(folder: &str, file: &str) -> Option<String> {
    let folder = fs::canonicalize(folder).ok()?;
    let is_there = folder.join(file).is_file();
    folder.to_str().filter(|_| is_there).map(str::to_owned)
}
