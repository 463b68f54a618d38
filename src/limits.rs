//! The limits of a guest and of its calls: what it may use.
//!
//! Every limit is finite and has a default; unlimited is written `u64::MAX`.

use core::time::Duration;

/// What a guest may use: each call of it, and the instance that lasts from call to call.
///
/// A run is one call in an instance of its own.
///
/// All of them, with their defaults:
///
/// ```
/// use fuelbox::{GrowthDenial, Limits};
/// use std::time::Duration;
///
/// let limits = Limits::default()
///     .fuel(1_000_000_000_000_000_000)
///     .deadline(Duration::from_secs(1))
///     .wait(Duration::from_secs(30)).wait_counts(false)
///     .memory_bytes(64 << 20).table_elements(100_000).growth_denial(GrowthDenial::Stop)
///     .input_bytes(16 << 20).output_bytes(16 << 20).stderr_bytes(64 << 10)
///     .log_bytes(64 << 10).log_lines(1_024).log_line_bytes(4 << 10);
/// assert_eq!(limits, Limits::default());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Limits {
    /// What each call may use.
    pub call: CallLimits,
    /// What the instance may have.
    pub instance: InstanceLimits,
}

/// What one call may use. Start function and `_initialize` are part of the first one.
///
/// Each call begins with all of it; [`Call::limits`](crate::Call::limits) sets other limits for one call.
///
/// ```
/// use fuelbox::CallLimits;
/// use std::time::Duration;
///
/// let limits = CallLimits::default()
///     .fuel(1_000_000).deadline(Duration::from_millis(2))
///     .wait(Duration::from_secs(5)).wait_counts(true)
///     .input_bytes(1 << 10).output_bytes(1 << 10).stderr_bytes(1 << 10)
///     .log_bytes(1 << 10).log_lines(10).log_line_bytes(100);
/// assert_eq!(limits.log_lines, 10);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct CallLimits {
    /// Work of the call in fuel: guest code and host calls together.
    pub fuel: u64,
    /// Running time: the sum of the call's slices. Beyond 584 years it is never reached.
    pub deadline: Duration,
    /// Time to wait for answers of the host, all of the call together. Beyond 584 years it is never reached.
    pub wait: Duration,
    /// Whether time waited for answers counts towards `deadline` too.
    pub wait_counts: bool,
    /// The input, in bytes.
    pub input_bytes: u64,
    /// The output, in bytes.
    pub output_bytes: u64,
    /// The error stream of a WASI guest, in bytes.
    pub stderr_bytes: u64,
    /// All log lines together, in bytes.
    pub log_bytes: u64,
    /// Log lines.
    pub log_lines: u64,
    /// One log line, in bytes.
    pub log_line_bytes: u64,
}

/// What one instance may have, from its start to its end.
///
/// ```
/// use fuelbox::{GrowthDenial, InstanceLimits};
///
/// let growth_fails = InstanceLimits::default().growth_denial(GrowthDenial::Refuse);
/// let limits = growth_fails.memory_bytes(1 << 20).table_elements(100);
/// assert_eq!(limits.memory_bytes, 1 << 20);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct InstanceLimits {
    /// All linear memories together, in bytes.
    pub memory_bytes: u64,
    /// What a growth beyond `memory_bytes` or `table_elements` does.
    pub growth_denial: GrowthDenial,
    /// All tables together, in elements.
    pub table_elements: u64,
}

/// What happens when a guest asks for more memory or table than it may have, or than the machine has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum GrowthDenial {
    /// The run stops: [`Stop::OutOfMemory`](crate::Stop::OutOfMemory) or [`Stop::OutOfTable`](crate::Stop::OutOfTable),
    /// [`Stop::SystemOutOfMemory`](crate::Stop::SystemOutOfMemory) where it is the machine that has no more.
    #[default]
    Stop,
    /// The guest gets -1 and goes on; [`Usage::memory_growths_denied`](crate::Usage::memory_growths_denied) counts.
    Refuse,
}

impl Limits {
    /// Sets the work of a call in fuel. Default 1,000,000,000,000,000,000 (10^18). As [`CallLimits::fuel`].
    #[must_use]
    pub fn fuel(self, fuel: u64) -> Self {
        Self {
            call: self.call.fuel(fuel),
            ..self
        }
    }

    /// Sets the running time. Default one second. As [`CallLimits::deadline`].
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        Self {
            call: self.call.deadline(deadline),
            ..self
        }
    }

    /// Sets the time to wait for answers of the host. Default 30 seconds. As [`CallLimits::wait`].
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        Self {
            call: self.call.wait(wait),
            ..self
        }
    }

    /// Sets whether time waited for answers counts towards the deadline too. Default no.
    ///
    /// As [`CallLimits::wait_counts`].
    #[must_use]
    pub fn wait_counts(self, wait_counts: bool) -> Self {
        Self {
            call: self.call.wait_counts(wait_counts),
            ..self
        }
    }

    /// Sets the size of all linear memories together, in bytes. Default 64 MiB. As [`InstanceLimits::memory_bytes`].
    #[must_use]
    pub fn memory_bytes(self, memory_bytes: u64) -> Self {
        Self {
            instance: self.instance.memory_bytes(memory_bytes),
            ..self
        }
    }

    /// Sets what a denied growth does. Default [`GrowthDenial::Stop`]. As [`InstanceLimits::growth_denial`].
    #[must_use]
    pub fn growth_denial(self, growth_denial: GrowthDenial) -> Self {
        Self {
            instance: self.instance.growth_denial(growth_denial),
            ..self
        }
    }

    /// Sets the size of all tables together, in elements. Default 100,000. As [`InstanceLimits::table_elements`].
    #[must_use]
    pub fn table_elements(self, table_elements: u64) -> Self {
        Self {
            instance: self.instance.table_elements(table_elements),
            ..self
        }
    }

    /// Sets the size of the input, in bytes. Default 16 MiB; more than `u32::MAX` cannot be read by a guest.
    ///
    /// As [`CallLimits::input_bytes`].
    #[must_use]
    pub fn input_bytes(self, input_bytes: u64) -> Self {
        Self {
            call: self.call.input_bytes(input_bytes),
            ..self
        }
    }

    /// Sets the size of the output, in bytes. Default 16 MiB. As [`CallLimits::output_bytes`].
    #[must_use]
    pub fn output_bytes(self, output_bytes: u64) -> Self {
        Self {
            call: self.call.output_bytes(output_bytes),
            ..self
        }
    }

    /// Sets the size of a WASI guest's error stream, in bytes. Default 64 KiB. As [`CallLimits::stderr_bytes`].
    #[must_use]
    pub fn stderr_bytes(self, stderr_bytes: u64) -> Self {
        Self {
            call: self.call.stderr_bytes(stderr_bytes),
            ..self
        }
    }

    /// Sets the size of all log lines together, in bytes. Default 64 KiB. As [`CallLimits::log_bytes`].
    #[must_use]
    pub fn log_bytes(self, log_bytes: u64) -> Self {
        Self {
            call: self.call.log_bytes(log_bytes),
            ..self
        }
    }

    /// Sets the number of log lines. Default 1,024. As [`CallLimits::log_lines`].
    #[must_use]
    pub fn log_lines(self, log_lines: u64) -> Self {
        Self {
            call: self.call.log_lines(log_lines),
            ..self
        }
    }

    /// Sets the size of one log line, in bytes of UTF-8. Default 4 KiB. As [`CallLimits::log_line_bytes`].
    #[must_use]
    pub fn log_line_bytes(self, log_line_bytes: u64) -> Self {
        Self {
            call: self.call.log_line_bytes(log_line_bytes),
            ..self
        }
    }
}

impl CallLimits {
    /// Sets the work of a call in fuel. Default 1,000,000,000,000,000,000 (10^18).
    ///
    /// At the limit: [`Stop::OutOfFuel`](crate::Stop::OutOfFuel). The same module, input and grants
    /// use the same fuel everywhere, so this is the limit that can be reproduced.
    #[must_use]
    pub fn fuel(self, fuel: u64) -> Self {
        Self { fuel, ..self }
    }

    /// Sets the running time. Default one second.
    ///
    /// At the limit: [`Stop::Deadline`](crate::Stop::Deadline), as soon as the slice in progress ends;
    /// [`Usage::overrun`](crate::Usage::overrun) tells how late. With zero no guest instruction runs.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Sets the time to wait for answers of the host, all of a call together. Default 30 seconds.
    ///
    /// For calls of a [`Function::waiting`](crate::Function::waiting). At the limit: [`Stop::Wait`](crate::Stop::Wait),
    /// with the next step or answer. Sleeps and input of a WASI guest count towards the deadline instead.
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// Sets whether time waited for answers counts towards the deadline too. Default no: how long an answer takes
    /// is up to the host.
    #[must_use]
    pub fn wait_counts(self, wait_counts: bool) -> Self {
        Self {
            wait_counts,
            ..self
        }
    }

    /// Sets the size of the input, in bytes. Default 16 MiB; more than `u32::MAX` cannot be read by a guest.
    ///
    /// At the limit: [`Error::InputTooLarge`](crate::Error::InputTooLarge).
    #[must_use]
    pub fn input_bytes(self, input_bytes: u64) -> Self {
        Self {
            input_bytes,
            ..self
        }
    }

    /// Sets the size of the output, in bytes. Default 16 MiB.
    ///
    /// At the limit: [`Stop::OutputTooLarge`](crate::Stop::OutputTooLarge); what fitted is kept.
    #[must_use]
    pub fn output_bytes(self, output_bytes: u64) -> Self {
        Self {
            output_bytes,
            ..self
        }
    }

    /// Sets the size of a WASI guest's error stream, in bytes. Default 64 KiB.
    ///
    /// At the limit: more is dropped and [counted](crate::Usage::stderr_bytes_lost); the run goes on.
    #[must_use]
    pub fn stderr_bytes(self, stderr_bytes: u64) -> Self {
        Self {
            stderr_bytes,
            ..self
        }
    }

    /// Sets the size of all log lines together, in bytes. Default 64 KiB.
    ///
    /// At the limit: lines are cut and dropped, and [counted](crate::Usage::log_lines_lost); the run goes on.
    #[must_use]
    pub fn log_bytes(self, log_bytes: u64) -> Self {
        Self { log_bytes, ..self }
    }

    /// Sets the number of log lines. Default 1,024.
    ///
    /// At the limit: lines are dropped, and counted by [`log_lines_lost`](crate::Usage::log_lines_lost); never a stop.
    #[must_use]
    pub fn log_lines(self, log_lines: u64) -> Self {
        Self { log_lines, ..self }
    }

    /// Sets the size of one log line, in bytes of UTF-8. Default 4 KiB.
    ///
    /// At the limit: the line is cut at a character, and [counted](crate::Usage::log_lines_lost); the run goes on.
    #[must_use]
    pub fn log_line_bytes(self, log_line_bytes: u64) -> Self {
        Self {
            log_line_bytes,
            ..self
        }
    }
}

impl InstanceLimits {
    /// Sets the size of all linear memories together, in bytes. Default 64 MiB.
    ///
    /// At the limit: [`Error::InitialMemory`](crate::Error::InitialMemory) before the run,
    /// [`GrowthDenial`] during it.
    #[must_use]
    pub fn memory_bytes(self, memory_bytes: u64) -> Self {
        Self {
            memory_bytes,
            ..self
        }
    }

    /// Sets what a denied growth does. Default [`GrowthDenial::Stop`].
    #[must_use]
    pub fn growth_denial(self, growth_denial: GrowthDenial) -> Self {
        Self {
            growth_denial,
            ..self
        }
    }

    /// Sets the size of all tables together, in elements. Default 100,000.
    ///
    /// At the limit: [`Error::InitialTable`](crate::Error::InitialTable) before the run,
    /// [`GrowthDenial`] during it.
    #[must_use]
    pub fn table_elements(self, table_elements: u64) -> Self {
        Self {
            table_elements,
            ..self
        }
    }
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            // More than any guest can use within the default deadline, which is the everyday guard: a body
            // of nothing but `nop` uses 5 * 10^17 a second.
            fuel: 1_000_000_000_000_000_000,
            deadline: Duration::from_secs(1),
            // As long as most clients of a server wait for theirs.
            wait: Duration::from_secs(30),
            wait_counts: false,
            input_bytes: 16 << 20,
            output_bytes: 16 << 20,
            stderr_bytes: 64 << 10,
            log_bytes: 64 << 10,
            log_lines: 1_024,
            log_line_bytes: 4 << 10,
        }
    }
}

impl Default for InstanceLimits {
    fn default() -> Self {
        Self {
            memory_bytes: 64 << 20,
            growth_denial: GrowthDenial::Stop,
            table_elements: 100_000,
        }
    }
}
