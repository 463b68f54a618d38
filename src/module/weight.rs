//! What a module costs beyond its bytes.
//!
//! Some code is cheap to write and dear to compile or to run: locals are declared by the thousand in
//! a few bytes and cleared at every call, and one branch can carry as many values as a type names.
//! So these are counted before anything is compiled.

use crate::{error::Error, limits::ModuleLimits};
use alloc::{borrow::Cow, vec::Vec};
use wasmparser::{
    BinaryReaderError, BlockType, CompositeInnerType, ElementItems, FunctionBody, Operator, Parser,
    Payload, TypeRef,
};

/// What was counted so far.
#[derive(Default)]
pub(super) struct Weight {
    /// Locals of all functions together.
    locals: u64,
    /// Locals of the function that has the most.
    pub(super) most_locals: u64,
    /// Items of all element segments together.
    elements: u64,
    code_bytes: u64,
    /// The most values that a call or a branch to any block could carry.
    pub(super) most_carried: u64,
}

impl Weight {
    /// Counts what `payload` adds.
    ///
    /// # Errors
    /// [`Error::ModuleLimit`].
    pub(super) fn add(
        &mut self,
        payload: &Payload<'_>,
        limits: &ModuleLimits,
    ) -> Result<(), Error> {
        match payload {
            Payload::TypeSection(types) => {
                for (params, results) in function_types(types.clone()) {
                    self.most_carried = self.most_carried.max(params).max(results);
                }
            }
            Payload::ElementSection(segments) => {
                // What cannot be read is left to the validator, which says where.
                for segment in segments.clone().into_iter().map_while(Result::ok) {
                    let items = match segment.items {
                        ElementItems::Functions(items) => items.count(),
                        ElementItems::Expressions(_, items) => items.count(),
                    };
                    self.elements = self.elements.saturating_add(u64::from(items));
                }
                allow("elements", limits.elements, self.elements)?;
            }
            Payload::CodeSectionEntry(body) => {
                let locals = locals(body);
                self.most_locals = self.most_locals.max(locals);
                self.locals = self.locals.saturating_add(locals);
                self.code_bytes = self.code_bytes.saturating_add(len(body.as_bytes()));
                allow("locals", limits.locals, self.locals)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Counts the values that branches and calls carry, if there can be too many of them.
    ///
    /// # Errors
    /// [`Error::ModuleLimit`].
    pub(super) fn weigh_branches(&self, wasm: &[u8], limits: &ModuleLimits) -> Result<(), Error> {
        // A block may carry one value without any type that names it.
        let most = self.code_bytes.saturating_mul(self.most_carried.max(1));
        if most <= limits.carried_values {
            return Ok(());
        }
        // What cannot be read is left to the validator, which says where.
        allow(
            "carried_values",
            limits.carried_values,
            carried_values(wasm).unwrap_or(0),
        )
    }
}

/// Numbers of parameters and results of each function type.
fn function_types(types: wasmparser::TypeSectionReader<'_>) -> impl Iterator<Item = (u64, u64)> {
    types.into_iter().map_while(Result::ok).flat_map(|group| {
        let counts: Vec<_> = group
            .types()
            .map(|ty| match &ty.composite_type.inner {
                CompositeInnerType::Func(ty) => {
                    (count(ty.params().len()), count(ty.results().len()))
                }
                _ => (0, 0),
            })
            .collect();
        counts
    })
}

fn locals(body: &FunctionBody<'_>) -> u64 {
    let groups = body
        .get_locals_reader()
        .into_iter()
        .flatten()
        .map_while(Result::ok);
    groups.fold(0, |sum, (number, _)| sum.saturating_add(u64::from(number)))
}

/// What blocks, calls and branches refer to.
#[derive(Default)]
struct Types {
    /// Parameters and results of each type.
    types: Vec<(u64, u64)>,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
}

/// How many values all branches and calls of `wasm` carry.
fn carried_values(wasm: &[u8]) -> Result<u64, BinaryReaderError> {
    let mut types = Types::default();
    let mut carried = 0_u64;
    let mut number = 0_usize;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(section) => types.types = function_types(section).collect(),
            Payload::ImportSection(imports) => {
                for import in imports {
                    if let TypeRef::Func(ty) = import?.ty {
                        types.functions.push(ty);
                    }
                }
                number = types.functions.len();
            }
            Payload::FunctionSection(functions) => {
                for ty in functions {
                    types.functions.push(ty?);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let ty = types.functions.get(number).copied().unwrap_or_default();
                carried = carried.saturating_add(types.carried_in(&body, ty)?);
                number = number.saturating_add(1);
            }
            _ => {}
        }
    }
    Ok(carried)
}

impl Types {
    fn of(&self, ty: u32) -> (u64, u64) {
        usize::try_from(ty)
            .ok()
            .and_then(|index| self.types.get(index))
            .copied()
            .unwrap_or_default()
    }

    /// The type of a function.
    fn of_function(&self, function: u32) -> u32 {
        let index = usize::try_from(function).unwrap_or(usize::MAX);
        self.functions.get(index).copied().unwrap_or_default()
    }

    fn of_block(&self, ty: BlockType) -> (u64, u64) {
        match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(ty) => self.of(ty),
        }
    }

    fn carried_in(&self, body: &FunctionBody<'_>, ty: u32) -> Result<u64, BinaryReaderError> {
        // What a branch to each open block carries, outermost first.
        let (_, results) = self.of(ty);
        let mut labels = Vec::from([results]);
        let mut carried = 0_u64;
        for operator in body.get_operators_reader()? {
            let to = |labels: &[u64], depth: u32| {
                let depth = usize::try_from(depth).unwrap_or(usize::MAX);
                labels.iter().rev().nth(depth).copied().unwrap_or_default()
            };
            let values = match operator? {
                Operator::Block { blockty } | Operator::If { blockty } => {
                    let (params, results) = self.of_block(blockty);
                    labels.push(results);
                    params
                }
                Operator::Loop { blockty } => {
                    let (params, _) = self.of_block(blockty);
                    labels.push(params);
                    params
                }
                Operator::End => labels.pop().unwrap_or_default(),
                Operator::Else => to(&labels, 0),
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    to(&labels, relative_depth)
                }
                Operator::BrTable { targets } => {
                    let mut values = to(&labels, targets.default());
                    for target in targets.targets() {
                        values = values.saturating_add(to(&labels, target?));
                    }
                    values
                }
                Operator::Return => results,
                Operator::Call { function_index } => self.both(self.of_function(function_index)),
                Operator::ReturnCall { function_index } => {
                    self.of(self.of_function(function_index)).0
                }
                Operator::CallIndirect { type_index, .. } => self.both(type_index),
                Operator::ReturnCallIndirect { type_index, .. } => self.of(type_index).0,
                _ => 0,
            };
            carried = carried.saturating_add(values);
        }
        Ok(carried)
    }

    /// Parameters and results of a type together.
    fn both(&self, ty: u32) -> u64 {
        let (params, results) = self.of(ty);
        params.saturating_add(results)
    }
}

/// [`Error::ModuleLimit`] where more is `found` than `allowed`.
pub(super) fn allow(limit: &'static str, allowed: u64, found: u64) -> Result<(), Error> {
    if found <= allowed {
        Ok(())
    } else {
        Err(Error::ModuleLimit {
            limit: Cow::Borrowed(limit),
            allowed,
            found,
        })
    }
}

pub(super) fn len(bytes: &[u8]) -> u64 {
    count(bytes.len())
}

pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
