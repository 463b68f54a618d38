//! The contents of tables, as element segments.

use super::{END, EXTERNREF, FUNCREF, Item, REF_FUNC, REF_NULL, Read, State, write_constant};
use crate::module::{section, source::Source, weight::count};
use alloc::{borrow::Cow, vec::Vec};
use core::ops::Range;
use wasmparser::{BinaryReader, ElementItems, ElementKind, RefType};

/// The element segments of a snapshot: those that code names, then what the tables hold, then what has to be
/// declared.
pub(super) struct Elements<'a> {
    source: &'a Source,
    state: &'a State<'a>,
    runs: Vec<Run>,
    /// Whether runs have gaps, which are written out.
    have_gaps: bool,
}

/// A stretch of a table that is written.
struct Run {
    table: usize,
    range: Range<usize>,
}

impl<'a> Elements<'a> {
    pub(super) fn new(source: &'a Source, state: &'a State<'a>) -> Self {
        /// A segment of references takes more than one of numbers, but many take more than a few.
        const MOST_RUNS: u64 = 1_000;

        let tables = || state.tables.iter().enumerate();
        let mut runs = Vec::new();
        for (table, items) in tables() {
            let found = items.chunk_by(|a, b| a.is_some() == b.is_some());
            let mut start = 0_usize;
            for chunk in found {
                let end = start.saturating_add(chunk.len());
                if chunk.first().is_some_and(Option::is_some) {
                    let range = start..end;
                    runs.push(Run { table, range });
                }
                start = end;
            }
        }
        let named = source.survey.elements.named.saturating_add(1);
        let room = source
            .builder
            .limits
            .element_segments
            .saturating_sub(named.into());
        let have_gaps = count(runs.len()) > room.min(MOST_RUNS);
        if have_gaps {
            let whole = tables().filter_map(|(table, items)| {
                let start = items.iter().position(Option::is_some)?;
                let end = items.iter().rposition(Option::is_some)?;
                let range = start..end.saturating_add(1);
                Some(Run { table, range })
            });
            runs = whole.collect();
        }
        Self {
            source,
            state,
            runs,
            have_gaps,
        }
    }

    pub(super) fn count(&self) -> u32 {
        let runs = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        let declared = u32::from(self.declares());
        let named = self.source.survey.elements.named;
        named.saturating_add(runs).saturating_add(declared)
    }

    /// What the runs and what is declared take at the most.
    pub(super) fn most_bytes(&self) -> u64 {
        /// Flags, table, offset, kind and length, each as long as it can be.
        const HEAD_BYTES: u64 = 25;
        /// Opcode, number and end, each as long as it can be.
        const ITEM_BYTES: u64 = 7;

        let runs = self.runs.iter();
        let bytes = runs.map(|run| {
            let items = count(run.range.len()).saturating_mul(ITEM_BYTES);
            items.saturating_add(HEAD_BYTES)
        });
        let declared = count(self.source.survey.made_in_code.len()).saturating_mul(ITEM_BYTES);
        bytes.fold(declared, u64::saturating_add)
    }

    /// Writes all segments; `original` is the section that there was.
    pub(super) fn write(&self, original: Option<BinaryReader<'a>>) -> Read<Vec<Cow<'a, [u8]>>> {
        let mut parts = Vec::new();
        if let Some(mut reader) = original {
            reader.read_var_u32()?;
            for index in 0..self.source.survey.elements.named {
                let segment: wasmparser::Element<'_> = reader.read()?;
                let is_kept = matches!(segment.kind, ElementKind::Passive)
                    && !self.state.dropped_elements.contains(&index);
                parts.push(if is_kept {
                    let whole = self.source.wasm.get(segment.range).unwrap_or_default();
                    Cow::Borrowed(whole)
                } else {
                    Cow::Borrowed(empty(&segment.items))
                });
            }
        }
        parts.extend(self.runs.iter().map(|run| Cow::Owned(self.write_run(run))));
        if self.declares() {
            let functions = self.source.survey.made_in_code.iter();
            let mut segment = Vec::from([DECLARED, FUNCTIONS]);
            section::write_u32(&mut segment, length(functions.len()));
            functions.for_each(|function| section::write_u32(&mut segment, *function));
            parts.push(Cow::Owned(segment));
        }
        Ok(parts)
    }

    /// Whether functions have to be declared: those that code makes references to. What declared them may be gone.
    fn declares(&self) -> bool {
        !self.source.survey.made_in_code.is_empty()
    }

    fn write_run(&self, run: &Run) -> Vec<u8> {
        let items = self.state.tables.get(run.table);
        let items = items.and_then(|items| items.get(run.range.clone()));
        let items = items.unwrap_or_default();
        let kind = if self.have_gaps { EXPRESSIONS } else { 0 };
        let mut segment = Vec::new();
        if run.table == 0 {
            segment.push(ACTIVE | kind);
        } else {
            segment.push(ACTIVE_IN | kind);
            section::write_u32(&mut segment, length(run.table));
        }
        let is_64 = self.source.survey.is_wide_table(run.table);
        write_constant(&mut segment, count(run.range.start), is_64);
        if run.table != 0 {
            segment.push(if self.have_gaps { FUNCREF } else { FUNCTIONS });
        }
        section::write_u32(&mut segment, length(items.len()));
        for item in items {
            self.write_item(*item, &mut segment);
        }
        segment
    }

    fn write_item(&self, item: Item, segment: &mut Vec<u8>) {
        match item {
            Some(function) if self.have_gaps => {
                segment.push(REF_FUNC);
                section::write_u32(segment, function);
                segment.push(END);
            }
            Some(function) => section::write_u32(segment, function),
            None => segment.extend_from_slice(&[REF_NULL, FUNCREF, END]),
        }
    }
}

// Kinds of segments, and of their items, as the binary format numbers them.
const ACTIVE: u8 = 0;
const PASSIVE: u8 = 1;
const ACTIVE_IN: u8 = 2;
const DECLARED: u8 = 3;
const EXPRESSIONS: u8 = 4;
const FUNCTIONS: u8 = 0;

/// A segment that has nothing of its type any longer, and keeps its number.
fn empty(items: &ElementItems<'_>) -> &'static [u8] {
    match items {
        ElementItems::Expressions(ty, _) if *ty != RefType::FUNCREF => {
            &[PASSIVE | EXPRESSIONS, EXTERNREF, 0]
        }
        _ => &[PASSIVE, FUNCTIONS, 0],
    }
}

fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
