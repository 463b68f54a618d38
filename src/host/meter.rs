//! The meter: how much memory and table a guest has, and when more is denied.

use crate::{
    limits::{GrowthDenial, InstanceLimits},
    stop::Stop,
};
use wasmi::errors::{MemoryError, TableError};
use wasmi_core::LimiterError;

/// Counts linear memory and table elements of one instance.
///
/// The interpreter asks before it looks at its fuel, says when the growth then fails because there is not enough,
/// and asks again on resume. So a growth counts when it is asked for and is taken back when it fails.
#[derive(Clone)]
pub(crate) struct Meter {
    memory: Account,
    table: Account,
    denial: GrowthDenial,
    table_growth_unpaid: bool,
    /// Whether the machine had no room for a growth that was allowed.
    machine_is_full: bool,
    files: u64,
    peak_with_files: u64,
}

#[derive(Clone)]
struct Account {
    limit: u64,
    total: u64,
    /// The growth that was allowed last; taken back if it fails.
    last_growth: u64,
    denied: u64,
    /// The total that a denied growth would have led to.
    requested: Option<u64>,
}

impl Meter {
    pub(super) fn new(limits: &InstanceLimits) -> Self {
        Self {
            memory: Account::new(limits.memory_bytes),
            table: Account::new(limits.table_elements),
            denial: limits.growth_denial,
            table_growth_unpaid: false,
            machine_is_full: false,
            files: 0,
            peak_with_files: 0,
        }
    }

    /// Leaves room for so many bytes of memory and elements of tables that are not the guest's.
    #[cfg(feature = "observe")]
    pub(crate) fn lend(&mut self, bytes: u64, elements: u64) {
        self.memory.limit = self.memory.limit.saturating_add(bytes);
        self.table.limit = self.table.limit.saturating_add(elements);
    }

    /// Counts no longer what was lent.
    #[cfg(feature = "observe")]
    pub(crate) fn take_back_lent(&mut self, bytes: u64, elements: u64) {
        for (account, lent) in [(&mut self.memory, bytes), (&mut self.table, elements)] {
            account.limit = account.limit.saturating_sub(lent);
            account.total = account.total.saturating_sub(lent);
        }
    }

    /// Begins a call: what was denied in the one before it is over.
    pub(super) fn begin_call(&mut self) {
        self.memory.begin_call();
        self.table.begin_call();
        self.table_growth_unpaid = false;
        self.machine_is_full = false;
    }

    /// The most that memories and files together had, in bytes.
    pub(crate) fn peak_memory_bytes(&self) -> u64 {
        self.memory
            .total
            .saturating_add(self.files)
            .max(self.peak_with_files)
    }

    /// How much memory there may be, in bytes.
    pub(crate) fn memory_limit(&self) -> u64 {
        self.memory.limit
    }

    /// What is left for files, in bytes, what they have already included.
    pub(crate) fn room_for_files(&self) -> u64 {
        self.memory.limit.saturating_sub(self.memory.total)
    }

    /// What the guest has put into files, in bytes.
    pub(super) fn files(&self) -> u64 {
        self.files
    }

    /// Counts what the guest has put into files, in bytes.
    pub(crate) fn set_files(&mut self, bytes: u64) {
        self.peak_with_files = self.peak_memory_bytes();
        self.files = bytes;
    }

    pub(crate) fn memory_growths_denied(&self) -> u64 {
        self.memory.denied
    }

    /// All tables together in elements. They never shrink, so it is the peak too.
    pub(crate) fn table_elements(&self) -> u64 {
        self.table.total
    }

    pub(crate) fn table_growths_denied(&self) -> u64 {
        self.table.denied
    }

    /// Whether the guest is in the middle of a growth of a table that the slice could not pay; asked once.
    pub(crate) fn take_unpaid_table_growth(&mut self) -> bool {
        core::mem::take(&mut self.table_growth_unpaid)
    }

    /// Why the interpreter said that a growth was limited.
    pub(crate) fn stop(&self) -> Option<Stop> {
        if self.machine_is_full {
            return Some(Stop::SystemOutOfMemory);
        }
        let memory = |requested| Stop::OutOfMemory {
            limit: self.memory.limit,
            requested,
        };
        let table = |requested| Stop::OutOfTable {
            limit: self.table.limit,
            requested,
        };
        self.memory
            .requested
            .map(memory)
            .or_else(|| self.table.requested.map(table))
    }
}

impl Account {
    fn new(limit: u64) -> Self {
        Self {
            limit,
            total: 0,
            last_growth: 0,
            denied: 0,
            requested: None,
        }
    }

    fn begin_call(&mut self) {
        self.denied = 0;
        self.requested = None;
    }

    /// Grows by `desired - current`, beside what takes `taken` of the limit.
    fn grow(
        &mut self,
        current: u64,
        desired: u64,
        taken: u64,
        denial: GrowthDenial,
    ) -> Result<bool, LimiterError> {
        let growth = desired.saturating_sub(current);
        let total = self.total.saturating_add(growth);
        let with_taken = total.saturating_add(taken);
        if with_taken <= self.limit {
            self.total = total;
            self.last_growth = growth;
            return Ok(true);
        }
        if denial == GrowthDenial::Stop {
            self.requested = Some(with_taken);
        }
        self.deny(denial)?;
        Ok(false)
    }

    /// Counts a growth that is denied; an error ends the run.
    fn deny(&mut self, denial: GrowthDenial) -> Result<(), LimiterError> {
        self.denied = self.denied.saturating_add(1);
        match denial {
            GrowthDenial::Refuse => Ok(()),
            GrowthDenial::Stop => Err(LimiterError::ResourceLimiterDeniedAllocation),
        }
    }

    fn take_back(&mut self) {
        self.total = self.total.saturating_sub(self.last_growth);
        self.last_growth = 0;
    }
}

impl wasmi::ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> Result<bool, LimiterError> {
        let desired = if self.memory.limit < MOST_ASKED {
            number(desired).min(MOST_ASKED)
        } else {
            number(desired)
        };
        self.memory
            .grow(number(current), desired, self.files, self.denial)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        // Growth past the table's own maximum is the guest's affair, and tables ask before they look. Past
        // 32 bits the interpreter never asks with indices of 32 bits, nor on a host of 32 bits.
        if maximum.is_some_and(|maximum| desired > maximum) || u32::try_from(desired).is_err() {
            return Ok(false);
        }
        self.table
            .grow(number(current), number(desired), 0, self.denial)
    }

    fn memory_grow_failed(&mut self, error: &MemoryError) -> Result<(), LimiterError> {
        self.memory.take_back();
        // The interpreter would give the guest -1, and nothing would be in the report.
        if matches!(error, MemoryError::OutOfSystemMemory) {
            self.machine_is_full = true;
            return self.memory.deny(self.denial);
        }
        Ok(())
    }

    fn table_grow_failed(&mut self, error: &TableError) -> Result<(), LimiterError> {
        self.table.take_back();
        self.table_growth_unpaid = matches!(error, TableError::OutOfFuel { .. });
        if matches!(error, TableError::OutOfSystemMemory) {
            self.machine_is_full = true;
            return self.table.deny(self.denial);
        }
        Ok(())
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        usize::MAX
    }

    fn memories(&self) -> usize {
        usize::MAX
    }
}

/// As many bytes as a host of 32 bits can be asked for, in whole pages. Where the guest may not have as
/// many, more counts as this, so that a report says the same on every host.
const MOST_ASKED: u64 = 0xffff_0000;

fn number(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmi::ResourceLimiter as _;

    const PAGE: usize = 65_536;

    #[test]
    fn a_growth_that_is_asked_for_twice_counts_once() {
        let mut meter = Meter::new(&InstanceLimits::default().memory_bytes(4 * 65_536));
        assert!(matches!(meter.memory_growing(0, PAGE, None), Ok(true)));
        for _ in 0..3 {
            assert!(matches!(
                meter.memory_growing(PAGE, 4 * PAGE, None),
                Ok(true)
            ));
            meter
                .memory_grow_failed(&MemoryError::OutOfFuel { required_fuel: 1 })
                .expect("it is no error");
            assert_eq!(meter.peak_memory_bytes(), 65_536);
        }
        assert!(matches!(
            meter.memory_growing(PAGE, 4 * PAGE, None),
            Ok(true)
        ));
        assert_eq!(
            (meter.peak_memory_bytes(), meter.memory_growths_denied()),
            (4 * 65_536, 0)
        );
    }

    #[test]
    fn memories_count_together() {
        let mut meter = Meter::new(
            &InstanceLimits::default()
                .memory_bytes(3 * 65_536)
                .growth_denial(GrowthDenial::Refuse),
        );
        assert!(matches!(meter.memory_growing(0, 2 * PAGE, None), Ok(true)));
        assert!(matches!(meter.memory_growing(0, 2 * PAGE, None), Ok(false)));
        assert!(matches!(meter.memory_growing(0, PAGE, None), Ok(true)));
        assert_eq!(
            (meter.peak_memory_bytes(), meter.memory_growths_denied()),
            (3 * 65_536, 1)
        );
        assert_eq!(meter.stop(), None);
    }
}
