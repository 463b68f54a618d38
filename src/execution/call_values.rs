//! What goes into a call and comes out of it.

use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};
use wasmi::Val;

/// Arguments or results of a call; those of the protocol's entry take no allocation.
pub(super) enum Values<const N: usize> {
    Entry([Val; N]),
    Export(Vec<Val>),
}

impl<const N: usize> Values<N> {
    pub(super) fn none() -> Self {
        Self::Export(Vec::new())
    }
}

impl<const N: usize> Deref for Values<N> {
    type Target = [Val];

    fn deref(&self) -> &[Val] {
        match self {
            Self::Entry(values) => values,
            Self::Export(values) => values,
        }
    }
}

impl<const N: usize> DerefMut for Values<N> {
    fn deref_mut(&mut self) -> &mut [Val] {
        match self {
            Self::Entry(values) => values,
            Self::Export(values) => values,
        }
    }
}
