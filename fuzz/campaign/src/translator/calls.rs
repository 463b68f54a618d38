//! Calls. A function calls those below it, so that all ends.

use super::{
    body::Body,
    shape::{Shape, Signature},
};
use wasm_encoder::{Instruction, ValType};

impl Body<'_> {
    /// Calls a function below this one, by its index or through the table.
    pub(super) fn call(&mut self) {
        if self.function == 0 {
            return;
        }
        let function = self.draw.below(self.function.into()) as u32;
        let Signature { params, results } = self.shape.signature(function).clone();
        let Some(element) = self.element(function) else {
            self.want(&params);
            return self.apply(&Instruction::Call(function), &params, &results);
        };
        let call = Instruction::CallIndirect {
            type_index: self.shape.ty(&params, &results),
            table_index: Shape::FUNCTIONS,
        };
        self.want(&params);
        self.index(element);
        self.take(1);
        self.apply(&call, &params, &results);
    }

    /// Calls a function in tail position, if one has the results of this one.
    pub(super) fn tail_call(&mut self) {
        let results = self.signature().results.clone();
        let fitting: Vec<_> = (0..self.function)
            .filter(|function| self.shape.signature(*function).results == results)
            .collect();
        if fitting.is_empty() {
            self.want(&results);
            return self.emit(&Instruction::Return);
        }
        let function = *self.draw.pick(&fitting);
        let params = self.shape.signature(function).params.clone();
        self.want(&params);
        match self.element(function) {
            None => self.emit(&Instruction::ReturnCall(function)),
            Some(element) => {
                self.index(element);
                let type_index = self.shape.ty(&params, &results);
                self.emit(&Instruction::ReturnCallIndirect {
                    type_index,
                    table_index: Shape::FUNCTIONS,
                });
            }
        }
    }

    /// Where a function lies in the table, if it is called through that.
    fn element(&mut self, function: u32) -> Option<u32> {
        let element = function.checked_sub(self.shape.first())?;
        let is_indirect = self.shape.habits.tables && self.draw.percent(60);
        self.shape.used.tables |= is_indirect;
        is_indirect.then_some(element)
    }

    /// Puts the index of an element on the stack: a constant, in a local, or computed.
    fn index(&mut self, element: u32) {
        self.emit(&Instruction::I32Const(element as i32));
        self.push(ValType::I32);
        match (self.draw.below(3), self.local(ValType::I32)) {
            (0, Some(local)) => self.emit(&Instruction::LocalTee(local)),
            (1, Some(local)) => {
                self.emit(&Instruction::LocalGet(local));
                self.emit(&Instruction::I32Const(0));
                self.emit(&Instruction::I32And);
                self.emit(&Instruction::I32Or);
            }
            _ => {}
        }
    }
}
