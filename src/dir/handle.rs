//! A handle: a file or directory that a guest has open in a real directory.

use super::{listing::Listing, walk::Position};
use crate::tree::{Errno, NodeId};
use alloc::collections::BTreeMap;
use cap_std::fs::File;

/// What a guest has open. Dropping it closes all.
pub(super) struct Handles {
    open: BTreeMap<NodeId, Handle>,
    next: u64,
    limit: usize,
    /// The most bytes that all listings together may take.
    room: u64,
}

/// A file or a directory.
pub(super) enum Handle {
    File(File),
    Directory(OpenDirectory),
}

pub(super) struct OpenDirectory {
    pub(super) position: Position,
    /// As it was when the guest last began to list it.
    pub(super) listing: Option<Listing>,
}

impl Handles {
    /// With the root open, as [`NodeId::ROOT`].
    pub(super) fn new(root: Position, limit: usize) -> Self {
        let root = Handle::Directory(OpenDirectory {
            position: root,
            listing: None,
        });
        Self {
            open: BTreeMap::from([(NodeId::ROOT, root)]),
            next: NodeId::ROOT.inode(),
            limit,
            room: u64::MAX,
        }
    }

    /// Refuses to open one more where too many are open.
    pub(super) fn must_have_room(&self) -> Result<(), Errno> {
        // The root is the host's.
        let open = self.open.keys().filter(|id| **id != NodeId::ROOT).count();
        if open >= self.limit {
            return Err(Errno::Mfile);
        }
        Ok(())
    }

    pub(super) fn insert(&mut self, handle: Handle) -> NodeId {
        self.next = self.next.saturating_add(1);
        let id = NodeId::new(self.next);
        self.open.insert(id, handle);
        id
    }

    pub(super) fn close(&mut self, id: NodeId) {
        self.open.remove(&id);
    }

    pub(super) fn close_all(&mut self) {
        self.open.clear();
    }

    pub(super) fn get(&self, id: NodeId) -> Result<&Handle, Errno> {
        self.open.get(&id).ok_or(Errno::Badf)
    }

    pub(super) fn file(&self, id: NodeId) -> Result<&File, Errno> {
        match self.get(id)? {
            Handle::File(file) => Ok(file),
            Handle::Directory(_) => Err(Errno::Isdir),
        }
    }

    pub(super) fn directory(&self, id: NodeId) -> Result<&OpenDirectory, Errno> {
        match self.get(id)? {
            Handle::Directory(directory) => Ok(directory),
            Handle::File(_) => Err(Errno::Notdir),
        }
    }

    pub(super) fn set_listing(&mut self, id: NodeId, listing: Listing) -> Result<(), Errno> {
        self.directory_mut(id)?.listing = Some(listing);
        Ok(())
    }

    /// Takes a listing that was begun out, to work on it.
    pub(super) fn take_listing(&mut self, id: NodeId) -> Result<Listing, Errno> {
        self.directory_mut(id)?.listing.take().ok_or(Errno::Badf)
    }

    fn directory_mut(&mut self, id: NodeId) -> Result<&mut OpenDirectory, Errno> {
        match self.open.get_mut(&id) {
            Some(Handle::Directory(directory)) => Ok(directory),
            Some(Handle::File(_)) => Err(Errno::Notdir),
            None => Err(Errno::Badf),
        }
    }

    pub(super) fn set_room(&mut self, room: u64) {
        self.room = self.bytes().saturating_add(room);
    }

    /// By how much the listings may grow.
    pub(super) fn room(&self) -> u64 {
        self.room.saturating_sub(self.bytes())
    }

    /// What all listings take, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        let listings = self.open.values().filter_map(|handle| match handle {
            Handle::Directory(directory) => directory.listing.as_ref(),
            Handle::File(_) => None,
        });
        listings
            .map(|listing| listing.bytes)
            .fold(0, u64::saturating_add)
    }
}

/// Enough for programs, and little of what a process may have.
pub(super) const HANDLES_LIMIT: usize = 64;
