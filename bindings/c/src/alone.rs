//! What only one thread may touch at a time.

use std::sync::{Mutex, PoisonError};

/// Something that only one thread may touch at a time: an exclusive reference is all there is to it, so that it can
/// lie in the registry without being `Sync`.
pub(crate) struct Alone<T>(Mutex<T>);

impl<T> Alone<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn get(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
