//! The walk along a path, through a tree or a real directory.

#[cfg(feature = "dir")]
pub(crate) use super::path::DIRECTORY_PATH_BYTES;
pub(crate) use super::path::{checked, relative};

use super::{
    Errno,
    path::{LINKS_LIMIT, NAME_BYTES},
};
use alloc::{sync::Arc, vec, vec::Vec};
use core::ops::Range;

/// Where a walk stands: a directory, and how it was reached.
pub(crate) trait Ground {
    /// What a name leads to.
    type Found;

    /// How many parts a path may have, with those of all links that it leads through.
    const MOST_STEPS: u64;

    /// Notes that one more part of a path is taken.
    fn count_step(&mut self);

    /// What a name leads to from here, if anything.
    fn look_up(&mut self, name: &str) -> Result<Option<Self::Found>, Errno>;

    /// The target of what was found, if it is a symbolic link.
    fn target(&mut self, name: &str, found: &Self::Found) -> Result<Option<Arc<str>>, Errno>;

    /// Goes into the directory that was found; `NOTDIR` if it is not a directory.
    fn enter(&mut self, name: &str, found: Self::Found) -> Result<(), Errno>;

    /// Goes back to the directory that was left last, so never above where the path started, wherever
    /// that is moved to; `NOTCAPABLE` if there is none.
    fn leave(&mut self) -> Result<(), Errno>;
}

/// Where a path leads, from the directory where the walk ended.
pub(crate) struct End<F> {
    pub(crate) last: Last,
    /// What the last name leads to, if it is one and leads to anything.
    pub(crate) found: Option<F>,
    /// Whether slashes follow the last name, so that it must be that of a directory.
    pub(crate) slash: bool,
}

/// The last part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    Name(Arc<str>),
    Dot,
    DotDot,
}

/// What happens to a symbolic link at the end of a path; all others are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastLink {
    Follow,
    /// Kept, unless slashes follow it.
    Keep,
    /// Kept even where slashes follow it: what makes, moves or removes names does not look through.
    KeepAlways,
}

impl LastLink {
    /// For what only looks.
    pub(crate) fn followed_if(follow: bool) -> Self {
        if follow { Self::Follow } else { Self::Keep }
    }
}

/// Walks to the directory in which the last name of a path is looked up.
///
/// # Errors
/// `NOENT`, `NAMETOOLONG`, `ILSEQ`, `INVAL`, `NOTCAPABLE`, `NOTDIR`, `LOOP`, and what the ground answers.
pub(crate) fn walk<G: Ground>(
    ground: &mut G,
    path: &[u8],
    last_link: LastLink,
) -> Result<End<G::Found>, Errno> {
    let mut walk = Walk {
        rest: Rest::new(relative(checked(path)?)?),
        links: 0,
        last_link,
    };
    for _ in 0..G::MOST_STEPS {
        ground.count_step();
        if let Some(end) = walk.step(ground)? {
            return Ok(end);
        }
    }
    Err(Errno::Nametoolong)
}

/// A path on its way.
struct Walk {
    rest: Rest,
    links: u8,
    last_link: LastLink,
}

impl Walk {
    /// Takes one part of the path; says where it leads if that was the last.
    fn step<G: Ground>(&mut self, ground: &mut G) -> Result<Option<End<G::Found>>, Errno> {
        let part = self.rest.next().ok_or(Errno::Noent)?;
        let last = match part.text() {
            "." => Last::Dot,
            ".." => {
                ground.leave()?;
                Last::DotDot
            }
            name if name.len() > NAME_BYTES => return Err(Errno::Nametoolong),
            name => {
                return match ground.look_up(name)? {
                    Some(found) => self.enter(ground, name, found),
                    None if self.rest.is_empty() => Ok(Some(self.end(name, None))),
                    None => Err(Errno::Noent),
                };
            }
        };
        Ok(self.rest.is_empty().then_some(End {
            last,
            found: None,
            slash: self.rest.slash,
        }))
    }

    /// Goes on to what a name leads to.
    fn enter<G: Ground>(
        &mut self,
        ground: &mut G,
        name: &str,
        found: G::Found,
    ) -> Result<Option<End<G::Found>>, Errno> {
        let last = self.rest.is_empty();
        let keep = last
            && match self.last_link {
                LastLink::Follow => false,
                LastLink::Keep => !self.rest.slash,
                LastLink::KeepAlways => true,
            };
        if !keep && let Some(target) = ground.target(name, &found)? {
            self.links = self.links.saturating_add(1);
            if self.links > LINKS_LIMIT {
                return Err(Errno::Loop);
            }
            relative(&target)?;
            self.rest.put_before(target);
        } else if last {
            return Ok(Some(self.end(name, Some(found))));
        } else {
            ground.enter(name, found)?;
        }
        Ok(None)
    }

    fn end<F>(&self, name: &str, found: Option<F>) -> End<F> {
        End {
            last: Last::Name(name.into()),
            found,
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
}
