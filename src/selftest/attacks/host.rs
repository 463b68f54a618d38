//! Host functions: what the host does for a guest is paid for, bounded, and never outside the guest's memory.

use crate::selftest::{
    attack::Attack,
    bound::Bound::{DeadlineMillis, Fuel, LogLines, OutputBytes},
    grant::Grant::{Abort, Host, Input, Log, Output, Random},
};

pub(super) const ATTACKS: &[Attack] = &[
    hostile!("host_calls", "host calls for ever", "deadline")
        .within(&[DeadlineMillis(20)])
        .granted(&[Host]),
    hostile!(
        "host_calls_for_fuel",
        "host calls in place of work: each costs 64 and the few that the guest pays for itself",
        "out-of-fuel"
    )
    .within(&[Fuel(10_000)])
    .granted(&[Host]),
    hostile!(
        "error_that_says_fuel",
        "a failing host function whose text says that fuel is out",
        "host-function"
    )
    .granted(&[Host]),
    hostile!(
        "output_flood",
        "output without end in pieces of 64 KiB",
        "output-too-large"
    )
    .within(&[OutputBytes(1 << 20)])
    .granted(&[Output]),
    hostile!(
        "output_byte_by_byte",
        "output in pieces of one byte for ever",
        "deadline"
    )
    .within(&[OutputBytes(u64::MAX), DeadlineMillis(20)])
    .granted(&[Output]),
    hostile!("log_flood", "log lines without end", "out-of-fuel")
        .within(&[Fuel(1_000_000), LogLines(3)])
        .granted(&[Log]),
    hostile!(
        "range_of_log",
        "a log line that ends one byte behind the memory",
        "fault"
    )
    .granted(&[Log]),
    hostile!(
        "range_of_input",
        "a buffer for the input whose start and length add up to more than 32 bits",
        "fault"
    )
    .granted(&[Input]),
    hostile!(
        "range_of_output",
        "4 GiB of output from a memory of one page",
        "fault"
    )
    .granted(&[Output]),
    hostile!(
        "range_of_random",
        "random bytes far behind the memory",
        "fault"
    )
    .granted(&[Random]),
    hostile!(
        "range_of_abort",
        "a last message of which only the length lies in the memory",
        "fault"
    )
    .granted(&[Abort]),
    hostile!(
        "no_memory",
        "a range where no memory is exported",
        "memory-not-exported"
    )
    .granted(&[Log]),
    hostile!(
        "memory_is_function",
        "a function exported as memory",
        "memory-not-exported"
    )
    .granted(&[Output]),
];
