//! Reads: contents and metadata, without any change.

use super::{Dir, errno::errno, handle::Handle, look::Found, walk::Place};
use crate::tree::{
    At, Errno, Kind, NodeId, Stat,
    walk::{Last, LastLink},
};
use alloc::string::{String, ToString};
use std::io::{ErrorKind, Read, Seek, SeekFrom};

impl Dir {
    /// What is known about what is open.
    ///
    /// # Errors
    /// `BADF`, and what the system answers.
    pub(crate) fn stat(&mut self, id: NodeId) -> Result<Stat, Errno> {
        self.add_calls(1);
        let found = match self.handles.get(id)? {
            Handle::File(file) => Found::new(file.metadata().map_err(errno)?),
            Handle::Directory(directory) => Found::directory(&directory.position.handle)?,
        };
        Ok(found.stat(self.numbers.of(found.identity)))
    }

    /// What is known about what a path leads to.
    ///
    /// # Errors
    /// What finding the path answers, `NOENT`, `NOTDIR`.
    pub(crate) fn stat_at(&mut self, at: At<'_>, follow: bool) -> Result<Stat, Errno> {
        let (_, found) = self.resolve(at, follow)?;
        Ok(found.stat(self.numbers.of(found.identity)))
    }

    /// The target of a symbolic link.
    ///
    /// # Errors
    /// What finding the path answers, `NOENT`; `INVAL` if it is not a symbolic link; `ILSEQ`.
    pub(crate) fn read_link(&mut self, at: At<'_>) -> Result<String, Errno> {
        let (place, found) = self.resolve(at, false)?;
        let (Kind::Symlink, Last::Name(name)) = (found.kind, &place.last) else {
            return Err(Errno::Inval);
        };
        self.add_calls(2);
        let target = place.parent.handle.read_link_contents(&**name);
        let target = target.map_err(errno)?;
        Ok(target.to_str().ok_or(Errno::Ilseq)?.to_string())
    }

    /// Reads from `offset` on, and says how many bytes there were: fewer than asked for at the file's end,
    /// and where that is more than can be read at once.
    ///
    /// # Errors
    /// `ISDIR`, `BADF`, and what the system answers.
    pub(crate) fn read_at(
        &mut self,
        id: NodeId,
        offset: u64,
        buffer: &mut [u8],
    ) -> Result<usize, Errno> {
        self.add_calls(2);
        let mut file = self.handles.file(id)?;
        let Some(buffer) = buffer.get_mut(..buffer.len().min(MOST_AT_ONCE)) else {
            return Ok(0);
        };
        if i64::try_from(offset).is_err() {
            return Ok(0);
        }
        file.seek(SeekFrom::Start(offset)).map_err(errno)?;
        let mut read = 0;
        while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match file.read(rest) {
                Ok(0) => break,
                Ok(len) => read = read.saturating_add(len),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) if read > 0 => break,
                Err(error) => return Err(errno(error)),
            }
        }
        Ok(read)
    }

    /// Finds what is there, and where.
    pub(super) fn resolve(&mut self, at: At<'_>, follow: bool) -> Result<(Place, Found), Errno> {
        let mut place = self.walk(at, LastLink::followed_if(follow))?;
        let found = place.found.take().ok_or(Errno::Noent)?;
        if place.slash && found.kind != Kind::Directory {
            return Err(Errno::Notdir);
        }
        Ok((place, found))
    }
}

/// The most bytes of one buffer that are read or written, as nothing looks at the clock meanwhile.
pub(super) const MOST_AT_ONCE: usize = 1 << 20;
