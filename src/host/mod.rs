//! The side of the host: what one instance owns beside the guest.

mod caller;
mod cancel;
mod extensions;
mod halt;
mod ledger;
pub(crate) mod memory;
mod meter;
mod native;
#[cfg(feature = "observe")]
pub(crate) mod profiler;
mod record;
mod request;
mod store;
pub(crate) mod tape;
pub(crate) mod values;
mod watch;
mod work;
#[cfg(feature = "fuzz")]
mod written;

pub use caller::Caller;
pub use cancel::CancelToken;
#[cfg(feature = "std")]
pub(crate) use cancel::Listener;
pub use extensions::Extensions;
pub use halt::Halt;
pub(crate) use halt::{Raised, Signal};
pub(crate) use ledger::{Ledger, fuel_for_bytes};
pub(crate) use meter::Meter;
pub(crate) use native::{Native, NativeResults};
pub(crate) use record::{Line, Record, whole_characters};
pub use request::Request;
pub(crate) use request::{Answering, Asked, Found, Last, Question};
pub(crate) use store::{Store, StoreMut, memory as lend_memory};
pub use store::{keep_memory, kept_memory};
pub(crate) use tape::{Difference, Diverged, Player, Recorder, Tape};
pub(crate) use watch::Watch;
pub(crate) use work::{Answer, Break, InPieces, Piece, Work, do_piece};
#[cfg(feature = "fuzz")]
pub(crate) use written::Written;

use crate::{
    clock::Clock,
    limits::{CallLimits, InstanceLimits},
};
use alloc::{boxed::Box, vec::Vec};

/// What one instance owns, and host functions reach. What belongs to one call begins again with each.
pub(crate) struct Host {
    /// The exported linear memory, once there is an instance.
    pub(crate) memory: Option<wasmi::Memory>,
    pub(crate) meter: Meter,
    pub(crate) ledger: Ledger,
    pub(crate) watch: Watch,
    /// What is left to do of the host call in progress, where it signalled [`Signal::Work`].
    pub(crate) work: Option<Box<dyn Work>>,
    /// What the guest asks its host, where the host call in progress signalled [`Signal::Ask`].
    pub(crate) asked: Option<Asked>,
    pub(crate) record: Record,
    pub(crate) input: Vec<u8>,
    /// What the embedding program gave to this call.
    pub(crate) extensions: Extensions,
    /// What capabilities keep for this instance.
    pub(crate) states: Extensions,
    /// What the instance is recorded on, or replayed from.
    pub(crate) tape: Option<Tape>,
    /// What of the guest's memory the host has written to, where that is undone.
    #[cfg(feature = "fuzz")]
    pub(crate) written: Option<Written>,
}

impl Host {
    /// What an instance owns that nothing runs in yet: its first call has nothing to use.
    pub(crate) fn new(limits: &InstanceLimits, clock: Clock) -> Self {
        Self {
            memory: None,
            meter: Meter::new(limits),
            ledger: Ledger::default(),
            watch: Watch::new(clock),
            work: None,
            asked: None,
            record: Record::default(),
            input: Vec::new(),
            extensions: Extensions::new(),
            states: Extensions::new(),
            tape: None,
            #[cfg(feature = "fuzz")]
            written: None,
        }
    }

    /// Takes note that the host may write to `len` bytes at `ptr` of the guest's memory.
    #[cfg(feature = "fuzz")]
    pub(crate) fn may_write(&mut self, ptr: u64, len: usize) {
        if let Some(written) = &mut self.written {
            written.note(ptr, u64::try_from(len).unwrap_or(u64::MAX));
        }
    }

    /// Nothing is undone.
    #[cfg(not(feature = "fuzz"))]
    pub(crate) fn may_write(&mut self, _: u64, _: usize) {}

    /// Begins a call: what it may use is all there again, and nothing of the call before it is left.
    pub(crate) fn begin_call(
        &mut self,
        limits: &CallLimits,
        input: Vec<u8>,
        extensions: Extensions,
        cancel: Option<CancelToken>,
    ) {
        self.meter.begin_call();
        self.ledger.begin_call(limits.fuel);
        self.watch.begin_call(limits, cancel);
        self.work = None;
        self.asked = None;
        self.record = Record::new(limits);
        self.input = input;
        self.extensions = extensions;
    }
}
