//! What the capability keeps for one run.

use super::{clocks::Time, fds::Descriptors, stdin::Stdin};
use crate::{capability::random::Random, files::Files, host::Host, tree::Errno};
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
    /// Standard input that arrives during the run, in place of the run's input.
    pub(super) stdin: Option<Stdin>,
}

/// Files, and the name that the guest knows them by.
#[derive(Clone)]
pub(super) struct Mount {
    pub(super) name: String,
    pub(super) files: Files,
}

impl State {
    pub(super) fn files(&mut self, mount: usize) -> Result<&mut Files, Errno> {
        self.mounts
            .get_mut(mount)
            .map(|mount| &mut mount.files)
            .ok_or(Errno::Badf)
    }

    /// What all files take of the host's memory for the guest, in bytes.
    fn bytes(&self) -> u64 {
        self.mounts
            .iter()
            .map(|mount| mount.files.bytes())
            .fold(0, u64::saturating_add)
    }

    /// Whether the host's system was asked for files since this was last asked.
    pub(super) fn take_reached_machine(&mut self) -> bool {
        let mut reached = false;
        for mount in &mut self.mounts {
            reached |= mount.files.take_reached_machine();
        }
        reached
    }

    /// The work in all files since the last call.
    pub(super) fn take_work(&mut self) -> u64 {
        self.mounts
            .iter_mut()
            .map(|mount| mount.files.take_work())
            .fold(0, u64::saturating_add)
    }

    /// Closes what was taken out of the table of descriptors.
    pub(super) fn closed(&mut self, descriptor: &super::fds::Descriptor) {
        use super::fds::Object;
        if let Object::File { mount, node, .. } | Object::Directory { mount, node, .. } =
            descriptor.object
            && let Ok(files) = self.files(mount)
        {
            files.release(node);
        }
    }
}

/// Works on files within what the run's memory leaves, and counts what they then take.
pub(super) fn edit<T>(
    host: &mut Host,
    mount: usize,
    change: impl FnOnce(&mut Files) -> Result<T, Errno>,
) -> Result<T, Errno> {
    let room = host.meter.room_for_files();
    let fuel = host.ledger.left_in_call();
    let state = super::call::state_of(host);
    let all = state.bytes();
    let files = state.files(mount)?;
    files.set_room(room.saturating_sub(all));
    files.set_fuel(fuel);
    let outcome = change(files);
    let bytes = state.bytes();
    host.meter.set_files(bytes);
    outcome
}
