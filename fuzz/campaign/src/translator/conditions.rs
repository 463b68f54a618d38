//! Conditions, and what takes one without being a branch.

use super::body::Body;
use wasm_encoder::{Instruction, ValType};

impl Body<'_> {
    /// Puts a condition on the stack, mostly a comparison that can be fused with what uses it.
    pub(super) fn condition(&mut self) {
        match self.draw.below(100) {
            0..=19 => self.produce(ValType::I32, 2),
            20..=44 => self.compare_with_zero(),
            _ => self.compare(),
        }
    }

    fn compare(&mut self) {
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

    /// Compares a local or anything else with zero, which the interpreter folds into what uses it.
    fn compare_with_zero(&mut self) {
        match self.draw.below(3) {
            0 => self.compare(),
            1 => self.get_local(ValType::I32),
            _ => self.produce(ValType::I32, 1),
        }
        match self.draw.below(6) {
            0..=2 => self.emit(&Instruction::I32Eqz),
            3 => {
                self.emit(&Instruction::I32Const(0));
                self.emit(&Instruction::I32Eq);
            }
            4 => {
                self.emit(&Instruction::I32Const(0));
                self.emit(&Instruction::I32Ne);
            }
            _ => {
                self.emit(&Instruction::I32Eqz);
                self.emit(&Instruction::I32Eqz);
            }
        }
    }

    /// Puts a condition on the stack that is false after some rounds of all loops.
    pub(super) fn again(&mut self) {
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

    /// Chooses between two values.
    pub(super) fn select(&mut self) {
        let ty = self.shape.any(self.draw);
        self.want(&[ty, ty]);
        if self.draw.percent(50) {
            self.compare_with_zero();
        } else {
            self.condition();
        }
        let is_typed = matches!(ty, ValType::Ref(_)) || self.draw.percent(30);
        let select = if is_typed {
            Instruction::TypedSelect(ty)
        } else {
            Instruction::Select
        };
        self.apply(&select, &[ty, ty, ValType::I32], &[ty]);
    }
}
