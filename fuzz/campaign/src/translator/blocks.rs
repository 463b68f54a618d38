//! Blocks, and branches that carry values to them.

use super::{
    body::{Body, Frame},
    shape::Signature,
};
use std::borrow::Cow;
use wasm_encoder::{Instruction, ValType};

/// How deep blocks nest.
const MOST_FRAMES: usize = 6;

impl Body<'_> {
    /// Writes steps while the budget lasts, up to so many.
    pub(super) fn steps(&mut self, count: u64) {
        for _ in 0..count {
            if self.budget == 0 || self.frame().is_unreachable && self.draw.percent(50) {
                return;
            }
            self.budget -= 1;
            self.step();
        }
    }

    fn step(&mut self) {
        let habits = &self.shape.habits;
        match self.draw.below(100) {
            0..=15 => {
                let ty = self.shape.any(self.draw);
                self.produce(ty, 2);
            }
            16..=27 => self.operate(),
            28..=29 => self.divide(),
            30..=38 => self.set_local(false),
            39..=44 => self.set_local(true),
            45..=56 => self.block(),
            57 => self.switch(),
            58..=66 => self.branch_if(),
            67..=71 => self.diverge(),
            72..=75 => self.select(),
            76..=79 => self.call(),
            80..=83 if habits.memory => {
                let ty = self.shape.any(self.draw);
                self.load(ty);
            }
            84..=87 if habits.memory => self.store(),
            88..=90 => self.set_global(),
            91..=92 if habits.tables => self.table(),
            93..=94 if habits.bulk => self.bulk(),
            95 if habits.growth => self.grow(),
            96..=97 => self.observe(),
            98 => self.discard(),
            _ => self.set_local(true),
        }
    }

    /// A block, loop or `if` of any type, with what it takes on the stack and much below.
    fn block(&mut self) {
        if self.frames.len() >= MOST_FRAMES {
            return;
        }
        let below = self.draw.below(4);
        let mut left = self.below(below);
        let kind = self.draw.below(10);
        let (is_loop, is_if) = ((4..=6).contains(&kind), kind >= 7);
        let has_else = is_if && self.draw.percent(60);
        let Signature { params, results } = self.block_signature(is_if && !has_else);
        let ty = self.shape.block(&params, &results);
        self.want(&params);
        if is_if {
            self.condition();
            self.take(1);
        }
        self.emit(&match (is_loop, is_if) {
            (true, _) => Instruction::Loop(ty),
            (_, true) => Instruction::If(ty),
            _ => Instruction::Block(ty),
        });
        self.take(params.len());
        let height = self.stack.len();
        self.frames.push(Frame {
            label: if is_loop {
                params.clone()
            } else {
                results.clone()
            },
            height,
            is_loop,
            is_unreachable: false,
        });
        self.part(&params, &results, left.take());
        if has_else {
            self.emit(&Instruction::Else);
            self.stack.truncate(height);
            self.frame().is_unreachable = false;
            self.part(&params, &results, left);
        }
        self.end(height, &results);
    }

    /// Two blocks that leave the same, one right in the other, and a table that branches to both from above them.
    fn switch(&mut self) {
        if self.frames.len() + 2 > MOST_FRAMES {
            return;
        }
        let is_vector = self.shape.palette.contains(&ValType::V128) && self.draw.percent(30);
        let drawn = self.shape.without_params(self.draw);
        let results = match drawn {
            _ if is_vector => vec![ValType::V128],
            Some(results) => results,
            None => return,
        };
        let ty = self.shape.block(&[], &results);
        let height = self.stack.len();
        for _ in 0..2 {
            self.emit(&Instruction::Block(ty));
            self.frames.push(Frame {
                label: results.clone(),
                height,
                is_loop: false,
                is_unreachable: false,
            });
        }
        for _ in 0..self.draw.below(3) {
            let ty = self.shape.any(self.draw);
            self.produce(ty, 1);
        }
        for ty in &results {
            self.produce(*ty, 1);
        }
        self.produce(ValType::I32, 1);
        let targets: Vec<_> = (0..1 + self.draw.below(3))
            .map(|_| self.draw.below(2) as u32)
            .collect();
        let default = self.draw.below(2) as u32;
        self.emit(&Instruction::BrTable(Cow::Owned(targets), default));
        self.end(height, &results);
        if self.draw.percent(70) {
            // So that what the outer one leaves says which branch was taken.
            self.steps(1);
            self.observe();
            self.close(&results);
        }
        self.end(height, &results);
    }

    /// Ends a block that began at this height.
    fn end(&mut self, height: usize, results: &[ValType]) {
        self.emit(&Instruction::End);
        self.frames.pop();
        self.stack.truncate(height);
        self.stack.extend_from_slice(results);
    }

    /// Puts so many operands on the stack, locals mostly; one of these, if it shall be set inside.
    fn below(&mut self, count: u64) -> Option<u32> {
        let mut last = None;
        for _ in 0..count {
            let ty = self.shape.any(self.draw);
            match self.local(ty) {
                Some(local) if self.draw.percent(50) => {
                    self.emit(&Instruction::LocalGet(local));
                    self.push(ty);
                    last = Some(local);
                }
                _ => self.produce(ty, 1),
            }
        }
        last.filter(|_| self.draw.percent(60))
    }

    /// What a block takes and leaves; `is_same` where it must leave what it takes.
    fn block_signature(&mut self, is_same: bool) -> Signature {
        let drawn = self.shape.drawn(self.draw, is_same);
        let mut signature = drawn
            .filter(|_| self.draw.percent(75))
            .unwrap_or_else(|| Signature {
                params: Vec::new(),
                results: self.shape.few(self.draw, 2),
            });
        // Often that of a block around it, so that tables can branch to both.
        if self.draw.percent(25) {
            let label = self.draw.pick(&self.frames).label.clone();
            if self.shape.has(&signature.params, &label) {
                signature.results = label;
            }
        }
        if is_same {
            signature.results.clone_from(&signature.params);
        }
        signature
    }

    /// What lies between the start of a block or an `else` and the end. The local that is `left` lies on the stack
    /// below the block: it is set here, mostly on one path only.
    fn part(&mut self, params: &[ValType], results: &[ValType], left: Option<u32>) {
        self.stack.extend_from_slice(params);
        if let Some(local) = left {
            if self.draw.percent(70) {
                self.leave_sometimes();
            }
            let ty = self.locals[local as usize];
            self.produce(ty, 1);
            self.apply(&Instruction::LocalSet(local), &[ty], &[]);
        }
        let count = self.draw.below(6);
        self.steps(count);
        self.close(results);
    }

    /// A conditional branch out of a block, not of a loop, which would go on.
    fn leave_sometimes(&mut self) {
        let is_loop = self.frame().is_loop;
        let depth = usize::from(is_loop);
        let Some(target) = (self.frames.len().checked_sub(1 + depth)).map(|at| &self.frames[at])
        else {
            return;
        };
        if target.is_loop {
            return;
        }
        let label = target.label.clone();
        self.want(&label);
        self.condition();
        self.emit(&Instruction::BrIf(depth as u32));
        self.take(label.len() + 1);
        self.stack.extend(label);
    }

    /// Leaves these types and nothing else above the start of the block.
    pub(super) fn close(&mut self, results: &[ValType]) {
        if self.frame().is_unreachable {
            if results.ends_with(self.operands()) && self.draw.percent(50) {
                return;
            }
            while !self.operands().is_empty() {
                self.discard();
            }
            let missing = self.draw.below(results.len() as u64 + 1) as usize;
            for ty in &results[missing..] {
                self.produce(*ty, 1);
            }
            return;
        }
        let same = (self.operands().iter().zip(results))
            .take_while(|(there, wanted)| there == wanted)
            .count();
        while self.operands().len() > same {
            self.discard();
        }
        for ty in &results[same..] {
            self.produce(*ty, 2);
        }
    }

    fn branch_if(&mut self) {
        let depth = self.draw.below(self.frames.len() as u64) as usize;
        let target = &self.frames[self.frames.len() - 1 - depth];
        let (label, is_loop) = (target.label.clone(), target.is_loop);
        self.want(&label);
        if is_loop {
            self.again();
        } else {
            self.condition();
        }
        self.emit(&Instruction::BrIf(depth as u32));
        self.take(label.len() + 1);
        self.stack.extend(label);
    }

    /// A branch, table, return or trap, after which code is unreachable.
    fn diverge(&mut self) {
        // At the outermost level it would cut off all that follows.
        if self.frames.len() == 1 && self.draw.percent(85) {
            return;
        }
        match self.draw.below(20) {
            0..=5 => self.branch(false),
            6..=15 => self.branch(true),
            16 if self.draw.percent(60) => self.emit(&Instruction::Unreachable),
            16..=17 if self.shape.proposals.tail_calls => self.tail_call(),
            _ => {
                let results = self.signature().results.clone();
                self.want(&results);
                self.emit(&Instruction::Return);
            }
        }
        let height = self.frame().height;
        self.stack.truncate(height);
        self.frame().is_unreachable = true;
    }

    fn branch(&mut self, is_table: bool) {
        let count = self.frames.len();
        let mut default = self.draw.below(count as u64) as usize;
        if is_table && self.draw.percent(60) {
            default = self.most_carried();
        }
        let label = self.frames[count - 1 - default].label.clone();
        let fitting: Vec<_> = (0..count)
            .filter(|depth| self.frames[count - 1 - depth].label == label)
            .collect();
        let targets: Vec<_> = (0..self.draw.below(4))
            .map(|_| *self.draw.pick(&fitting))
            .collect();
        let is_loop = |depth: &usize| self.frames[count - 1 - depth].is_loop;
        if is_loop(&default) || is_table && targets.iter().any(is_loop) {
            self.leave_when_done();
        }
        // Mostly with more below, so that the values must move.
        for _ in 0..self.draw.below(3) {
            let ty = self.shape.any(self.draw);
            self.produce(ty, 1);
        }
        self.want(&label);
        if !is_table {
            return self.emit(&Instruction::Br(default as u32));
        }
        self.produce(ValType::I32, 2);
        if self.draw.percent(60) {
            self.emit(&Instruction::I32Const(targets.len() as i32));
            self.emit(&Instruction::I32And);
        }
        let targets: Vec<_> = targets.iter().map(|depth| *depth as u32).collect();
        self.emit(&Instruction::BrTable(Cow::Owned(targets), default as u32));
    }

    /// The depth of the label that carries most, of which a vector counts twice.
    fn most_carried(&self) -> usize {
        let weight = |frame: &Frame| {
            let wide = |ty: &&ValType| **ty == ValType::V128;
            frame.label.len() + frame.label.iter().filter(wide).count()
        };
        let depths = 0..self.frames.len();
        let by_depth = |depth: &usize| weight(&self.frames[self.frames.len() - 1 - depth]);
        depths.max_by_key(by_depth).unwrap_or_default()
    }

    /// Returns where the loops have had their rounds.
    fn leave_when_done(&mut self) {
        let height = self.stack.len();
        self.again();
        self.emit(&Instruction::I32Eqz);
        self.emit(&Instruction::If(wasm_encoder::BlockType::Empty));
        for ty in self.signature().results.clone() {
            self.produce(ty, 0);
        }
        self.emit(&Instruction::Return);
        self.emit(&Instruction::End);
        self.stack.truncate(height);
    }

    pub(super) fn signature(&self) -> &Signature {
        self.shape.signature(self.function)
    }
}
