//! What a module may be.
//!
//! Every limit is finite and has a default; unlimited is written `u64::MAX`.

use crate::proposal::{Proposal, Proposals};

/// The most fuel that is charged in one go: 50 us in the worst case of the schedule, which a slice of time may be late.
const STRETCH_FUEL: u64 = 12_500;

/// What a module may be made of.
///
/// They bound the time and memory that admission takes, before anything is allocated in proportion.
/// Above a limit [`Module::new`](crate::Module::new) gives [`Error::ModuleLimit`](crate::Error::ModuleLimit)
/// with its name, its value and what the module has.
///
/// All of them, with their defaults:
///
/// ```
/// use fuelbox::{ModuleLimits, Proposal};
///
/// let limits = ModuleLimits::default()
///     .module_bytes(64 << 20)
///     .function_bytes(2 << 20)
///     .types(10_000)
///     .imports(1_000)
///     .functions(200_000)
///     .tables(100)
///     .memories(100)
///     .globals(100_000)
///     .exports(100_000)
///     .element_segments(10_000)
///     .data_segments(100_000)
///     .elements(1_000_000)
///     .locals(2_000_000)
///     .carried_values(4_000_000)
///     .constant_operators(64)
///     .block_depth(10_000)
///     .stretch_operands(1_000)
///     .call_depth(10_000)
///     .stack_bytes(4_000_000);
/// assert_eq!(limits, ModuleLimits::default());
///
/// let without_vectors = limits.deny(Proposal::Simd).allow(Proposal::TailCall);
/// assert!(without_vectors.proposals.contains(Proposal::TailCall));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct ModuleLimits {
    /// The whole module, in bytes. Default 64 MiB: three real modules in a hundred are larger than 32 MiB.
    pub module_bytes: u64,
    /// The largest function body, in bytes. Default 2 MiB: the largest seen in real modules, in a C compiler, has 320
    /// KB.
    pub function_bytes: u64,
    /// Types, those within groups too. Default 10,000.
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
    /// Locals and parameters of all functions together. Default 2,000,000: each takes the compiler a step, and a
    /// parameter takes no byte where functions share a type.
    pub locals: u64,
    /// Values that branches, calls and blocks carry, counted at each. Default 4,000,000. Compiled C++ carries one
    /// for each 17 bytes, other code one for each 26 or fewer, so the densest of 64 MiB just fits.
    pub carried_values: u64,
    /// Blocks within blocks, the function itself not counted. Default 10,000: for each the compiler keeps hundreds
    /// of bytes until it ends.
    pub block_depth: u64,
    /// Operators of one constant expression. Default 64, where compilers write three; more than 256 are never
    /// allowed, since the interpreter nests them on the native stack.
    pub constant_operators: u64,
    /// Values that a block has on the stack where code is cut. That is done where more than 12,500 fuel would be
    /// charged in one go, at a place that has as few. Default 1,000: the most in 205 real modules is 100, in a
    /// typesetter.
    pub stretch_operands: u64,
    /// Calls within calls. Default 10,000: CPython takes between 1,500 and 2,000 to parse 99 brackets within each
    /// other. At the limit [`Trap::StackOverflow`](crate::Trap::StackOverflow).
    pub call_depth: u64,
    /// Stack of the guest in bytes, never the native one. Default 4,000,000; at the limit
    /// [`Trap::StackOverflow`](crate::Trap::StackOverflow).
    pub stack_bytes: u64,
    /// Proposals that the module may use.
    pub proposals: Proposals,
    /// See [`keep_faults`](Self::keep_faults).
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) keeps_faults: bool,
    /// See [`stretch_fuel`](Self::stretch_fuel).
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) stretch_fuel: u64,
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

    /// Sets the number of locals and parameters of all functions together.
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

    /// Sets how many operators one constant expression may have; more than 256 are taken as 256.
    #[must_use]
    pub fn constant_operators(self, constant_operators: u64) -> Self {
        Self {
            constant_operators,
            ..self
        }
    }

    /// Sets how deep blocks may nest.
    #[must_use]
    pub fn block_depth(self, block_depth: u64) -> Self {
        Self {
            block_depth,
            ..self
        }
    }

    /// Sets how many values a block may have on the stack where a long stretch of code has to be cut.
    #[must_use]
    pub fn stretch_operands(self, stretch_operands: u64) -> Self {
        Self {
            stretch_operands,
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

    /// Leaves functions as they are written, also where the interpreter is known to miscompile them or to run long
    /// without a check of fuel.
    ///
    /// Not for hosts: a guest then reaches faults of the interpreter that fuelbox avoids, and may abort the
    /// process or read its memory. The tests and the search for faults use it to show that they find them.
    #[doc(hidden)]
    #[must_use]
    pub fn keep_faults(self) -> Self {
        Self {
            keeps_faults: true,
            ..self
        }
    }

    /// Sets how much fuel is charged in one go at the most; 12,500 by default.
    ///
    /// Not for hosts: the same run takes other fuel then. The tests and the search for faults set it low, so that
    /// nearly every function is cut.
    #[doc(hidden)]
    #[must_use]
    pub fn stretch_fuel(self, stretch_fuel: u64) -> Self {
        Self {
            stretch_fuel,
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
            module_bytes: 64 << 20,
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
            locals: 2_000_000,
            carried_values: 4_000_000,
            block_depth: 10_000,
            constant_operators: 64,
            stretch_operands: 1_000,
            call_depth: 10_000,
            stack_bytes: 4_000_000,
            proposals: Proposal::ALL
                .into_iter()
                .filter(|proposal| proposal.is_default())
                .collect(),
            keeps_faults: false,
            stretch_fuel: STRETCH_FUEL,
        }
    }
}
