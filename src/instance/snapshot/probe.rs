//! Probes: functions of ours in the module of the guest, which tell what no export shows.

use super::error::{SnapshotError, engine};
use crate::{guard::guard, instance::Guest};
use alloc::{format, string::ToString};
use wasmi::{TrapCode, Val};

impl Guest {
    /// Calls the function of ours that is exported as `name`; says whether it did not trap.
    ///
    /// Apart from the loop that runs guests: none of the guest's code runs, and what it does is bounded by what was
    /// written. So it is charged to nobody.
    ///
    /// # Errors
    /// [`SnapshotError::Engine`].
    pub(super) fn probe(&mut self, name: &str, results: &mut [Val]) -> Result<bool, SnapshotError> {
        /// More than a hundred operators take.
        const FUEL: u64 = 1_000_000;

        let function = self.function(name);
        let function = function.ok_or_else(|| engine(format!("the export {name} is missing")))?;
        self.set_probe_fuel(FUEL)?;
        let called = guard(|| function.call(&mut self.store, &[], results));
        self.set_probe_fuel(0)?;
        match called.map_err(engine)? {
            Ok(()) => Ok(true),
            Err(error) => match error.as_trap_code() {
                Some(TrapCode::MemoryOutOfBounds | TrapCode::TableOutOfBounds) => Ok(false),
                _ => Err(engine(error.to_string())),
            },
        }
    }

    fn set_probe_fuel(&mut self, fuel: u64) -> Result<(), SnapshotError> {
        let set = self.store.set_fuel(fuel);
        set.map_err(|error| engine(error.to_string()))
    }
}
