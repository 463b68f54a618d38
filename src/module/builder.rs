//! The builder of a module: its limits, and what room it leaves.

#[cfg(feature = "observe")]
use super::Told;
#[cfg(feature = "fuzz")]
use super::Traced;
#[cfg(feature = "wat")]
use super::text;
use super::{Module, admission, lengths, rewrite::CAN_LEND};
use crate::{error::Error, module_limits::ModuleLimits, proposal::Proposal};
use alloc::sync::Arc;

/// How a module is made; see [`Module::builder`].
///
/// ```
/// use fuelbox::{Module, ModuleLimits, Proposal};
///
/// # let wasm = wat::parse_bytes(b"(module)")?;
/// let builder = Module::builder()
///     .limits(ModuleLimits::default().module_bytes(1 << 20))
///     .allow(Proposal::TailCall)
///     .name("tax")
///     .snapshots(true);
/// let module = builder.build(&wasm)?;
/// assert_eq!(module.name(), Some("tax"));
/// assert_eq!(module.wasm(), Some(&*wasm));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ModuleBuilder {
    pub(super) limits: ModuleLimits,
    pub(super) name: Option<Arc<str>>,
    pub(super) snapshots: bool,
    /// Whether a function is compiled at its first call.
    pub(super) lazy: bool,
    /// As many as the machine has cores, if nothing is said.
    #[cfg(feature = "std")]
    pub(super) most_lanes: Option<usize>,
    /// See [`own_memories`](Self::own_memories).
    own_memories: bool,
    /// What the module tells of itself while it runs, if anything.
    #[cfg(feature = "observe")]
    pub(super) told: Option<Told>,
    /// What it tells of the ways that it takes, if anything.
    #[cfg(feature = "fuzz")]
    pub(super) traced: Option<Traced>,
}

impl Module {
    /// Sets how a module is made, before it is.
    ///
    /// ```
    /// use fuelbox::{Module, ModuleLimits, Proposal};
    ///
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let module = Module::builder()
    ///     .limits(ModuleLimits::default().module_bytes(1 << 20))
    ///     .allow(Proposal::TailCall)
    ///     .build(&wasm)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn builder() -> ModuleBuilder {
        ModuleBuilder::default()
    }

    /// Checks and compiles a binary module under the default [`ModuleLimits`].
    ///
    /// ```
    /// use fuelbox::Module;
    ///
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let module = Module::new(&wasm)?; // std::fs::read("plugin.wasm")?
    /// assert!(Module::new(b"no module").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`ModuleBuilder::build`].
    pub fn new(wasm: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::builder().build(wasm)
    }

    /// Checks and compiles a module in the text format, under the default [`ModuleLimits`].
    ///
    /// ```
    /// let module = fuelbox::Module::from_wat(r#"(module (func (export "_start")))"#)?;
    /// assert!(module.export("_start").is_some());
    /// # Ok::<(), fuelbox::Error>(())
    /// ```
    ///
    /// # Errors
    /// See [`ModuleBuilder::build_wat`].
    #[cfg(feature = "wat")]
    pub fn from_wat(text: &str) -> Result<Self, Error> {
        Self::builder().build_wat(text)
    }

    /// The bytes that it was made from, where it was built for snapshots.
    ///
    /// Those of a snapshot are a module of their own: they can be stored, and admitted again anywhere.
    ///
    /// ```
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let module = fuelbox::Module::builder().snapshots(true).build(&wasm)?;
    /// assert_eq!(module.wasm(), Some(&*wasm));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn wasm(&self) -> Option<&[u8]> {
        let source = self.about().source.as_deref();
        source.map(|source| &*source.wasm)
    }

    /// What it was called by [`ModuleBuilder::name`].
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.about().name.as_deref()
    }

    pub(super) fn admitted(wasm: &[u8], builder: &ModuleBuilder) -> Result<Self, Error> {
        admission::traced(wasm.len(), builder.name.as_deref(), || {
            Self::admit(&lengths::countable(wasm, &builder.limits), builder)
        })
    }
}

impl ModuleBuilder {
    /// The largest function that may be compiled at its first call, in bytes: usual code of that size compiles in 4 ms.
    pub const LAZY_FUNCTION_BYTES: u64 = 128 << 10;

    /// The limits, with what else bounds the module.
    pub(super) fn admitted_limits(&self) -> ModuleLimits {
        let limits = self.limits.clone();
        if !self.lazy {
            return limits;
        }
        let bytes = limits.function_bytes.min(Self::LAZY_FUNCTION_BYTES);
        limits.function_bytes(bytes)
    }

    /// Sets what the module may be, proposals included.
    #[must_use]
    pub fn limits(self, limits: ModuleLimits) -> Self {
        Self { limits, ..self }
    }

    /// Lets the module use `proposal`, as [`ModuleLimits::allow`] does.
    #[must_use]
    pub fn allow(self, proposal: Proposal) -> Self {
        Self {
            limits: self.limits.allow(proposal),
            ..self
        }
    }

    /// Sets what the module is called where modules have to be told apart: in the spans of `tracing` that its
    /// admission and its calls are, in its `Debug`, and by [`Module::name`]. Default none.
    ///
    /// It is the host's word: what a module calls itself is never taken, for a guest could pose as another. Two
    /// modules may have the same name, and guests are not told it. Snapshots keep it.
    ///
    /// ```
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let module = fuelbox::Module::builder().name("tax").build(&wasm)?;
    /// assert_eq!(module.name(), Some("tax"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(self, name: impl AsRef<str>) -> Self {
        Self {
            name: Some(name.as_ref().into()),
            ..self
        }
    }

    /// Sets whether [`Instance::snapshot`](crate::Instance::snapshot) can be made of its instances. Default no.
    ///
    /// It then keeps its bytes, and each instance starts a little slower: by the lookups of as many exports as it
    /// has memories, tables and globals that change.
    #[must_use]
    pub fn snapshots(self, snapshots: bool) -> Self {
        Self { snapshots, ..self }
    }

    /// Sets whether each function is compiled when it is called first, not when the module is made. Default no.
    ///
    /// The first result then comes sooner: in a quarter of the time, where most functions are never called. Fuel and
    /// reports are the same. It is for modules that the host half trusts, since what is compiled within a call is
    /// metered by nothing: it takes 16 to 33 ns for each byte of usual code, which deadlines and
    /// cancels wait for, once for each function. And what the interpreter's compiler fails at is found then: the call
    /// ends with [`Stop::Engine`](crate::Stop::Engine), and a panic of the compiler, of which none is known, would
    /// end the process.
    ///
    /// No function may be larger than [`LAZY_FUNCTION_BYTES`](Self::LAZY_FUNCTION_BYTES), even where
    /// [`ModuleLimits::function_bytes`] is more.
    ///
    /// ```
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let module = fuelbox::Module::builder().lazy(true).build(&wasm)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lazy(self, lazy: bool) -> Self {
        Self { lazy, ..self }
    }

    /// Sets how many copies of the code there may be for threads that start guests at once, the first included; see
    /// [`Module::make_lanes`]. Default as many as the machine has cores.
    ///
    /// With more than one the module keeps the bytes that it compiles, with 1 or 0 it never makes another.
    ///
    /// ```
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let module = fuelbox::Module::builder().most_lanes(1).build(&wasm)?; // for one thread
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn most_lanes(self, lanes: usize) -> Self {
        Self {
            most_lanes: Some(lanes),
            ..self
        }
    }

    /// Leaves memories to the interpreter, as where the feature `lent-memory` is off: to compare both.
    #[doc(hidden)]
    #[must_use]
    pub fn own_memories(self) -> Self {
        Self {
            own_memories: true,
            ..self
        }
    }

    /// Lets the module tell something of itself while it runs, at the same fuel.
    #[cfg(feature = "observe")]
    pub(crate) fn telling(self, told: Told) -> Self {
        Self {
            told: Some(told),
            ..self
        }
    }

    /// Lets the module tell which ways it takes, at the same fuel, for a [`Probe`](crate::fuzz::Probe). Default not.
    ///
    /// It runs slower, and each instance has a little more memory, which counts for no limit.
    ///
    /// ```
    /// use fuelbox::{Module, fuzz::Traced};
    ///
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let module = Module::builder().traced(Traced::Edges).build(&wasm)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "fuzz")]
    #[must_use]
    pub fn traced(self, traced: Traced) -> Self {
        Self {
            traced: Some(traced),
            ..self
        }
    }

    /// Whether instances get the memories that the module defines from us.
    pub(super) fn lends(&self) -> bool {
        CAN_LEND && !self.own_memories
    }

    /// Checks and compiles a binary module.
    ///
    /// Time and memory are bounded by the limits: no more is allocated than in proportion to the module.
    ///
    /// # Errors
    /// [`Error::ModuleLimit`] above a limit, [`Error::Proposal`] where a proposal is used that is off,
    /// [`Error::InvalidModule`] and [`Error::TextModule`] where the bytes are no module,
    /// [`Error::Unsupported`] beyond the interpreter's bounds, [`Error::Engine`] where it fails.
    pub fn build(&self, wasm: impl AsRef<[u8]>) -> Result<Module, Error> {
        Module::admitted(wasm.as_ref(), self)
    }

    /// Checks and compiles a module in the text format.
    ///
    /// ```
    /// let error = fuelbox::Module::builder().build_wat("(module (func (result i32)))").unwrap_err();
    /// assert_eq!(error.code(), "invalid-text");
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidText`], also for a text that makes an invalid module: with the line, the column and the
    /// function. Else those of [`build`](Self::build).
    #[cfg(feature = "wat")]
    pub fn build_wat(&self, text: &str) -> Result<Module, Error> {
        let wasm = text::assemble(text)?;
        self.build(&wasm)
            .map_err(|error| text::in_text(error, text, &wasm))
    }
}
