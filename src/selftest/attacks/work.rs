//! Work and time: fuel and deadlines reach every part of a run, and every kind of work.

use crate::selftest::{
    attack::Attack,
    bound::Bound::{DeadlineMillis, Fuel},
    grant::Grant::Log,
};

pub(super) const ATTACKS: &[Attack] = &[
    hostile!(
        "loop_in_entry",
        "an endless loop in the entry",
        "out-of-fuel"
    )
    .within(&[Fuel(1_000)]),
    hostile!(
        "loop_in_initialize",
        "an endless loop in _initialize",
        "out-of-fuel"
    )
    .within(&[Fuel(1_000)]),
    hostile!(
        "loop_in_start",
        "an endless loop in the start function",
        "out-of-fuel"
    )
    .within(&[Fuel(1_000)]),
    hostile!(
        "deadline_in_entry",
        "an endless loop in the entry, with all the fuel there is",
        "deadline"
    )
    .within(&[DeadlineMillis(20)]),
    hostile!(
        "deadline_in_initialize",
        "an endless loop in _initialize, with all the fuel there is",
        "deadline"
    )
    .within(&[DeadlineMillis(20)]),
    hostile!(
        "deadline_in_start",
        "an endless loop in the start function, with all the fuel there is",
        "deadline"
    )
    .within(&[DeadlineMillis(20)]),
    hostile!(
        "deadline_zero",
        "side effects where there is no time at all",
        "deadline"
    )
    .within(&[DeadlineMillis(0)])
    .granted(&[Log]),
    hostile!("divisions", "chains of divisions for ever", "deadline").within(&[DeadlineMillis(20)]),
    hostile!(
        "cache_misses",
        "loads that miss the cache for ever",
        "deadline"
    )
    .within(&[DeadlineMillis(20)]),
    hostile!(
        "chases",
        "400 loads in a row, each of which waits for the one before it and misses the cache",
        "deadline"
    )
    .within(&[DeadlineMillis(20)]),
    hostile!(
        "chases_after_nops",
        "a million nops, to be trusted with much fuel, then loads in a row that all miss the cache",
        "deadline"
    )
    .within(&[DeadlineMillis(20)]),
    hostile!("fills", "fills of 1 MiB for ever", "deadline").within(&[DeadlineMillis(20)]),
    hostile!("copies", "copies of 1 MiB for ever", "deadline").within(&[DeadlineMillis(20)]),
    hostile!(
        "fills_of_all_memory",
        "fills and copies of 16 MiB for ever, none of which can be interrupted",
        "deadline"
    )
    .within(&[DeadlineMillis(20)]),
    hostile!("table_fills", "fills of a whole table for ever", "deadline")
        .within(&[DeadlineMillis(20)]),
];
