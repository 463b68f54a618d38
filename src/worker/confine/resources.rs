//! What the system gives to a worker.

use crate::worker::confinement::Gap;
use rustix::process::{Resource, Rlimit, setrlimit};

/// Bounds the address space; no core, no file, no descriptor and no process more.
pub(super) fn bound(address_space_bytes: u64) -> Result<(), Gap> {
    // One, since whoever waits for a socket may name as many as he may have; that number is taken.
    const DESCRIPTORS: u64 = 1;
    let bounds = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nproc, 0),
        (Resource::Memlock, 0),
        (Resource::Nofile, DESCRIPTORS),
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

/// Whether the pool has handed no environment over.
pub(super) fn no_environment() -> Result<(), Gap> {
    match std::env::vars_os().next() {
        None => Ok(()),
        Some(_) => Err(Gap::Refused),
    }
}
