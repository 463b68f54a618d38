//! Times of files: nanoseconds since 1970 for a guest, what the host's system takes for the host.

use super::errno::errno;
use crate::tree::Errno;
use cap_fs_ext::{DirExt, SystemTimeSpec};
use cap_std::{
    fs::{Dir, File},
    time::{Duration, SystemClock, SystemTime},
};
use std::fs::FileTimes;

/// Times to be set; `None` leaves one as it is.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) accessed: Option<u64>,
    pub(super) modified: Option<u64>,
}

/// Times before 1970 are 1970.
pub(super) fn nanos(time: SystemTime) -> u64 {
    let since = time
        .duration_since(SystemClock::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

impl Times {
    /// Sets those of what `name` is in a directory, of a link itself.
    pub(super) fn set_at(self, directory: &Dir, name: &str) -> Result<(), Errno> {
        let (accessed, modified) = self.spec()?;
        directory
            .set_symlink_times(name, accessed, modified)
            .map_err(errno)
    }

    pub(super) fn set_of_directory(self, directory: &Dir) -> Result<(), Errno> {
        let (accessed, modified) = self.spec()?;
        directory.set_times(".", accessed, modified).map_err(errno)
    }

    pub(super) fn set_of_file(self, file: &File) -> Result<(), Errno> {
        let mut times = FileTimes::new();
        if let Some(accessed) = self.accessed {
            times = times.set_accessed(time(accessed)?.into_std());
        }
        if let Some(modified) = self.modified {
            times = times.set_modified(time(modified)?.into_std());
        }
        let file = file.try_clone().map_err(errno)?.into_std();
        file.set_times(times).map_err(errno)
    }

    fn spec(self) -> Result<(Option<SystemTimeSpec>, Option<SystemTimeSpec>), Errno> {
        let spec = |nanos: Option<u64>| -> Result<_, Errno> {
            Ok(match nanos {
                Some(nanos) => Some(SystemTimeSpec::Absolute(time(nanos)?)),
                None => None,
            })
        };
        Ok((spec(self.accessed)?, spec(self.modified)?))
    }
}

fn time(nanos: u64) -> Result<SystemTime, Errno> {
    SystemClock::UNIX_EPOCH
        .checked_add(Duration::from_nanos(nanos))
        .ok_or(Errno::Inval)
}
