//! A module for workers: its bytes, unread.

use super::digest::Digest;
use crate::module::fingerprint;
use alloc::{sync::Arc, vec::Vec};
use core::fmt;

/// A module for workers: its bytes, which the host itself never reads.
///
/// Workers check and compile them, each worker once. Cheap to clone.
///
/// ```
/// use fuelbox::worker::WorkerModule;
///
/// let module = WorkerModule::new(b"not looked at here".as_slice());
/// assert_eq!(module.wasm(), b"not looked at here");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct WorkerModule {
    wasm: Arc<[u8]>,
    digest: Digest,
    /// As that of a [`Module`](crate::Module).
    fingerprint: u64,
}

impl WorkerModule {
    /// Keeps the bytes of a module. They are hashed and nothing else.
    #[must_use]
    pub fn new(wasm: impl Into<Vec<u8>>) -> Self {
        let wasm: Arc<[u8]> = wasm.into().into();
        Self {
            digest: Digest::of(&wasm),
            fingerprint: fingerprint(&wasm),
            wasm,
        }
    }

    /// The bytes.
    #[must_use]
    pub fn wasm(&self) -> &[u8] {
        &self.wasm
    }

    pub(super) fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    pub(super) fn digest(&self) -> &Digest {
        &self.digest
    }
}

impl fmt::Debug for WorkerModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerModule")
            .field("bytes", &self.wasm.len())
            .field("digest", &self.digest)
            .finish()
    }
}
