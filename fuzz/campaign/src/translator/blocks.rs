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
            45..=57 => self.block(),
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
        for _ in 0..self.draw.below(4) {
            let ty = self.shape.any(self.draw);
            self.produce(ty, 1);
        }
        let available = self.operands().len() as u64;
        let taken = self
            .draw
            .below(available.min(3) + 1)
            .min(self.draw.below(4)) as usize;
        let params = self.operands()[available as usize - taken..].to_vec();
        let kind = self.draw.below(10);
        let (is_loop, is_if) = ((4..=6).contains(&kind), kind >= 7);
        let has_else = is_if && self.draw.percent(65);
        let results = if is_if && !has_else {
            params.clone()
        } else {
            self.results()
        };
        let ty = self.shape.block(&params, &results);
        if is_if {
            self.condition();
            self.take(1);
        }
        self.emit(&match (is_loop, is_if) {
            (true, _) => Instruction::Loop(ty),
            (_, true) => Instruction::If(ty),
            _ => Instruction::Block(ty),
        });
        self.take(taken);
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
        self.part(&params, &results);
        if has_else {
            self.emit(&Instruction::Else);
            self.stack.truncate(height);
            self.frame().is_unreachable = false;
            self.part(&params, &results);
        }
        self.emit(&Instruction::End);
        self.frames.pop();
        self.stack.truncate(height);
        self.stack.extend(results);
    }

    /// What lies between the start of a block or an `else` and the end.
    fn part(&mut self, params: &[ValType], results: &[ValType]) {
        self.stack.extend_from_slice(params);
        let count = self.draw.below(7);
        self.steps(count);
        self.close(results);
    }

    /// Results of a block; often those of one around it, so that tables can branch to both.
    fn results(&mut self) -> Vec<ValType> {
        if self.draw.percent(40) {
            return self.draw.pick(&self.frames).label.clone();
        }
        self.shape.few(self.draw, 4)
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

    /// Puts a condition on the stack, mostly a comparison that can be fused with what uses it.
    pub(super) fn condition(&mut self) {
        if self.draw.percent(30) {
            return self.produce(ValType::I32, 2);
        }
        let families: Vec<_> = (self.families.iter())
            .filter(|family| family.params.len() == 2 && family.results == [ValType::I32])
            .collect();
        let family = **self.draw.pick(&families);
        for param in family.params {
            self.produce(*param, 1);
        }
        let operator = self.draw.pick(family.operators);
        self.apply(operator, family.params, family.results);
        if self.draw.percent(20) {
            self.emit(&Instruction::I32Eqz);
        }
    }

    /// Puts a condition on the stack that is false after some rounds of all loops.
    fn again(&mut self) {
        let counter = self.locals.len() as u32 - 1;
        let form = self.draw.below(4);
        if form == 1 {
            self.emit(&Instruction::I32Const(0));
        }
        self.emit(&Instruction::LocalGet(counter));
        self.emit(&Instruction::I32Const(1));
        self.emit(&Instruction::I32Sub);
        self.emit(&Instruction::LocalTee(counter));
        match form {
            0 => self.emit(&Instruction::I32Const(0)),
            1 => {}
            2 => self.emit(&Instruction::I32Const(1)),
            _ => self.emit(&Instruction::I32Const(0)),
        }
        self.emit(&match form {
            0 => Instruction::I32GtS,
            1 => Instruction::I32LtS,
            2 => Instruction::I32GeS,
            _ => Instruction::I32LeS,
        });
        if form == 3 {
            self.emit(&Instruction::I32Eqz);
        }
        self.push(ValType::I32);
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

    /// A branch, table, return or trap, behind which code is unreachable.
    fn diverge(&mut self) {
        // At the outermost level it would cut off all that follows.
        if self.frames.len() == 1 && self.draw.percent(85) {
            return;
        }
        match self.draw.below(20) {
            0..=5 => self.branch(false),
            6..=15 => self.branch(true),
            16 if self.draw.percent(10) => self.emit(&Instruction::Unreachable),
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
        let default = self.draw.below(count as u64) as usize;
        let label = self.frames[count - 1 - default].label.clone();
        let fitting: Vec<_> = (0..count)
            .filter(|depth| self.frames[count - 1 - depth].label == label)
            .collect();
        let targets: Vec<_> = (0..self.draw.below(5))
            .map(|_| *self.draw.pick(&fitting))
            .collect();
        let is_loop = |depth: &usize| self.frames[count - 1 - depth].is_loop;
        if is_loop(&default) || is_table && targets.iter().any(is_loop) {
            self.leave_when_done();
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

    fn select(&mut self) {
        let ty = self.shape.any(self.draw);
        self.want(&[ty, ty]);
        self.condition();
        let is_typed = matches!(ty, ValType::Ref(_)) || self.draw.percent(30);
        let select = if is_typed {
            Instruction::TypedSelect(ty)
        } else {
            Instruction::Select
        };
        self.apply(&select, &[ty, ty, ValType::I32], &[ty]);
    }

    pub(super) fn signature(&self) -> &Signature {
        self.shape.signature(self.function)
    }
}
