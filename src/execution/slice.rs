//! A slice: fuel for the guest, and its way into the interpreter.

use super::{pace::Portion, progress::Progress, running::Running};
use crate::{
    clock, guard::guard, host::Host, instance::Guest, module::TABLE_GROW_REPLAY_FUEL,
    report::Phase, stop::Stop,
};
use core::{mem, time::Duration};

/// How far a step goes: an amount of fuel, a time, or whichever of the two ends first.
///
/// ```
/// use fuelbox::Slice;
/// use std::time::Duration;
///
/// let same_everywhere = Slice::fuel(100_000);
/// let of_a_frame = Slice::time(Duration::from_millis(2));
/// let both = Slice::fuel(100_000).within(Duration::from_millis(2));
/// # let _ = (same_everywhere, of_a_frame, both);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    pub(super) fuel: u64,
    pub(super) nanos: u64,
}

impl Slice {
    /// Until the guest ends or waits.
    pub(super) const ALL: Self = Self {
        fuel: u64::MAX,
        nanos: u64::MAX,
    };

    /// About this amount of fuel: the same point in the guest on every machine.
    #[must_use]
    pub const fn fuel(fuel: u64) -> Self {
        Self { fuel, ..Self::ALL }
    }

    /// At most this time, by the clock of the sandbox.
    ///
    /// It may take 50 us longer, which is what 12,500 fuel take at the most: no code runs longer without a check. It
    /// takes as much longer as what nothing interrupts: one function of the host, or one operation on many bytes, such
    /// as a fill of the memory. Where the guest is by then differs from run to run; what it does in the end does not.
    /// A clock that stands still bounds nothing: give fuel as well.
    #[must_use]
    pub fn time(time: Duration) -> Self {
        Self::ALL.within(time)
    }

    /// Sets the time, beside the fuel.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self {
            nanos: clock::nanos(time),
            ..self
        }
    }

    /// Whether nothing of it is left.
    pub(super) fn is_over(self) -> bool {
        self.fuel == 0 || self.nanos == 0
    }

    /// Whether time bounds it.
    pub(super) fn is_timed(self) -> bool {
        self.nanos < u64::MAX
    }

    /// Takes off what was used; time only where it bounds.
    pub(super) fn take(&mut self, fuel: u64, nanos: u64) {
        self.fuel = self.fuel.saturating_sub(fuel);
        if self.is_timed() {
            self.nanos = self.nanos.saturating_sub(nanos);
        }
    }
}

impl Running {
    /// Gives the guest a portion of `slice`; returns the fuel it used.
    pub(super) fn run_slice(&mut self, guest: &mut Guest, slice: Slice) -> u64 {
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
        let nanos_left = watch.nanos_left().min(slice.nanos);
        let Portion { fuel, nanos } = self.pace.slice(nanos_left, watch.can_be_cancelled());
        watch.begin_slice(nanos);
        // What the guest needs to get on at all comes first, or it would come back here for ever.
        let wanted = fuel.min(slice.fuel).max(required);
        let fuel = guest.store.data_mut().ledger.slice(in_store, wanted);
        set_fuel(guest, fuel);
        self.slices = self.slices.saturating_add(1);
        self.advance(guest);
        // Not while the guest runs: a subscriber that panics could not unwind through the interpreter.
        guest.store.data_mut().record.emit_logs();
        left.saturating_sub(fuel_left(guest))
    }

    /// Runs the guest until its slice is used up, its phase ends, or it stops.
    fn advance(&mut self, guest: &mut Guest) {
        #[cfg(feature = "observe")]
        if matches!(self.progress, Progress::Ready) {
            guest.begin_frames();
        }
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
        let outcome = if matches!(self.progress, Progress::Ready) {
            guard(|| function.call_resumable(store, params, results))
        } else {
            match mem::replace(&mut self.progress, Progress::Ready) {
                Progress::Suspended(call) => guard(|| call.resume(store, results)),
                Progress::Held(held) => guard(|| held.resume(store, results)),
                Progress::Ready | Progress::Over(_) => return,
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

/// The fuel that the call has left.
pub(super) fn fuel_left(guest: &Guest) -> u64 {
    guest.store.data().ledger.left(fuel_in_store(guest))
}

/// Gives the interpreter `fuel` to hold.
pub(super) fn set_fuel(guest: &mut Guest, fuel: u64) {
    let set = guest.store.set_fuel(fuel);
    set.expect("fuel is metered in every engine");
}
