//! Errors of the system of the host, as error numbers of WASI.

use crate::tree::Errno;
use std::io::{Error, ErrorKind};

/// The errno for an error of the host's system; `IO` for all that tells a guest nothing.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands in calls of map_err"
)]
pub(super) fn errno(error: Error) -> Errno {
    match error.kind() {
        ErrorKind::NotFound => Errno::Noent,
        ErrorKind::PermissionDenied => Errno::Acces,
        ErrorKind::AlreadyExists => Errno::Exist,
        ErrorKind::NotADirectory => Errno::Notdir,
        ErrorKind::IsADirectory => Errno::Isdir,
        ErrorKind::DirectoryNotEmpty => Errno::Notempty,
        ErrorKind::ReadOnlyFilesystem => Errno::Rofs,
        ErrorKind::StorageFull => Errno::Nospc,
        ErrorKind::QuotaExceeded => Errno::Dquot,
        ErrorKind::FileTooLarge => Errno::Fbig,
        ErrorKind::ResourceBusy => Errno::Busy,
        ErrorKind::ExecutableFileBusy => Errno::Txtbsy,
        ErrorKind::CrossesDevices => Errno::Xdev,
        ErrorKind::TooManyLinks => Errno::Mlink,
        ErrorKind::InvalidFilename => Errno::Nametoolong,
        ErrorKind::InvalidInput => Errno::Inval,
        ErrorKind::Unsupported => Errno::Notsup,
        ErrorKind::OutOfMemory => Errno::Nomem,
        ErrorKind::WouldBlock => Errno::Again,
        _ => Errno::Io,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_word_of_its_own_is_an_error_of_the_device() {
        assert_eq!(errno(ErrorKind::NotFound.into()), Errno::Noent);
        assert_eq!(errno(ErrorKind::BrokenPipe.into()), Errno::Io);
        assert_eq!(errno(Error::from_raw_os_error(i32::MAX)), Errno::Io);
    }
}
