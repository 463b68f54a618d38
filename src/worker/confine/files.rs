//! No files but those in directories that were handed over, and no descriptors but theirs and one.

use crate::{files::Directory, worker::confinement::Gap};
use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, RulesetStatus, Scope,
};
use std::os::fd::AsFd;

/// Whether there is no descriptor but those of the standard streams, the socket and so many directories.
pub(super) fn only_ours(directories: usize) -> Result<(), Gap> {
    /// Standard streams, the socket, and the listing itself.
    const OURS: usize = 5;
    let listed = std::fs::read_dir("/proc/self/fd").map_err(|_| Gap::Unsupported)?;
    if listed.count() > OURS.saturating_add(directories) {
        return Err(Gap::Refused);
    }
    Ok(())
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
    use std::{fs, io::ErrorKind, thread};

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
