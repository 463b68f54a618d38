//! The proposals of a module: what it may use, and which one it lacks.

use super::opcode::{CALL_INDIRECT, RETURN_CALL_INDIRECT, VECTOR};
use crate::proposal::{Proposal, Proposals};
use wasmparser::WasmFeatures;

/// Tells the interpreter what modules may use.
pub(super) fn configure(config: &mut wasmi::Config, proposals: Proposals) {
    let on = |proposal: Proposal| proposal.is_supported() && proposals.contains(proposal);
    config
        .wasm_mutable_global(on(Proposal::MutableGlobal))
        .wasm_sign_extension(on(Proposal::SignExtension))
        .wasm_saturating_float_to_int(on(Proposal::SaturatingFloatToInt))
        .wasm_multi_value(on(Proposal::MultiValue))
        .wasm_bulk_memory(on(Proposal::BulkMemory))
        .wasm_reference_types(on(Proposal::ReferenceTypes))
        .wasm_extended_const(on(Proposal::ExtendedConst))
        .wasm_tail_call(on(Proposal::TailCall))
        .wasm_multi_memory(on(Proposal::MultiMemory))
        .wasm_memory64(on(Proposal::Memory64))
        .wasm_custom_page_sizes(on(Proposal::CustomPageSizes))
        .wasm_wide_arithmetic(on(Proposal::WideArithmetic));
    #[cfg(feature = "simd")]
    config
        .wasm_simd(on(Proposal::Simd))
        .wasm_relaxed_simd(on(Proposal::RelaxedSimd));
}

/// Lets the interpreter take what is added for snapshots, whatever the module itself may use: that was judged before.
pub(super) fn configure_for_snapshots(config: &mut wasmi::Config) {
    config
        .wasm_mutable_global(true)
        .wasm_multi_value(true)
        .wasm_bulk_memory(true)
        .wasm_reference_types(true);
}

/// The first proposal among those that a module needs that is not allowed.
pub(super) fn missing(needs: Proposals, allowed: Proposals) -> Option<Proposal> {
    needs
        .iter()
        .find(|&one| !(one.is_supported() && allowed.contains(one)))
}

/// The proposal that lets an operator name a memory or a table by a number, where a single zero byte stood before.
///
/// Written longer than it has to be, the number zero takes it too, and nothing else in the module does.
pub(super) fn of_long_number(opcode: u8) -> Option<Proposal> {
    /// The operators that load and store come first, then those that ask for the size and grow.
    const OF_MEMORY: core::ops::RangeInclusive<u8> = 0x28..=0x40;

    match opcode {
        CALL_INDIRECT | RETURN_CALL_INDIRECT => Some(Proposal::ReferenceTypes),
        VECTOR => Some(Proposal::MultiMemory),
        _ if OF_MEMORY.contains(&opcode) => Some(Proposal::MultiMemory),
        _ => None,
    }
}

/// All that the parser knows.
pub(super) fn everything() -> WasmFeatures {
    Proposal::ALL
        .into_iter()
        .fold(WasmFeatures::FLOATS, |all, one| all | features(one))
}

/// What modules may use, for the parser.
pub(super) fn allowed(proposals: Proposals) -> WasmFeatures {
    proposals
        .iter()
        .filter(|proposal| proposal.is_supported())
        .fold(WasmFeatures::FLOATS, |all, one| all | features(one))
}

fn features(proposal: Proposal) -> WasmFeatures {
    match proposal {
        Proposal::MutableGlobal => WasmFeatures::MUTABLE_GLOBAL,
        Proposal::SignExtension => WasmFeatures::SIGN_EXTENSION,
        Proposal::SaturatingFloatToInt => WasmFeatures::SATURATING_FLOAT_TO_INT,
        Proposal::MultiValue => WasmFeatures::MULTI_VALUE,
        Proposal::BulkMemory => WasmFeatures::BULK_MEMORY,
        // The parser counts reference types to the types of garbage collection.
        Proposal::ReferenceTypes => WasmFeatures::REFERENCE_TYPES | WasmFeatures::GC_TYPES,
        Proposal::ExtendedConst => WasmFeatures::EXTENDED_CONST,
        Proposal::Simd => WasmFeatures::SIMD,
        Proposal::TailCall => WasmFeatures::TAIL_CALL,
        Proposal::MultiMemory => WasmFeatures::MULTI_MEMORY,
        Proposal::Memory64 => WasmFeatures::MEMORY64,
        Proposal::RelaxedSimd => WasmFeatures::RELAXED_SIMD,
        Proposal::CustomPageSizes => WasmFeatures::CUSTOM_PAGE_SIZES,
        Proposal::WideArithmetic => WasmFeatures::WIDE_ARITHMETIC,
        Proposal::Threads => WasmFeatures::THREADS,
        Proposal::Exceptions => WasmFeatures::EXCEPTIONS | WasmFeatures::LEGACY_EXCEPTIONS,
        Proposal::FunctionReferences => WasmFeatures::FUNCTION_REFERENCES,
        Proposal::GarbageCollection => WasmFeatures::GC,
        Proposal::StackSwitching => WasmFeatures::STACK_SWITCHING,
        Proposal::MemoryControl => WasmFeatures::MEMORY_CONTROL,
        Proposal::SharedEverythingThreads => WasmFeatures::SHARED_EVERYTHING_THREADS,
        Proposal::ComponentModel => WasmFeatures::COMPONENT_MODEL,
    }
}
