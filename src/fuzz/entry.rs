//! How a guest that is fuzzed gets its input.

use crate::{
    call::{Call, CallError},
    error::Error,
    instance::Instance,
    module::Module,
    value::{Value, ValueType},
};
use alloc::vec::Vec;
use core::mem;

/// How a guest gets its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// By the protocol, or on standard input.
    Entry,
    /// In a buffer of its memory, which it gives once, and the length of which is bounded.
    Buffer {
        /// Whether it has a function to get ready.
        has_initialize: bool,
    },
}

/// Why nothing of a guest can be fuzzed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// It cannot be run; or it has an entry of libFuzzer's, and nothing to get a buffer from.
    #[error(transparent)]
    Refused(Error),
    /// It did not get ready.
    #[error("the guest did not get ready: {0}")]
    NotReady(CallError),
}

impl EntryError {
    /// Why no instance got ready.
    pub(super) fn of(error: CallError) -> Self {
        match error {
            CallError::Refused(error) => Self::Refused(error),
            error => Self::NotReady(error),
        }
    }
}

/// The export that libFuzzer calls.
const TEST: &str = "LLVMFuzzerTestOneInput";
/// The one that it calls once, before.
const INITIALIZE: &str = "LLVMFuzzerInitialize";
/// The one that the buffer is from.
const ALLOCATE: &str = "malloc";

impl Entry {
    /// How `module` gets its input.
    ///
    /// # Errors
    /// [`Error::ExportMissing`], [`Error::ExportType`].
    pub(super) fn of(module: &Module) -> Result<Self, Error> {
        const ONE: &[ValueType] = &[ValueType::I32];
        const TWO: &[ValueType] = &[ValueType::I32, ValueType::I32];

        if module.export(TEST).is_none() {
            return module.entry().map(|_| Self::Entry);
        }
        module.function_of(TEST, TWO, ONE)?;
        module.function_of(ALLOCATE, ONE, ONE)?;
        let has_initialize = module.export(INITIALIZE).is_some();
        if has_initialize {
            module.function_of(INITIALIZE, TWO, ONE)?;
        }
        Ok(Self::Buffer { has_initialize })
    }

    /// Gets an instance ready for inputs of at most so many bytes; gives where they go.
    ///
    /// # Errors
    /// Where the guest did not finish, or gives no buffer.
    pub(super) fn prepare(
        self,
        instance: &mut Instance,
        most_bytes: u32,
    ) -> Result<u32, CallError> {
        let Self::Buffer { has_initialize } = self else {
            return Ok(0);
        };
        if has_initialize {
            instance.call::<_, i32>(INITIALIZE, (0, 0))?;
        }
        instance.call::<_, u32>(ALLOCATE, most_bytes)
    }

    /// The call that takes what is in `input`, which is emptied where the instance keeps it.
    pub(super) fn call(self, instance: &mut Instance, buffer: u32, input: &mut Vec<u8>) -> Call {
        match self {
            Self::Entry => Call::entry().input(mem::take(input)),
            Self::Buffer { .. } => {
                let len = u32::try_from(input.len()).unwrap_or(u32::MAX);
                // A guest that gives a buffer out of its memory gets nothing, and traps when it looks.
                let _ = instance.memory().write(buffer.into(), input);
                let args = [buffer, len].map(|number| Value::I32(number.cast_signed()));
                Call::export(TEST).values(args)
            }
        }
    }

    /// Whether the instance keeps the input of a call.
    pub(super) fn keeps_input(self) -> bool {
        self == Self::Entry
    }
}
