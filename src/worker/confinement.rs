//! What keeps a worker process in, and what could not be applied.

use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Serialize};

/// One of the things that keep a worker process in.
///
/// ```
/// assert_eq!(fuelbox::worker::Wall::SystemCalls.to_string(), "system calls");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Wall {
    /// It ends when the thread that started it ends, and with the other end of its socket.
    Parent,
    /// Nothing that it executes gains a privilege, and nobody but the superuser looks into it.
    Privileges,
    /// It has none of the environment of the host.
    Environment,
    /// It can use no descriptor but its socket, and those of directories that it was handed.
    Descriptors,
    /// Its address space is bounded; it can write and fork nothing, leaves no core, and opens nothing but what guests
    /// may in directories.
    Resources,
    /// It reaches no file but those in directories that it was handed, and these only to read, by Landlock.
    ///
    /// Where the kernel has none, it is refused with such directories alone. Without them no call that opens a file is
    /// allowed anyway; with them, and without this wall, it can open every file that its user may read.
    Files,
    /// It makes no system call but those of a list: to use its socket, take memory, read clocks and end, and with
    /// directories to look at files and open them to be read.
    SystemCalls,
}

/// Why a wall is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gap {
    /// The system, or this build, has nothing of the kind.
    Unsupported,
    /// The system refused it.
    Refused,
}

/// What keeps a worker process in, and what could not be applied.
///
/// ```
/// use fuelbox::{Limits, Sandbox, worker::{Wall, WorkerPool, WorkerSpec}};
///
/// fn look(pool: &WorkerPool) {
///     for (wall, gap) in pool.confinement().missing() {
///         eprintln!("no wall of {wall}: {gap}");
///     }
///     assert!(pool.confinement().has(Wall::SystemCalls));
/// }
/// # let _ = look;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    missing: Vec<(Wall, Gap)>,
}

impl Wall {
    /// All of them, in the order in which they are applied.
    pub const ALL: [Self; 7] = [
        Self::Parent,
        Self::Privileges,
        Self::Environment,
        Self::Descriptors,
        Self::Resources,
        Self::Files,
        Self::SystemCalls,
    ];
}

impl Confinement {
    /// Whether this wall was applied.
    #[must_use]
    pub fn has(&self, wall: Wall) -> bool {
        self.gap(wall).is_none()
    }

    /// Why this wall was not applied; none where it was.
    #[must_use]
    pub fn gap(&self, wall: Wall) -> Option<Gap> {
        let gaps = self.missing.iter();
        gaps.filter(|(missing, _)| *missing == wall)
            .map(|(_, gap)| *gap)
            .next()
    }

    /// What was not applied, and why.
    pub fn missing(&self) -> impl Iterator<Item = (Wall, Gap)> {
        self.missing.iter().copied()
    }

    pub(super) fn lacks(&mut self, wall: Wall, gap: Gap) {
        if self.has(wall) {
            self.missing.push((wall, gap));
        }
    }

    /// What is missing that may not be, where `allowed` may; files are reached where there are directories alone.
    pub(super) fn refused(&self, allowed: &[Wall], has_directories: bool) -> Vec<(Wall, Gap)> {
        let is_refused = |&(wall, gap): &(Wall, Gap)| {
            let is_no_matter = wall == Wall::Files && gap == Gap::Unsupported && !has_directories;
            !is_no_matter && !allowed.contains(&wall)
        };
        self.missing().filter(is_refused).collect()
    }
}

impl fmt::Display for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parent => "parent",
            Self::Privileges => "privileges",
            Self::Environment => "environment",
            Self::Descriptors => "descriptors",
            Self::Resources => "resources",
            Self::Files => "files",
            Self::SystemCalls => "system calls",
        })
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unsupported => "not supported here",
            Self::Refused => "refused by the system",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_kernel_without_landlock_is_no_matter() {
        let mut confinement = Confinement::default();
        confinement.lacks(Wall::Files, Gap::Unsupported);
        assert_eq!(confinement.refused(&[], false), []);
        assert!(!confinement.has(Wall::Files));
        // A worker with directories may open.
        let refused = [(Wall::Files, Gap::Unsupported)];
        assert_eq!(confinement.refused(&[], true), refused);
        assert_eq!(confinement.refused(&[Wall::Files], true), []);

        confinement.lacks(Wall::SystemCalls, Gap::Refused);
        let refused = [(Wall::SystemCalls, Gap::Refused)];
        assert_eq!(confinement.refused(&[], false), refused);
        assert_eq!(confinement.refused(&[Wall::SystemCalls], false), []);

        let mut confinement = Confinement::default();
        confinement.lacks(Wall::Files, Gap::Refused);
        assert_eq!(confinement.refused(&[], false).len(), 1);
    }
}
