//! What a worker does to itself before it reads a byte of a guest.

#[cfg(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
))]
mod calls;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod parent;
mod resources;

/// No filter is made for processors of 32 bits, or with the highest byte first.
#[cfg(all(
    target_os = "linux",
    not(all(target_pointer_width = "64", target_endian = "little"))
))]
mod calls {
    use crate::worker::confinement::Gap;
    use std::os::fd::RawFd;

    pub(super) fn filter(_socket: RawFd, _reads_beside: Option<&[RawFd]>) -> Result<(), Gap> {
        Err(Gap::Unsupported)
    }
}

use super::confinement::{Confinement, Gap, Wall};
use crate::files::Directory;
use std::os::{
    fd::{AsRawFd, RawFd},
    unix::net::UnixStream,
};

/// What a worker does to itself before it reads a byte of a guest.
pub(super) struct Confine {
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "asked on Linux alone")
    )]
    parent: u32,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "named on Linux alone")
    )]
    socket: RawFd,
    /// None for tests, which go on in the same process.
    is_real: bool,
}

impl Confine {
    /// For a worker that `parent` has started and that talks over `socket`.
    pub(super) fn new(parent: u32, socket: &UnixStream) -> Self {
        Self {
            parent,
            socket: socket.as_raw_fd(),
            is_real: true,
        }
    }

    /// For tests, which go on in the same process.
    #[cfg(test)]
    pub(super) fn nothing() -> Self {
        Self {
            parent: 0,
            socket: 0,
            is_real: false,
        }
    }

    /// Confines the process, which goes on reading `directories`, and says what could not be applied.
    pub(super) fn apply(self, address_space_bytes: u64, directories: &[Directory]) -> Confinement {
        let mut confinement = Confinement::default();
        let mut note = |wall, applied: Result<(), Gap>| {
            if let Err(gap) = applied {
                confinement.lacks(wall, gap);
            }
        };
        if !self.is_real {
            for wall in Wall::ALL {
                note(wall, Err(Gap::Unsupported));
            }
            return confinement;
        }
        self.apply_each(address_space_bytes, directories, &mut note);
        confinement
    }

    #[cfg(target_os = "linux")]
    fn apply_each(
        &self,
        address_space_bytes: u64,
        directories: &[Directory],
        note: &mut impl FnMut(Wall, Result<(), Gap>),
    ) {
        note(Wall::Parent, parent::die_with(self.parent));
        note(Wall::Privileges, parent::drop_privileges());
        note(Wall::Environment, resources::no_environment());
        let inherited = files::inherited(self.socket, directories);
        let known = inherited.as_deref().unwrap_or_default();
        note(Wall::Files, files::reach_only(directories));
        // What opens descriptors comes before.
        note(
            Wall::Resources,
            resources::bound(address_space_bytes, directories, known.len()),
        );
        let reads_beside = (!directories.is_empty()).then_some(known);
        let filtered = calls::filter(self.socket, reads_beside);
        let descriptors = match &inherited {
            Ok(inherited) if inherited.is_empty() => Ok(()),
            // One that is not known could be read.
            Err(gap) if !directories.is_empty() => Err(*gap),
            // The filter leaves them of no use.
            _ => filtered,
        };
        note(Wall::Descriptors, descriptors);
        note(Wall::SystemCalls, filtered);
    }

    #[cfg(not(target_os = "linux"))]
    fn apply_each(
        &self,
        address_space_bytes: u64,
        directories: &[Directory],
        note: &mut impl FnMut(Wall, Result<(), Gap>),
    ) {
        note(Wall::Environment, resources::no_environment());
        note(
            Wall::Resources,
            resources::bound(address_space_bytes, directories, 0),
        );
        for wall in [
            Wall::Parent,
            Wall::Privileges,
            Wall::Descriptors,
            Wall::Files,
            Wall::SystemCalls,
        ] {
            note(wall, Err(Gap::Unsupported));
        }
    }
}
