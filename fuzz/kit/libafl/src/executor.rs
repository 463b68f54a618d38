//! Executors: what runs a guest for LibAFL.

use crate::guest::{ComparesObserver, Guest, WaysObserver};
use fuelbox::{CallError, Stop, fuzz::Verdict};
use libafl::{
    Error,
    executors::{Executor, ExitKind, HasObservers},
    inputs::ToTargetBytesConverter,
    observers::CmpObserver,
    state::HasExecutions,
};
use libafl_bolts::tuples::{Handle, MatchName, MatchNameRef, RefIndexable};

/// Runs a guest, and writes which ways it took to an observer of `W`: a [`WaysObserver`], or one that tracks indices.
#[derive(Debug)]
pub struct GuestExecutor<W, OT> {
    guest: Guest,
    ways: Handle<W>,
    observers: OT,
}

/// Runs a guest, and tells an observer what it compares: takes about twice as long, so it is for a `TracingStage`.
#[derive(Debug)]
pub struct CompareExecutor<OT> {
    guest: Guest,
    compares: Handle<ComparesObserver>,
    observers: OT,
}

impl<W, OT> GuestExecutor<W, OT> {
    /// An executor of `guest`. The observer of its ways, [`Guest::ways`], is among `observers`.
    pub fn new(guest: &Guest, ways: Handle<W>, observers: OT) -> Self {
        Self {
            guest: guest.clone(),
            ways,
            observers,
        }
    }
}

impl<OT> CompareExecutor<OT> {
    /// An executor of `guest`. The observer of what it compares, [`Guest::compares`], is among `observers`.
    pub fn new(guest: &Guest, compares: Handle<ComparesObserver>, observers: OT) -> Self {
        Self {
            guest: guest.clone(),
            compares,
            observers,
        }
    }
}

impl<EM, I, OT, S, W, Z> Executor<EM, I, S, Z> for GuestExecutor<W, OT>
where
    OT: MatchName,
    S: HasExecutions,
    W: AsMut<WaysObserver>,
    Z: ToTargetBytesConverter<I, S>,
{
    fn run_target(
        &mut self,
        fuzzer: &mut Z,
        state: &mut S,
        _: &mut EM,
        input: &I,
    ) -> Result<ExitKind, Error> {
        count_run(state);
        let ways = self.observers.get_mut(&self.ways);
        let ways = ways.ok_or_else(|| missing("the ways"))?.as_mut();
        let input = fuzzer.convert_to_target_bytes(state, input);
        let mut target = self.guest.target();
        let verdict = target.run(&input).map_err(|error| refused(&error))?;
        for (way, count) in verdict.edges.taken() {
            if let Some(counter) = ways.get_mut(way) {
                *counter = u8::try_from(count).unwrap_or(u8::MAX);
            }
        }
        Ok(exit_kind(&verdict))
    }
}

impl<EM, I, OT, S, Z> Executor<EM, I, S, Z> for CompareExecutor<OT>
where
    OT: MatchName,
    S: HasExecutions,
    Z: ToTargetBytesConverter<I, S>,
{
    fn run_target(
        &mut self,
        fuzzer: &mut Z,
        state: &mut S,
        _: &mut EM,
        input: &I,
    ) -> Result<ExitKind, Error> {
        count_run(state);
        let compares = self.observers.get_mut(&self.compares);
        let compares = compares.ok_or_else(|| missing("what is compared"))?;
        let input = fuzzer.convert_to_target_bytes(state, input);
        let mut target = self.guest.target();
        let verdict = target
            .run_comparing(&input)
            .map_err(|error| refused(&error))?;
        compares.cmp_map_mut().fill(verdict.compares());
        Ok(exit_kind(&verdict))
    }
}

impl<W, OT> HasObservers for GuestExecutor<W, OT> {
    type Observers = OT;

    fn observers(&self) -> RefIndexable<&OT, OT> {
        RefIndexable::from(&self.observers)
    }

    fn observers_mut(&mut self) -> RefIndexable<&mut OT, OT> {
        RefIndexable::from(&mut self.observers)
    }
}

impl<OT> HasObservers for CompareExecutor<OT> {
    type Observers = OT;

    fn observers(&self) -> RefIndexable<&OT, OT> {
        RefIndexable::from(&self.observers)
    }

    fn observers_mut(&mut self) -> RefIndexable<&mut OT, OT> {
        RefIndexable::from(&mut self.observers)
    }
}

/// How a run ended, in LibAFL's words.
fn exit_kind(verdict: &Verdict<'_>) -> ExitKind {
    match &verdict.stop {
        None => ExitKind::Ok,
        Some(Stop::OutOfFuel { .. }) => ExitKind::Timeout,
        Some(Stop::OutOfMemory { .. } | Stop::OutOfTable { .. } | Stop::SystemOutOfMemory) => {
            ExitKind::Oom
        }
        Some(_) => ExitKind::Crash,
    }
}

fn count_run(state: &mut impl HasExecutions) {
    let runs = state.executions_mut();
    *runs = runs.saturating_add(1);
}

/// The program has another observer among those of the executor than it says.
fn missing(what: &str) -> Error {
    Error::key_not_found(format!(
        "no observer of {what} is among those of the executor"
    ))
}

/// No input is to blame: an instance could not be made again.
fn refused(error: &CallError) -> Error {
    Error::unknown(error.to_string())
}
