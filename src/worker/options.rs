//! How workers are started and watched.

use super::confinement::Wall;
use crate::clock::{Clock, MonotonicClock};
use alloc::{sync::Arc, vec::Vec};
use core::{fmt, time::Duration};
use std::{ffi::OsString, path::PathBuf};

/// How workers are started and watched.
///
/// All of it, with its defaults, but for the program:
///
/// ```
/// use fuelbox::worker::WorkerOptions;
/// use std::time::Duration;
///
/// let options = WorkerOptions::default()
///     .grace(Duration::from_secs(2))
///     .admission_time(Duration::from_secs(30))
///     .address_space_bytes(4 << 30)
///     .instances(16)
///     .quarantine(3, Duration::from_secs(300));
/// let own = options.program("/usr/bin/fuelbox");
/// # let _ = own;
/// ```
#[derive(Clone)]
pub struct WorkerOptions {
    pub(super) program: Option<PathBuf>,
    pub(super) arguments: Vec<OsString>,
    pub(super) grace: Duration,
    pub(super) admission_time: Duration,
    pub(super) address_space_bytes: u64,
    pub(super) instances: usize,
    pub(super) deaths: u32,
    pub(super) quarantine: Duration,
    pub(super) unconfined: Vec<Wall>,
    pub(super) clock: Clock,
}

impl WorkerOptions {
    /// Sets the program that workers are: the program `fuelbox`, or one that calls [`main`](super::main()) first of
    /// all. By default the host's own.
    #[must_use]
    pub fn program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = Some(program.into());
        self
    }

    /// Adds an argument for the program, before those that say that it is a worker.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets how much longer than its deadline a run may take before its worker is killed. Default two seconds.
    ///
    /// A guest is stopped at its deadline by the worker itself. This is for a worker that does not.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Sets how long a worker may take to check and compile a module, and to start. Default 30 seconds.
    #[must_use]
    pub fn admission_time(mut self, time: Duration) -> Self {
        self.admission_time = time;
        self
    }

    /// Sets the address space of a worker, in bytes. Default 4 GiB.
    ///
    /// Beyond it an allocation fails: what a guest sizes is
    /// [`Stop::SystemOutOfMemory`](crate::Stop::SystemOutOfMemory), anything else ends the worker by an abort. Memories
    /// of guests that are [lent](crate::keep_memory) reserve as much as they may grow to.
    #[must_use]
    pub fn address_space_bytes(mut self, bytes: u64) -> Self {
        self.address_space_bytes = bytes;
        self
    }

    /// Sets how many instances may live at once, each in a worker of its own beside those for runs. Default 16.
    #[must_use]
    pub fn instances(mut self, instances: usize) -> Self {
        self.instances = instances;
        self
    }

    /// Keeps a module out for `time` once so many runs of it have ended workers, each within `time` of the one
    /// before. Default three and five minutes.
    ///
    /// What counts is the hash of its bytes. With `u32::MAX` deaths no module is kept out.
    #[must_use]
    pub fn quarantine(mut self, deaths: u32, time: Duration) -> Self {
        self.deaths = deaths;
        self.quarantine = time;
        self
    }

    /// Uses workers that lack `walls`, too. By default all but Landlock on an old kernel must be there.
    ///
    /// What is missing is in [`WorkerPool::confinement`](super::WorkerPool::confinement).
    #[must_use]
    pub fn allow_unconfined(mut self, walls: &[Wall]) -> Self {
        self.unconfined.extend_from_slice(walls);
        self
    }

    /// Sets the clock that quarantine and the restart of workers go by. By default the machine's.
    #[must_use]
    pub fn clock(mut self, clock: impl MonotonicClock + 'static) -> Self {
        self.clock = Clock::Host(Arc::new(clock));
        self
    }
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self {
            program: None,
            arguments: Vec::new(),
            grace: Duration::from_secs(2),
            admission_time: Duration::from_secs(30),
            // Of 64 MiB each, as many memories as are ever kept, and room for what compiling takes.
            address_space_bytes: 4 << 30,
            instances: 16,
            deaths: 3,
            quarantine: Duration::from_secs(300),
            unconfined: Vec::new(),
            clock: Clock::System,
        }
    }
}

impl fmt::Debug for WorkerOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerOptions")
            .field("program", &self.program)
            .field("grace", &self.grace)
            .field("unconfined", &self.unconfined)
            .finish_non_exhaustive()
    }
}
