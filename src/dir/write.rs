//! Writes: changes of the contents of files.

use super::{Dir, errno::errno, handle::Handle, read::MOST_AT_ONCE, times::Times};
use crate::tree::{Errno, NodeId, end_of, length};
use std::io::{Seek, SeekFrom, Write};

/// Each answers `ROFS` where the directory is read-only, `ISDIR` for a directory and `FBIG` beyond the largest
/// offset that has a sign.
impl Dir {
    /// Writes as many of `bytes` as fit and can be written at once, and says how many; zeros fill the gap
    /// if the file ends before `offset`.
    ///
    /// # Errors
    /// `NOSPC` if not one fits, and what the system answers.
    pub(crate) fn write_at(
        &mut self,
        id: NodeId,
        offset: u64,
        bytes: &[u8],
    ) -> Result<usize, Errno> {
        self.must_be_writable()?;
        self.add_calls(3);
        let mut file = self.handles.file(id)?;
        if bytes.is_empty() {
            return Ok(0);
        }
        end_of(offset, length(bytes.len()))?;
        let gap = offset.saturating_sub(file.metadata().map_err(errno)?.len());
        let room = self.budget.bytes().saturating_sub(gap);
        let fits = usize::try_from(room)
            .unwrap_or(usize::MAX)
            .min(MOST_AT_ONCE);
        let bytes = bytes.get(..fits).unwrap_or(bytes);
        if bytes.is_empty() {
            return Err(Errno::Nospc);
        }
        let mut written = 0;
        self.budget
            .write(gap.saturating_add(length(bytes.len())), || {
                file.seek(SeekFrom::Start(offset)).map_err(errno)?;
                written = file.write(bytes).map_err(errno)?;
                Ok(gap.saturating_add(length(written)))
            })?;
        Ok(written)
    }

    /// Cuts a file, or makes it longer with zeros.
    ///
    /// # Errors
    /// `NOSPC`, and what the system answers.
    pub(crate) fn set_size(&mut self, id: NodeId, size: u64) -> Result<(), Errno> {
        self.must_be_writable()?;
        self.add_calls(2);
        let file = self.handles.file(id)?;
        end_of(size, 0)?;
        let growth = size.saturating_sub(file.metadata().map_err(errno)?.len());
        self.budget.write(growth, || {
            file.set_len(size).map_err(errno)?;
            Ok(growth)
        })?;
        Ok(())
    }

    /// Makes a file longer with zeros if it ends before `offset` and `len`. No place on the disk is set
    /// aside for them.
    ///
    /// # Errors
    /// `INVAL` if `len` is 0; as [`set_size`](Self::set_size).
    pub(crate) fn allocate(&mut self, id: NodeId, offset: u64, len: u64) -> Result<(), Errno> {
        self.must_be_writable()?;
        let size = self.handles.file(id)?.metadata().map_err(errno)?.len();
        if len == 0 {
            return Err(Errno::Inval);
        }
        let end = end_of(offset, len)?;
        if end > size {
            self.set_size(id, end)?;
        }
        Ok(())
    }

    /// Sets times; `None` leaves one as it is.
    ///
    /// # Errors
    /// `ROFS`, and what the system answers.
    pub(crate) fn set_times(
        &mut self,
        id: NodeId,
        accessed: Option<u64>,
        modified: Option<u64>,
    ) -> Result<(), Errno> {
        self.must_be_writable()?;
        self.add_calls(2);
        let times = Times { accessed, modified };
        match self.handles.get(id)? {
            Handle::File(file) => times.set_of_file(file),
            Handle::Directory(directory) => times.set_of_directory(&directory.position.handle),
        }
    }
}
