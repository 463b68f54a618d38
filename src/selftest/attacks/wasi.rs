//! WASI: no file outside the trees, no wait beyond the deadline, no list without a bound.

use crate::selftest::{
    attack::Attack,
    bound::Bound::{Fuel, MemoryBytes, OutputBytes, Refuse},
    grant::Grant::Wasi,
};
#[cfg(feature = "std")]
use crate::selftest::{bound::Bound::DeadlineMillis, grant::Grant::WasiOnSystemClock};

pub(super) const ATTACKS: &[Attack] = &[
    hostile!("wasi_escapes", "paths that lead above a directory, by dots, by links, by a root, and links that lead round", "finished 0").granted(&[Wasi]),
    hostile!("wasi_rights", "doing what a descriptor has no right for", "finished 0").granted(&[Wasi]),
    hostile!("wasi_names", "names of 64 KiB, and others that are none", "finished 0").granted(&[Wasi]),
    hostile!("wasi_bad_pointers", "addresses outside memory, in every parameter that is one; each is answered EFAULT", "finished 7").granted(&[Wasi]),
    hostile!("wasi_buffers", "gigantic counts of buffers, and buffers whose lengths together leave 32 bits; EINVAL", "finished 0").granted(&[Wasi]),
    hostile!("wasi_cookies", "listings from forged cookies", "finished 0").granted(&[Wasi]),
    hostile!("wasi_polls", "waiting for 10,000 events and more, and for what is none", "finished 0").granted(&[Wasi]),
    hostile!("wasi_opens", "opening a file 2,000 times", "finished 0").granted(&[Wasi]),
    hostile!("wasi_million_files", "a million files, of which the tree takes 2,000", "finished 0").granted(&[Wasi]),
    hostile!("wasi_writes", "writing past the limit of bytes, in every way", "finished 0").granted(&[Wasi]),
    hostile!("wasi_gaps", "a byte far behind the end of a file, again and again, so that the host writes zeros; 100 times 200,000 bytes cost more than 100 calls", "out-of-fuel").within(&[Fuel(300_000)]).granted(&[Wasi]),
    hostile!("wasi_grow_beside_files", "growing memory into what files have taken, and files into what memory has", "finished 0").within(&[MemoryBytes(1 << 20), Refuse]).granted(&[Wasi]),
    hostile!("wasi_output_flood", "a flood on the output", "output-too-large").within(&[OutputBytes(100)]).granted(&[Wasi]),
    hostile!("wasi_stderr_flood", "a flood on the error stream", "out-of-fuel").within(&[Fuel(200_000)]).granted(&[Wasi]),
    hostile!("wasi_sleeps", "sleeping for centuries, without end", "out-of-fuel").within(&[Fuel(100_000)]).granted(&[Wasi]),
    #[cfg(feature = "std")]
    Attack::new(
        "wasi_sleeps_on_the_system_clock",
        "sleeping for centuries, where a guest that sleeps really waits",
        include_bytes!("../guests/wasi_sleeps.wasm"),
        "deadline",
    )
    .within(&[DeadlineMillis(20)])
    .granted(&[WasiOnSystemClock]),
];
