//! What is changed in a module before it is compiled, so that everything it does runs in slices.

mod growth;
mod reach;
mod section;
mod start;

pub(super) use growth::NOP_FUEL;
pub(crate) use growth::REPLAY_FUEL as TABLE_GROW_REPLAY_FUEL;

use crate::proposal::Proposals;
use alloc::{borrow::Cow, string::String};
use wasmparser::BinaryReaderError;

/// A module as it is compiled.
pub(super) struct Rewritten<'a> {
    pub(super) wasm: Cow<'a, [u8]>,
    /// Name of the export that stands for the start section.
    pub(super) start: Option<String>,
}

impl<'a> Rewritten<'a> {
    /// A module as it came.
    pub(super) fn unchanged(wasm: &'a [u8]) -> Self {
        Self {
            wasm: Cow::Borrowed(wasm),
            start: None,
        }
    }
}

/// Rewrites `wasm`, valid if it has a start section; every byte that need not change stays, and what
/// is invalid under `proposals` stays invalid.
///
/// # Errors
/// The parser's, which a valid module does not cause.
pub(super) fn rewrite(
    wasm: &[u8],
    proposals: Proposals,
) -> Result<Rewritten<'_>, BinaryReaderError> {
    let mut rewritten = Rewritten::unchanged(wasm);
    if let Some(start::Rewritten { wasm, export }) = start::rewrite(wasm)? {
        rewritten = Rewritten {
            wasm: Cow::Owned(wasm),
            start: Some(export),
        };
    }
    if let Some(wasm) = growth::rewrite(&rewritten.wasm, proposals)? {
        rewritten.wasm = Cow::Owned(wasm);
    }
    Ok(rewritten)
}
