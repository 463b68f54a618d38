//! Where a path leads, by the rules of POSIX as far as a base goes.

use super::{Model, REMOVED, What};
use crate::tree::Errno;
use alloc::{
    collections::VecDeque,
    format,
    string::{String, ToString},
};

pub(super) struct Spot {
    pub(super) parent: String,
    /// `.` or `..` at the end.
    pub(super) dots: Option<&'static str>,
    pub(super) path: String,
    pub(super) slash: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Keep {
    No,
    UnlessSlash,
    Yes,
}

impl Model {
    pub(super) fn find(&self, base: usize, path: &str, keep: Keep) -> Result<Spot, Errno> {
        let base = &self.bases[base].0;
        let mut here = base.clone();
        if path.is_empty() {
            return Err(Errno::Noent);
        }
        if path.starts_with('/') {
            return Err(Errno::Notcapable);
        }
        let mut queue = parts(path);
        let mut slash = path.ends_with('/');
        let mut links = 0;
        while let Some(part) = queue.pop_front() {
            let last = queue.is_empty();
            if !self.is_dir(&here) {
                return Err(Errno::Notdir);
            }
            let dots = match part.as_str() {
                "." => Some("."),
                ".." if here == *base => return Err(Errno::Notcapable),
                ".." => {
                    here.truncate(here.rfind('/').unwrap());
                    Some("..")
                }
                _ => None,
            };
            let path = match dots {
                Some(_) => here.clone(),
                None => format!("{here}/{part}"),
            };
            let parent = here.clone();
            let spot = Spot {
                parent,
                dots,
                path,
                slash,
            };
            match self.what(&spot.path) {
                _ if last && dots.is_some() => return Ok(spot),
                _ if dots.is_some() => {}
                None if last => return Ok(spot),
                None => return Err(Errno::Noent),
                Some(What::Symlink(_))
                    if last && (keep == Keep::Yes || keep == Keep::UnlessSlash && !slash) =>
                {
                    return Ok(spot);
                }
                Some(What::Symlink(target)) => {
                    links += 1;
                    if links > 40 {
                        return Err(Errno::Loop);
                    }
                    if target.starts_with('/') {
                        return Err(Errno::Notcapable);
                    }
                    slash |= last && target.ends_with('/');
                    let mut longer = parts(target);
                    longer.append(&mut queue);
                    queue = longer;
                }
                Some(_) if last => return Ok(spot),
                Some(What::Directory) => here = spot.path,
                Some(What::File { .. }) => return Err(Errno::Notdir),
            }
        }
        unreachable!("a path has a part")
    }

    /// The path of what is there.
    pub(crate) fn resolve(&self, base: usize, path: &str, follow: bool) -> Result<String, Errno> {
        let keep = if follow { Keep::No } else { Keep::UnlessSlash };
        let spot = self.find(base, path, keep)?;
        if spot.path != REMOVED && self.what(&spot.path).is_none() {
            return Err(Errno::Noent);
        }
        if spot.slash && !self.is_dir(&spot.path) {
            return Err(Errno::Notdir);
        }
        Ok(spot.path)
    }

    pub(super) fn free(&self, base: usize, path: &str, dir: bool) -> Result<String, Errno> {
        let spot = self.find(base, path, Keep::Yes)?;
        let there = spot.dots.is_some() || self.what(&spot.path).is_some();
        if there {
            let through_slash = spot.slash && !dir && !self.is_dir(&spot.path);
            return Err(if through_slash {
                Errno::Notdir
            } else {
                Errno::Exist
            });
        }
        if spot.slash && !dir || spot.parent == REMOVED {
            return Err(Errno::Noent);
        }
        Ok(spot.path)
    }

    pub(crate) fn read_link(&self, base: usize, path: &str) -> Result<String, Errno> {
        let path = self.resolve(base, path, false)?;
        match self.what(&path) {
            Some(What::Symlink(target)) => Ok(target.clone()),
            _ => Err(Errno::Inval),
        }
    }
}

fn parts(path: &str) -> VecDeque<String> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.map(ToString::to_string).collect()
}
