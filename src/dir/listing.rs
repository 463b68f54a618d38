//! A listing: the names in a directory, in pieces.

use super::{
    Dir,
    errno::errno,
    look::{Found, Seen, is_followable},
};
use crate::tree::{Errno, Kind, Line, Listed, NodeId, length};
use alloc::{boxed::Box, collections::BTreeSet, vec::Vec};
use cap_std::fs::{DirEntry, ReadDir};

/// The names in a directory at one time, sorted. A place in it stays what it is, whatever comes and goes in
/// the directory.
///
/// They are read in pieces, as there may be any number of them.
pub(super) struct Listing {
    /// What the system still has to tell; nothing once it has told all.
    unread: Option<ReadDir>,
    /// What was read and has no place yet.
    sorted: BTreeSet<Box<str>>,
    names: Vec<Box<str>>,
    /// What it takes of the host's memory.
    pub(super) bytes: u64,
    /// Names that a guest is not shown.
    left_out: u64,
}

impl Dir {
    /// Begins a listing of a directory from a cookie on, which [`read_dir`](Self::read_dir) then gives. 0 is
    /// the start, any other number the place after so many lines.
    ///
    /// # Errors
    /// `NOTDIR`, `BADF`; `NOENT` if the directory was removed.
    pub(crate) fn begin_listing(&mut self, id: NodeId, cookie: u64) -> Result<(), Errno> {
        self.add_calls(CALLS_PER_LINE);
        let directory = self.handles.directory(id)?;
        let handle = &directory.position.handle;
        if Found::directory(handle)?.is_removed() {
            return Err(Errno::Noent);
        }
        if cookie == 0 || directory.listing.is_none() {
            let entries = handle.entries().map_err(errno)?;
            self.handles.set_listing(id, Listing::new(entries))?;
        }
        Ok(())
    }

    /// Gives a piece of the listing that was begun to `each`, from a cookie on, until `each` takes no more.
    ///
    /// `.` and `..` come first, then the names that were there when the guest last asked for the start,
    /// sorted; those that went meanwhile are left out, those that came are not listed.
    ///
    /// # Errors
    /// `NOTDIR`, `BADF`; `NOMEM` if there are too many names.
    pub(crate) fn read_dir(
        &mut self,
        id: NodeId,
        cookie: u64,
        each: &mut dyn FnMut(Line<'_>) -> bool,
    ) -> Result<Listed, Errno> {
        let mut listing = self.handles.take_listing(id)?;
        let left_out = listing.left_out;
        let read = listing.read_piece(&self.handles.directory(id)?.position.handle);
        self.left_out = self
            .left_out
            .saturating_add(listing.left_out.saturating_sub(left_out));
        let Read { calls, is_whole } = read?;
        self.add_calls(calls);
        if listing.bytes > self.handles.room() || listing.len() > MOST_NAMES {
            return Err(Errno::Nomem);
        }
        let listed = if is_whole {
            self.give_lines(id, &listing, cookie, each)
        } else {
            Ok(Listed::More { from: cookie })
        };
        self.handles.set_listing(id, listing)?;
        listed
    }

    /// Gives some lines of a listing that was read to its end.
    fn give_lines(
        &mut self,
        id: NodeId,
        listing: &Listing,
        cookie: u64,
        each: &mut dyn FnMut(Line<'_>) -> bool,
    ) -> Result<Listed, Errno> {
        let position = self.handles.directory(id)?.position.clone();
        for (next, name, identity) in [(1, ".", position.identity), (2, "..", position.parent)] {
            let line = Line {
                next,
                inode: self.numbers.of(identity),
                kind: Kind::Directory,
                name,
            };
            if next > cookie && !each(line) {
                return Ok(Listed::All);
            }
        }
        let from = cookie.max(DOTS);
        let skipped = usize::try_from(from.saturating_sub(DOTS)).unwrap_or(usize::MAX);
        let names = listing.names.get(skipped..).unwrap_or_default();
        for (name, next) in names.iter().take(LINES_PER_PIECE).zip(from..) {
            let next = next.saturating_add(1);
            self.add_calls(CALLS_PER_LINE);
            let Seen::Found(found) = Found::at(&position.handle, name)? else {
                continue;
            };
            let line = Line {
                next,
                inode: self.numbers.of(found.identity),
                kind: found.kind,
                name,
            };
            if !each(line) {
                return Ok(Listed::All);
            }
        }
        Ok(if names.len() > LINES_PER_PIECE {
            let given = u64::try_from(LINES_PER_PIECE).unwrap_or(u64::MAX);
            Listed::More {
                from: from.saturating_add(given),
            }
        } else {
            Listed::All
        })
    }
}

/// What a piece of reading came to.
struct Read {
    /// How often the system was called, or what takes as long.
    calls: u64,
    is_whole: bool,
}

impl Listing {
    fn new(entries: ReadDir) -> Self {
        Self {
            unread: Some(entries),
            sorted: BTreeSet::new(),
            names: Vec::new(),
            bytes: 0,
            left_out: 0,
        }
    }

    fn len(&self) -> usize {
        self.sorted.len().saturating_add(self.names.len())
    }

    /// Reads on, and gives what was read its place once all is there.
    fn read_piece(&mut self, directory: &cap_std::fs::Dir) -> Result<Read, Errno> {
        let mut calls = 0_u64;
        let mut looked_at = 0;
        while let Some(entries) = &mut self.unread {
            if looked_at >= NAMES_PER_PIECE {
                break;
            }
            looked_at = looked_at.saturating_add(1);
            let Some(entry) = entries.next() else {
                self.unread = None;
                break;
            };
            let (name, asked) = shown(directory, &entry.map_err(errno)?)?;
            calls = calls.saturating_add(asked);
            match name {
                Some(name) => self.add(name),
                None => self.left_out = self.left_out.saturating_add(1),
            }
        }
        if self.unread.is_none() {
            while looked_at < NAMES_PER_PIECE
                && let Some(name) = self.sorted.pop_first()
            {
                looked_at = looked_at.saturating_add(1);
                self.names.push(name);
            }
        }
        let looked_at = u64::try_from(looked_at).unwrap_or(u64::MAX);
        Ok(Read {
            calls: calls.saturating_add(looked_at.div_ceil(NAMES_PER_CALL)),
            is_whole: self.unread.is_none() && self.sorted.is_empty(),
        })
    }

    fn add(&mut self, name: Box<str>) {
        self.bytes = self
            .bytes
            .saturating_add(length(name.len()))
            .saturating_add(NAME_BYTES);
        self.sorted.insert(name);
    }
}

/// The name of an entry, if a guest is shown it, and how often the system was asked for that.
fn shown(directory: &cap_std::fs::Dir, entry: &DirEntry) -> Result<(Option<Box<str>>, u64), Errno> {
    // A guest could not ask for any other.
    let Ok(name) = entry.file_name().into_string() else {
        return Ok((None, 0));
    };
    let ty = match entry.file_type() {
        Ok(ty) => ty,
        // It went meanwhile, or will be looked at again.
        Err(_) => return Ok((Some(name.into_boxed_str()), 1)),
    };
    let (is_shown, asked) = if ty.is_symlink() {
        (is_followable(directory, &name), 1)
    } else {
        (ty.is_file() || ty.is_dir(), 0)
    };
    Ok((is_shown.then(|| name.into_boxed_str()), asked))
}

/// `.` and `..`.
const DOTS: u64 = 2;
/// The host keeps some 4 MB for as many.
const MOST_NAMES: usize = 65_536;
/// What keeping a name takes beside its bytes; half of it on a host of 32 bits, which counts as much.
const NAME_BYTES: u64 = 16;
const CALLS_PER_LINE: u64 = 4;
/// How many names are read in the time of one call.
const NAMES_PER_CALL: u64 = 2;
/// Some 100 us of reading: 1.4 us for a name were measured, with that of the system.
const NAMES_PER_PIECE: usize = 64;
/// As long, at two calls of the system for each line.
const LINES_PER_PIECE: usize = 32;
