//! What a WASI guest was given, as data.

use super::{Wasi, state::State};
use crate::{
    capability::{Clock, Random, crossing::ClockData},
    files::{self, Directory},
    host::Extensions,
    text::Name,
    tree::TreeSize,
};
use alloc::{borrow::Cow, format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};
use std::os::fd::OwnedFd;

/// What a WASI guest is given, as data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Crossing {
    args: Vec<String>,
    env: Vec<String>,
    mounts: Vec<Mounted>,
    clock: ClockData,
    seed: u64,
}

/// Files, and the name that the guest knows them by.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Mounted {
    name: String,
    files: files::Crossing,
}

/// What is kept for a guest in `states`, as data.
///
/// # Errors
/// What is no data.
pub(crate) fn crossing(states: &Extensions) -> Result<Crossing, Cow<'static, str>> {
    const NAME: &str = "Wasi";

    let state = states.get::<State>().ok_or(NAME)?;
    if state.stdin.is_some() {
        return Err(NAME.into());
    }
    let mounts = state.mounts.iter().map(|mount| {
        let files = mount.files.crossing().ok_or_else(|| {
            // Nothing else that is mounted stays behind.
            format!(
                "{NAME} with the read-write directory '{}'",
                Name(&mount.name)
            )
        })?;
        Ok::<_, Cow<'static, str>>(Mounted {
            name: mount.name.clone(),
            files,
        })
    });
    Ok(Crossing {
        args: state.args.to_vec(),
        env: state.env.to_vec(),
        mounts: mounts.collect::<Result<_, _>>()?,
        clock: state.time.clock().crossing().ok_or(NAME)?,
        seed: state.random.seed().ok_or(NAME)?,
    })
}

/// The real directories among the files that are kept for a guest in `states`, in the order of [`Crossing`].
pub(crate) fn directories(states: &Extensions) -> Vec<Directory> {
    let mounts = states.get::<State>().map(|state| state.mounts.iter());
    let mounts = mounts.into_iter().flatten();
    mounts.filter_map(|mount| mount.files.directory()).collect()
}

impl Crossing {
    /// The most that each tree can have after a run which may write to it.
    pub(crate) fn most_written(&self) -> Vec<TreeSize> {
        let mounts = self.mounts.iter();
        mounts
            .filter_map(|mounted| mounted.files.most_written())
            .collect()
    }

    /// The same again; none where its directories do not get what they need of `descriptors`.
    pub(crate) fn into_wasi(self, descriptors: &mut impl Iterator<Item = OwnedFd>) -> Option<Wasi> {
        let mut wasi = Wasi::new()
            .clock(Clock::from(self.clock))
            .random(Random::seeded(self.seed));
        wasi.args = self.args;
        wasi.env = self.env;
        for mounted in self.mounts {
            wasi = wasi.mount(mounted.name, mounted.files.into_files(descriptors)?);
        }
        Some(wasi)
    }
}
