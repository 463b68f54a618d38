//! No files but those in directories that were handed over, and no descriptors but theirs and one.

use crate::{files::Directory, worker::confinement::Gap};
use alloc::{format, vec::Vec};
use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, RulesetStatus, Scope,
};
use std::{
    fs,
    os::fd::{AsFd, AsRawFd, RawFd},
};

/// The descriptors that the pool's process has left open, beside standard streams, the socket and the directories.
pub(super) fn inherited(socket: RawFd, directories: &[Directory]) -> Result<Vec<RawFd>, Gap> {
    const DESCRIPTORS: &str = "/proc/self/fd";
    const STANDARD: [RawFd; 3] = [0, 1, 2];
    let is_ours = |number: &RawFd| {
        let mut directories = directories.iter();
        STANDARD.contains(number)
            || *number == socket
            || directories.any(|directory| directory.as_fd().as_raw_fd() == *number)
    };
    let listed = fs::read_dir(DESCRIPTORS).map_err(|_| Gap::Unsupported)?;
    let listed = listed.map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let listed: Option<Vec<RawFd>> = listed.collect();
    let mut inherited = listed.ok_or(Gap::Refused)?;
    // The listing itself is among them, and closed by now.
    let is_open = |number: &RawFd| fs::symlink_metadata(format!("{DESCRIPTORS}/{number}")).is_ok();
    inherited.retain(|number| !is_ours(number) && is_open(number));
    Ok(inherited)
}

/// Lets this process read what is in `directories` and reach no other file, no port and no process, by Landlock.
pub(super) fn reach_only(directories: &[Directory]) -> Result<(), Gap> {
    match restrict(directories) {
        Ok(RulesetStatus::NotEnforced) => Err(Gap::Unsupported),
        // As much as this kernel knows.
        Ok(RulesetStatus::PartiallyEnforced | RulesetStatus::FullyEnforced) => Ok(()),
        Err(_) => Err(Gap::Refused),
    }
}

fn restrict(directories: &[Directory]) -> Result<RulesetStatus, RulesetError> {
    const NEWEST: ABI = ABI::V6;
    let beneath = directories.iter().map(|directory| {
        let reading = AccessFs::ReadFile | AccessFs::ReadDir;
        Ok::<_, RulesetError>(PathBeneath::new(directory.as_fd(), reading))
    });
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .add_rules(beneath)?
        .restrict_self()?;
    Ok(status.ruleset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::ErrorKind, os::unix::net::UnixStream, thread};

    #[test]
    fn descriptors_that_are_not_the_workers_own_are_found() {
        let (socket, other) = UnixStream::pair().expect("there are sockets");
        let (socket, other) = (socket.as_raw_fd(), other.as_raw_fd());
        let found = inherited(socket, &[]).expect("there is a list");
        assert!(found.contains(&other) && !found.contains(&socket));
        assert!(found.iter().all(|number| *number > 2));
    }

    #[test]
    fn a_thread_that_reaches_no_file_opens_none() {
        let restricted = thread::spawn(|| {
            let before = fs::read_dir("/").map(|_| ());
            (
                before.is_ok(),
                reach_only(&[]),
                fs::read_dir("/").map(|_| ()),
            )
        });
        let (before, restricted, after) = restricted.join().expect("no panic");
        assert!(before);
        match restricted {
            Ok(()) => assert_eq!(after.unwrap_err().kind(), ErrorKind::PermissionDenied),
            // An old kernel.
            Err(gap) => assert_eq!(gap, Gap::Unsupported),
        }
    }
}
