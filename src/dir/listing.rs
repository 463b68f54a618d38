//! What is in a directory.

use super::{Dir, errno::errno, look::Found};
use crate::tree::{Errno, Kind, Line, NodeId, length};
use alloc::{boxed::Box, sync::Arc, vec::Vec};

/// The names in a directory at one time, sorted. A place in it stays what it is, whatever comes and goes in
/// the directory.
pub(super) struct Listing {
    names: Vec<Box<str>>,
    /// What it takes of the host's memory.
    pub(super) bytes: u64,
}

impl Dir {
    /// Gives the listing of a directory from a cookie on to `each`, until that wants no more. 0 is the
    /// start, any other number the place after so many lines.
    ///
    /// `.` and `..` come first, then the names that were there when the guest last asked for the start,
    /// sorted; those that went meanwhile are left out, those that came are not listed.
    ///
    /// # Errors
    /// `NOTDIR`, `BADF`; `NOENT` if the directory was removed; `NOMEM` if there are too many names.
    pub(crate) fn read_dir(
        &mut self,
        id: NodeId,
        cookie: u64,
        each: &mut dyn FnMut(Line<'_>) -> bool,
    ) -> Result<(), Errno> {
        let directory = self.handles.directory(id)?;
        let position = directory.position.clone();
        if Found::directory(&position.handle)?.is_removed() {
            return Err(Errno::Noent);
        }
        let listing = match &directory.listing {
            Some(listing) if cookie > 0 => Arc::clone(listing),
            _ => self.list(id)?,
        };
        for (next, name, identity) in [(1, ".", position.identity), (2, "..", position.parent)] {
            let line = Line {
                next,
                inode: self.numbers.of(identity),
                kind: Kind::Directory,
                name,
            };
            if next > cookie && !each(line) {
                return Ok(());
            }
        }
        let skipped = usize::try_from(cookie.saturating_sub(DOTS)).unwrap_or(usize::MAX);
        let names = (DOTS.saturating_add(1)..).zip(&listing.names);
        for (next, name) in names.skip(skipped) {
            self.add_calls(CALLS_PER_LINE);
            let Some(found) = Found::at(&position.handle, name)? else {
                continue;
            };
            let line = Line {
                next,
                inode: self.numbers.of(found.identity),
                kind: found.kind,
                name,
            };
            if !each(line) {
                break;
            }
        }
        Ok(())
    }

    /// Reads the names in a directory, in place of those read before.
    fn list(&mut self, id: NodeId) -> Result<Arc<Listing>, Errno> {
        self.handles.set_listing(id, None);
        let room = self.handles.room();
        let position = &self.handles.directory(id)?.position;
        let mut names = Vec::new();
        let mut bytes = 0_u64;
        let mut outcome = Ok(());
        for entry in position.handle.entries().map_err(errno)? {
            // A guest could not ask for any other.
            let Ok(name) = entry.map_err(errno)?.file_name().into_string() else {
                continue;
            };
            bytes = bytes
                .saturating_add(length(name.len()))
                .saturating_add(NAME_BYTES);
            if bytes > room || names.len() >= MOST_NAMES {
                outcome = Err(Errno::Nomem);
                break;
            }
            names.push(name.into_boxed_str());
        }
        let read = u64::try_from(names.len()).unwrap_or(u64::MAX);
        self.add_calls((read / NAMES_PER_CALL).saturating_add(CALLS_PER_LINE));
        outcome?;
        names.sort_unstable();
        let listing = Arc::new(Listing { names, bytes });
        self.handles.set_listing(id, Some(Arc::clone(&listing)));
        Ok(listing)
    }
}

/// `.` and `..`.
const DOTS: u64 = 2;
/// Listing cannot be interrupted: as many take some tens of milliseconds.
const MOST_NAMES: usize = 65_536;
/// What keeping a name takes beside its bytes; half of it on a host of 32 bits, which counts as much.
const NAME_BYTES: u64 = 16;
const CALLS_PER_LINE: u64 = 4;
/// How many names are read in the time of one call.
const NAMES_PER_CALL: u64 = 2;
