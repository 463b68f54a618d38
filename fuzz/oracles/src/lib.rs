//! What must hold whatever the bytes: generators and oracles.
//!
//! Each oracle takes bytes and panics where a law is broken, so that a fuzz target is one call of it.
//! Targets for libFuzzer are in `fuzz/fuzz_targets`; `tests/replay.rs` runs the same oracles on
//! inputs that are kept and on random ones, with a stable compiler.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "an oracle that panics is seen"
)]

// Numbers that belong to a seed.
pub mod draw;

// How a guest is run, drawn from bytes, and what it is.
mod grants;
mod guest;
mod plan;
mod run;

// What holds for everything that is shown or reported.
mod laws;

// What is seen of a guest from outside, to be compared with what another engine sees.
pub mod effects;

// Inputs to begin with.
pub mod seeds;

// Oracles, each with what it generates.
mod damaged_bodies;
mod host_calls;
mod limits_monotone;
mod module_bytes;
mod report_json;
mod run_module;
mod slices_agree;
mod snapshots;
mod start_rewrite;
mod tree;
mod waiting;
mod wasi_paths;

use seeds::Shape;

/// A law, and what it is tried on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Oracle {
    /// Its name, which is that of its fuzz target, too.
    pub name: &'static str,
    /// What it reads its bytes as.
    pub shape: Shape,
    /// Tries it on these bytes; panics where it is broken.
    pub check: fn(&[u8]),
}

/// Names the oracles: each is a module with a function `check`.
macro_rules! oracles {
    ($($name:ident: $shape:ident,)*) => {
        /// All of them.
        pub const ORACLES: &[Oracle] = &[
            $(Oracle {
                name: stringify!($name),
                shape: Shape::$shape,
                check: $name::check,
            },)*
        ];
    };
}

oracles! {
    damaged_bodies: PlannedModule,
    host_calls: Numbers,
    limits_monotone: PlannedModule,
    module_bytes: Module,
    report_json: Json,
    run_module: PlannedModule,
    slices_agree: PlannedModule,
    snapshots: PlannedModule,
    start_rewrite: PlannedModule,
    tree: Numbers,
    wasi_paths: Numbers,
}

/// Tries the oracle of this name.
///
/// # Panics
/// Where the law is broken, or where there is no such oracle.
pub fn check(name: &str, data: &[u8]) {
    let oracle = ORACLES.iter().find(|oracle| oracle.name == name);
    (oracle.expect("there is an oracle of that name").check)(data);
}
