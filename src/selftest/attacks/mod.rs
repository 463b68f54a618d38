//! The hostile guests that are built in.
//!
//! Those of `hostile!` are guests of `tests/hostile`, as `tests/it/selftest.rs` holds: the same module,
//! the same words, the same limits, the same end. Where the limit is a deadline they have all the fuel
//! there is, and a real clock in place of one that tests move.

/// A guest of `tests/hostile`: its name, what it tries, how it must end.
macro_rules! hostile {
    ($name:literal, $tries:literal, $ends:literal) => {
        Attack::new(
            $name,
            $tries,
            include_bytes!(concat!("../guests/", $name, ".wasm")),
            $ends,
        )
    };
}

mod host;
mod imports;
mod interpreter;
mod memory;
mod module;
mod stacks;
mod wasi;
mod work;

use super::attack::Attack;

/// All of them, in the order in which they run.
pub(super) fn all() -> impl Iterator<Item = &'static Attack> {
    [
        work::ATTACKS,
        stacks::ATTACKS,
        interpreter::ATTACKS,
        memory::ATTACKS,
        host::ATTACKS,
        imports::ATTACKS,
        module::ATTACKS,
        wasi::ATTACKS,
    ]
    .into_iter()
    .flatten()
}

/// An endless loop, for work that takes a while.
pub(super) const ENDLESS: Attack = Attack::new(
    "loop_in_entry",
    "an endless loop in the entry",
    ENDLESS_WASM,
    "out-of-fuel",
);

/// The module of [`ENDLESS`].
pub(super) const ENDLESS_WASM: &[u8] = include_bytes!("../guests/loop_in_entry.wasm");
