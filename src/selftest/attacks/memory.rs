//! Memory and tables: what is asked for beyond the limit is not had, and asking for ever meets the deadline.

use crate::selftest::{
    attack::Attack,
    bound::Bound::{DeadlineMillis, Fuel, MemoryBytes, Refuse, TableElements},
};

pub(super) const ATTACKS: &[Attack] = &[
    hostile!(
        "initial_memory_of_4_gib",
        "all the memory that can be declared",
        "initial-memory"
    ),
    hostile!(
        "grow_one_above",
        "one page more than there may be",
        "out-of-memory"
    )
    .within(&[MemoryBytes(1 << 20)]),
    hostile!(
        "grow_huge",
        "all pages that a number can name",
        "finished -1"
    ),
    hostile!(
        "denied_then_loops",
        "a denied growth, then an endless loop: out of fuel, not of memory",
        "out-of-fuel"
    )
    .within(&[MemoryBytes(64 << 10), Refuse, Fuel(100_000)]),
    hostile!(
        "start_grows_too_much",
        "a start function that grows memory beyond the limit",
        "out-of-memory"
    )
    .within(&[MemoryBytes(64 << 10)]),
    hostile!("growths", "growth of memory for ever", "deadline").within(&[
        MemoryBytes(8 << 20),
        Refuse,
        DeadlineMillis(20),
    ]),
    hostile!(
        "table_of_4_billion",
        "all the table that can be declared",
        "initial-table"
    ),
    hostile!(
        "table_grow_one_above",
        "one element more than there may be",
        "out-of-table"
    )
    .within(&[TableElements(10)]),
    hostile!(
        "table_grow_huge",
        "nearly as many elements as a number can name",
        "out-of-table"
    ),
    hostile!("table_growths", "growth of a table for ever", "deadline").within(&[
        TableElements(100),
        Refuse,
        DeadlineMillis(20),
    ]),
];
