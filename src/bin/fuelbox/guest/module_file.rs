//! The file that holds the module.

use crate::{
    failure::Failure,
    files::{self, STDIN},
    stopwatch::Stopwatch,
};
use fuelbox::{Error, Module, ModuleBuilder, ModuleLimits, Recording};
use fuelbox_observe::Symbols;
use std::time::Duration;

/// A module, and the bytes that it was made from.
pub(crate) struct ModuleFile {
    pub(crate) module: Module,
    /// In the binary format, whatever the file's own.
    pub(crate) wasm: Vec<u8>,
    /// The name of the file.
    path: String,
    /// The text that it was made from, if it was.
    pub(crate) text: Option<Vec<u8>>,
    /// How long it took to check and compile the bytes.
    pub(crate) compile: Duration,
    /// What it was built under.
    limits: ModuleLimits,
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
    /// [`Failure::Read`], and what [`ModuleBuilder::build`](fuelbox::ModuleBuilder::build) refuses, with the file's
    /// name.
    pub(crate) fn open(
        path: &str,
        limits: &ModuleLimits,
        snapshots: bool,
    ) -> Result<Self, Failure> {
        let bytes = bytes(path, limits)?;
        let is_text = is_text(path, &bytes);
        Self::read(path, bytes, is_text, limits, snapshots)
    }

    /// Compiles a module that came without a name.
    ///
    /// # Errors
    /// What [`ModuleBuilder::build`](fuelbox::ModuleBuilder::build) refuses.
    pub(crate) fn of_bytes(bytes: Vec<u8>, limits: &ModuleLimits) -> Result<Self, Failure> {
        let is_text = looks_like_text(&bytes);
        let path = if is_text { "guest.wat" } else { "guest.wasm" };
        Self::read(path, bytes, is_text, limits, false)
    }

    fn read(
        path: &str,
        bytes: Vec<u8>,
        is_text: bool,
        limits: &ModuleLimits,
        snapshots: bool,
    ) -> Result<Self, Failure> {
        let builder = Module::builder()
            .limits(limits.clone())
            .snapshots(snapshots);
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
            return Self::of_binary(path, bytes, limits, builder);
        }
        match assemble(path, &bytes).and_then(|wasm| Self::of_binary(path, wasm, limits, builder)) {
            Ok(made) => Ok(Self {
                text: Some(bytes),
                ..made
            }),
            Err(error) => Err(located(error, &bytes, builder)),
        }
    }

    fn of_binary(
        path: &str,
        wasm: Vec<u8>,
        limits: &ModuleLimits,
        builder: &ModuleBuilder,
    ) -> Result<Self, Error> {
        let stopwatch = Stopwatch::start();
        let module = builder.build(&wasm)?;
        Ok(Self {
            module,
            wasm,
            path: path.to_owned(),
            text: None,
            compile: stopwatch.elapsed(),
            limits: limits.clone(),
        })
    }
}

impl ModuleFile {
    /// Whether a recording is of this module, built as it was then.
    pub(crate) fn is_of(&self, recording: &Recording) -> bool {
        self.module.fingerprint() == recording.fingerprint()
            && self.limits == *recording.module_limits()
    }

    /// The bytes of the file, text or binary.
    pub(crate) fn into_source(self) -> Vec<u8> {
        self.text.unwrap_or(self.wasm)
    }

    /// What the module says of its code, by the lines of its text where it was made from one.
    pub(crate) fn symbols(&self) -> Symbols<'_> {
        let text = self.text.as_deref();
        match text.and_then(|text| str::from_utf8(text).ok()) {
            Some(text) => Symbols::of_text(&self.path, text, &self.wasm),
            None => match self.source_map() {
                Some(map) => Symbols::new(&self.wasm).with_source_map(&map),
                None => Symbols::new(&self.wasm),
            },
        }
    }

    /// The source map beside a module that names one. Which file that is the module does not say: it is a stranger's.
    fn source_map(&self) -> Option<String> {
        const SECTION: &[u8] = b"\x10sourceMappingURL";
        const MOST_BYTES: u64 = 64 << 20;

        let names_one = || {
            let mut places = self.wasm.windows(SECTION.len());
            places.any(|bytes| bytes == SECTION)
        };
        if self.path == STDIN || !names_one() {
            return None;
        }
        let map = files::read(&format!("{}.map", self.path), MOST_BYTES).ok()?;
        String::from_utf8(map).ok()
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
