//! Which proposals a module may use, for the interpreter and for the parser, and which one it lacks.

use super::{survey::invalid, weight::count};
use crate::{
    error::Error,
    proposal::{Proposal, Proposals},
};
use wasmparser::{Validator, WasmFeatures};

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

/// Validates `wasm` under `proposals`.
///
/// # Errors
/// [`Error::Proposal`] where one more proposal would make it valid, else [`Error::InvalidModule`].
pub(super) fn validate(wasm: &[u8], proposals: Proposals) -> Result<(), Error> {
    let Err(error) = validate_with(wasm, allowed(proposals)) else {
        return Ok(());
    };
    match missing(wasm, proposals) {
        Some(proposal) => Err(Error::Proposal { proposal }),
        None => Err(invalid(&error)),
    }
}

/// Why the validator refuses `wasm`, in which something at `offset` cannot be.
pub(super) fn why_invalid(wasm: &[u8], proposals: Proposals, offset: usize) -> Error {
    validate(wasm, proposals)
        .err()
        .unwrap_or_else(|| Error::InvalidModule {
            offset: count(offset),
            message: "what stands there cannot be read".into(),
        })
}

/// The proposals among `proposals` that a valid `wasm` cannot do without.
pub(super) fn used(wasm: &[u8], proposals: Proposals) -> Proposals {
    proposals
        .iter()
        .filter(|&proposal| validate_with(wasm, allowed(proposals.without(proposal))).is_err())
        .collect()
}

/// The proposal that `wasm` lacks, found by switching proposals on one at a time.
fn missing(wasm: &[u8], proposals: Proposals) -> Option<Proposal> {
    let everything = Proposal::ALL
        .into_iter()
        .fold(WasmFeatures::FLOATS, |all, one| all | features(one));
    validate_with(wasm, everything).ok()?;
    let off = || {
        Proposal::ALL
            .into_iter()
            .filter(|&one| !(one.is_supported() && proposals.contains(one)))
    };
    let enough = |one: &Proposal| validate_with(wasm, allowed(proposals) | features(*one)).is_ok();
    // One that needs others beside it is found as the one that nothing else makes up for.
    let needed =
        |one: &Proposal| validate_with(wasm, everything.difference(features(*one))).is_err();
    off().find(enough).or_else(|| off().find(needed))
}

fn validate_with(wasm: &[u8], features: WasmFeatures) -> Result<(), wasmparser::BinaryReaderError> {
    Validator::new_with_features(features)
        .validate_all(wasm)
        .map(drop)
}

fn allowed(proposals: Proposals) -> WasmFeatures {
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
