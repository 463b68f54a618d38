//! Any bytes are a [`Module`] or a typed [`Error`], in bounded time and memory.

use crate::{laws::is_harmless, plan::everything};
use fuelbox::{Error, Limits, Module, ModuleLimits, Sandbox};

/// Admits `data` under narrow limits and under the default ones.
///
/// # Panics
/// Where a law is broken.
pub(crate) fn check(data: &[u8]) {
    let limits = everything(narrow());
    let narrow = admit(data, &limits);
    let wide = admit(data, &everything(ModuleLimits::default()));
    let defaults = admit(data, &ModuleLimits::default());
    if let Ok(module) = &narrow {
        let wide = wide.as_ref().expect("wider limits refuse no more");
        assert_eq!(wide.fingerprint(), module.fingerprint());
        let again = admit(data, &limits).expect("the same again is the same");
        assert!(again.exports().eq(module.exports()));
    }
    if let Ok(module) = &defaults {
        let wide = wide.expect("more proposals refuse no more");
        assert_eq!(wide.imports(), module.imports());
        is_valid(data);
    }
}

fn admit(data: &[u8], limits: &ModuleLimits) -> Result<Module, Error> {
    let admitted = Module::builder().limits(limits.clone()).build(data);
    match &admitted {
        Ok(module) => describe(module),
        Err(error) => refusal(error, data.len()),
    }
    admitted
}

/// All that can be asked of a module, with nothing granted.
fn describe(module: &Module) {
    for import in module.imports() {
        is_harmless(import);
    }
    for export in module.exports() {
        is_harmless(&export);
        assert_eq!(module.export(export.name), Some(export.ty));
    }
    let sandbox = Sandbox::new(Limits::default().memory_bytes(1 << 20));
    let refusals = sandbox.check(module).refusals;
    refusals.iter().for_each(is_harmless);
    if let Some(first) = refusals.first() {
        let started = sandbox.start(module, Vec::new()).map(drop);
        assert_eq!(started.as_ref(), Err(first));
    }
}

/// An error that admission may give.
fn refusal(error: &Error, len: usize) {
    is_harmless(error);
    match error {
        Error::InvalidModule { offset, .. } => assert!(*offset <= len as u64, "{error}"),
        Error::ModuleLimit { allowed, found, .. } => assert!(found > allowed, "{error}"),
        Error::TextModule | Error::Proposal { .. } | Error::Unsupported { .. } => {}
        other => panic!("admission gave {other:?}"),
    }
}

/// What is admitted is valid to another instance of the parser, too.
fn is_valid(data: &[u8]) {
    wasmparser::Validator::new()
        .validate_all(data)
        .expect("what is admitted is valid");
}

/// Limits that keep one admission short.
fn narrow() -> ModuleLimits {
    ModuleLimits::default()
        .locals(50_000)
        .carried_values(100_000)
        .elements(10_000)
        .functions(1_000)
}
