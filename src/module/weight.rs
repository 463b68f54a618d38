//! The weight of a module: what it costs beyond its bytes.
//!
//! Some of it is cheap to write and expensive to compile or to run: locals are declared by the thousand in a
//! few bytes and cleared at every call. So it is counted before anything is compiled.

use super::signatures::Signatures;
use crate::{error::Error, module_limits::ModuleLimits};
use alloc::borrow::Cow;
use wasmparser::{ElementItems, FunctionBody, Payload};

/// What was counted so far.
#[derive(Default)]
pub(super) struct Weight {
    /// Locals and parameters of all functions together.
    locals: u64,
    /// Locals of the function that has the most.
    pub(super) most_locals: u64,
    /// Items of all element segments together.
    elements: u64,
}

impl Weight {
    /// Counts what `payload` adds.
    ///
    /// # Errors
    /// [`Error::ModuleLimit`].
    pub(super) fn add(
        &mut self,
        payload: &Payload<'_>,
        signatures: &Signatures,
        limits: &ModuleLimits,
    ) -> Result<(), Error> {
        match payload {
            Payload::FunctionSection(types) => {
                for ty in types.clone().into_iter().map_while(Result::ok) {
                    self.locals = self.locals.saturating_add(signatures.of(ty).params);
                }
                allow("locals", limits.locals, self.locals)?;
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
                allow("locals", limits.locals, self.locals)?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn locals(body: &FunctionBody<'_>) -> u64 {
    let groups = body
        .get_locals_reader()
        .into_iter()
        .flatten()
        .map_while(Result::ok);
    groups.fold(0, |sum, (number, _)| sum.saturating_add(u64::from(number)))
}

/// [`Error::ModuleLimit`] where more is `found` than `allowed`.
pub(super) fn allow(limit: &'static str, allowed: u64, found: u64) -> Result<(), Error> {
    if found <= allowed {
        Ok(())
    } else {
        Err(above(limit, allowed, found))
    }
}

/// [`Error::ModuleLimit`]: more is `found` than `allowed`.
pub(super) fn above(limit: &'static str, allowed: u64, found: u64) -> Error {
    Error::ModuleLimit {
        limit: Cow::Borrowed(limit),
        allowed,
        found,
    }
}

pub(super) fn len(bytes: &[u8]) -> u64 {
    count(bytes.len())
}

pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
