//! What is known to be wrong with the interpreter never reaches a guest: `docs/engine.md`, fault by fault.

mod appended;
mod cells;
mod choices;
mod constants;
mod control_flow;
mod kinds;
mod shapes;
// Its code has vectors.
#[cfg(target_endian = "little")]
mod stretches;
