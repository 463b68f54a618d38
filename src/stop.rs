//! Stops: why a guest that ran did not finish.

use crate::{
    advice::Advice,
    blame::Blame,
    text::{Escaped, Name},
    worker_end::WorkerEnd,
};
use alloc::{borrow::Cow, string::String, string::ToString, sync::Arc};
use core::{error::Error, fmt, time::Duration};

/// Why guest code ran and did not finish.
///
/// The report that carries it still holds output, logs and usage.
///
/// ```
/// use fuelbox::{Blame, Limits, Module, Sandbox, Stop};
///
/// # let wasm = wat::parse_bytes(br#"(module (func (export "_start") (loop (br 0))))"#)?;
/// let endless = Module::new(&wasm)?;
/// let report = Sandbox::new(Limits::default().fuel(1_000_000)).run(&endless, [])?;
/// let stop = report.stop().expect("it never ends by itself");
/// assert_eq!(stop, &Stop::OutOfFuel { limit: 1_000_000 });
/// assert_eq!((stop.code(), stop.blame()), ("out-of-fuel", Blame::Limit));
/// assert!(!stop.is_transient());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Stop {
    /// The budget of fuel was used up.
    #[error("out of fuel after {limit}")]
    OutOfFuel {
        /// [`Limits::fuel`](crate::Limits::fuel).
        limit: u64,
    },
    /// The running time was used up.
    #[error("the deadline of {limit:?} has passed")]
    Deadline {
        /// [`Limits::deadline`](crate::Limits::deadline).
        limit: Duration,
    },
    /// The host took too long to answer the guest.
    #[error("the guest has waited {limit:?} for answers of the host")]
    Wait {
        /// [`Limits::wait`](crate::Limits::wait).
        limit: Duration,
    },
    /// The guest waits for an answer, in a call that is run to its end with nobody to answer it.
    #[error("nobody answers {}.{}", Name(.module), Name(.name))]
    Unanswered {
        /// Module of the import.
        module: Cow<'static, str>,
        /// Name of the import.
        name: Cow<'static, str>,
    },
    /// The run was cancelled through its token.
    #[error("cancelled by the host")]
    Cancelled,
    /// The guest asked for more memory than it may have.
    #[error("out of memory: the guest wants {requested} bytes, {limit} are allowed")]
    OutOfMemory {
        /// [`Limits::memory_bytes`](crate::Limits::memory_bytes).
        limit: u64,
        /// Size that all memories together would have had, in bytes.
        requested: u64,
    },
    /// The guest asked for more table elements than it may have.
    #[error("out of table: the guest wants {requested} elements, {limit} are allowed")]
    OutOfTable {
        /// [`Limits::table_elements`](crate::Limits::table_elements).
        limit: u64,
        /// Size that all tables together would have had, in elements.
        requested: u64,
    },
    /// The guest wrote more output than it may; what fitted is in the report.
    #[error("more than {limit} bytes of output")]
    OutputTooLarge {
        /// [`Limits::output_bytes`](crate::Limits::output_bytes).
        limit: u64,
    },
    /// The guest did something that WebAssembly forbids.
    #[error("the guest trapped: {0}")]
    Trapped(Trap),
    /// The guest gave a host function a range that does not lie in its memory.
    #[error("{}: {len} bytes at {ptr} {}", Name(.function), Outside(*.memory_bytes))]
    Fault {
        /// Name of the host function.
        function: Cow<'static, str>,
        /// Start of the range.
        ptr: u32,
        /// Length of the range in bytes.
        len: u32,
        /// Size of the exported `memory` in bytes; `None` where the guest exports none.
        memory_bytes: Option<u64>,
    },
    /// A function of the host failed.
    #[error("host function {}.{} failed: {}", Name(.module), Name(.name), Escaped(&error.to_string()))]
    HostFunction {
        /// Module of the import.
        module: Cow<'static, str>,
        /// Name of the import.
        name: Cow<'static, str>,
        /// What the function returned.
        error: HostError,
    },
    /// The machine has no memory left.
    #[error("the machine has no memory left for the guest")]
    SystemOutOfMemory,
    /// The interpreter failed; the host goes on. Please report it.
    #[error("the interpreter failed: {}", Escaped(.message))]
    Engine {
        /// What it said.
        message: String,
    },
    /// The process that the guest ran in has ended; the host goes on. Only of guests in worker processes.
    #[error("the guest's worker process {how}")]
    Worker {
        /// How it ended.
        how: WorkerEnd,
    },
}

impl Stop {
    /// A stable word for this kind of stop, such as `out-of-fuel`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfFuel { .. } => "out-of-fuel",
            Self::Deadline { .. } => "deadline",
            Self::Wait { .. } => "wait",
            Self::Unanswered { .. } => "unanswered",
            Self::Cancelled => "cancelled",
            Self::OutOfMemory { .. } => "out-of-memory",
            Self::OutOfTable { .. } => "out-of-table",
            Self::OutputTooLarge { .. } => "output-too-large",
            Self::Trapped(trap) => trap.code(),
            Self::Fault { .. } => "fault",
            Self::HostFunction { .. } => "host-function",
            Self::SystemOutOfMemory => "system-out-of-memory",
            Self::Engine { .. } => "engine",
            Self::Worker { .. } => "worker",
        }
    }

    /// Who has to act.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::Trapped(_) | Self::Fault { .. } => Blame::Guest,
            Self::OutOfFuel { .. }
            | Self::Deadline { .. }
            | Self::Wait { .. }
            | Self::OutOfMemory { .. }
            | Self::OutOfTable { .. }
            | Self::OutputTooLarge { .. } => Blame::Limit,
            Self::Unanswered { .. }
            | Self::Cancelled
            | Self::HostFunction { .. }
            | Self::SystemOutOfMemory => Blame::Host,
            Self::Engine { .. } | Self::Worker { .. } => Blame::Engine,
        }
    }

    /// What to change so that it does not come again; `None` where that depends on the guest or the host.
    ///
    /// ```
    /// use fuelbox::{Advice, Stop, Trap};
    ///
    /// let stop = Stop::OutputTooLarge { limit: 8 };
    /// assert_eq!(stop.to_string(), "more than 8 bytes of output");
    /// assert_eq!(stop.advice(), Some(Advice::RaiseLimit { limit: "output_bytes".into() }));
    /// assert_eq!(Stop::Trapped(Trap::Unreachable).advice(), None);
    /// ```
    #[must_use]
    pub fn advice(&self) -> Option<Advice> {
        Some(match self {
            Self::OutOfFuel { .. } => Advice::raise("fuel"),
            Self::Deadline { .. } => Advice::raise("deadline"),
            Self::Wait { .. } => Advice::raise("wait"),
            Self::Unanswered { .. } => Advice::Answer,
            Self::OutOfMemory { .. } => Advice::raise("memory_bytes"),
            Self::OutOfTable { .. } => Advice::raise("table_elements"),
            Self::OutputTooLarge { .. } => Advice::raise("output_bytes"),
            Self::Trapped(Trap::StackOverflow) => Advice::RaiseStack,
            Self::Fault {
                memory_bytes: None, ..
            } => Advice::ExportMemory,
            Self::Engine { .. } | Self::Worker { .. } => Advice::Report,
            Self::Cancelled
            | Self::Trapped(_)
            | Self::Fault { .. }
            | Self::HostFunction { .. }
            | Self::SystemOutOfMemory => return None,
        })
    }

    /// Whether the same call could succeed later without a change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Deadline { .. } | Self::Wait { .. } | Self::Cancelled | Self::SystemOutOfMemory
        )
    }
}

/// What WebAssembly forbids.
///
/// ```
/// assert_eq!(fuelbox::Trap::MemoryOutOfBounds.code(), "trap-memory-out-of-bounds");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Trap {
    /// An `unreachable` instruction; most languages end a panic or an abort with it.
    #[error("unreachable code was reached, as after a panic or an abort")]
    Unreachable,
    /// A memory access outside the memory.
    #[error("memory access out of bounds")]
    MemoryOutOfBounds,
    /// A table access outside the table.
    #[error("table access out of bounds")]
    TableOutOfBounds,
    /// An indirect call through an empty table element.
    #[error("indirect call to null")]
    IndirectCallToNull,
    /// An indirect call to a function of another type.
    #[error("indirect call to a function of another type")]
    BadSignature,
    /// A division by zero.
    #[error("integer division by zero")]
    IntegerDivisionByZero,
    /// A division whose result does not fit.
    #[error("integer overflow")]
    IntegerOverflow,
    /// A conversion of a float that has no value as an integer.
    #[error("float cannot be converted to an integer")]
    BadConversionToInteger,
    /// Calls too deep, or too many values: `ModuleLimits::call_depth` or `ModuleLimits::stack_bytes`.
    #[error("stack overflow")]
    StackOverflow,
}

impl Trap {
    /// A stable word for this trap, such as `trap-unreachable`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "trap-unreachable",
            Self::MemoryOutOfBounds => "trap-memory-out-of-bounds",
            Self::TableOutOfBounds => "trap-table-out-of-bounds",
            Self::IndirectCallToNull => "trap-indirect-call-to-null",
            Self::BadSignature => "trap-bad-signature",
            Self::IntegerDivisionByZero => "trap-integer-division-by-zero",
            Self::IntegerOverflow => "trap-integer-overflow",
            Self::BadConversionToInteger => "trap-bad-conversion-to-integer",
            Self::StackOverflow => "trap-stack-overflow",
        }
    }
}

/// What a function of the host returned in place of a result.
///
/// Made from any error with `?` or `.into()`; [`downcast_ref`](Self::downcast_ref) gives it back.
/// Two are equal when they say the same. Read back from JSON, only what it said is left.
///
/// ```
/// use fuelbox::HostError;
///
/// let text = HostError::message("no such article");
/// let error: HostError = "seven".parse::<u8>().unwrap_err().into();
/// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
/// # let _ = text;
/// ```
#[derive(Clone)]
pub struct HostError(Arc<dyn Error + Send + Sync>);

impl HostError {
    /// An error that is only a text.
    #[must_use]
    pub fn message(text: impl Into<String>) -> Self {
        Self(Arc::new(Message(text.into())))
    }

    /// The error as the host function's own type, if it is of that type.
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for HostError {
    fn from(error: E) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Debug for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq for HostError {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for HostError {}

#[cfg(feature = "serde")]
impl serde::Serialize for HostError {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for HostError {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::message)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Message(String);

/// How a range misses the memory.
struct Outside(Option<u64>);

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(bytes) => write!(f, "lie outside the guest's memory of {bytes} bytes"),
            None => f.write_str("were named, but the guest exports no memory called `memory`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_error_gives_the_hosts_own_type_back() {
        #[derive(Debug, PartialEq, thiserror::Error)]
        #[error("no such price")]
        struct NoPrice(u32);

        let error = HostError::from(NoPrice(7));
        assert_eq!(error.downcast_ref::<NoPrice>(), Some(&NoPrice(7)));
        assert_eq!(error, HostError::message("no such price"));
    }

    #[test]
    fn a_fault_without_a_memory_says_to_export_it() {
        let fault = Stop::Fault {
            function: "host_log".into(),
            ptr: 1,
            len: 2,
            memory_bytes: None,
        };
        assert!(fault.to_string().contains("exports no memory"));
        assert_eq!(fault.advice(), Some(Advice::ExportMemory));
    }
}
