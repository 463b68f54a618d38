//! Where a guest's path leads.

use super::{
    Tree,
    node::{Body, NodeId},
};
use crate::tree::Errno;
use alloc::{sync::Arc, vec, vec::Vec};
use core::ops::Range;

/// Where a guest's path starts, and the path. It never leads above where it starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    /// A directory.
    pub(crate) base: NodeId,
    /// As the guest gave it.
    pub(crate) path: &'a [u8],
}

#[cfg(test)]
impl<'a> At<'a> {
    /// A path from the root.
    pub(super) fn root(path: &'a str) -> Self {
        Self {
            base: NodeId::ROOT,
            path: path.as_bytes(),
        }
    }
}

/// Where a path leads.
pub(super) struct Place {
    /// The directory in which the last name is looked up.
    pub(super) parent: NodeId,
    pub(super) last: Last,
    /// What is there, if anything.
    pub(super) node: Option<NodeId>,
    /// Whether slashes follow the last name, so that it must be that of a directory.
    pub(super) slash: bool,
}

/// The last part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Last {
    Name(Arc<str>),
    Dot,
    DotDot,
}

/// What becomes of a symbolic link at the end of a path; all others are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLink {
    Follow,
    /// Kept, unless slashes follow it.
    Keep,
    /// Kept even where slashes follow it: what makes, moves or removes names does not look through.
    KeepAlways,
}

impl Tree {
    /// Finds where a path leads.
    ///
    /// # Errors
    /// `NOENT`, `NAMETOOLONG`, `ILSEQ`, `INVAL`, `NOTCAPABLE`, `NOTDIR`, `LOOP`.
    pub(super) fn walk(&mut self, at: At<'_>, last_link: LastLink) -> Result<Place, Errno> {
        let mut walk = Walk {
            rest: Rest::new(relative(checked(at.path)?)?),
            here: at.base,
            above: vec![],
            links: 0,
            last_link,
        };
        loop {
            self.add_work(1);
            if let Some(place) = walk.step(self)? {
                return Ok(place);
            }
        }
    }
}

/// What every path must be, a link's target included.
///
/// # Errors
/// `NOENT`, `NAMETOOLONG`, `ILSEQ`, `INVAL`.
pub(super) fn checked(path: &[u8]) -> Result<&str, Errno> {
    if path.is_empty() {
        return Err(Errno::Noent);
    }
    if path.len() > PATH_BYTES {
        return Err(Errno::Nametoolong);
    }
    let path = core::str::from_utf8(path).map_err(|_| Errno::Ilseq)?;
    if path.contains('\0') {
        return Err(Errno::Inval);
    }
    Ok(path)
}

/// Refuses a path that does not start at a directory which the guest was given.
pub(super) fn relative(path: &str) -> Result<&str, Errno> {
    if path.starts_with('/') {
        return Err(Errno::Notcapable);
    }
    Ok(path)
}

/// The most bytes of a path, as in Linux; of one that a guest gives and of one from the root.
pub(super) const PATH_BYTES: usize = 4096;
/// The most bytes of a name, as in Linux.
pub(super) const NAME_BYTES: usize = 255;
/// The most bytes of a directory's path from the root: with any name in it, the path fits.
pub(super) const DIRECTORY_PATH_BYTES: usize = PATH_BYTES - 1 - NAME_BYTES;
/// How many symbolic links one path may lead through, as in Linux.
const LINKS_LIMIT: u8 = 40;

/// A path on its way.
struct Walk {
    rest: Rest,
    here: NodeId,
    /// The directories passed. `..` leads back to the last of them, so never above where the path
    /// started, wherever that is moved to.
    above: Vec<NodeId>,
    links: u8,
    last_link: LastLink,
}

impl Walk {
    /// Takes one part of the path; says where it leads if that was the last.
    fn step(&mut self, tree: &Tree) -> Result<Option<Place>, Errno> {
        let directory = tree.directory(self.here)?;
        let part = self.rest.next().ok_or(Errno::Noent)?;
        let last = match part.text() {
            "." => Last::Dot,
            ".." => {
                self.here = self.above.pop().ok_or(Errno::Notcapable)?;
                Last::DotDot
            }
            name if name.len() > NAME_BYTES => return Err(Errno::Nametoolong),
            name => {
                return match directory.get(name) {
                    Some(found) => self.enter(tree, name, found.node),
                    None if self.rest.is_empty() => Ok(Some(self.place(name, None))),
                    None => Err(Errno::Noent),
                };
            }
        };
        Ok(self.rest.is_empty().then_some(Place {
            parent: self.here,
            last,
            node: Some(self.here),
            slash: self.rest.slash,
        }))
    }

    /// Goes on to what a name leads to.
    fn enter(&mut self, tree: &Tree, name: &str, id: NodeId) -> Result<Option<Place>, Errno> {
        let last = self.rest.is_empty();
        let keep = last
            && match self.last_link {
                LastLink::Follow => false,
                LastLink::Keep => !self.rest.slash,
                LastLink::KeepAlways => true,
            };
        match &tree.node(id)?.body {
            Body::Symlink(target) if !keep => {
                self.links = self.links.saturating_add(1);
                if self.links > LINKS_LIMIT {
                    return Err(Errno::Loop);
                }
                relative(target)?;
                self.rest.put_before(Arc::clone(target));
            }
            _ if last => return Ok(Some(self.place(name, Some(id)))),
            Body::Directory(_) => {
                self.above.push(self.here);
                self.here = id;
            }
            Body::File(_) | Body::Symlink(_) => return Err(Errno::Notdir),
        }
        Ok(None)
    }

    fn place(&self, name: &str, node: Option<NodeId>) -> Place {
        Place {
            parent: self.here,
            last: Last::Name(name.into()),
            node,
            slash: self.rest.slash,
        }
    }
}

/// What of a path is still to be walked.
struct Rest {
    /// The path, and the targets of the links it led through, each with where it goes on. One that is
    /// through is dropped, so there are never more than links followed.
    texts: Vec<(Arc<str>, usize)>,
    /// Whether slashes follow the last name; set when that was taken.
    slash: bool,
}

/// One part of a path, between slashes.
struct Part {
    text: Arc<str>,
    range: Range<usize>,
}

impl Part {
    fn text(&self) -> &str {
        self.text.get(self.range.clone()).unwrap_or_default()
    }
}

impl Rest {
    /// Of a path that is neither empty nor starts with a slash.
    fn new(path: &str) -> Self {
        Self {
            texts: vec![(path.into(), 0)],
            slash: false,
        }
    }

    fn put_before(&mut self, path: Arc<str>) {
        self.texts.push((path, 0));
    }

    fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    fn next(&mut self) -> Option<Part> {
        let (text, start) = self.texts.pop()?;
        let rest = text.get(start..)?;
        let len = rest.find('/').unwrap_or(rest.len());
        let end = start.saturating_add(len);
        let slashes = leading_slashes(rest.get(len..)?);
        let next = end.saturating_add(slashes);
        if next < text.len() {
            self.texts.push((Arc::clone(&text), next));
        } else if self.texts.is_empty() {
            // Of this text and of all that led to it nothing is left.
            self.slash |= slashes > 0;
        }
        Some(Part {
            range: start..end,
            text,
        })
    }
}

fn leading_slashes(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'/').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};

    fn parts(path: &str) -> (Vec<String>, bool) {
        let mut rest = Rest::new(path);
        let mut parts = vec![];
        while let Some(part) = rest.next() {
            parts.push(part.text().to_string());
        }
        (parts, rest.slash)
    }

    #[test]
    fn slashes_part_a_path_and_those_at_its_end_are_noted() {
        let whole = |parts: &[&str]| parts.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(parts("a"), (whole(&["a"]), false));
        assert_eq!(parts("a//.//b"), (whole(&["a", ".", "b"]), false));
        assert_eq!(parts("é/../b///"), (whole(&["é", "..", "b"]), true));
    }

    #[test]
    fn slashes_within_do_not_count_as_those_at_the_end() {
        let mut rest = Rest::new("link/b");
        rest.next();
        rest.put_before("target/".into());
        rest.next();
        assert!(!rest.is_empty());
        rest.next();
        assert!(rest.is_empty() && !rest.slash);

        let mut rest = Rest::new("link/");
        rest.next();
        rest.put_before("target".into());
        rest.next();
        assert!(rest.is_empty() && rest.slash);
    }

    #[test]
    fn a_path_is_checked_before_it_is_walked() {
        assert_eq!(checked(b""), Err(Errno::Noent));
        assert_eq!(checked(&[b'a'; PATH_BYTES + 1]), Err(Errno::Nametoolong));
        assert_eq!(checked(b"a\xff"), Err(Errno::Ilseq));
        assert_eq!(checked(b"a\0"), Err(Errno::Inval));
        assert_eq!(checked(&[b'a'; PATH_BYTES]).map(str::len), Ok(PATH_BYTES));
        assert_eq!(relative("/"), Err(Errno::Notcapable));
    }
}
