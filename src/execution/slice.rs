//! One slice: fuel for the guest, and its way into the interpreter.

use super::{pace::Slice, progress::Progress, running::Running};
use crate::{
    guard::guard, host::Host, instance::Guest, module::TABLE_GROW_REPLAY_FUEL, report::Phase,
    stop::Stop,
};
use core::mem;

impl Running {
    /// Gives the guest one slice of `most` fuel at the most; returns the fuel it used.
    pub(super) fn run_slice(&mut self, guest: &mut Guest, most: u64) -> u64 {
        let required = match &self.progress {
            Progress::Suspended(call) => call.required_fuel(),
            Progress::Ready | Progress::Held(_) | Progress::Over(_) => 0,
        };
        let in_store = fuel_in_store(guest);
        let Host { ledger, meter, .. } = guest.store.data_mut();
        let left = ledger.left(in_store);
        if left < required {
            let limit = ledger.limit();
            self.stop(guest, Stop::OutOfFuel { limit });
            return 0;
        }
        // A growth of a table begins again, so it pays twice for entering its function.
        let replay = if meter.take_unpaid_table_growth() {
            TABLE_GROW_REPLAY_FUEL
        } else {
            0
        };
        ledger.refund(replay);
        let required = required.saturating_add(replay);
        let watch = &mut guest.store.data_mut().watch;
        let Slice { fuel, nanos } = self
            .pace
            .slice(watch.nanos_left(), watch.can_be_cancelled());
        watch.begin_slice(nanos);
        // What the guest needs to get on at all comes first, or it would come back here for ever.
        let wanted = fuel.min(most).max(required);
        let slice = guest.store.data_mut().ledger.slice(in_store, wanted);
        set_fuel(guest, slice);
        self.slices = self.slices.saturating_add(1);
        self.advance(guest);
        // Not while the guest runs: a subscriber that panics could not unwind through the interpreter.
        guest.store.data_mut().record.emit_logs();
        let in_store = fuel_in_store(guest);
        left.saturating_sub(guest.store.data().ledger.left(in_store))
    }

    /// Runs the guest until its slice is used up, its phase ends, or it stops.
    fn advance(&mut self, guest: &mut Guest) {
        let store = &mut guest.store;
        let results = if self.phase == Phase::Entry {
            &mut *self.results
        } else {
            &mut []
        };
        let (function, params) = self
            .calls
            .of(self.phase)
            .expect("a call is in a phase that it has");
        // Each in a guard of its own: what is moved into one is copied.
        let outcome = match mem::replace(&mut self.progress, Progress::Ready) {
            Progress::Suspended(call) => guard(|| call.resume(store, results)),
            Progress::Held(held) => guard(|| held.resume(store, results)),
            Progress::Ready | Progress::Over(_) => {
                guard(|| function.call_resumable(store, params, results))
            }
        };
        self.take(guest, outcome);
    }
}

/// The fuel that the interpreter holds.
pub(super) fn fuel_in_store(guest: &Guest) -> u64 {
    let fuel = guest.store.get_fuel();
    fuel.expect("fuel is metered in every engine")
}

/// Gives the interpreter `fuel` to hold.
pub(super) fn set_fuel(guest: &mut Guest, fuel: u64) {
    let set = guest.store.set_fuel(fuel);
    set.expect("fuel is metered in every engine");
}
