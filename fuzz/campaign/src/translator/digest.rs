//! The function of a guest that is not drawn, but called from outside: it calls the others and mixes what they returned
//! into what is compared.

use super::{
    body::Body,
    shape::{Shape, TYPES},
};
use wasm_encoder::{BlockType, Instruction::*, MemArg, ValType};

/// Words of each memory that are looked at.
const WORDS: i64 = 80;

/// Words that are written first, and where.
const FILLED: u64 = 6;
pub(super) const FILLED_FROM: u64 = 16;

/// How often a function is called at most, each time with other arguments.
const MOST_CALLS: u64 = 2;

impl Body<'_> {
    /// Calls every function, then mixes in what is in globals, tables and memories.
    pub(super) fn digest(&mut self) {
        let uses_memory = self.shape.used.memory;
        if uses_memory && !self.shape.habits.segment {
            self.fill();
        }
        for function in self.shape.first()..self.function {
            for _ in 0..1 + self.draw.below(MOST_CALLS) {
                self.call_from_outside(function);
            }
        }
        for global in self.shape.used.globals.clone() {
            let (ty, _) = self.shape.globals[global as usize];
            self.emit(&GlobalGet(global));
            self.observation(ty);
        }
        if self.shape.used.tables {
            self.elements();
        }
        for memory in 0..self.shape.memories.len() {
            if self.shape.used.memory {
                self.words(memory as u32);
            }
        }
        self.emit(&GlobalGet(Shape::HASH));
    }

    /// Writes something for functions to read.
    fn fill(&mut self) {
        for at in 0..FILLED {
            let memarg = MemArg {
                offset: FILLED_FROM + at * 8,
                align: 0,
                memory_index: 0,
            };
            self.emit(&if self.shape.address(0) == ValType::I64 {
                I64Const(0)
            } else {
                I32Const(0)
            });
            let word = self.draw.number();
            self.emit(&I64Const(word.cast_signed()));
            self.emit(&I64Store(memarg));
        }
    }

    /// Mixes in how large tables are, and which of the elements are null that guests write.
    fn elements(&mut self) {
        let tables = [(Shape::FUNCTIONS, 5), (Shape::OUTSIDE, 6)];
        let count = 1 + usize::from(self.shape.has_outside());
        for (table, ty) in &tables[..count] {
            let (table, ty) = (*table, *ty);
            self.emit(&TableSize(table));
            self.observation(ValType::I32);
            for element in Shape::ELEMENTS - 3..Shape::ELEMENTS {
                self.emit(&I32Const(element as i32));
                self.emit(&TableGet(table));
                self.observation(TYPES[ty]);
            }
        }
    }

    fn call_from_outside(&mut self, function: u32) {
        let signature = self.shape.signature(function).clone();
        for param in &signature.params {
            self.constant(*param);
        }
        self.apply(&Call(function), &signature.params, &signature.results);
        while !self.operands().is_empty() {
            self.observe();
        }
    }

    /// Mixes in a memory's size and its first words.
    fn words(&mut self, memory: u32) {
        let wide = self.shape.address(memory) == ValType::I64;
        self.emit(&MemorySize(memory));
        self.observation(self.shape.address(memory));
        self.emit(&I64Const(0));
        self.emit(&LocalSet(0));
        self.emit(&Loop(BlockType::Empty));
        self.emit(&LocalGet(0));
        if !wide {
            self.emit(&I32WrapI64);
        }
        self.emit(&I64Load(MemArg {
            offset: 0,
            align: 0,
            memory_index: memory,
        }));
        self.observation(ValType::I64);
        self.emit(&LocalGet(0));
        self.emit(&I64Const(8));
        self.emit(&I64Add);
        self.emit(&LocalTee(0));
        self.emit(&I64Const(WORDS * 8));
        self.emit(&I64LtS);
        self.emit(&BrIf(0));
        self.emit(&End);
    }
}
