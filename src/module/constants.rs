//! Constant expressions, and how long they may be.
//!
//! wasmi 2.0.0 makes a function of each and calls one from another: it nests on the native stack, once where it is
//! translated, once where it is evaluated and once where it is dropped. So none may have many operators.

use super::weight::{allow, count};
use crate::{error::Error, module_limits::ModuleLimits};
use wasmparser::{ConstExpr, DataKind, ElementItems, ElementKind, Payload, TableInit};

/// The most operators of one expression, whatever the limits say: each nests on the native stack.
const MOST_OPERATORS: u64 = 256;

/// Looks at each constant expression that `payload` has.
///
/// # Errors
/// [`Error::ModuleLimit`]. What cannot be read is left to the validator.
pub(super) fn bound(payload: &Payload<'_>, limits: &ModuleLimits) -> Result<(), Error> {
    let allowed = limits.constant_operators.min(MOST_OPERATORS);
    let bound = |constant: &ConstExpr<'_>| {
        // An operator has at least one byte.
        if count(constant.get_binary_reader().bytes_remaining()) <= allowed {
            return Ok(());
        }
        let operators = constant.get_operators_reader().into_iter();
        let found = count(operators.take_while(Result::is_ok).count());
        // The last one only says that it ends.
        allow("constant_operators", allowed, found.saturating_sub(1))
    };
    match payload {
        Payload::TableSection(tables) => {
            for table in tables.clone().into_iter().map_while(Result::ok) {
                if let TableInit::Expr(constant) = &table.init {
                    bound(constant)?;
                }
            }
        }
        Payload::GlobalSection(globals) => {
            for global in globals.clone().into_iter().map_while(Result::ok) {
                bound(&global.init_expr)?;
            }
        }
        Payload::ElementSection(segments) => {
            for segment in segments.clone().into_iter().map_while(Result::ok) {
                if let ElementKind::Active { offset_expr, .. } = &segment.kind {
                    bound(offset_expr)?;
                }
                if let ElementItems::Expressions(_, items) = &segment.items {
                    for item in items.clone().into_iter().map_while(Result::ok) {
                        bound(&item)?;
                    }
                }
            }
        }
        Payload::DataSection(segments) => {
            for segment in segments.clone().into_iter().map_while(Result::ok) {
                if let DataKind::Active { offset_expr, .. } = &segment.kind {
                    bound(offset_expr)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}
