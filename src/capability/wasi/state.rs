//! What the capability keeps for one run.

use super::{clocks::Time, fds::Descriptors};
use crate::{
    capability::random::Random,
    host::Host,
    tree::{Errno, Tree},
};
use alloc::{string::String, sync::Arc, vec::Vec};

/// What the capability keeps for one run.
#[derive(Clone)]
pub(super) struct State {
    pub(super) args: Arc<[String]>,
    pub(super) env: Arc<[String]>,
    pub(super) mounts: Vec<Mount>,
    pub(super) fds: Descriptors,
    pub(super) time: Time,
    pub(super) random: Random,
    /// How much of the input was read, in bytes.
    pub(super) input_read: usize,
}

/// A tree, and the name that the guest knows it by.
#[derive(Clone)]
pub(super) struct Mount {
    pub(super) name: String,
    pub(super) tree: Tree,
}

impl State {
    pub(super) fn tree(&mut self, mount: usize) -> Result<&mut Tree, Errno> {
        self.mounts
            .get_mut(mount)
            .map(|mount| &mut mount.tree)
            .ok_or(Errno::Badf)
    }

    /// What the guest has put into all trees, in bytes.
    fn bytes(&self) -> u64 {
        self.mounts
            .iter()
            .map(|mount| mount.tree.bytes())
            .fold(0, u64::saturating_add)
    }

    /// The work in all trees since the last call.
    pub(super) fn take_work(&mut self) -> u64 {
        self.mounts
            .iter_mut()
            .map(|mount| mount.tree.take_work())
            .fold(0, u64::saturating_add)
    }

    /// Closes what was taken out of the table of descriptors.
    pub(super) fn closed(&mut self, descriptor: &super::fds::Descriptor) {
        use super::fds::Object;
        if let Object::File { mount, node, .. } | Object::Directory { mount, node, .. } =
            descriptor.object
            && let Ok(tree) = self.tree(mount)
        {
            tree.release(node);
        }
    }
}

/// Changes a tree within what the run's memory leaves, and counts what it then takes.
pub(super) fn edit<T>(
    host: &mut Host,
    mount: usize,
    change: impl FnOnce(&mut Tree) -> Result<T, Errno>,
) -> Result<T, Errno> {
    let room = host.meter.room_for_files();
    let state = super::call::state_of(host);
    let all = state.bytes();
    let tree = state.tree(mount)?;
    tree.set_room(room.saturating_sub(all));
    let outcome = change(tree);
    let bytes = state.bytes();
    host.meter.set_files(bytes);
    outcome
}
