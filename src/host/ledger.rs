//! The ledger of a call: what it has left, and what work of the host costs.
//!
//! The fuel of a call is in two places: what the interpreter holds for the slice in progress, and the
//! reserve here. A host call that costs more than the slice holds takes the rest from the reserve, so
//! that what a run uses does not depend on how it is sliced.

use super::{Halt, Host, StoreMut};
use crate::stop::Stop;
use wasmi::AsContextMut;

/// Fuel of one host call: at 100 ns, less than two for each nanosecond.
pub(crate) const FUEL_PER_CALL: u64 = 64;

/// Bytes that a host call moves for one fuel; the interpreter's own price for bulk operations.
const BYTES_PER_FUEL: u64 = 64;

/// The fuel account of one call, and what the calls before it used.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    /// What earlier calls of the instance used.
    earlier: u64,
    limit: u64,
    reserve: u64,
    /// What the interpreter held after the last payment of a host call.
    in_slice: u64,
    host_calls: u64,
    /// Host calls of earlier calls of the instance.
    earlier_host_calls: u64,
}

impl Ledger {
    /// Opens the account of a call. What the interpreter holds belongs to no call then.
    pub(super) fn begin_call(&mut self, limit: u64) {
        *self = Self {
            earlier: self.earlier,
            earlier_host_calls: self.earlier_host_calls,
            limit,
            reserve: limit,
            in_slice: 0,
            host_calls: 0,
        };
    }

    /// Closes the account of a call, after which the interpreter holds `in_slice`.
    pub(crate) fn end_call(&mut self, in_slice: u64) {
        self.earlier = self.used_ever(in_slice);
        self.earlier_host_calls = self.earlier_host_calls.saturating_add(self.host_calls);
        self.limit = 0;
        self.reserve = 0;
    }

    pub(super) fn count_call(&mut self) {
        self.host_calls = self.host_calls.saturating_add(1);
    }

    /// Splits what is left into a slice of `wanted`, if there is that much, and the reserve.
    pub(crate) fn slice(&mut self, in_slice: u64, wanted: u64) -> u64 {
        let left = self.left(in_slice);
        let slice = wanted.min(left);
        self.reserve = left.saturating_sub(slice);
        slice
    }

    /// Moves what is in the slice to the reserve, so that the guest comes up at its next check of fuel.
    pub(super) fn end_slice(&mut self, in_slice: u64) {
        self.reserve = self.left(in_slice);
        self.in_slice = 0;
    }

    /// Gives back what was taken twice.
    pub(crate) fn refund(&mut self, fuel: u64) {
        self.reserve = self.reserve.saturating_add(fuel);
    }

    /// Takes `fuel`; returns what then is in the slice, or `None` where there is not enough.
    #[inline]
    pub(super) fn spend(&mut self, in_slice: u64, fuel: u64) -> Option<u64> {
        let from_reserve = fuel.saturating_sub(in_slice);
        self.reserve = self.reserve.checked_sub(from_reserve)?;
        self.in_slice = in_slice.saturating_sub(fuel);
        Some(self.in_slice)
    }

    /// What is left within a host call, which begins by paying.
    pub(crate) fn left_in_call(&self) -> u64 {
        self.left(self.in_slice)
    }

    pub(crate) fn left(&self, in_slice: u64) -> u64 {
        self.reserve.saturating_add(in_slice)
    }

    pub(crate) fn used(&self, in_slice: u64) -> u64 {
        self.limit.saturating_sub(self.left(in_slice))
    }

    /// What this call and those before it used.
    pub(crate) fn used_ever(&self, in_slice: u64) -> u64 {
        self.earlier.saturating_add(self.used(in_slice))
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    pub(crate) fn host_calls(&self) -> u64 {
        self.host_calls
    }

    /// Whether a call that is over has called the host.
    #[cfg(feature = "fuzz")]
    pub(crate) fn has_called_host(&self) -> bool {
        self.earlier_host_calls > 0
    }
}

/// The price of moving `bytes`.
pub(crate) fn fuel_for_bytes(bytes: u64) -> u64 {
    bytes.div_ceil(BYTES_PER_FUEL)
}

/// Takes `fuel` from the run that `caller` belongs to.
#[inline]
pub(super) fn charge(caller: &mut StoreMut<'_>, fuel: u64) -> Result<(), Halt> {
    let in_slice = fuel_in_slice(caller);
    let ledger = &mut caller.data_mut().ledger;
    let limit = ledger.limit;
    match ledger.spend(in_slice, fuel) {
        Some(left) => {
            caller
                .set_fuel(left)
                .expect("fuel is metered in every engine");
            Ok(())
        }
        // The interpreter would notice only at its next check.
        None => Err(Halt::new(Stop::OutOfFuel { limit })),
    }
}

/// Takes `fuel` from the run that `context` belongs to, as [`charge`] does.
pub(super) fn pay(mut context: impl AsContextMut<Data = Host>, fuel: u64) -> Result<(), Halt> {
    charge(&mut context.as_context_mut(), fuel)
}

#[inline]
pub(super) fn fuel_in_slice(caller: &StoreMut<'_>) -> u64 {
    caller.get_fuel().expect("fuel is metered in every engine")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_costs_more_than_the_slice_takes_from_the_reserve() {
        let mut ledger = Ledger::default();
        ledger.begin_call(1_000);
        let in_slice = ledger.slice(0, 100);
        assert_eq!((in_slice, ledger.left(in_slice)), (100, 1_000));
        let in_slice = ledger.spend(in_slice, 164).expect("there is enough");
        assert_eq!(
            (in_slice, ledger.left(in_slice), ledger.used(in_slice)),
            (0, 836, 164)
        );
        assert_eq!(ledger.left_in_call(), 836);
        assert_eq!(ledger.spend(in_slice, 837), None);
        assert_eq!(ledger.spend(in_slice, 836), Some(0));
    }

    #[test]
    fn what_is_left_over_is_carried() {
        let mut ledger = Ledger::default();
        ledger.begin_call(100);
        assert_eq!(ledger.slice(0, 30), 30);
        assert_eq!(ledger.slice(7, 30), 30);
        assert_eq!(ledger.used(30), 23);
        assert_eq!(ledger.slice(30, u64::MAX), 77);
    }
}
