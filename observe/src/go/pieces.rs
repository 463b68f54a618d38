//! The places of Go's own program counter in the body of a function.
//!
//! Go counts blocks. A call ends one, for the function must be able to go on behind it, and so does whatever can be
//! jumped to. The body begins with a nest of blocks, a table that branches into it, and then has one piece of code
//! behind each end of the nest. The table says which counts belong to which piece. Before a call, the count behind it is
//! written to memory.

use std::ops::Range;
use wasmparser::{BrTable, FunctionBody, Operator};

/// The body of a function in pieces, by their counts.
pub(super) struct Pieces {
    /// By their starts, each up to the next.
    pieces: Vec<Piece>,
    /// Where the code of the first block begins: what is before only branches to a block.
    start: u64,
    end: u64,
}

/// Code that no call and no target of a jump divides.
struct Piece {
    start: u64,
    /// Of its last operator: counts may grow within it, and nothing says where.
    count: u32,
}

/// How far a function's number is shifted where it is in one word with a count.
pub(super) const COUNT_BITS: u32 = 16;

impl Pieces {
    /// Those of a body, whose function has this value in Go's words, and counts up to `last`. None where its operators
    /// cannot be read.
    pub(super) fn new(body: &FunctionBody<'_>, value: u64, last: u32) -> Option<Self> {
        let mut scan = Scan {
            value,
            last,
            state: State::Entry,
            depth: 0,
            constant: None,
            behind: None,
            first: 0,
            start: None,
            open: 0,
            pieces: Vec::new(),
        };
        let operators = body.get_operators_reader().ok()?;
        for operator in operators.into_iter_with_offsets() {
            let (operator, at) = operator.ok()?;
            scan.take(&operator, u64::try_from(at).ok()?)?;
        }
        Some(Self {
            pieces: scan.pieces,
            start: scan.first,
            end: u64::try_from(body.range().end).ok()?,
        })
    }

    /// The count at an operator.
    pub(super) fn at(&self, offset: u64) -> Option<u32> {
        let behind = self.pieces.partition_point(|piece| piece.start <= offset);
        let piece = self.pieces.get(behind.checked_sub(1)?)?;
        (offset < self.end).then_some(piece.count)
    }

    /// All of them that have code of the source, each with its count.
    pub(super) fn all(&self) -> impl Iterator<Item = (Range<u64>, u32)> {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.start);
        let pieces = self.pieces.iter().zip(ends.chain([self.end]));
        pieces
            .map(|(piece, end)| (piece.start.max(self.start)..end, piece.count))
            .filter(|(range, _)| !range.is_empty())
    }
}

/// Goes through the operators of a body.
struct Scan {
    /// Of the function, in Go's words.
    value: u64,
    /// Its last count.
    last: u32,
    state: State,
    /// How many blocks are open.
    depth: u32,
    /// The operator before was a constant: a count in this function.
    constant: Option<u32>,
    /// The count behind the next call, which has been written to memory.
    behind: Option<u32>,
    /// Where the code of the first block begins.
    first: u64,
    /// Where the piece at hand begins, once it does.
    start: Option<u64>,
    /// How many of the last pieces have no count yet.
    open: usize,
    pieces: Vec<Piece>,
}

/// Where in a body the scan is.
enum State {
    /// Before the table that branches into the nest.
    Entry,
    /// In the code of one of its blocks.
    Nest(Nest),
    /// There is no nest: the function has one block.
    Whole,
}

/// The nest of blocks.
struct Nest {
    /// By count, the block that has it; of the last block there are none.
    blocks: Vec<u32>,
    /// The next block.
    next: u32,
    /// How many blocks are open in the code of the one at hand.
    depth: u32,
}

impl Scan {
    fn take(&mut self, operator: &Operator<'_>, at: u64) -> Option<()> {
        self.start.get_or_insert(at);
        let constant = self.constant.take();
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                self.depth = self.depth.checked_add(1)?;
            }
            Operator::End => self.take_end(at),
            Operator::Nop => self.close_later(),
            Operator::BrTable { targets } => self.take_table(targets),
            Operator::I64Const { value } => self.constant = self.count(value.cast_unsigned()),
            Operator::I64Store { memarg } if memarg.offset == 0 => {
                self.behind = constant.or(self.behind);
            }
            Operator::Call { .. } | Operator::CallIndirect { .. } => {
                if let Some(behind) = self.behind.take() {
                    // As Go's own traces have it: the count before the one to go on at. The call that makes the stack
                    // grow goes on at the start.
                    self.close(behind.saturating_sub(1));
                }
            }
            _ => {}
        }
        if let State::Entry = self.state
            && !is_of_an_entry(operator)
        {
            self.state = State::Whole;
        }
        Some(())
    }

    fn take_end(&mut self, at: u64) {
        let depth = self.depth.checked_sub(1);
        self.depth = depth.unwrap_or(0);
        let count = match (&mut self.state, depth) {
            (State::Nest(nest), Some(depth)) if depth < nest.depth => {
                nest.depth = depth;
                if nest.next == 0 {
                    self.first = at.saturating_add(END_BYTES);
                }
                nest.close().map_or(self.last, |count| count.min(self.last))
            }
            // That of the function.
            (_, None) => self.last,
            _ => return,
        };
        self.behind = None;
        self.close(count);
    }

    fn take_table(&mut self, targets: &BrTable<'_>) {
        if let State::Entry = self.state {
            self.state = State::Nest(Nest {
                blocks: targets.targets().map_while(Result::ok).collect(),
                next: 0,
                depth: self.depth,
            });
        }
    }

    /// The count that a word has, if it is one in this function.
    fn count(&self, word: u64) -> Option<u32> {
        let mask = (1_u64 << COUNT_BITS).saturating_sub(1);
        let count = u32::try_from(word & mask).ok()?;
        (word >> COUNT_BITS == self.value).then_some(count)
    }

    /// Ends the piece at hand with an operator that stands for a count.
    fn close_later(&mut self) {
        if let Some(start) = self.start.take() {
            self.open = self.open.saturating_add(1);
            self.pieces.push(Piece { start, count: 0 });
        }
    }

    /// Ends the piece at hand, whose last operator has this count.
    fn close(&mut self, count: u32) {
        let open = std::mem::take(&mut self.open);
        let mut before = count;
        for piece in self.pieces.iter_mut().rev().take(open) {
            before = before.saturating_sub(1);
            piece.count = before;
        }
        if let Some(start) = self.start.take()
            && self.pieces.last().is_none_or(|last| last.count != count)
        {
            self.pieces.push(Piece { start, count });
        }
    }
}

/// How many bytes the operator has that ends a block.
const END_BYTES: u64 = 1;

impl Nest {
    /// Goes on to the next block; the last count of the one that ends, unless it is the last block.
    fn close(&mut self) -> Option<u32> {
        let block = self.next;
        self.next = block.saturating_add(1);
        // What is before the first block only branches.
        let Some(block) = block.checked_sub(1) else {
            return Some(0);
        };
        self.blocks.last().filter(|last| block <= **last)?;
        let behind = self.blocks.partition_point(|target| *target <= block);
        u32::try_from(behind.saturating_sub(1)).ok()
    }
}

/// Whether it may be before the table of a nest.
fn is_of_an_entry(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::GlobalGet { .. }
            | Operator::LocalGet { .. }
            | Operator::LocalSet { .. }
            | Operator::LocalTee { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Parser, Payload};

    /// What is known of a body, and what of the same if no counts were written before calls.
    fn with_and_without(body: &FunctionBody<'_>, value: u64) -> [Pieces; 2] {
        let read = |value| Pieces::new(body, value, 0xffff).expect("its operators can be read");
        [read(value), read(u64::MAX)]
    }

    /// The table of a nest and the counts before calls say the same, in all that Go's linker has written: where a call
    /// ends a block, the count before the one that is written is the last of the block.
    #[test]
    fn a_call_that_ends_a_block_has_its_last_count() {
        let wasm = go_tour();
        let payloads = Parser::new(0).parse_all(&wasm).map_while(Result::ok);
        let bodies = payloads.filter_map(|payload| match payload {
            Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        });
        let mut ended = 0;
        for (value, body) in (0x1000..).zip(bodies) {
            let [with, without] = with_and_without(&body, value);
            let operators = body.get_operators_reader().expect("it has operators");
            let operators: Vec<_> = operators
                .into_iter_with_offsets()
                .map(Result::unwrap)
                .collect();
            let mut ifs = Vec::new();
            for (number, (operator, at)) in operators.iter().enumerate() {
                let at = u64::try_from(*at).expect("it is small");
                match operator {
                    Operator::If { .. } => ifs.push(true),
                    Operator::Block { .. } | Operator::Loop { .. } => ifs.push(false),
                    Operator::End => drop(ifs.pop()),
                    Operator::Call { .. } | Operator::CallIndirect { .. } => {
                        // Behind what reads the pointer to the stack again.
                        let next = [3, 4].map(|next| operators.get(number + next));
                        let next = next.map(|next| next.map(|(operator, _)| operator));
                        if matches!(next, [Some(Operator::BrIf { .. }), Some(Operator::End)])
                            && ifs.last() == Some(&false)
                        {
                            assert_eq!(with.at(at), without.at(at), "{value:#x} at {at:#x}");
                            ended += 1;
                        }
                    }
                    _ => {}
                }
            }
        }
        assert!(ended > 1_000, "{ended} calls end a block");
    }

    #[expect(clippy::disallowed_methods, reason = "guests are files")]
    fn go_tour() -> Vec<u8> {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/guests/wasi/go-tour.wasm"
        );
        std::fs::read(path).expect("the guest is there")
    }
}
