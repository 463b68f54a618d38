//! The file that holds the module.

use crate::{failure::Failure, files, stopwatch::Stopwatch};
use fuelbox::{Error, Module, ModuleBuilder, ModuleLimits, Proposal};
use std::time::Duration;

/// How large a module may be by default. More than the library's own default, for the user named the file.
pub(crate) const DEFAULT_MODULE_BYTES: u64 = 256 << 20;

/// What stands for standard input in place of a file's name.
pub(crate) const STDIN: &str = "-";

/// A module, and the bytes that it was made from.
pub(crate) struct ModuleFile {
    pub(crate) module: Module,
    /// In the binary format, whatever the file's own.
    pub(crate) wasm: Vec<u8>,
    /// How long it took to check and compile the bytes.
    pub(crate) compile: Duration,
}

/// The bytes of a module in the binary format, which are not looked at; one whose name ends in `.wat` is text.
///
/// # Errors
/// [`Failure::Read`], and for text what is wrong with it.
pub(crate) fn wasm(path: &str, limits: &ModuleLimits) -> Result<Vec<u8>, Failure> {
    let bytes = bytes(path, limits)?;
    if !is_text(path, &bytes) {
        return Ok(bytes);
    }
    assemble(path, &bytes).map_err(|error| Failure::Refused {
        error: Box::new(located(error, &bytes, &Module::builder())),
        file: Some(path.to_owned()),
        missing: None,
    })
}

/// With where in the text it is, which the library says.
fn located(error: Error, text: &[u8], builder: &ModuleBuilder) -> Error {
    match str::from_utf8(text) {
        Ok(text) => builder.build_wat(text).err().unwrap_or(error),
        Err(_) => error,
    }
}

fn bytes(path: &str, limits: &ModuleLimits) -> Result<Vec<u8>, Failure> {
    match path {
        STDIN => files::read_stdin(limits.module_bytes),
        path => files::read(path, limits.module_bytes),
    }
}

fn is_text(path: &str, bytes: &[u8]) -> bool {
    path.ends_with(".wat") || path == STDIN && looks_like_text(bytes)
}

impl ModuleFile {
    /// Reads and compiles a module; one whose name ends in `.wat` is text. From standard input it may be either.
    ///
    /// # Errors
    /// [`Failure::Read`], and what [`ModuleBuilder::build`](fuelbox::ModuleBuilder::build) refuses, with the file's name.
    pub(crate) fn open(
        path: &str,
        limits: &ModuleLimits,
        snapshots: bool,
    ) -> Result<Self, Failure> {
        let bytes = bytes(path, limits)?;
        let builder = Module::builder()
            .limits(limits.clone())
            .snapshots(snapshots);
        let is_text = is_text(path, &bytes);
        Self::compile(path, bytes, is_text, limits, &builder).map_err(|error| Failure::Refused {
            error: Box::new(error),
            file: Some(path.to_owned()),
            missing: None,
        })
    }

    fn compile(
        path: &str,
        bytes: Vec<u8>,
        is_text: bool,
        limits: &ModuleLimits,
        builder: &ModuleBuilder,
    ) -> Result<Self, Error> {
        let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if found > limits.module_bytes {
            // Said here, for text of that size is not even parsed.
            return Err(Error::ModuleLimit {
                limit: "module_bytes".into(),
                allowed: limits.module_bytes,
                found,
            });
        }
        if !is_text {
            return Self::of_binary(bytes, builder);
        }
        let made = assemble(path, &bytes).and_then(|wasm| Self::of_binary(wasm, builder));
        made.map_err(|error| located(error, &bytes, builder))
    }

    fn of_binary(wasm: Vec<u8>, builder: &ModuleBuilder) -> Result<Self, Error> {
        let stopwatch = Stopwatch::start();
        let module = builder.build(&wasm)?;
        Ok(Self {
            module,
            wasm,
            compile: stopwatch.elapsed(),
        })
    }
}

/// Whether bytes without a name can be meant as text.
fn looks_like_text(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii_start();
    bytes.starts_with(b"(") || bytes.starts_with(b";;")
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
    let parts = |limit: u64| grown(limit, module_bytes, base.module_bytes);
    let limits = base
        .clone()
        .module_bytes(module_bytes)
        .function_bytes(parts(base.function_bytes))
        .types(parts(base.types))
        .imports(parts(base.imports))
        .functions(parts(base.functions))
        .tables(parts(base.tables))
        .memories(parts(base.memories))
        .globals(parts(base.globals))
        .exports(parts(base.exports))
        .element_segments(parts(base.element_segments))
        .data_segments(parts(base.data_segments))
        .elements(parts(base.elements))
        .locals(parts(base.locals))
        .carried_values(parts(base.carried_values))
        .block_depth(parts(base.block_depth));
    proposals
        .iter()
        .fold(limits, |limits, &proposal| limits.allow(proposal))
}

/// `limit` times as often as `whole` goes into `bytes`, and at least once.
fn grown(limit: u64, bytes: u64, whole: u64) -> u64 {
    limit.saturating_mul(bytes.checked_div(whole).unwrap_or(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bounds_the_parts_grows_with_the_whole_and_never_shrinks() {
        let base = ModuleLimits::default();
        let large = module_limits(base.module_bytes * 4, &[Proposal::TailCall]);
        assert_eq!(large.functions, base.functions * 4);
        assert_eq!(large.locals, base.locals * 4);
        assert!(large.proposals.contains(Proposal::TailCall));
        assert_eq!(module_limits(1, &[]), base.clone().module_bytes(1));
        assert_eq!(module_limits(u64::MAX, &[]).call_depth, base.call_depth);
    }
}
