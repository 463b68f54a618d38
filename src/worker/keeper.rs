//! What a pool shares: its workers, and the thread that starts them.

use super::{
    backoff::Backoff, error::WorkerError, exchange::Lost, options::WorkerOptions, process::Worker,
    quarantine::Quarantine, spec::WorkerSpec, worker_module::WorkerModule,
};
use crate::{report::Report, stop::Stop};
use alloc::{collections::BTreeSet, vec::Vec};
use core::time::Duration;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What a pool, its instances and its thread share.
pub(super) struct Shared {
    pub(super) spec: WorkerSpec,
    pub(super) options: WorkerOptions,
    /// How many workers are there for runs.
    size: usize,
    state: Mutex<State>,
    /// Told to runs that wait for a worker.
    freed: Condvar,
    /// Told to the thread that starts workers. Not where a worker is free again: that is after each run.
    due: Condvar,
}

struct State {
    idle: Vec<Worker>,
    /// Those that run something, not counting those of instances.
    busy: usize,
    /// Those of instances.
    instances: usize,
    /// Every process there is.
    ids: BTreeSet<u32>,
    backoff: Backoff,
    quarantine: Quarantine,
    /// Why the last start failed, until one goes well.
    failure: Option<WorkerError>,
    closing: bool,
}

impl Shared {
    pub(super) fn new(spec: WorkerSpec, options: WorkerOptions, size: usize) -> Self {
        let state = State {
            idle: Vec::new(),
            busy: 0,
            instances: 0,
            ids: BTreeSet::new(),
            backoff: Backoff::default(),
            quarantine: Quarantine::new(options.deaths, options.quarantine),
            failure: None,
            closing: false,
        };
        Self {
            spec,
            options,
            size: size.max(1),
            state: Mutex::new(state),
            freed: Condvar::new(),
            due: Condvar::new(),
        }
    }

    /// Starts workers as long as the pool lives, or an instance of it.
    ///
    /// In a thread of its own, which every worker ends with: the system takes the thread for the parent.
    pub(super) fn keep(&self) {
        let mut state = self.open();
        loop {
            if state.closing {
                let idle = core::mem::take(&mut state.idle);
                drop(state);
                drop(idle);
                state = self.open();
                if state.instances == 0 && state.busy == 0 {
                    return;
                }
            } else if state.idle.len().saturating_add(state.busy) < self.size {
                let left = state.backoff.left(self.options.clock.now());
                if left.is_zero() {
                    drop(state);
                    self.start_one();
                    state = self.open();
                } else {
                    // In pieces, for the clock may be another than this one.
                    state = self.wait_for(state, left.min(PIECE));
                }
                continue;
            }
            state = self.wait_for(state, LOOK);
            bury_the_dead(&mut state);
        }
    }

    fn start_one(&self) {
        let started = Worker::start(&self.spec, &self.options);
        let mut state = self.open();
        match started {
            Ok(worker) => {
                state.failure = None;
                state.ids.insert(worker.id());
                state.idle.push(worker);
            }
            Err(error) => {
                state.failure = Some(error);
                state.backoff.ended(self.options.clock.now());
            }
        }
        self.freed.notify_all();
    }

    /// Waits until all workers are there, for the first time.
    ///
    /// # Errors
    /// Why one cannot be started.
    pub(super) fn wait_until_ready(&self) -> Result<Worker, WorkerError> {
        let mut state = self.open();
        while state.idle.len() < self.size {
            if let Some(failure) = &state.failure {
                return Err(failure.clone());
            }
            state = self.wait(state);
        }
        let worker = state.idle.pop();
        state.busy = state.busy.saturating_add(1);
        Ok(worker.expect("there are as many as the pool has, and it has one at least"))
    }

    /// A worker for a run of `module`, which waits for one where all are busy.
    ///
    /// # Errors
    /// [`WorkerError::Quarantined`]; why none can be started.
    pub(super) fn take(&self, module: &WorkerModule) -> Result<Worker, WorkerError> {
        let mut state = self.open();
        self.must_be_admitted(&state, module)?;
        loop {
            let known = |worker: &Worker| worker.link.modules.has(module.digest());
            let place = state.idle.iter().rposition(known);
            let place = place.or(state.idle.len().checked_sub(1));
            if let Some(place) = place {
                let mut worker = state.idle.swap_remove(place);
                state.busy = state.busy.saturating_add(1);
                drop(state);
                if worker.is_alive() {
                    return Ok(worker);
                }
                // It ended while it had nothing to do: nobody's run is concerned.
                self.bury(worker);
                state = self.open();
                continue;
            }
            if let Some(failure) = state.failure.as_ref().filter(|_| state.busy == 0) {
                return Err(failure.clone());
            }
            state = self.wait(state);
        }
    }

    /// A worker is free again.
    pub(super) fn give_back(&self, worker: Worker) {
        let mut state = self.open();
        state.busy = state.busy.saturating_sub(1);
        state.backoff.went_well();
        if state.idle.len().saturating_add(state.busy) < self.size && !state.closing {
            state.idle.push(worker);
            drop(state);
            self.freed.notify_all();
            return;
        }
        state.ids.remove(&worker.id());
        drop(state);
        self.tell_all();
    }

    /// Ends a worker that ran something, or was to.
    pub(super) fn bury(&self, worker: Worker) {
        let id = worker.id();
        drop(worker);
        self.note_end(id);
    }

    /// Ends a worker that did not survive a run of `module`; what is known of the run is its report.
    #[cold]
    pub(super) fn lose(&self, worker: Worker, module: &WorkerModule, lost: Lost) -> Report {
        let id = worker.id();
        let how = worker.end(lost.error, lost.time);
        tracing::warn!(target: "fuelbox", %how, "a worker process has ended");
        self.note_end(id);
        let now = self.options.clock.now();
        self.open().quarantine.ended(*module.digest(), now);
        lost.gathered.stopped(Stop::Worker { how })
    }

    fn note_end(&self, id: u32) {
        let now = self.options.clock.now();
        let mut state = self.open();
        state.ids.remove(&id);
        state.busy = state.busy.saturating_sub(1);
        state.backoff.ended(now);
        drop(state);
        self.tell_all();
    }

    /// Makes a busy worker one of an instance; another is started in its place.
    ///
    /// # Errors
    /// [`WorkerError::Instances`].
    pub(super) fn pin(&self) -> Result<(), WorkerError> {
        let mut state = self.open();
        let limit = self.options.instances;
        if state.instances >= limit {
            return Err(WorkerError::Instances { limit });
        }
        state.instances = state.instances.saturating_add(1);
        state.busy = state.busy.saturating_sub(1);
        drop(state);
        self.tell_all();
        Ok(())
    }

    /// The worker of an instance is busy again, for no instance.
    pub(super) fn unpin(&self) {
        let mut state = self.open();
        state.instances = state.instances.saturating_sub(1);
        state.busy = state.busy.saturating_add(1);
    }

    /// The numbers of all processes.
    pub(super) fn ids(&self) -> Vec<u32> {
        self.open().ids.iter().copied().collect()
    }

    /// Ends the thread, once there are no instances; says whether that is now.
    pub(super) fn close(&self) -> bool {
        let mut state = self.open();
        state.closing = true;
        let is_over = state.instances == 0;
        drop(state);
        self.tell_all();
        is_over
    }

    fn must_be_admitted(&self, state: &State, module: &WorkerModule) -> Result<(), WorkerError> {
        let now = self.options.clock.now();
        match state.quarantine.left(module.digest(), now) {
            None => Ok(()),
            Some(left) => Err(WorkerError::Quarantined { left }),
        }
    }

    fn tell_all(&self) {
        self.freed.notify_all();
        self.due.notify_all();
    }

    fn open(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let waited = self.freed.wait(state);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        let waited = self.due.wait_timeout(state, time);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Lets go of workers that ended while they had nothing to do.
fn bury_the_dead(state: &mut State) {
    let State { idle, ids, .. } = state;
    idle.retain_mut(|worker| {
        let is_alive = worker.is_alive();
        if !is_alive {
            ids.remove(&worker.id());
        }
        is_alive
    });
}

/// How often the thread looks whether workers have ended that nobody has asked for anything.
const LOOK: Duration = Duration::from_secs(1);

/// How long the thread waits at once where the next start is not due.
const PIECE: Duration = Duration::from_millis(10);
