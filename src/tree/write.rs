//! Writes: changes of the contents of files.

use super::{
    Tree,
    node::{Body, Content, NodeId, Owner, length},
    quota::Amount,
};
use crate::tree::Errno;
use alloc::{sync::Arc, vec::Vec};

/// Each answers `ROFS` where the tree is read-only, `ISDIR` for a directory and `FBIG` beyond the largest
/// offset that has a sign. `now` is the time in nanoseconds.
impl Tree {
    /// Writes as many of `bytes` as fit and says how many; zeros fill the gap if the file ends before
    /// `offset`.
    ///
    /// # Errors
    /// `NOSPC` if not one fits.
    pub(crate) fn write_at(
        &mut self,
        id: NodeId,
        offset: u64,
        bytes: &[u8],
        now: u64,
    ) -> Result<usize, Errno> {
        self.must_be_writable()?;
        let content = self.content(id)?;
        let len = length(content.bytes.len());
        if bytes.is_empty() {
            return Ok(0);
        }
        let end = end_of(offset, length(bytes.len()))?.min(self.most_bytes(content));
        let fits = end.checked_sub(offset).filter(|fits| *fits > 0);
        let fits = usize::try_from(fits.ok_or(Errno::Nospc)?).map_err(|_| Errno::Nospc)?;
        let start = usize::try_from(offset).map_err(|_| Errno::Nospc)?;

        let contents = self.resize(id, len.max(end), now)?;
        let place = contents
            .get_mut(start..)
            .and_then(|rest| rest.get_mut(..fits));
        let (Some(place), Some(bytes)) = (place, bytes.get(..fits)) else {
            return Err(Errno::Io);
        };
        place.copy_from_slice(bytes);
        Ok(fits)
    }

    /// Cuts a file, or makes it longer with zeros.
    ///
    /// # Errors
    /// `NOSPC`.
    pub(crate) fn set_size(&mut self, id: NodeId, size: u64, now: u64) -> Result<(), Errno> {
        self.must_be_writable()?;
        self.content(id)?;
        end_of(size, 0)?;
        self.resize(id, size, now)?;
        Ok(())
    }

    /// Makes a file longer with zeros if it ends before `offset` and `len`.
    ///
    /// # Errors
    /// `NOSPC`; `INVAL` if `len` is 0.
    pub(crate) fn allocate(
        &mut self,
        id: NodeId,
        offset: u64,
        len: u64,
        now: u64,
    ) -> Result<(), Errno> {
        self.must_be_writable()?;
        let size = length(self.content(id)?.bytes.len());
        if len == 0 {
            return Err(Errno::Inval);
        }
        let end = end_of(offset, len)?;
        if end > size {
            self.resize(id, end, now)?;
        }
        Ok(())
    }

    pub(super) fn content(&self, id: NodeId) -> Result<&Content, Errno> {
        match &self.node(id)?.body {
            Body::File(content) => Ok(content),
            Body::Directory(_) => Err(Errno::Isdir),
            Body::Symlink(_) => Err(Errno::Badf),
        }
    }

    /// How long a file may get; 0 if it may not be written to.
    pub(super) fn most_bytes(&self, content: &Content) -> u64 {
        let len = length(content.bytes.len());
        let room = self.quota.room();
        if content.owner == self.guest {
            len.saturating_add(room)
        } else if len <= room {
            room
        } else {
            // What is the host's is copied first, and already that does not fit.
            0
        }
    }

    /// Makes a file exactly that long, and its contents the guest's own.
    fn resize(&mut self, id: NodeId, size: u64, now: u64) -> Result<&mut [u8], Errno> {
        let new_len = usize::try_from(size).map_err(|_| Errno::Nospc)?;
        let gone = self.exchange_size(id, size)?;
        let (quota, guest) = (&mut self.quota, self.guest);
        let node = self.nodes.get_mut(&id).ok_or(Errno::Badf)?;
        node.touch(now);
        let Body::File(content) = &mut node.body else {
            return Err(Errno::Badf);
        };
        match content.resize(new_len, guest) {
            Ok(contents) => Ok(contents),
            Err(errno) => {
                quota.give_back(bytes(size));
                quota.take(gone)?;
                Err(errno)
            }
        }
    }

    /// Counts a file as that long, and notes the work that this takes; returns what it counted for.
    pub(super) fn exchange_size(&mut self, id: NodeId, size: u64) -> Result<Amount, Errno> {
        let content = self.content(id)?;
        let len = length(content.bytes.len());
        let is_own = content.owner == self.guest;
        let gone = bytes(if is_own { len } else { 0 });
        let new_len = usize::try_from(size).map_err(|_| Errno::Nospc)?;
        let moved = length(content.moved_by(new_len, self.guest));
        self.quota.exchange(gone, bytes(size))?;
        if let Err(errno) = self.must_be_paid(moved / BYTES_PER_WORK) {
            self.quota.exchange(bytes(size), gone)?;
            return Err(errno);
        }
        Ok(gone)
    }

    /// Counts a file as it was before [`exchange_size`](Self::exchange_size).
    pub(super) fn take_back_size(&mut self, size: u64, gone: Amount) -> Result<(), Errno> {
        self.quota.give_back(bytes(size));
        self.quota.take(gone)
    }
}

impl Content {
    /// How many bytes are written, or have to be moved, to make it `size` bytes long.
    pub(super) fn moved_by(&self, size: usize, guest: Owner) -> usize {
        if self.has_room_for(size, guest) {
            size.saturating_sub(self.bytes.len())
        } else {
            size
        }
    }

    /// Whether the guest's own bytes stay where they are.
    pub(super) fn has_room_for(&self, size: usize, guest: Owner) -> bool {
        self.owner == guest && self.room_for(size) == self.reserved
    }

    /// How many bytes there is room for once it is `size` bytes long.
    pub(super) fn room_after(&self, size: usize, guest: Owner) -> usize {
        if self.owner == guest {
            self.room_for(size)
        } else {
            size
        }
    }

    /// How much room `size` bytes are given: an eighth more than they take when they outgrow what there
    /// is, so that a file that grows by bytes is not moved for each; all of it back when half is empty.
    fn room_for(&self, size: usize) -> usize {
        if size > self.reserved {
            size.saturating_add(size / 8)
        } else if size < self.reserved / 2 {
            size
        } else {
            self.reserved
        }
    }

    fn resize(&mut self, size: usize, guest: Owner) -> Result<&mut [u8], Errno> {
        if self.owner != guest {
            let kept = self.bytes.get(..size).unwrap_or(&self.bytes);
            let mut copy = Vec::new();
            reserve(&mut copy, size)?;
            copy.extend_from_slice(kept);
            *self = Self {
                bytes: Arc::new(copy),
                owner: guest,
                reserved: size,
            };
        }
        let room = self.room_for(size);
        let bytes = Arc::make_mut(&mut self.bytes);
        if room > self.reserved {
            reserve(bytes, room)?;
        }
        bytes.resize(size, 0);
        bytes.shrink_to(room);
        self.reserved = room;
        Ok(bytes)
    }
}

/// Reserves room for `size` bytes in all; a host that is out of memory is no reason to abort.
pub(super) fn reserve(bytes: &mut Vec<u8>, size: usize) -> Result<(), Errno> {
    bytes
        .try_reserve_exact(size.saturating_sub(bytes.len()))
        .map_err(|_| Errno::Nospc)
}

fn bytes(bytes: u64) -> Amount {
    Amount {
        bytes,
        ..Amount::default()
    }
}

const BYTES_PER_WORK: u64 = 64;

/// Where `len` bytes from `offset` on end.
pub(crate) fn end_of(offset: u64, len: u64) -> Result<u64, Errno> {
    offset
        .checked_add(len)
        .filter(|end| i64::try_from(*end).is_ok())
        .ok_or(Errno::Fbig)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{At, Open};

    fn opened(limit: u64) -> (Tree, NodeId) {
        let mut tree = Tree::new().writable().bytes_limit(limit.saturating_add(1));
        let how = Open {
            create: true,
            ..Open::default()
        };
        let id = tree.open(At::root("f"), how, 1).unwrap();
        (tree, id)
    }

    #[test]
    fn writes_overwrite_append_and_fill_gaps() {
        let (mut tree, id) = opened(100);
        assert_eq!(tree.write_at(id, 0, b"abcd", 1), Ok(4));
        assert_eq!(tree.write_at(id, 2, b"XYZ", 1), Ok(3));
        assert_eq!(tree.write_at(id, 7, b"!", 1), Ok(1));
        assert_eq!(tree.get("f"), Some(&b"abXYZ\0\0!"[..]));
        assert_eq!(tree.write_at(id, 99, b"", 1), Ok(0));
        assert_eq!(tree.bytes(), 9);
    }

    #[test]
    fn at_the_limit_a_write_is_cut_short_and_then_refused() {
        let (mut tree, id) = opened(4);
        assert_eq!(tree.write_at(id, 1, b"abcdef", 1), Ok(3));
        assert_eq!(tree.write_at(id, 4, b"x", 1), Err(Errno::Nospc));
        assert_eq!(tree.write_at(id, 3, b"xx", 1), Ok(1));
        assert_eq!(tree.write_at(id, 9, b"x", 1), Err(Errno::Nospc));
        assert_eq!(tree.get("f"), Some(&b"\0abx"[..]));
        assert_eq!(tree.set_size(id, 5, 1), Err(Errno::Nospc));
        assert_eq!(tree.allocate(id, 4, 1, 1), Err(Errno::Nospc));
        assert_eq!(tree.set_size(id, 1, 1), Ok(()));
        tree.set_room(2);
        assert_eq!(tree.write_at(id, 1, b"abc", 1), Ok(2));
    }

    #[test]
    fn sizes_that_no_offset_reaches_are_too_large() {
        let (mut tree, id) = opened(u64::MAX);
        assert_eq!(tree.write_at(id, u64::MAX, b"x", 1), Err(Errno::Fbig));
        assert_eq!(tree.set_size(id, u64::MAX, 1), Err(Errno::Fbig));
        assert_eq!(tree.allocate(id, u64::MAX, 1, 1), Err(Errno::Fbig));
        assert_eq!(tree.allocate(id, 0, 0, 1), Err(Errno::Inval));
        assert_eq!(tree.set_size(NodeId::ROOT, 0, 1), Err(Errno::Isdir));
        assert_eq!(tree.write_at(NodeId::ROOT, 0, b"x", 1), Err(Errno::Isdir));
        // More than any host has: refused, not aborted, and not counted.
        assert_eq!(tree.set_size(id, 1 << 62, 1), Err(Errno::Nospc));
        assert_eq!(tree.bytes(), 1);
    }

    #[test]
    fn space_is_allocated_only_at_the_end() {
        let (mut tree, id) = opened(200);
        for (offset, len, size) in [(0, 100, 100), (10, 10, 100), (90, 20, 110)] {
            tree.allocate(id, offset, len, 1).unwrap();
            assert_eq!(tree.stat(id).unwrap().size, size);
        }
    }

    #[test]
    fn a_file_of_the_hosts_counts_whole_once_written_to() {
        let host = Tree::new().file("/f", "12345").unwrap().writable();
        let mut tree = host.clone().bytes_limit(5);
        let id = tree.resolve(At::root("f"), false).unwrap();
        tree.set_room(4);
        assert_eq!(tree.write_at(id, 0, b"x", 1), Err(Errno::Nospc));
        assert_eq!(tree.set_size(id, 4, 1), Ok(()));
        assert_eq!(tree.bytes(), 4);
        tree.set_room(9);
        assert_eq!(tree.write_at(id, 0, b"xyzzy!", 1), Ok(5));
        assert_eq!(tree.get("f"), Some(&b"xyzzy"[..]));
        assert_eq!(host.get("f"), Some(&b"12345"[..]));
        assert_eq!(tree.unlink(At::root("f"), 1), Ok(()));
        assert_eq!(tree.bytes(), 0);
    }

    #[test]
    fn memory_follows_the_size() {
        let (mut tree, id) = opened(1 << 20);
        for offset in 0..10_000 {
            tree.write_at(id, offset, b"x", 1).unwrap();
        }
        let capacity = |tree: &Tree| tree.content(id).unwrap().bytes.capacity();
        assert!(capacity(&tree) <= 10_000 + 10_000 / 8);
        tree.set_size(id, 4_000, 1).unwrap();
        assert_eq!(capacity(&tree), 4_000);
        tree.set_size(id, 0, 1).unwrap();
        assert_eq!(capacity(&tree), 0);
    }

    #[test]
    fn what_grows_by_little_is_moved_seldom() {
        let (mut tree, id) = opened(1 << 20);
        let piece = [b'x'; 64];
        let before = tree.take_work();
        for offset in 0..10_000 {
            tree.write_at(id, offset * 64, &piece, 1).unwrap();
        }
        // Each byte is moved some eight times on the way, not thousands of times.
        assert!(tree.take_work() - before < 10_000 * 10);
    }

    #[test]
    fn what_cannot_be_paid_for_is_not_done() {
        let (mut tree, id) = opened(1 << 20);
        tree.set_fuel(tree.work.saturating_add(100));
        assert_eq!(tree.set_size(id, 64 * 101, 1), Err(Errno::Nospc));
        assert_eq!((tree.stat(id).unwrap().size, tree.bytes()), (0, 1));
        assert!(tree.take_work() > 100);
        assert_eq!(tree.set_size(id, 64 * 100, 1), Ok(()));
    }
}
