//! The values of a call: its arguments and its results.

use alloc::{vec, vec::Vec};
use core::ops::{Deref, DerefMut};
use wasmi::Val;

/// Arguments or results of a call; a few of them take no allocation.
pub(super) enum Values<const N: usize> {
    Few { values: [Val; N], len: usize },
    Many(Vec<Val>),
}

impl<const N: usize> Values<N> {
    pub(super) const fn none() -> Self {
        let values = [const { Val::I32(0) }; N];
        Self::Few { values, len: 0 }
    }

    /// Makes room for this number of values, to be overwritten. There were none.
    pub(super) fn set_zeros(&mut self, count: usize) {
        match self {
            Self::Few { len, .. } if count <= N => *len = count,
            _ => *self = Self::Many(vec![Val::I32(0); count]),
        }
    }
}

impl<const N: usize> Deref for Values<N> {
    type Target = [Val];

    fn deref(&self) -> &[Val] {
        match self {
            Self::Few { values, len } => values.get(..*len).unwrap_or_default(),
            Self::Many(values) => values,
        }
    }
}

impl<const N: usize> DerefMut for Values<N> {
    fn deref_mut(&mut self) -> &mut [Val] {
        match self {
            Self::Few { values, len } => values.get_mut(..*len).unwrap_or_default(),
            Self::Many(values) => values,
        }
    }
}
