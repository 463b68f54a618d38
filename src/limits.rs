//! What a run may use, and what a module may be.
//!
//! Every limit is finite and has a default; unlimited is written `u64::MAX`.

use crate::proposal::{Proposal, Proposals};
use core::time::Duration;

/// What one run may use.
///
/// ```
/// use fuelbox::Limits;
/// use std::time::Duration;
///
/// let limits = Limits::default().fuel(10_000_000).deadline(Duration::from_millis(200));
/// assert_eq!(limits.memory_bytes, 16 << 20);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Work of the run in fuel: start function, `_initialize`, entry and host calls together.
    pub fuel: u64,
    /// Running time: the sum of the run's slices.
    pub deadline: Duration,
    /// All linear memories together, in bytes.
    pub memory_bytes: u64,
    /// What a growth beyond `memory_bytes` or `table_elements` does.
    pub memory_denial: MemoryDenial,
    /// All tables together, in elements.
    pub table_elements: u64,
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

/// What happens when a guest asks for more memory or table than it may have, or than the machine has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MemoryDenial {
    /// The run stops: [`Stop::OutOfMemory`](crate::Stop::OutOfMemory) or [`Stop::OutOfTable`](crate::Stop::OutOfTable),
    /// [`Stop::SystemOutOfMemory`](crate::Stop::SystemOutOfMemory) where it is the machine that has no more.
    #[default]
    Stop,
    /// The guest gets -1 and goes on; [`Usage::memory_denied`](crate::Usage::memory_denied) counts.
    Refuse,
}

impl Limits {
    /// Sets the work of the run in fuel. Default 100,000,000,000.
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

    /// Sets the size of all linear memories together, in bytes. Default 16 MiB.
    ///
    /// At the limit: [`Error::InitialMemory`](crate::Error::InitialMemory) before the run,
    /// [`MemoryDenial`] during it.
    #[must_use]
    pub fn memory_bytes(self, memory_bytes: u64) -> Self {
        Self {
            memory_bytes,
            ..self
        }
    }

    /// Sets what a denied growth does. Default [`MemoryDenial::Stop`].
    #[must_use]
    pub fn memory_denial(self, memory_denial: MemoryDenial) -> Self {
        Self {
            memory_denial,
            ..self
        }
    }

    /// Sets the size of all tables together, in elements. Default 10,000.
    ///
    /// At the limit: [`Error::InitialTable`](crate::Error::InitialTable) before the run,
    /// [`MemoryDenial`] during it.
    #[must_use]
    pub fn table_elements(self, table_elements: u64) -> Self {
        Self {
            table_elements,
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

    /// Sets the size of the output, in bytes. Default 1 MiB.
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
    /// At the limit: more is dropped, [`Usage::stderr_lost`](crate::Usage::stderr_lost) counts its bytes; never a stop.
    #[must_use]
    pub fn stderr_bytes(self, stderr_bytes: u64) -> Self {
        Self {
            stderr_bytes,
            ..self
        }
    }

    /// Sets the size of all log lines together, in bytes. Default 64 KiB.
    ///
    /// At the limit: lines are cut and dropped, [`Usage::log_lost`](crate::Usage::log_lost) counts them; never a stop.
    #[must_use]
    pub fn log_bytes(self, log_bytes: u64) -> Self {
        Self { log_bytes, ..self }
    }

    /// Sets the number of log lines. Default 1,024.
    ///
    /// At the limit: lines are dropped, [`Usage::log_lost`](crate::Usage::log_lost) counts them; never a stop.
    #[must_use]
    pub fn log_lines(self, log_lines: u64) -> Self {
        Self { log_lines, ..self }
    }

    /// Sets the size of one log line, in bytes of UTF-8. Default 4 KiB.
    ///
    /// At the limit: the line is cut at a character, [`Usage::log_lost`](crate::Usage::log_lost) counts it; never a stop.
    #[must_use]
    pub fn log_line_bytes(self, log_line_bytes: u64) -> Self {
        Self {
            log_line_bytes,
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Half a minute of plain arithmetic: the deadline is the everyday guard.
            fuel: 100_000_000_000,
            deadline: Duration::from_secs(1),
            memory_bytes: 16 << 20,
            memory_denial: MemoryDenial::Stop,
            table_elements: 10_000,
            input_bytes: 16 << 20,
            output_bytes: 1 << 20,
            stderr_bytes: 64 << 10,
            log_bytes: 64 << 10,
            log_lines: 1_024,
            log_line_bytes: 4 << 10,
        }
    }
}

/// What a module may be made of.
///
/// They bound the time and memory that admission takes, before anything is allocated in proportion.
/// Above a limit [`Module::new`](crate::Module::new) gives [`Error::ModuleLimit`](crate::Error::ModuleLimit)
/// with its name, its value and what the module has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModuleLimits {
    /// The whole module, in bytes. Default 16 MiB.
    pub module_bytes: u64,
    /// The largest function body, in bytes. Default 2 MiB: the largest seen in real modules, in a C compiler, has 320 KB.
    pub function_bytes: u64,
    /// Function types. Default 10,000.
    pub types: u64,
    /// Imports. Default 1,000.
    pub imports: u64,
    /// Functions of its own. Default 200,000: twice what a compiler built as a module has.
    pub functions: u64,
    /// Tables. Default 100.
    pub tables: u64,
    /// Memories. Default 100; more than one takes [`Proposal::MultiMemory`].
    pub memories: u64,
    /// Globals of its own. Default 100,000.
    pub globals: u64,
    /// Exports. Default 100,000.
    pub exports: u64,
    /// Element segments. Default 10,000.
    pub element_segments: u64,
    /// Data segments. Default 100,000, which is also what the parser takes.
    pub data_segments: u64,
    /// Items of all element segments together. Default 1,000,000, which take about 23 MB.
    pub elements: u64,
    /// Locals of all functions together. Default 5,000,000, which take about half a second to compile.
    pub locals: u64,
    /// Values that branches, calls and blocks carry, counted at each. Default 4,000,000, which take up to
    /// half a second and 250 MB to compile where branches move each on its own. Compiled C++ carries one
    /// for each 17 bytes, other code fewer, so a module of 16 MiB has a quarter of that.
    pub carried_values: u64,
    /// Calls within calls. Default 1,000; at the limit [`Trap::StackOverflow`](crate::Trap::StackOverflow).
    pub call_depth: u64,
    /// Stack of the guest in bytes, never the native one. Default 1,000,000; at the limit
    /// [`Trap::StackOverflow`](crate::Trap::StackOverflow).
    pub stack_bytes: u64,
    /// Proposals that the module may use.
    pub proposals: Proposals,
}

impl ModuleLimits {
    /// Sets the size of the whole module, in bytes.
    #[must_use]
    pub fn module_bytes(self, module_bytes: u64) -> Self {
        Self {
            module_bytes,
            ..self
        }
    }

    /// Sets the size of the largest function body, in bytes.
    #[must_use]
    pub fn function_bytes(self, function_bytes: u64) -> Self {
        Self {
            function_bytes,
            ..self
        }
    }

    /// Sets the number of function types.
    #[must_use]
    pub fn types(self, types: u64) -> Self {
        Self { types, ..self }
    }

    /// Sets the number of imports.
    #[must_use]
    pub fn imports(self, imports: u64) -> Self {
        Self { imports, ..self }
    }

    /// Sets the number of functions.
    #[must_use]
    pub fn functions(self, functions: u64) -> Self {
        Self { functions, ..self }
    }

    /// Sets the number of tables.
    #[must_use]
    pub fn tables(self, tables: u64) -> Self {
        Self { tables, ..self }
    }

    /// Sets the number of memories.
    #[must_use]
    pub fn memories(self, memories: u64) -> Self {
        Self { memories, ..self }
    }

    /// Sets the number of globals.
    #[must_use]
    pub fn globals(self, globals: u64) -> Self {
        Self { globals, ..self }
    }

    /// Sets the number of exports.
    #[must_use]
    pub fn exports(self, exports: u64) -> Self {
        Self { exports, ..self }
    }

    /// Sets the number of element segments.
    #[must_use]
    pub fn element_segments(self, element_segments: u64) -> Self {
        Self {
            element_segments,
            ..self
        }
    }

    /// Sets the number of data segments.
    #[must_use]
    pub fn data_segments(self, data_segments: u64) -> Self {
        Self {
            data_segments,
            ..self
        }
    }

    /// Sets the number of items of all element segments together.
    #[must_use]
    pub fn elements(self, elements: u64) -> Self {
        Self { elements, ..self }
    }

    /// Sets the number of locals of all functions together.
    #[must_use]
    pub fn locals(self, locals: u64) -> Self {
        Self { locals, ..self }
    }

    /// Sets how many values branches, calls and blocks may carry, counted at each.
    #[must_use]
    pub fn carried_values(self, carried_values: u64) -> Self {
        Self {
            carried_values,
            ..self
        }
    }

    /// Sets how deep calls may nest.
    #[must_use]
    pub fn call_depth(self, call_depth: u64) -> Self {
        Self { call_depth, ..self }
    }

    /// Sets the guest's stack, in bytes; fewer than 1,000 are taken as 1,000, the interpreter's least.
    #[must_use]
    pub fn stack_bytes(self, stack_bytes: u64) -> Self {
        Self {
            stack_bytes,
            ..self
        }
    }

    /// Lets the module use `proposal`.
    ///
    /// One that is never supported stays refused; see [`Proposal::is_supported`].
    #[must_use]
    pub fn allow(self, proposal: Proposal) -> Self {
        Self {
            proposals: self.proposals.with(proposal),
            ..self
        }
    }

    /// Refuses modules that use `proposal`.
    #[must_use]
    pub fn deny(self, proposal: Proposal) -> Self {
        Self {
            proposals: self.proposals.without(proposal),
            ..self
        }
    }
}

impl Default for ModuleLimits {
    fn default() -> Self {
        Self {
            module_bytes: 16 << 20,
            function_bytes: 2 << 20,
            types: 10_000,
            imports: 1_000,
            functions: 200_000,
            tables: 100,
            memories: 100,
            globals: 100_000,
            exports: 100_000,
            element_segments: 10_000,
            data_segments: 100_000,
            elements: 1_000_000,
            locals: 5_000_000,
            carried_values: 4_000_000,
            call_depth: 1_000,
            stack_bytes: 1_000_000,
            proposals: Proposal::ALL
                .into_iter()
                .filter(|proposal| proposal.is_default())
                .collect(),
        }
    }
}
