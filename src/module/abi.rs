//! The version of the protocol that a guest was built for, read without running it.

use alloc::{collections::BTreeMap, vec::Vec};
use wasmparser::{FunctionBody, Operator};

/// What a module says of its protocol by its export `fuelbox_abi_version`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum AbiVersion {
    /// Nothing: there is no such export.
    #[default]
    Absent,
    /// This version.
    Constant(i32),
    /// It would have to be run to know: its body does more than return a constant.
    Computed,
}

/// How many instructions a body may have that only returns a constant. Compilers that do not optimise
/// move it through a local, which takes five.
const MOST_INSTRUCTIONS: usize = 32;

/// The constant that `body` returns, if it does nothing else.
pub(super) fn constant(body: &FunctionBody<'_>) -> Option<i32> {
    let mut stack = Vec::new();
    let mut locals = BTreeMap::new();
    for operator in body
        .get_operators_reader()
        .ok()?
        .into_iter()
        .take(MOST_INSTRUCTIONS)
    {
        match operator.ok()? {
            Operator::Nop => {}
            Operator::I32Const { value } => stack.push(value),
            Operator::LocalSet { local_index } => {
                locals.insert(local_index, stack.pop()?);
            }
            Operator::LocalTee { local_index } => {
                locals.insert(local_index, *stack.last()?);
            }
            Operator::LocalGet { local_index } => stack.push(*locals.get(&local_index)?),
            Operator::Return | Operator::End => return stack.pop(),
            _ => return None,
        }
    }
    None
}
