//! Growth of files in pieces: moving all of a large file at once takes milliseconds.

use super::{
    Tree,
    node::{Body, Content, NodeId, length},
    write::{end_of, reserve},
};
use crate::tree::Errno;
use alloc::{sync::Arc, vec::Vec};
use core::mem;

/// As many bytes are moved at once: some 100 us, where the host has to find memory for them.
const PIECE_BYTES: usize = 256 << 10;

/// A file that is changed to another size in pieces. Until the end it has its old size, or part of the new.
#[derive(Debug)]
pub(crate) struct Growth {
    id: NodeId,
    size: usize,
    /// What it is going to hold; absent where it grows in its place.
    copy: Option<Vec<u8>>,
    /// How many bytes there is room for then.
    room: usize,
}

impl Tree {
    /// Begins to make a file as long as a write of `len` bytes at `offset` makes it, if that takes long.
    ///
    /// # Errors
    /// Those of [`write_at`](Self::write_at).
    pub(crate) fn begin_write(
        &mut self,
        id: NodeId,
        offset: u64,
        len: u64,
    ) -> Result<Option<Growth>, Errno> {
        let content = self.content(id)?;
        let Ok(end) = end_of(offset, len) else {
            return Ok(None);
        };
        let end = end.min(self.most_bytes(content));
        // What cannot be written, the write says why.
        if len == 0 || end <= offset || !self.is_writable() {
            return Ok(None);
        }
        let size = length(content.bytes.len()).max(end);
        self.begin_growth(id, size)
    }

    /// Begins to make a file as long as `end`, if it is shorter and that takes long.
    ///
    /// # Errors
    /// Those of [`allocate`](Self::allocate).
    pub(crate) fn begin_allocation(
        &mut self,
        id: NodeId,
        offset: u64,
        len: u64,
    ) -> Result<Option<Growth>, Errno> {
        self.must_be_writable()?;
        let end = end_of(offset, len)?;
        if end <= length(self.content(id)?.bytes.len()) {
            return Ok(None);
        }
        self.begin_growth(id, end)
    }

    /// Begins to make a file exactly that long, if that takes long: all of it is paid for here.
    ///
    /// # Errors
    /// Those of [`set_size`](Self::set_size).
    pub(crate) fn begin_growth(&mut self, id: NodeId, size: u64) -> Result<Option<Growth>, Errno> {
        self.must_be_writable()?;
        let content = self.content(id)?;
        end_of(size, 0)?;
        let new_len = usize::try_from(size).map_err(|_| Errno::Nospc)?;
        if content.moved_by(new_len, self.guest) <= PIECE_BYTES {
            return Ok(None);
        }
        let in_place = content.has_room_for(new_len, self.guest);
        let room = content.room_after(new_len, self.guest);
        let gone = self.exchange_size(id, size)?;
        let mut copy = (!in_place).then(Vec::new);
        if let Some(copy) = &mut copy
            && let Err(errno) = reserve(copy, room)
        {
            self.take_back_size(size, gone)?;
            return Err(errno);
        }
        Ok(Some(Growth {
            id,
            size: new_len,
            copy,
            room,
        }))
    }

    /// Goes on with a growth; returns whether that was all.
    ///
    /// # Errors
    /// `BADF` if the file has gone, which it does not within a call.
    pub(crate) fn grow_piece(&mut self, growth: &mut Growth, now: u64) -> Result<bool, Errno> {
        let guest = self.guest;
        let node = self.node_mut(growth.id)?;
        let Body::File(content) = &mut node.body else {
            return Err(Errno::Badf);
        };
        let piece = |len: usize| len.saturating_add(PIECE_BYTES).min(growth.size);
        let Some(copy) = &mut growth.copy else {
            let bytes = Arc::make_mut(&mut content.bytes);
            bytes.resize(piece(bytes.len()), 0);
            let is_all = bytes.len() >= growth.size;
            node.touch(now);
            return Ok(is_all);
        };
        let (start, end) = (copy.len(), piece(copy.len()));
        let kept = content.bytes.get(start..).unwrap_or_default();
        copy.extend_from_slice(kept.get(..end.saturating_sub(start)).unwrap_or(kept));
        copy.resize(end, 0);
        if end < growth.size {
            return Ok(false);
        }
        *content = Content {
            bytes: Arc::new(mem::take(copy)),
            owner: guest,
            reserved: growth.room,
        };
        node.touch(now);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::At;
    use alloc::vec;

    const MIB: usize = 1 << 20;

    /// Grows a file of the host with `len` bytes; returns how many pieces that takes.
    fn pieces(tree: &mut Tree, size: usize) -> usize {
        let id = tree.resolve(At::root("f"), false).unwrap();
        let before = tree.get("f").unwrap().to_vec();
        let Some(mut growth) = tree.begin_growth(id, length(size)).unwrap() else {
            return 0;
        };
        let mut pieces = 1_usize;
        while !tree.grow_piece(&mut growth, 1).unwrap() {
            assert!(tree.get("f").unwrap().starts_with(&before));
            pieces = pieces.saturating_add(1);
        }
        let mut after = before;
        after.resize(size, 0);
        assert!(tree.get("f").unwrap() == after);
        // Nothing is left to be done, and nothing is paid twice.
        tree.take_work();
        tree.set_size(id, length(size), 1).unwrap();
        assert_eq!((tree.take_work(), tree.bytes()), (0, length(size)));
        pieces
    }

    #[test]
    fn a_file_is_moved_in_pieces() {
        let host = Tree::new().file("/f", vec![7; 16 * MIB]).unwrap();
        let mut tree = host.clone().writable().bytes_limit(u64::MAX);
        // To be the guest's own at all.
        assert_eq!(pieces(&mut tree, 16 * MIB), 64);
        assert_eq!(pieces(&mut tree, 17 * MIB), 68);
        // There is room for more.
        assert_eq!(pieces(&mut tree, 18 * MIB), 4);
        assert_eq!(pieces(&mut tree, 18 * MIB + PIECE_BYTES), 0);
        assert_eq!(host.get("f").unwrap().len(), 16 * MIB);
    }

    #[test]
    fn a_write_without_fuel_or_room_does_not_begin() {
        let mut tree = Tree::new().file("/f", vec![7; MIB]).unwrap().writable();
        let id = tree.resolve(At::root("f"), false).unwrap();
        let half = length(MIB / 2);
        assert!(matches!(tree.begin_write(id, half, 9), Ok(Some(_))));
        tree.set_room(half);
        let refused = tree.begin_growth(id, length(MIB));
        assert!(matches!(refused, Err(Errno::Nospc)));
        tree.set_room(u64::MAX);
        tree.set_fuel(0);
        let unpaid = tree.begin_allocation(id, 0, length(2 * MIB));
        assert!(matches!(unpaid, Err(Errno::Nospc)));
        assert!(matches!(tree.begin_write(id, 0, 0), Ok(None)));
        assert!(matches!(tree.begin_allocation(id, 0, 7), Ok(None)));
    }
}
