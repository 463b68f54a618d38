//! The walk along a path of a guest in a real directory.

use super::{
    Dir,
    errno::errno,
    look::{Found, Seen},
    numbers::Identity,
};
use crate::tree::{
    At, Errno, Kind,
    walk::{End, Ground, Last, LastLink, checked, walk},
};
use alloc::{sync::Arc, vec, vec::Vec};
use cap_fs_ext::DirExt;

/// An open directory, and how it was reached.
#[derive(Clone)]
pub(super) struct Position {
    pub(super) handle: Arc<cap_std::fs::Dir>,
    pub(super) identity: Identity,
    /// Of the directory that holds it; the root holds itself.
    pub(super) parent: Identity,
    /// The length of its path from the root, as it was reached.
    pub(super) path_len: usize,
}

/// Where a path leads.
pub(super) struct Place {
    /// The directory in which the last name is looked up.
    pub(super) parent: Position,
    pub(super) last: Last,
    /// What is there, if anything.
    pub(super) found: Option<Found>,
    /// Whether what is there is not shown to a guest.
    pub(super) is_hidden: bool,
    /// Whether slashes follow the last name, so that it must be that of a directory.
    pub(super) slash: bool,
}

impl Dir {
    /// Finds where a path leads.
    ///
    /// # Errors
    /// `NOENT`, `NAMETOOLONG`, `ILSEQ`, `INVAL`, `NOTCAPABLE`, `NOTDIR`, `LOOP`, and what the system answers.
    pub(super) fn walk(&mut self, at: At<'_>, last_link: LastLink) -> Result<Place, Errno> {
        let base = &self.handles.directory(at.base)?.position;
        let mut standing = Standing {
            here: base.clone(),
            above_base: base.parent,
            above: vec![],
            steps: 0,
            is_hidden: false,
        };
        let end = walk(&mut standing, at.path, last_link);
        self.add_calls(standing.steps.saturating_mul(CALLS_PER_STEP));
        let End { last, found, slash } = end?;
        let parent = standing.here;
        Ok(Place {
            found: match last {
                Last::Name(_) => found,
                Last::Dot | Last::DotDot => Some(Found::directory(&parent.handle)?),
            },
            parent,
            last,
            is_hidden: standing.is_hidden,
            slash,
        })
    }
}

/// Looking a name up and opening what is there.
const CALLS_PER_STEP: u64 = 4;

/// Where a walk stands.
struct Standing {
    here: Position,
    /// Of the directory above the base; only told, never entered.
    above_base: Identity,
    /// The directories passed. They are not kept open, however deep a path leads.
    above: Vec<Passed>,
    steps: u64,
    /// Whether there is something behind the name looked up last that a guest is not shown.
    is_hidden: bool,
}

#[derive(Clone, Copy)]
struct Passed {
    identity: Identity,
    path_len: usize,
}

impl Ground for Standing {
    type Found = Found;

    /// Deeper than trees of sources are; as many take about a millisecond.
    const MOST_STEPS: u64 = 256;

    fn count_step(&mut self) {
        self.steps = self.steps.saturating_add(1);
    }

    fn look_up(&mut self, name: &str) -> Result<Option<Found>, Errno> {
        let seen = Found::at(&self.here.handle, name)?;
        self.is_hidden = matches!(seen, Seen::Hidden);
        Ok(match seen {
            Seen::Found(found) => Some(found),
            Seen::Hidden | Seen::Nothing => None,
        })
    }

    fn target(&mut self, name: &str, found: &Found) -> Result<Option<Arc<str>>, Errno> {
        if found.kind != Kind::Symlink {
            return Ok(None);
        }
        let target = self.here.handle.read_link_contents(name).map_err(errno)?;
        let target = target.to_str().ok_or(Errno::Ilseq)?;
        Ok(Some(checked(target.as_bytes())?.into()))
    }

    fn enter(&mut self, name: &str, found: Found) -> Result<(), Errno> {
        if found.kind != Kind::Directory {
            return Err(Errno::Notdir);
        }
        let below = self.here.enter(name)?;
        self.above.push(Passed {
            identity: self.here.identity,
            path_len: self.here.path_len,
        });
        self.here = below;
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Errno> {
        let Passed { identity, path_len } = self.above.pop().ok_or(Errno::Notcapable)?;
        let handle = self
            .here
            .handle
            .open_parent_dir(cap_std::ambient_authority())
            .map_err(errno)?;
        // Somebody may have moved the directory to where there is more than the guest may see.
        if Found::directory(&handle)?.identity != identity {
            return Err(Errno::Notcapable);
        }
        self.here = Position {
            handle: Arc::new(handle),
            identity,
            parent: self
                .above
                .last()
                .map_or(self.above_base, |passed| passed.identity),
            path_len,
        };
        Ok(())
    }
}

impl Position {
    /// Opens the directory of this name, if it is one and no link.
    pub(super) fn enter(&self, name: &str) -> Result<Self, Errno> {
        let handle = self.handle.open_dir_nofollow(name).map_err(errno)?;
        Ok(Self {
            identity: Found::directory(&handle)?.identity,
            handle: Arc::new(handle),
            parent: self.identity,
            path_len: self.path_len.saturating_add(step(name.len())),
        })
    }
}

/// How much longer a name of `name_len` bytes makes a path.
pub(super) fn step(name_len: usize) -> usize {
    name_len.saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dir::scratch::Scratch;

    /// A walk that stands in `in/dir`, and began in `in`.
    fn example(test: &str) -> (Scratch, Standing) {
        let scratch = Scratch::new(test);
        scratch.directory("in/dir/below");
        scratch.directory("out");
        scratch.file("out/secret", "treasure");
        let dir = Dir::read_write(scratch.path().join("in")).expect("it is there");
        let root = dir.grant.root.clone();
        let mut standing = Standing {
            above_base: root.parent,
            here: root,
            above: vec![],
            steps: 0,
            is_hidden: false,
        };
        enter(&mut standing, "dir").expect("it is there");
        (scratch, standing)
    }

    fn enter(standing: &mut Standing, name: &str) -> Result<(), Errno> {
        let found = standing.look_up(name)?.ok_or(Errno::Noent)?;
        standing.enter(name, found)
    }

    #[test]
    fn the_way_back_from_a_directory_that_is_moved_away_leads_nowhere() {
        let (scratch, mut standing) = example("moved");
        enter(&mut standing, "below").expect("it is there");
        let host = scratch.host();
        let moved = host.rename("in/dir/below", &host, "out/below");
        moved.expect("it is there");
        assert_eq!(standing.leave(), Err(Errno::Notcapable));
    }

    #[test]
    fn the_way_back_ends_where_it_began() {
        let (_scratch, mut standing) = example("back");
        let dir = standing.here.identity;
        enter(&mut standing, "below").expect("it is there");
        assert_eq!(standing.leave(), Ok(()));
        assert_eq!((standing.here.identity, standing.here.path_len), (dir, 4));
        assert_eq!(standing.leave(), Ok(()));
        assert_eq!(standing.leave(), Err(Errno::Notcapable));
    }

    #[test]
    fn what_is_exchanged_for_a_link_is_not_followed() {
        let (scratch, mut standing) = example("exchanged");
        let found = standing.look_up("below").expect("it can be looked at");
        let host = scratch.host();
        host.rename("in/dir/below", &host, "in/dir/other")
            .expect("it is there");
        scratch.link("in/dir/below", "other");
        let entered = standing.enter("below", found.expect("it was there"));
        assert!(entered.is_err());
    }
}
