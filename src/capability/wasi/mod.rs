//! WASI preview 1 without ambient authority.

mod abi;
mod args;
mod call;
mod clocks;
#[cfg(all(feature = "worker", unix))]
mod crossing;
mod fds;
mod files;
mod functions;
mod growing;
mod metadata;
mod paths;
mod poll;
mod process;
mod readdir;
mod state;
mod stdin;
mod stdio;

#[cfg(all(feature = "worker", unix))]
pub(crate) use crossing::{Crossing, crossing, directories};
pub(super) use functions::FUNCTIONS;
pub use stdin::{Arrival, InputSource};

use super::{Clock, Grants, Opening, Random};
use crate::{files::Files, host::Extensions, tree::Tree};

use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use clocks::Time;
use core::time::Duration;
use fds::Descriptors;
use state::{Mount, State};
use stdin::Stdin;

/// The work of looking up one name, in bytes moved: one fuel.
const WORK_BYTES: u64 = 64;

/// Lets a guest be a program of WASI preview 1: arguments, environment, streams, clocks, random
/// bytes and files, none of them the machine's unless the host hands them over.
///
/// Its input is the run's input or what a [`stdin`](Self::stdin) of its own brings, its output the run's output; what
/// it writes to its error stream is in [`Report::stderr`](crate::Report::stderr), and its exit status is the run's
/// status. By default time starts at the Unix epoch and goes one nanosecond on with each fuel, a guest that sleeps
/// moves the clock, and random bytes are those of seed 0: runs are reproducible.
///
/// ```
/// use fuelbox::{Limits, Sandbox, Tree, capability::Wasi};
///
/// let files = Tree::new().file("/etc/motd", "welcome")?;
/// let wasi = Wasi::new().arg("--verbose").env("LANG", "C").tree(files);
/// let sandbox = Sandbox::new(Limits::default()).grant(wasi);
/// # let _ = sandbox;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// More of it, each with a default:
///
/// ```
/// use fuelbox::{Tree, capability::{Clock, Random, Wasi}};
/// use std::time::Duration;
///
/// let wasi = Wasi::new()
///     .program("report")
///     .args(["--day", "monday"])
///     .mount("/data", Tree::new().writable())
///     .clock(Clock::fixed(Duration::from_secs(1_767_225_600)))
///     .random(Random::seeded(7));
/// # let _ = wasi;
/// ```
#[derive(Clone)]
pub struct Wasi {
    args: Vec<String>,
    env: Vec<String>,
    mounts: Vec<Mount>,
    clock: Clock,
    random: Random,
    stdin: Option<Arc<dyn InputSource>>,
}

impl Wasi {
    /// A program called `guest`, without arguments, environment or files.
    #[must_use]
    pub fn new() -> Self {
        Self {
            args: Vec::from(["guest".to_string()]),
            env: Vec::new(),
            mounts: Vec::new(),
            clock: Clock::by_fuel(Duration::ZERO),
            random: Random::seeded(0),
            stdin: None,
        }
    }

    /// Sets the name of the program, its argument 0.
    #[must_use]
    pub fn program(mut self, name: impl Into<String>) -> Self {
        if let Some(first) = self.args.first_mut() {
            *first = name.into();
        }
        self
    }

    /// Adds an argument. What follows a zero byte in it is lost, as in every C string.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: Into<String>>(self, args: impl IntoIterator<Item = S>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Adds a variable to the environment, in place of any other of that name.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let name = name.as_ref();
        self.env
            .retain(|other| other.split_once('=').is_none_or(|(other, _)| other != name));
        self.env.push(format!("{name}={}", value.as_ref()));
        self
    }

    /// Mounts files at `/`; see [`mount`](Self::mount).
    #[must_use]
    pub fn tree(self, tree: Tree) -> Self {
        self.mount("/", tree)
    }

    /// Mounts files under a name of the guest's, such as `/data`, in place of any other there, as what
    /// is granted again replaces what was granted before.
    ///
    /// A name is the same if its letters are: `/data` and `/data/` are two.
    /// A guest sees the first 1,021 mounts: it has 1,024 descriptors, and three are its streams.
    /// Each run begins with a tree as it is here. One that is writable is in
    /// [`Report::trees`](crate::Report::trees) after the run. What is written to a real directory, `Dir`
    /// of the feature `dir`, is there and in no report.
    #[must_use]
    pub fn mount(mut self, name: impl Into<String>, files: impl Into<Files>) -> Self {
        let name = name.into();
        self.mounts.retain(|other| other.name != name);
        let files = files.into();
        self.mounts.push(Mount { name, files });
        self
    }

    /// Sets the clock. `Clock::system` makes runs irreproducible, and a guest that sleeps really waits.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Sets where random bytes come from.
    #[must_use]
    pub fn random(self, random: Random) -> Self {
        Self { random, ..self }
    }

    /// Takes standard input from `source` while the guest runs, in place of the run's input.
    ///
    /// `fd_read` waits until something has arrived, within the deadline; `step` returns meanwhile. There is no
    /// limit to what arrives, since no more than 16 KiB of it is kept. Each run of the sandbox reads on where the last
    /// one stopped, and runs are no longer reproducible.
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use fuelbox::{Limits, Sandbox, capability::{self, Wasi}};
    /// use std::io::Write;
    ///
    /// let (reader, mut writer) = capability::pipe();
    /// let sandbox = Sandbox::new(Limits::default()).grant(Wasi::new().stdin(reader));
    /// std::thread::spawn(move || writer.write_all(b"a line\n"));
    /// # let _ = sandbox;
    /// # }
    /// ```
    #[must_use]
    pub fn stdin(self, source: impl InputSource + 'static) -> Self {
        Self {
            stdin: Some(Arc::new(source)),
            ..self
        }
    }

    /// What a run begins with.
    fn into_state(self) -> State {
        let mut mounts = self.mounts;
        let fds = Descriptors::with_directories(mounts.len());
        // Those that there is no descriptor for are never looked at.
        for mount in &mut mounts {
            mount.files.retain_root();
        }
        State {
            args: self.args.into(),
            env: self.env.into(),
            mounts,
            fds,
            time: Time::new(self.clock),
            random: self.random,
            input_read: 0,
            stdin: self.stdin.map(Stdin::new),
        }
    }
}

impl Default for Wasi {
    fn default() -> Self {
        Self::new()
    }
}

impl Opening for Wasi {
    fn open(self, grants: &mut Grants) {
        grants.grant_with(FUNCTIONS, self.into_state());
    }
}

impl core::fmt::Debug for Wasi {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Wasi")
            .field("args", &self.args)
            .finish_non_exhaustive()
    }
}

/// Begins a call: its input is read from the start.
pub(super) fn begin_call(states: &mut Extensions) {
    if let Some(state) = states.get_mut::<State>() {
        state.input_read = 0;
    }
}

/// Lets go of what the host's system keeps open for an instance.
pub(super) fn close_files(states: &mut Extensions) {
    if let Some(state) = states.get_mut::<State>() {
        state
            .mounts
            .iter_mut()
            .for_each(|mount| mount.files.close_all());
    }
}

/// The lowest descriptor that is not as every instance begins with it.
pub(super) fn changed_descriptor(states: &Extensions) -> Option<u32> {
    let state = states.get::<State>()?;
    let begun = Descriptors::with_directories(state.mounts.len());
    state.fds.first_difference(&begun)
}

/// How many names in mounted files the guest was not shown.
pub(super) fn names_left_out(states: &Extensions) -> u64 {
    let mounts = states.get::<State>().map(|state| state.mounts.iter());
    mounts
        .into_iter()
        .flatten()
        .map(|mount| mount.files.left_out())
        .fold(0, u64::saturating_add)
}

/// The files that the guest could write to, as it left them, and the names that they were mounted under.
pub(super) fn trees(states: &Extensions) -> (Vec<String>, Vec<Tree>) {
    let mounts = states.get::<State>().map(|state| state.mounts.iter());
    written(mounts.into_iter().flatten().cloned())
}

/// The same without a copy; the guest has none of them any longer.
pub(super) fn take_trees(states: &mut Extensions) -> (Vec<String>, Vec<Tree>) {
    let mounts = states
        .get_mut::<State>()
        .map(|state| core::mem::take(&mut state.mounts));
    written(mounts.into_iter().flatten())
}

fn written(mounts: impl Iterator<Item = Mount>) -> (Vec<String>, Vec<Tree>) {
    mounts
        .filter_map(|mount| Some((mount.name, mount.files.into_written()?)))
        .unzip()
}
