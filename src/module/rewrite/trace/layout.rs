//! How what a module tells of the ways that it takes lies in memories of ours.

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};
use wasmparser::{BinaryReaderError, Parser, Payload};

/// Bytes that a counter has.
pub(crate) const COUNTER_BYTES: u32 = 4;

/// How many comparisons of one place are kept: the last ones.
pub(crate) const KEPT_COMPARES: u32 = 8;
/// Bytes that the two numbers of a comparison take.
pub(crate) const OPERANDS_BYTES: u32 = 16;
/// Bytes of what is kept of one place.
pub(crate) const SITE_BYTES: u32 = KEPT_COMPARES * OPERANDS_BYTES;

/// How many bytes of the guest's memory one mark stands for, as a power of two. What a store writes lies in these and
/// the next ones.
pub(crate) const MARKED_BITS: u32 = 12;
/// How many marks there are. What lies farther apart shares one.
pub(crate) const MARKS: u32 = 1 << 16;
/// How many operations on many bytes are noted: the number of all, then place and length of each.
pub(crate) const NOTED_RANGES: u32 = 256;
/// Bytes of the number that comes first, and of each range.
pub(crate) const RANGE_BYTES: u32 = 8;
/// Where the marks begin.
pub(crate) const FIRST_MARK: u32 = RANGE_BYTES + NOTED_RANGES * RANGE_BYTES;

/// What a module tells of the ways that it takes, and where that is found.
#[derive(Debug)]
pub(crate) struct Layout {
    /// What the names of all exports begin with that were added, and of no other.
    prefix: String,
    /// How many counters of ways there are.
    pub(crate) edges: u32,
    /// For each place that compares, whether its numbers have 64 bits; none where nothing is told of them.
    pub(crate) compares: Vec<bool>,
    /// The guest's globals that change.
    pub(crate) globals: Vec<u32>,
    /// Whether the marks tell all that code can change beside the globals: what is written to the one memory.
    pub(crate) marks_all: bool,
    /// How many bytes the memories have that were added.
    pub(crate) bytes: u64,
}

/// What exports are added for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The counters of the ways.
    Edges,
    /// How often each place has compared.
    Counts,
    /// What it has compared.
    Operands,
    /// What was written of the guest's memory.
    Marks,
    /// The guest's first memory.
    Memory,
    /// One of its globals.
    Global(u32),
}

impl Layout {
    /// What a module says that is not traced yet: its globals, and its names, which none of ours may be like.
    ///
    /// # Errors
    /// The parser's, which a valid module does not cause.
    pub(super) fn of(wasm: &[u8]) -> Result<Self, BinaryReaderError> {
        let (mut names, mut globals) = (BTreeSet::new(), Vec::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ExportSection(exports) => {
                    for export in exports {
                        names.insert(export?.name);
                    }
                }
                // No instance has imported ones.
                Payload::GlobalSection(section) => {
                    for (global, number) in section.into_iter().zip(0..) {
                        if global?.ty.mutable {
                            globals.push(number);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(Self {
            prefix: unused(&names),
            edges: 0,
            compares: Vec::new(),
            globals,
            marks_all: false,
            bytes: 0,
        })
    }

    /// The name that a part is exported by.
    pub(crate) fn name(&self, part: Part) -> String {
        let prefix = &self.prefix;
        match part {
            Part::Edges => format!("{prefix}edges"),
            Part::Counts => format!("{prefix}counts"),
            Part::Operands => format!("{prefix}operands"),
            Part::Marks => format!("{prefix}marks"),
            Part::Memory => format!("{prefix}memory"),
            Part::Global(number) => format!("{prefix}global {number}"),
        }
    }
}

/// What none of the names begins with.
fn unused(names: &BTreeSet<&str>) -> String {
    let mut prefix = String::from("fuelbox:trace:");
    let is_taken = |prefix: &str| {
        let mut from = names.range(prefix..);
        from.next().is_some_and(|name| name.starts_with(prefix))
    };
    while is_taken(&prefix) {
        prefix.push(':');
    }
    prefix
}
