//! What a WASI guest was given, as data.

use super::{Wasi, state::State};
use crate::{
    capability::{Clock, Random, crossing::ClockData},
    files::Files,
    host::Extensions,
    tree::{Tree, TreeLimits, TreeSize},
};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// What a WASI guest is given, as data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Crossing {
    args: Vec<String>,
    env: Vec<String>,
    mounts: Vec<Mounted>,
    clock: ClockData,
    seed: u64,
}

/// A tree, and how much of it may be changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Mounted {
    name: String,
    tree: Tree,
    limits: TreeLimits,
}

/// What is kept for a guest in `states`, as data; none where some of it is no data.
pub(crate) fn crossing(states: &Extensions) -> Option<Crossing> {
    let state = states.get::<State>()?;
    if state.stdin.is_some() {
        return None;
    }
    let mounts = state.mounts.iter().map(|mount| match &mount.files {
        Files::Tree(tree) => Some(Mounted {
            name: mount.name.clone(),
            limits: tree.limits(),
            tree: tree.clone(),
        }),
        #[cfg(feature = "dir")]
        Files::Dir(_) => None,
    });
    Some(Crossing {
        args: state.args.to_vec(),
        env: state.env.to_vec(),
        mounts: mounts.collect::<Option<_>>()?,
        clock: state.time.clock().crossing()?,
        seed: state.random.seed()?,
    })
}

impl Crossing {
    /// The most that each tree can have after a run which may write to it.
    pub(crate) fn most_written(&self) -> Vec<TreeSize> {
        let mounts = self.mounts.iter();
        mounts
            .filter_map(|mounted| mounted.limits.most_written(&mounted.tree))
            .collect()
    }

    /// The same again.
    pub(crate) fn into_wasi(self) -> Wasi {
        let mut wasi = Wasi::new()
            .clock(Clock::from(self.clock))
            .random(Random::seeded(self.seed));
        wasi.args = self.args;
        wasi.env = self.env;
        self.mounts.into_iter().fold(wasi, |wasi, mounted| {
            wasi.mount(mounted.name, mounted.tree.with_limits(mounted.limits))
        })
    }
}
