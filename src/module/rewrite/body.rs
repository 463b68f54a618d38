//! A body in which some operators change.

use super::{Added, Failure, control_flow::Lowering, select::Selects, straight::Straight};
use crate::{
    error::Error,
    module::{bodies, outline::Outline, section},
};
use alloc::{borrow::Cow, format, vec::Vec};
use wasmparser::{BinaryReader, FuncType, FunctionBody};

/// The most locals that the validator lets a function have, parameters included.
const MOST_LOCALS: usize = 50_000;

/// Rewrites the body that `change` names. Of each operator it tells where among the operators it is written, and where
/// in the module it stood.
///
/// # Errors
/// [`Error::Unsupported`] where there is no room for more locals; the parser's, which a valid body does not cause.
pub(super) fn rewrite(
    wasm: &[u8],
    outline: &Outline,
    change: &bodies::Rewritten,
    Added {
        helpers,
        trampolines,
    }: &Added,
    mut tell: impl FnMut(usize, usize),
) -> Result<Vec<u8>, Failure> {
    let bytes = wasm.get(change.range.clone()).unwrap_or_default();
    let body = FunctionBody::new(BinaryReader::new(bytes, 0));
    let ty = outline.function_type(change.function);
    let (groups, own) = locals(&body, ty)?;
    let types = outline.types.as_ref();
    let mut lowering = change.is_lowered.then(|| Lowering::new(types, ty, own));
    let mut selects = change.has_selects.then(Selects::default);
    let cuts = change.cuts.as_deref();
    let mut straight = cuts.map(|cuts| Straight::new(change.range.start, cuts));

    let mut code = Vec::with_capacity(bytes.len());
    if let Some(lowering) = &lowering {
        lowering.begin(&mut code);
    }
    let mut operators = body.get_operators_reader()?;
    let first = operators.original_position();
    while !operators.eof() {
        let from = operators.original_position();
        let operator = operators.read()?;
        let raw = bytes.get(from..operators.original_position());
        let mut raw = match trampolines.redirect_operator(&operator) {
            Some(redirected) => Cow::Owned(redirected),
            None => Cow::Borrowed(raw.unwrap_or_default()),
        };
        let origin = change.range.start.saturating_add(from);
        if let (Some(straight), Some(lowering)) = (&mut straight, &mut lowering) {
            if straight.leaves_out(&operator) {
                continue;
            }
            tell(code.len(), origin);
            straight.write_before(&operator, from, lowering, &mut code);
            if let Cow::Owned(branch) = straight.branch(&operator, &raw)? {
                raw = Cow::Owned(branch);
            }
            straight.pass(&operator);
        } else {
            tell(code.len(), origin);
        }
        if let Some(selects) = &mut selects {
            selects.write_before(&operator, &mut code);
        }
        let is_written = helpers.write_call(&operator, &mut code)
            || lowering
                .as_mut()
                .is_some_and(|lowering| lowering.write(&operator, &raw, &mut code));
        if !is_written {
            code.extend_from_slice(&raw);
        }
    }
    let declared = bytes.get(..first).unwrap_or_default();
    let mut rewritten = Vec::with_capacity(code.len().saturating_add(declared.len()));
    match &lowering {
        None => rewritten.extend_from_slice(declared),
        Some(lowering) => {
            let temporaries = lowering.temporaries();
            must_have_room(change.function, own, temporaries.len())?;
            let (more, added) = temporaries.declarations();
            section::write_u32(&mut rewritten, groups.saturating_add(more));
            let (_, declared) = section::read_vector(declared)?;
            rewritten.extend_from_slice(declared);
            rewritten.extend_from_slice(&added);
        }
    }
    rewritten.extend_from_slice(&code);
    Ok(rewritten)
}

/// The number of groups that locals are declared in, and of locals with parameters.
fn locals(body: &FunctionBody<'_>, ty: &FuncType) -> Result<(u32, u32), Failure> {
    let mut locals = u32::try_from(ty.params().len()).unwrap_or(u32::MAX);
    let groups = body.get_locals_reader()?;
    let count = groups.get_count();
    for group in groups {
        let (number, _) = group?;
        locals = locals.saturating_add(number);
    }
    Ok((count, locals))
}

fn must_have_room(function: u32, own: u32, more: usize) -> Result<(), Failure> {
    let own = usize::try_from(own).unwrap_or(usize::MAX);
    if own.saturating_add(more) <= MOST_LOCALS {
        return Ok(());
    }
    Err(Failure::Refused(Error::Unsupported {
        message: format!(
            "function {function} has {own} locals and needs {more} more for what its blocks carry; \
             {MOST_LOCALS} are supported"
        ),
    }))
}
