//! The contents of memories, as data segments.

use super::{Read, State, write_constant};
use crate::module::{section, source::Source, weight::count};
use alloc::{borrow::Cow, vec::Vec};
use core::ops::Range;
use wasmparser::{BinaryReader, DataKind};

/// The data segments of a snapshot: those that code names, then what the memories hold.
pub(super) struct Data<'a> {
    source: &'a Source,
    state: &'a State<'a>,
    runs: Vec<Run>,
}

/// A stretch of a memory that is written.
struct Run {
    memory: usize,
    range: Range<usize>,
}

/// Zeros between two runs take no more bytes written out than a segment does.
const GAP: usize = 16;
/// Where there are too many segments, gaps are written out, each time this many times as long, until there are few.
const WIDER: usize = 4;

impl<'a> Data<'a> {
    pub(super) fn new(source: &'a Source, state: &'a State<'a>) -> Self {
        let allowed = source.builder.limits.data_segments.min(u32::MAX.into());
        let room = allowed.saturating_sub(source.survey.data.named.into());
        let mut gap = GAP;
        let mut runs = runs(&state.memories, gap, room);
        while runs.is_none() && gap < usize::MAX {
            gap = gap.saturating_mul(WIDER);
            runs = self::runs(&state.memories, gap, room);
        }
        // Where there is no room even for one segment of each memory, admission refuses what is written.
        let runs = runs.or_else(|| self::runs(&state.memories, usize::MAX, u64::MAX));
        Self {
            source,
            state,
            runs: runs.unwrap_or_default(),
        }
    }

    pub(super) fn count(&self) -> u32 {
        let runs = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        self.source.survey.data.named.saturating_add(runs)
    }

    /// What is in all runs.
    pub(super) fn least_bytes(&self) -> u64 {
        let runs = self.runs.iter();
        runs.map(|run| count(run.range.len()))
            .fold(0, u64::saturating_add)
    }

    /// What the runs take at the most.
    pub(super) fn most_bytes(&self) -> u64 {
        /// Flags, memory, offset and length, each as long as it can be.
        const HEAD_BYTES: u64 = 24;

        let heads = count(self.runs.len()).saturating_mul(HEAD_BYTES);
        self.least_bytes().saturating_add(heads)
    }

    /// Writes all segments; `original` is the section that there was.
    pub(super) fn write(&self, original: Option<BinaryReader<'a>>) -> Read<Vec<Cow<'a, [u8]>>> {
        const EMPTY: &[u8] = &[PASSIVE, 0];

        let mut parts = Vec::new();
        let mut named = 0..self.source.survey.data.named;
        if let Some(mut reader) = original {
            reader.read_var_u32()?;
            for index in named.by_ref() {
                let data: wasmparser::Data<'_> = reader.read()?;
                let is_kept = matches!(data.kind, DataKind::Passive)
                    && !self.state.dropped_data.contains(&index);
                let whole = self.source.wasm.get(data.range).unwrap_or_default();
                parts.push(Cow::Borrowed(if is_kept { whole } else { EMPTY }));
            }
        }
        for run in &self.runs {
            let memory = self.state.memories.get(run.memory).copied();
            let bytes = memory.and_then(|memory| memory.get(run.range.clone()));
            let bytes = bytes.unwrap_or_default();
            parts.push(Cow::Owned(self.head(run, bytes)));
            parts.push(Cow::Borrowed(bytes));
        }
        Ok(parts)
    }

    /// All of an active segment but its bytes.
    fn head(&self, run: &Run, bytes: &[u8]) -> Vec<u8> {
        let mut head = Vec::new();
        if run.memory == 0 {
            head.push(ACTIVE);
        } else {
            head.push(ACTIVE_IN);
            section::write_u32(&mut head, u32::try_from(run.memory).unwrap_or(u32::MAX));
        }
        let is_64 = self.source.survey.is_wide_memory(run.memory);
        write_constant(&mut head, count(run.range.start), is_64);
        section::write_len(&mut head, bytes);
        head
    }
}

// Kinds of segments, as the binary format numbers them.
const ACTIVE: u8 = 0;
const PASSIVE: u8 = 1;
const ACTIVE_IN: u8 = 2;

/// What is not zero, with shorter gaps than `gap`; none where these are more than `most`.
fn runs(memories: &[&[u8]], gap: usize, most: u64) -> Option<Vec<Run>> {
    let mut runs = Vec::new();
    for (memory, bytes) in memories.iter().enumerate() {
        let mut at = 0;
        while let Some(start) = next_byte(bytes, at) {
            let range = start..end(bytes, start, gap);
            at = range.end;
            runs.push(Run { memory, range });
            if count(runs.len()) > most {
                return None;
            }
        }
    }
    Some(runs)
}

/// Where the first byte stands from `at` on that is not zero.
fn next_byte(bytes: &[u8], at: usize) -> Option<usize> {
    const BLOCK: usize = 64;

    let rest = bytes.get(at..)?;
    // Most of a memory is zeros, which go by in blocks.
    let zeros = rest
        .chunks(BLOCK)
        .take_while(|block| is_zero(block))
        .count();
    let skipped = zeros.saturating_mul(BLOCK);
    let found = rest.get(skipped..)?.iter().position(|byte| *byte != 0)?;
    at.checked_add(skipped)?.checked_add(found)
}

fn is_zero(block: &[u8]) -> bool {
    block.iter().fold(0, |all, byte| all | byte) == 0
}

/// The end of the run that begins at `start`: after its last byte that is not zero.
fn end(bytes: &[u8], start: usize, gap: usize) -> usize {
    let mut end = start.saturating_add(1);
    loop {
        let window = bytes.get(end..end.saturating_add(gap).min(bytes.len()));
        match window
            .unwrap_or_default()
            .iter()
            .rposition(|byte| *byte != 0)
        {
            Some(last) => end = end.saturating_add(last).saturating_add(1),
            None => return end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(bytes: &[u8], gap: usize) -> Vec<Range<usize>> {
        let runs = runs(&[bytes], gap, u64::MAX).expect("there is room");
        runs.into_iter().map(|run| run.range).collect()
    }

    #[test]
    fn zeros_split_runs_where_there_are_enough() {
        let mut bytes = [0; 200];
        assert_eq!(ranges(&bytes, GAP), []);
        bytes[3] = 1;
        bytes[19] = 1;
        bytes[36] = 1;
        bytes[199] = 1;
        assert_eq!(ranges(&bytes, GAP), [3..20, 36..37, 199..200]);
        let one = ranges(&bytes, usize::MAX);
        assert_eq!((one.len(), one[0].clone()), (1, 3..200));
        assert!(runs(&[&bytes], GAP, 2).is_none());
    }
}
