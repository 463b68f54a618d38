//! Our side of the wall: what one run owns beside the guest.

mod caller;
mod cancel;
mod extensions;
mod halt;
mod ledger;
mod memory;
mod meter;
mod native;
mod record;
pub(crate) mod values;
mod watch;
mod work;

pub use caller::Caller;
pub use cancel::CancelToken;
pub use extensions::Extensions;
pub use halt::Halt;
pub(crate) use halt::{Raised, Signal};
pub(crate) use ledger::Ledger;
pub(crate) use meter::Meter;
pub(crate) use native::{Native, NativeResults};
pub(crate) use record::Record;
pub(crate) use watch::Watch;
pub(crate) use work::{Answer, Break, Piece, Work, do_piece};

use crate::{clock::Clock, limits::Limits};
use alloc::{boxed::Box, vec::Vec};

/// What one run owns, and host functions reach.
pub(crate) struct Host {
    /// The exported linear memory, once there is an instance.
    pub(crate) memory: Option<wasmi::Memory>,
    pub(crate) meter: Meter,
    pub(crate) ledger: Ledger,
    pub(crate) watch: Watch,
    /// What is left to do of the host call in progress, where it signalled [`Signal::Work`].
    pub(crate) work: Option<Box<dyn Work>>,
    pub(crate) record: Record,
    pub(crate) input: Vec<u8>,
    /// What holds the deadline; a guest that waits waits by it.
    pub(crate) clock: Clock,
    /// Whether a host function may let the guest wait, and return later. Not in a module with tail calls:
    /// wasmi 2.0.0 puts the result of one that is resumed where the caller of its caller keeps its own.
    pub(crate) may_wait: bool,
    /// What the embedding program gave to this run.
    pub(crate) extensions: Extensions,
    /// What capabilities keep for this run.
    pub(crate) states: Extensions,
}

impl Host {
    pub(crate) fn new(
        limits: &Limits,
        input: Vec<u8>,
        extensions: Extensions,
        clock: Clock,
    ) -> Self {
        Self {
            memory: None,
            meter: Meter::new(limits),
            ledger: Ledger::new(limits.fuel),
            watch: Watch::new(clock.clone(), limits.deadline),
            work: None,
            record: Record::new(limits),
            input,
            clock,
            may_wait: true,
            extensions,
            states: Extensions::new(),
        }
    }
}
