//! The file that holds the module.

use crate::{failure::Failure, files};
use fuelbox::{Error, Module, ModuleLimits, Proposal};

/// How large a module may be by default. More than the library's own default, for the user named the file.
pub(crate) const DEFAULT_MODULE_BYTES: u64 = 256 << 20;

/// A module, and the bytes that it was made from.
pub(crate) struct ModuleFile {
    pub(crate) module: Module,
    /// In the binary format, whatever the file's own.
    pub(crate) wasm: Vec<u8>,
}

impl ModuleFile {
    /// Reads and compiles a module; one whose name ends in `.wat` is text.
    ///
    /// # Errors
    /// [`Failure::Read`], and what [`Module::with_limits`] refuses.
    pub(crate) fn open(path: &str, limits: &ModuleLimits) -> Result<Self, Failure> {
        let mut wasm = files::read(path, limits.module_bytes)?;
        let found = u64::try_from(wasm.len()).unwrap_or(u64::MAX);
        if found > limits.module_bytes {
            // Said here, for text of that size is not even parsed.
            return Err(Failure::from(Error::ModuleLimit {
                limit: "module_bytes".into(),
                allowed: limits.module_bytes,
                found,
            }));
        }
        if path.ends_with(".wat") {
            wasm = assemble(path, &wasm)?;
        }
        let module = Module::with_limits(&wasm, limits)?;
        Ok(Self { module, wasm })
    }
}

fn assemble(path: &str, text: &[u8]) -> Result<Vec<u8>, Error> {
    wat::parse_bytes(text)
        .map(|wasm| wasm.into_owned())
        .map_err(|mut error| {
            error.set_path(path);
            Error::InvalidText {
                message: error.to_string(),
            }
        })
}

/// Limits for a module of up to `module_bytes`: what bounds its parts grows in proportion.
pub(crate) fn module_limits(module_bytes: u64, proposals: &[Proposal]) -> ModuleLimits {
    let base = ModuleLimits::default();
    let whole = module_bytes.checked_div(base.module_bytes);
    let factor = whole.unwrap_or(1).max(1);
    let scaled = |limit: u64| limit.saturating_mul(factor);
    let limits = base
        .clone()
        .module_bytes(module_bytes)
        .function_bytes(scaled(base.function_bytes))
        .types(scaled(base.types))
        .imports(scaled(base.imports))
        .functions(scaled(base.functions))
        .tables(scaled(base.tables))
        .memories(scaled(base.memories))
        .globals(scaled(base.globals))
        .exports(scaled(base.exports))
        .element_segments(scaled(base.element_segments))
        .data_segments(scaled(base.data_segments));
    proposals
        .iter()
        .fold(limits, |limits, &proposal| limits.allow(proposal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bounds_the_parts_grows_with_the_whole_and_never_shrinks() {
        let base = ModuleLimits::default();
        let large = module_limits(base.module_bytes * 4, &[Proposal::TailCall]);
        assert_eq!(large.functions, base.functions * 4);
        assert!(large.proposals.contains(Proposal::TailCall));
        assert_eq!(module_limits(1, &[]), base.clone().module_bytes(1));
        assert_eq!(module_limits(u64::MAX, &[]).call_depth, base.call_depth);
    }
}
