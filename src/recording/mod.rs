//! What crossed the boundary into one guest, so that it can be run again.
//!
//! A recording is a sequence of calls. Each has how it began, what each of its host calls gave to the guest, and how it
//! ended. That is all that a guest ever learns of the world: clocks, random bytes, files and the host's own functions
//! are host calls alike, so there is one log for all of them. What a guest does between two host calls follows from its
//! code.

mod call;
mod error;
mod file;
mod host_call;
mod tree;
mod wire;
mod words;

pub(crate) use call::{Called, End, RecordedCall};
pub use error::RecordingError;
pub(crate) use host_call::{HostCall, write_count, write_end, write_range, write_start};
pub(crate) use wire::Reader;

use crate::{limits::Limits, module_limits::ModuleLimits};
use alloc::{borrow::Cow, string::String, sync::Arc, vec::Vec};

/// What crossed the boundary into one guest, from its first call to its last.
///
/// Made by a sandbox that [records](crate::Sandbox::record): [`Finished::recording`](crate::Finished::recording) and
/// [`Instance::recording`](crate::Instance::recording) have it. Run again it gives the same report, to the unit of
/// fuel: see [`replay`](Self::replay).
///
/// It holds the input of the guest and all that host functions gave it. Treat it as you treat that data.
///
/// ```
/// use fuelbox::{Limits, Module, Recording, Sandbox, protocol};
///
/// # let text = std::fs::read_to_string("examples/guests/upper.wat")?;
/// # let wasm = wat::parse_str(text)?;
/// let module = Module::new(&wasm)?;
/// let sandbox = Sandbox::new(Limits::default()).grant(protocol()).record(16 << 20);
/// let finished = sandbox.start(&module, b"hello")?.finish();
/// let file = finished.recording.expect("the sandbox records").to_bytes();
///
/// let replay = Recording::from_bytes(&file)?.replay(&module)?;
/// assert_eq!(replay.divergence, None);
/// assert_eq!(replay.reports, [finished.report]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It says what it is of, and can bring the module along:
///
/// ```
/// use fuelbox::{Limits, Module, ModuleLimits, Recording, Sandbox};
///
/// # let wasm = wat::parse_bytes(br#"(module (func (export "_start")))"#)?;
/// let module = Module::new(&wasm)?;
/// let sandbox = Sandbox::new(Limits::default()).record(16 << 20);
/// let finished = sandbox.start(&module, "")?.finish();
/// let recording = finished.recording.expect("the sandbox records").with_module(&*wasm);
/// assert_eq!(recording.fingerprint(), module.fingerprint());
/// assert_eq!(recording.module(), Some(&*wasm));
/// assert_eq!((recording.calls(), recording.host_calls()), (1, 0));
/// assert!(!recording.is_cut());
/// assert_eq!(recording.limits(), &Limits::default());
/// assert_eq!(recording.module_limits(), &ModuleLimits::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// Large parts are shared: an instance goes on with its recording, and gives a copy after each call.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// That of the module.
    pub(crate) fingerprint: u64,
    /// What the module was built under.
    pub(crate) module_limits: ModuleLimits,
    pub(crate) limits: Limits,
    /// What the module imports, in its order.
    pub(crate) imports: Arc<[Import]>,
    pub(crate) calls: Vec<Arc<RecordedCall>>,
    pub(crate) is_cut: bool,
    /// The module itself, where it was added.
    pub(crate) module: Option<Vec<u8>>,
}

/// A function that the module imports, and what it was granted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) module: String,
    pub(crate) name: String,
    pub(crate) capability: Option<Cow<'static, str>>,
}

impl Recording {
    /// The [fingerprint](crate::Module::fingerprint) of the module that ran.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The limits that the module was built under. One that is built under others may end elsewhere.
    #[must_use]
    pub fn module_limits(&self) -> &ModuleLimits {
        &self.module_limits
    }

    /// The limits of the sandbox.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many calls there are; what every instance begins with is one where it ran by itself.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls.len()
    }

    /// How many calls of host functions there are.
    #[must_use]
    pub fn host_calls(&self) -> usize {
        self.calls
            .iter()
            .map(|call| call.host_calls().count())
            .fold(0, usize::saturating_add)
    }

    /// Whether the recording was full before the guest came to its end: see
    /// [`Sandbox::record`](crate::Sandbox::record).
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Adds the module, as bytes of the binary format or as text, so that the file has all that a replay needs.
    #[must_use]
    pub fn with_module(self, module: impl Into<Vec<u8>>) -> Self {
        let module = Some(module.into());
        Self { module, ..self }
    }

    /// The module, where it was [added](Self::with_module). Nothing says that it is the one that ran: compare its
    /// fingerprint.
    #[must_use]
    pub fn module(&self) -> Option<&[u8]> {
        self.module.as_deref()
    }
}
