//! What was granted, as data, for a sandbox in another process.

use super::{Abort, Clock, Declared, Grants, Input, Log, Opening, Output, Random, wasi};
use super::{abort, clock, io, log, random};
use crate::{files::Directory, host::Extensions, tree::TreeSize};
use alloc::{borrow::Cow, boxed::Box, format, vec::Vec};
use core::time::Duration;
use serde::{Deserialize, Serialize};
use std::os::fd::OwnedFd;

/// A capability as data.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Crossing {
    Abort,
    Clock(ClockData),
    Input,
    Log,
    Output,
    Random { seed: u64 },
    Wasi(Box<wasi::Crossing>),
}

/// All that has crossed, to be granted again: in place of what was granted before.
pub(crate) struct Arrived(Grants);

/// A clock as data.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClockData {
    Fixed(Duration),
    ByFuel(Duration),
    /// The machine's, which every process of it can read.
    System,
}

impl Grants {
    /// All that was granted, as data.
    ///
    /// # Errors
    /// The name of what is no data: a function or a source of the host, or a directory that may be changed.
    pub(crate) fn crossing(&self) -> Result<Vec<Crossing>, Cow<'static, str>> {
        if let Some(function) = self.functions.first() {
            let name = format!("{}.{}", function.module(), function.name());
            return Err(name.into());
        }
        let mut states = Extensions::new();
        self.prepare(&mut states);
        let granted = self.granted.iter();
        granted
            .map(|functions| crossing(functions, &states))
            .collect()
    }

    /// The real directories that were granted, in the order in which [`Arrived`] takes them.
    pub(crate) fn directories(&self) -> Vec<Directory> {
        let mut states = Extensions::new();
        self.prepare(&mut states);
        wasi::directories(&states)
    }

    /// Whether functions that nobody offers are linked all the same.
    pub(crate) fn has_stubs(&self) -> bool {
        self.stubs
    }
}

/// One table of functions and what is kept for it, as data.
fn crossing(
    functions: &'static [Declared],
    states: &Extensions,
) -> Result<Crossing, Cow<'static, str>> {
    let name = |functions: &[Declared]| {
        let first = functions.first();
        first.map_or("", |declared| declared.signature.capability)
    };
    let own = name(functions);
    let is = |table: &'static [Declared]| name(table) == own;
    let found = if is(abort::FUNCTIONS) {
        Some(Crossing::Abort)
    } else if is(io::INPUT_FUNCTIONS) {
        Some(Crossing::Input)
    } else if is(io::OUTPUT_FUNCTIONS) {
        Some(Crossing::Output)
    } else if is(log::FUNCTIONS) {
        Some(Crossing::Log)
    } else if is(clock::FUNCTIONS) {
        let clock = states.get::<Clock>().and_then(Clock::crossing);
        clock.map(Crossing::Clock)
    } else if is(random::FUNCTIONS) {
        let seed = states.get::<Random>().and_then(Random::seed);
        seed.map(|seed| Crossing::Random { seed })
    } else {
        let wasi = wasi::crossing(states)?;
        Some(Crossing::Wasi(Box::new(wasi)))
    };
    found.ok_or(Cow::Borrowed(own))
}

impl Crossing {
    /// The most that each tree can have after a run which may write to it.
    pub(crate) fn most_written(&self) -> Vec<TreeSize> {
        match self {
            Self::Wasi(wasi) => wasi.most_written(),
            _ => Vec::new(),
        }
    }
}

impl Arrived {
    /// None where there are not as many descriptors as real directories, or they are not those of directories.
    pub(crate) fn new(
        crossing: Vec<Crossing>,
        descriptors: impl IntoIterator<Item = OwnedFd>,
    ) -> Option<Self> {
        let mut descriptors = descriptors.into_iter();
        let mut grants = Grants::default();
        for crossing in crossing {
            match crossing {
                Crossing::Abort => Abort.open(&mut grants),
                Crossing::Clock(clock) => Clock::from(clock).open(&mut grants),
                Crossing::Input => Input.open(&mut grants),
                Crossing::Log => Log.open(&mut grants),
                Crossing::Output => Output.open(&mut grants),
                Crossing::Random { seed } => Random::seeded(seed).open(&mut grants),
                Crossing::Wasi(wasi) => wasi.into_wasi(&mut descriptors)?.open(&mut grants),
            }
        }
        descriptors.next().is_none().then_some(Self(grants))
    }
}

impl Opening for Arrived {
    fn open(self, grants: &mut Grants) {
        *grants = self.0;
    }
}
