//! No files, and no descriptors but one.

use crate::worker::confinement::Gap;
use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope,
};

/// Whether there is no descriptor but those of the standard streams and the socket.
pub(super) fn only_ours() -> Result<(), Gap> {
    /// Standard streams, the socket, and the listing itself.
    const OURS: usize = 5;
    let listed = std::fs::read_dir("/proc/self/fd").map_err(|_| Gap::Unsupported)?;
    if listed.count() > OURS {
        return Err(Gap::Refused);
    }
    Ok(())
}

/// Lets this process reach no file, no port and no process, by Landlock.
pub(super) fn reach_none() -> Result<(), Gap> {
    match restrict() {
        Ok(RulesetStatus::NotEnforced) => Err(Gap::Unsupported),
        // As much as this kernel knows.
        Ok(RulesetStatus::PartiallyEnforced | RulesetStatus::FullyEnforced) => Ok(()),
        Err(_) => Err(Gap::Refused),
    }
}

fn restrict() -> Result<RulesetStatus, RulesetError> {
    const NEWEST: ABI = ABI::V6;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
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
            (before.is_ok(), reach_none(), fs::read_dir("/").map(|_| ()))
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
