//! Modules grown from bytes, by wasm-smith.

use super::digest;
use crate::plan::Plan;
use arbitrary::Unstructured;
use fuelbox::Proposal;
use std::sync::LazyLock;
use wasm_smith::{Config, InstructionKind, InstructionKinds};

/// The feature of a plan that grows relaxed SIMD.
pub(crate) const RELAXED_SIMD: u8 = 1 << 5;

/// The features of a plan that are proposals which are off by default.
pub(crate) const PROPOSALS: u8 = 0b1110_1011;

/// The feature of a plan that grows a proposal; none for one that is on by default.
pub(crate) fn feature(proposal: Proposal) -> u8 {
    match proposal {
        Proposal::MultiMemory => 1,
        Proposal::Memory64 => 1 << 1,
        Proposal::TailCall => 1 << 3,
        Proposal::RelaxedSimd => RELAXED_SIMD,
        Proposal::WideArithmetic => 1 << 6,
        Proposal::CustomPageSizes => 1 << 7,
        _ => 0,
    }
}

/// A module with the export [`DIGEST`](super::DIGEST), `None` where none can be made of the bytes.
///
/// Bytes that begin as a module does are taken as one; any others are what one is grown from.
pub(crate) fn module(plan: &Plan, bytes: &[u8]) -> Option<Vec<u8>> {
    let wasm = if bytes.starts_with(b"\0asm") {
        bytes.to_vec()
    } else {
        grown(plan, bytes)?
    };
    digest::add(&wasm, &mut plan.draw())
}

fn grown(plan: &Plan, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Unstructured::new(bytes);
    let module = wasm_smith::Module::new(config(plan.features), &mut bytes).ok()?;
    Some(module.to_bytes())
}

fn config(features: u8) -> Config {
    let has = |bit: u8| features & (1 << bit) != 0;
    Config {
        available_imports: Some(IMPORTS.clone()),
        max_imports: 12,
        min_funcs: 1,
        max_funcs: 10,
        max_instructions: 120,
        max_types: 12,
        max_globals: 8,
        max_exports: 8,
        max_data_segments: 4,
        max_element_segments: 4,
        max_elements: 12,
        max_memories: if has(0) { 3 } else { 1 },
        max_memory32_bytes: 20 * 65_536,
        max_memory64_bytes: 20 * 65_536,
        memory64_enabled: has(1),
        max_tables: if has(2) { 3 } else { 1 },
        max_table_elements: 600,
        max_nesting_depth: 6,
        tail_call_enabled: has(3),
        simd_enabled: !has(4),
        relaxed_simd_enabled: features & RELAXED_SIMD != 0,
        wide_arithmetic_enabled: has(6),
        custom_page_sizes_enabled: has(7),
        allowed_instructions: instructions(features),
        exceptions_enabled: false,
        gc_enabled: false,
        threads_enabled: false,
        shared_everything_threads_enabled: false,
        ..Config::default()
    }
}

/// All kinds of instructions; under some plans only a few kinds, so that they meet more often.
fn instructions(features: u8) -> InstructionKinds {
    use InstructionKind::{
        Aggregate, Control, Memory, Numeric, Parametric, Reference, Table, Variable, Vector,
    };
    match features & 0x0f {
        // Little arithmetic, much of all else.
        0x0f => InstructionKinds::new(&[
            Control, Memory, Parametric, Reference, Table, Variable, Aggregate,
        ]),
        0x0e => InstructionKinds::new(&[Control, Memory, Numeric, Variable, Vector]),
        _ => InstructionKinds::all(),
    }
}

/// What guests may import; see [`grants`](crate::grants).
static IMPORTS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    wat::parse_str(include_str!("imports.wat")).expect("the text is a valid module")
});
