//! Compiled modules of this process, by what they were made from: each is compiled once.

use fuelbox::{Error, Module};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// So many are kept although nobody holds them: a worker that gets its module with each task compiles it once.
const MOST_KEPT: usize = 32;

/// What makes two modules the same: the bytes by their SHA-256, and how they are built.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) sha256: [u8; 32],
    /// Limits, name and the like, as JSON.
    pub(crate) options: String,
}

/// One module: threads that want it at once wait for the first.
type Slot = Arc<OnceLock<Result<Module, Error>>>;

/// The module used last is at the end.
static KEPT: Mutex<Vec<(Key, Slot)>> = Mutex::new(Vec::new());

/// The module of this key: one of before, else a new one by `build`.
///
/// To be called without the interpreter lock: compiling takes long.
///
/// # Errors
/// Those of building it. They are not kept: the machine may have more memory next time.
pub(crate) fn module(
    key: &Key,
    build: impl FnOnce() -> Result<Module, Error>,
) -> Result<Module, Error> {
    let slot = slot(key);
    let built = slot.get_or_init(build).clone();
    if built.is_err() {
        kept().retain(|(_, other)| !Arc::ptr_eq(other, &slot));
    }
    built
}

/// Keeps a module that was made otherwise.
pub(crate) fn keep(key: &Key, module: Module) {
    // One that was there before is the same.
    let _ = slot(key).set(Ok(module));
}

fn slot(key: &Key) -> Slot {
    let mut kept = kept();
    let found = kept.iter().position(|(other, _)| other == key);
    let slot = found.map_or_else(Slot::default, |place| kept.remove(place).1);
    if kept.len() >= MOST_KEPT {
        kept.remove(0);
    }
    kept.push((key.clone(), slot.clone()));
    slot
}

fn kept() -> MutexGuard<'static, Vec<(Key, Slot)>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}
