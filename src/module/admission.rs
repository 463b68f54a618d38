//! The span of one admission, for `tracing`.

use super::Module;
use crate::error::Error;
use tracing::field;

/// Admits a module of this length and name within a span of its own, which says how it ended.
///
/// # Errors
/// Those of `admit`.
pub(super) fn traced(
    bytes: usize,
    name: Option<&str>,
    admit: impl FnOnce() -> Result<Module, Error>,
) -> Result<Module, Error> {
    let span = tracing::info_span!(
        target: "fuelbox",
        "admit",
        bytes,
        name,
        module = field::Empty,
        outcome = field::Empty,
        code = field::Empty,
    );
    let admitted = span.in_scope(admit);
    match &admitted {
        Ok(module) => {
            let fingerprint = format_args!("{:016x}", module.fingerprint());
            span.record("module", field::display(fingerprint));
            span.record("outcome", "admitted");
        }
        Err(error) => {
            span.record("outcome", "refused");
            span.record("code", error.code());
        }
    }
    admitted
}
