//! Long stretches of code, cut so that the interpreter charges for the rest by itself.
//!
//! At a cut begins a `loop` that nobody branches to, which is where the interpreter looks at its fuel. It ends at the
//! next cut in the same block, or with the block. What the block has on the stack there travels through locals, as in
//! [`control_flow`](super::control_flow), which such a function is written by. Code that is never reached is left out:
//! what is on the stack there nobody knows, and the interpreter would charge for it.

use super::control_flow::Lowering;
use crate::module::{
    opcode::{BR, BR_IF, BR_TABLE, EMPTY, END, LOOP},
    section,
    stretches::Cut,
};
use alloc::{borrow::Cow, vec::Vec};
use core::{iter::Peekable, slice};
use wasmparser::{BinaryReaderError, Operator};

/// The cuts of one function, while it is written.
pub(super) struct Straight<'a> {
    /// Where the first operator of the body's bytes stands in the module.
    start: usize,
    cuts: Peekable<slice::Iter<'a, Cut>>,
    /// The blocks that are open, the function first.
    blocks: Vec<Block>,
    /// How many blocks are open within the one whose rest is never reached, if code is not.
    dead: Option<u32>,
}

/// An open block.
#[derive(Clone, Copy, Default)]
struct Block {
    /// How many loops of ours are open around it.
    loops_around: u32,
    /// Whether one is open right in it.
    is_cut: bool,
}

impl Block {
    fn loops(self) -> u32 {
        self.loops_around.saturating_add(u32::from(self.is_cut))
    }
}

impl<'a> Straight<'a> {
    /// Of a body that stands at `start` in the module.
    pub(super) fn new(start: usize, cuts: &'a [Cut]) -> Self {
        Self {
            start,
            cuts: cuts.iter().peekable(),
            blocks: Vec::from([Block::default()]),
            dead: None,
        }
    }

    /// Whether `operator` is never reached, and left out.
    pub(super) fn leaves_out(&mut self, operator: &Operator<'_>) -> bool {
        let Some(depth) = &mut self.dead else {
            return false;
        };
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                *depth = depth.saturating_add(1);
            }
            Operator::End | Operator::Else if *depth == 0 => {
                self.dead = None;
                return false;
            }
            Operator::End => *depth = depth.saturating_sub(1),
            _ => {}
        }
        true
    }

    /// Writes what comes before `operator`, which stands at `at` in the body.
    pub(super) fn write_before(
        &mut self,
        operator: &Operator<'_>,
        at: usize,
        lowering: &mut Lowering<'_>,
        code: &mut Vec<u8>,
    ) {
        let at = self.start.saturating_add(at);
        let Some(block) = self.blocks.last_mut() else {
            return;
        };
        if let Some(cut) = self.cuts.next_if(|cut| cut.at == at) {
            let between: &[u8] = if block.is_cut {
                &[END, LOOP, EMPTY]
            } else {
                &[LOOP, EMPTY]
            };
            lowering.carry_operands(&cut.operands, between, code);
            block.is_cut = true;
        }
        if matches!(operator, Operator::End | Operator::Else) && block.is_cut {
            lowering.carry_results(&[END], code);
            block.is_cut = false;
        }
    }

    /// The bytes of `operator` where it branches beyond loops of ours; `raw` are those it had.
    pub(super) fn branch<'r>(
        &self,
        operator: &Operator<'_>,
        raw: &'r [u8],
    ) -> Result<Cow<'r, [u8]>, BinaryReaderError> {
        let mut branch = Vec::new();
        match *operator {
            Operator::Br { relative_depth } => {
                branch.push(BR);
                self.write_depth(relative_depth, &mut branch);
            }
            Operator::BrIf { relative_depth } => {
                branch.push(BR_IF);
                self.write_depth(relative_depth, &mut branch);
            }
            Operator::BrTable { ref targets } => {
                branch.push(BR_TABLE);
                section::write_u32(&mut branch, targets.len());
                for depth in targets.targets() {
                    self.write_depth(depth?, &mut branch);
                }
                self.write_depth(targets.default(), &mut branch);
            }
            _ => return Ok(Cow::Borrowed(raw)),
        }
        Ok(Cow::Owned(branch))
    }

    /// Takes note of `operator`, which is written.
    pub(super) fn pass(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                let loops_around = self.blocks.last().map_or(0, |block| block.loops());
                self.blocks.push(Block {
                    loops_around,
                    is_cut: false,
                });
            }
            Operator::End => {
                self.blocks.pop();
            }
            Operator::Unreachable
            | Operator::Br { .. }
            | Operator::BrTable { .. }
            | Operator::Return
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. } => self.dead = Some(0),
            _ => {}
        }
    }

    fn write_depth(&self, depth: u32, code: &mut Vec<u8>) {
        let target = usize::try_from(depth).unwrap_or(usize::MAX);
        let target = self.blocks.iter().nth_back(target);
        let around = target.map_or(0, |block| block.loops_around);
        let loops = self.blocks.last().map_or(0, |block| block.loops());
        let crossed = loops.saturating_sub(around);
        section::write_u32(code, depth.saturating_add(crossed));
    }
}
