//! What fuel is worth: the costs of operators, and the time that a unit takes at the most.

/// The most that a unit of fuel takes, in picoseconds: loads that all miss the cache.
pub(crate) const WORST_PICOS_PER_FUEL: u64 = 16_000;
