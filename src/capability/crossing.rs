//! What was granted, as data, for a sandbox in another process.

use super::{Abort, Clock, Declared, Grants, Input, Log, Opening, Output, Random, wasi};
use super::{abort, clock, io, log, random};
use crate::{host::Extensions, tree::TreeSize};
use alloc::{borrow::Cow, boxed::Box, format, vec::Vec};
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// A capability as data. It opens what it was made from.
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
    /// The name of what is no data: a function or a source of the host, or a real directory.
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
        wasi::crossing(states).map(|wasi| Crossing::Wasi(Box::new(wasi)))
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

impl Opening for Crossing {
    fn open(self, grants: &mut Grants) {
        match self {
            Self::Abort => Abort.open(grants),
            Self::Clock(clock) => Clock::from(clock).open(grants),
            Self::Input => Input.open(grants),
            Self::Log => Log.open(grants),
            Self::Output => Output.open(grants),
            Self::Random { seed } => Random::seeded(seed).open(grants),
            Self::Wasi(wasi) => wasi.into_wasi().open(grants),
        }
    }
}
