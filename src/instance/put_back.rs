//! An instance of a traced module, put back to where it was.
//!
//! A module that is traced marks what it writes to its memory, and the host notes what it writes there itself. So what
//! a run has changed is copied back, and nothing else: that takes a hundredth of making an instance again. Where a
//! guest has changed what no mark tells of, it is not put back.

use super::{Guest, Life};
use crate::{
    capability::Grants,
    host::{Extensions, Ledger, Meter, Written, memory},
    module::{
        Layout,
        trace::{FIRST_MARK, MARKED_BITS, MARKS, NOTED_RANGES, Part},
    },
};
use alloc::vec::Vec;
use core::mem;
use wasmi::{Global, Memory, Val};

/// An instance as it was when this was kept.
pub(crate) struct Kept {
    memory: Option<(Memory, Vec<u8>)>,
    globals: Vec<(Global, Val)>,
    ledger: Ledger,
    meter: Meter,
    marks: Memory,
    pub(super) edges: Memory,
    pub(super) counts: Option<Memory>,
    pub(super) operands: Option<Memory>,
    /// What was written since, while it is gathered.
    ranges: Vec<(u64, u64)>,
    /// Whether all that changes is told.
    can_be_put_back: bool,
}

impl Guest {
    /// Keeps how the instance is now; nothing where its module is not traced.
    pub(crate) fn keep(&mut self, grants: &Grants) -> Option<Kept> {
        let module = self.module.clone();
        let layout = module.layout()?;
        let memory = self.traced_memory(layout, Part::Memory);
        let memory = memory.map(|memory| (memory, memory::all_of(&self.store, memory).to_vec()));
        let globals = layout.globals.iter().filter_map(|number| {
            let name = layout.name(Part::Global(*number));
            let global = self.instance?.get_global(&self.store, &name)?;
            Some((global, global.get(&self.store)))
        });
        let globals = globals.collect();
        let host = self.store.data();
        // What capabilities keep begins again with every run: what they had told the guest before does not.
        let is_untold = !grants.keep_states() || !host.ledger.has_called_host();
        let is_ready = matches!(self.life, Life::Ready) && host.tape.is_none();
        let mut kept = Kept {
            memory,
            globals,
            ledger: host.ledger.clone(),
            meter: host.meter.clone(),
            marks: self.traced_memory(layout, Part::Marks)?,
            edges: self.traced_memory(layout, Part::Edges)?,
            counts: self.traced_memory(layout, Part::Counts),
            operands: self.traced_memory(layout, Part::Operands),
            ranges: Vec::new(),
            can_be_put_back: layout.marks_all && is_untold && is_ready,
        };
        self.store.data_mut().written = Some(Written::default());
        self.gather(&mut kept);
        self.forget_ways(&kept);
        Some(kept)
    }

    /// Puts the instance back to how it was; false where something has changed that cannot be.
    pub(crate) fn put_back(&mut self, kept: &mut Kept, grants: &Grants) -> bool {
        if !kept.can_be_put_back {
            return false;
        }
        let all_told = self.gather(kept);
        if let Some((memory, before)) = &kept.memory {
            let bytes = memory::all_of_mut(&mut self.store, *memory);
            // It never shrinks.
            if bytes.len() != before.len() {
                return false;
            }
            if all_told {
                for (start, len) in &kept.ranges {
                    copy(before, bytes, *start, *len);
                }
            } else {
                bytes.copy_from_slice(before);
            }
        }
        for (global, value) in &kept.globals {
            let set = global.set(&mut self.store, value.clone());
            set.expect("a global that changes takes what it had");
        }
        let host = self.store.data_mut();
        host.ledger = kept.ledger.clone();
        host.meter = kept.meter.clone();
        if grants.keep_states() {
            host.states = Extensions::new();
            grants.prepare(&mut host.states);
        }
        self.life = Life::Ready;
        self.forget_ways(kept);
        true
    }

    /// The input of the last call, which nothing needs any more.
    pub(crate) fn take_input(&mut self) -> Vec<u8> {
        mem::take(&mut self.store.data_mut().input)
    }

    /// Gathers the ranges of the memory that were written to, and forgets the marks; false where some are not told.
    fn gather(&mut self, kept: &mut Kept) -> bool {
        kept.ranges.clear();
        let written = self.store.data_mut().written.as_mut();
        let all_noted = written.is_none_or(|written| written.take(|range| kept.ranges.push(range)));
        let size = kept.memory.as_ref().map_or(0, |(_, before)| before.len());
        let marks = memory::all_of_mut(&mut self.store, kept.marks);
        gather_marked(marks, size, &mut kept.ranges);
        gather_noted(marks, &mut kept.ranges) && all_noted
    }

    /// Sets all counters to 0.
    fn forget_ways(&mut self, kept: &Kept) {
        let layout = self.module.layout();
        let edges = layout.map_or(0, |layout| index(layout.edges));
        let places = layout.map_or(0, |layout| layout.compares.len());
        let all = [(Some(kept.edges), edges), (kept.counts, places)];
        for (memory, count) in all {
            let Some(memory) = memory else { continue };
            let (counters, _) = memory::all_of_mut(&mut self.store, memory).as_chunks_mut::<4>();
            counters
                .iter_mut()
                .take(count)
                .for_each(|counter| *counter = [0; 4]);
        }
    }

    fn traced_memory(&self, layout: &Layout, part: Part) -> Option<Memory> {
        self.instance?.get_memory(&self.store, &layout.name(part))
    }
}

/// Adds the ranges that operations on many bytes have noted; false where there were more than are kept.
fn gather_noted(marks: &mut [u8], ranges: &mut Vec<(u64, u64)>) -> bool {
    let (numbers, _) = marks.as_chunks_mut::<4>();
    let Some((count, noted)) = numbers.split_first_mut() else {
        return true;
    };
    let found = u32::from_le_bytes(mem::take(count));
    // The number takes as much as a range does.
    let noted = noted.get(1..).unwrap_or_default();
    for range in noted.chunks_exact(2).take(index(found.min(NOTED_RANGES))) {
        if let [start, len] = range {
            let [start, len] = [start, len].map(|number| u32::from_le_bytes(*number).into());
            ranges.push((start, len));
        }
    }
    found <= NOTED_RANGES
}

/// Adds the ranges of a memory of this size that are marked, and forgets the marks.
fn gather_marked(marks: &mut [u8], size: usize, ranges: &mut Vec<(u64, u64)>) {
    /// What a mark stands for, and as much again: a store may begin in the last byte.
    const LEN: u64 = 2 << MARKED_BITS;
    /// What lies so far apart shares a mark.
    const ALL_MARKED: u64 = (MARKS as u64) << MARKED_BITS;

    let size = u64::try_from(size).unwrap_or(u64::MAX);
    let count = size.div_ceil(1 << MARKED_BITS).min(MARKS.into());
    let marks = marks.get_mut(index(FIRST_MARK)..).unwrap_or_default();
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    for (mark, number) in marks.iter_mut().take(count).zip(0_u64..) {
        if mem::take(mark) == 0 {
            continue;
        }
        let mut start = number << MARKED_BITS;
        while start < size {
            ranges.push((start, LEN));
            start = start.saturating_add(ALL_MARKED);
        }
    }
}

/// Copies a range of one to the other, as far as there is one.
fn copy(from: &[u8], to: &mut [u8], start: u64, len: u64) {
    let size = u64::try_from(from.len()).unwrap_or(u64::MAX);
    let end = start.saturating_add(len).min(size);
    let range = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let range = range(start)..range(end);
    if let (Some(from), Some(to)) = (from.get(range.clone()), to.get_mut(range)) {
        to.copy_from_slice(from);
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
