//! References to functions, as numbers of functions of the module.

use super::error::{SnapshotError, engine};
use crate::{
    instance::Guest,
    module::{Part, Source},
};
use alloc::{collections::BTreeMap, format, string::String, vec};
use wasmi::{Func, Nullable, Val};

/// The functions that references can lead to, by what tells them apart.
///
/// wasmi 2.0.0 compares no two functions, and shows no number of one. All that tells them apart is what
/// [`Debug`](core::fmt::Debug) writes, which is their number in the store and the same for the same function.
pub(super) struct Functions(BTreeMap<String, u32>);

impl Functions {
    /// Asks the instance for references to all of them.
    pub(super) fn read(guest: &mut Guest, source: &Source) -> Result<Self, SnapshotError> {
        let mut functions = BTreeMap::new();
        for (part, numbers) in (0..).zip(source.references()) {
            let mut references = vec![Val::FuncRef(Nullable::Null); numbers.len()];
            let name = source.name(Part::References(part));
            if !guest.probe(&name, &mut references)? {
                return Err(engine(format!("{name} has trapped")));
            }
            for (reference, number) in references.iter().zip(numbers) {
                if let Val::FuncRef(Nullable::Val(function)) = reference {
                    functions.insert(key(function), number);
                }
            }
        }
        Ok(Self(functions))
    }

    /// The number that `function` has in the module; `None` where it is not a function of this module.
    pub(super) fn number(&self, function: &Func) -> Option<u32> {
        self.0.get(&key(function)).copied()
    }
}

fn key(function: &Func) -> String {
    format!("{function:?}")
}
