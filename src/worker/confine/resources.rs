//! What the system gives to a worker.

use crate::{files::Directory, worker::confinement::Gap};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Bounds the address space; no core, no written file and no process more, and no descriptor but for what is opened
/// in `directories`, beside so many that are open and of no use.
pub(super) fn bound(
    address_space_bytes: u64,
    directories: &[Directory],
    inherited: usize,
) -> Result<(), Gap> {
    let handles_limits = directories.iter().map(Directory::handles_limit);
    let descriptors = descriptors(handles_limits, inherited);
    // Never more than there may be without workers.
    let descriptors = match getrlimit(Resource::Nofile).current {
        Some(most) => descriptors.min(most),
        None => descriptors,
    };
    let bounds = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nproc, 0),
        (Resource::Memlock, 0),
        (Resource::Nofile, descriptors),
        (Resource::As, address_space_bytes),
    ];
    for (resource, most) in bounds {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit).map_err(|_| Gap::Refused)?;
    }
    Ok(())
}

/// The number that every new descriptor is below, where guests may have so many handles in each directory.
fn descriptors(handles_limits: impl ExactSizeIterator<Item = usize>, inherited: usize) -> u64 {
    // One, since whoever waits for a socket may name as many as he may have; that number is taken.
    const LEAST: u64 = 1;
    // Standard streams and the socket.
    const OURS: u64 = 4;
    // The directory itself, its listing, and where a walk stands and goes.
    const EACH: u64 = 6;
    // A directory, and what is left of its listing.
    const HANDLE: u64 = 2;
    if handles_limits.len() == 0 {
        return LEAST;
    }
    let count = |count| u64::try_from(count).unwrap_or(u64::MAX);
    let beside = count(inherited).saturating_add(OURS);
    handles_limits.fold(beside, |sum, handles| {
        let room = count(handles).saturating_mul(HANDLE).saturating_add(EACH);
        sum.saturating_add(room)
    })
}

/// Whether the pool has handed no environment over.
pub(super) fn no_environment() -> Result<(), Gap> {
    match std::env::vars_os().next() {
        None => Ok(()),
        Some(_) => Err(Gap::Refused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_as_many_as_handles_need_and_one_without_directories() {
        let for_handles =
            |handles: &[usize], inherited| descriptors(handles.iter().copied(), inherited);
        assert_eq!(for_handles(&[], 9), 1);
        assert_eq!(for_handles(&[10], 0), 4 + 6 + 20);
        assert_eq!(for_handles(&[10, 64], 3), 3 + 4 + 6 + 20 + 6 + 128);
        // With 32 bits it is no more than twice as many.
        let most = u64::try_from(usize::MAX).unwrap_or(u64::MAX);
        let expected = most.saturating_mul(2).saturating_add(4 + 6);
        assert_eq!(for_handles(&[usize::MAX], 0), expected);
    }
}
