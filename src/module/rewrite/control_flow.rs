//! Control flow in normal form: no block has parameters or results, and no branch carries values.
//!
//! wasmi 2.0.0 miscompiles blocks with parameters, and branches that carry several values or a vector: a guest gets
//! wrong values, reads cells of the stack that nobody wrote, and can make references of numbers (docs/engine.md).
//! So in a function that has such a block or branch, all values that blocks and branches carry travel through locals:
//! they are set before a block or a branch, and read inside the block or after its end. The function itself counts as
//! a block. Functions without them, which is what compilers emit, stay as they are.

use super::temporaries::Temporaries;
use crate::module::{
    opcode::{BLOCK, ELSE, EMPTY, END, IF, LOCAL_GET, LOCAL_SET, LOOP},
    section,
};
use alloc::vec::Vec;
use wasmparser::{BlockType, FuncType, Operator, ValType, types::TypesRef};

/// The normal form of one function, while it is written.
pub(super) struct Lowering<'a> {
    types: TypesRef<'a>,
    /// The blocks that are open, the function first.
    labels: Vec<Label<'a>>,
    temporaries: Temporaries,
}

/// An open block.
#[derive(Clone, Copy)]
struct Label<'a> {
    params: Values<'a>,
    results: Values<'a>,
    is_loop: bool,
}

/// Types of values.
#[derive(Clone, Copy)]
enum Values<'a> {
    One(ValType),
    Many(&'a [ValType]),
}

impl<'a> Lowering<'a> {
    /// Of a function of type `ty` with as many `locals` as it has itself, parameters included.
    pub(super) fn new(types: TypesRef<'a>, ty: &'a FuncType, locals: u32) -> Self {
        let function = Label {
            params: Values::NONE,
            results: Values::Many(ty.results()),
            is_loop: false,
        };
        Self {
            types,
            labels: Vec::from([function]),
            temporaries: Temporaries::after(locals),
        }
    }

    /// The locals that it needs.
    pub(super) fn temporaries(&self) -> &Temporaries {
        &self.temporaries
    }

    /// Writes what comes before the body.
    pub(super) fn begin(&self, code: &mut Vec<u8>) {
        if self.wraps_the_body() {
            code.extend_from_slice(&[BLOCK, EMPTY]);
        }
    }

    /// Writes what stands for `operator`, whose bytes are `raw`; says whether it did.
    pub(super) fn write(
        &mut self,
        operator: &Operator<'_>,
        raw: &[u8],
        code: &mut Vec<u8>,
    ) -> bool {
        match *operator {
            Operator::Block { blockty } => self.open(BLOCK, blockty, code),
            Operator::Loop { blockty } => self.open(LOOP, blockty, code),
            Operator::If { blockty } => self.open_if(blockty, code),
            Operator::Else => self.begin_else(code),
            Operator::End => self.end(code),
            Operator::Br { relative_depth } => {
                self.set(self.carried(relative_depth), code);
                code.extend_from_slice(raw);
            }
            Operator::BrIf { relative_depth } => {
                self.branch_if(self.carried(relative_depth), raw, code);
            }
            Operator::BrTable { ref targets } => {
                self.branch_by_table(self.carried(targets.default()), raw, code);
            }
            _ => return false,
        }
        true
    }

    /// Takes all operands of the innermost block over what is written `between`.
    pub(super) fn carry_operands(
        &mut self,
        operands: &[ValType],
        between: &[u8],
        code: &mut Vec<u8>,
    ) {
        self.carry(Values::Many(operands), between, code);
    }

    /// Takes the results of the innermost block over what is written `between`.
    pub(super) fn carry_results(&mut self, between: &[u8], code: &mut Vec<u8>) {
        let results = self
            .labels
            .last()
            .map_or(Values::NONE, |label| label.results);
        self.carry(results, between, code);
    }

    fn carry(&mut self, values: Values<'_>, between: &[u8], code: &mut Vec<u8>) {
        self.set(values, code);
        code.extend_from_slice(between);
        self.get(values, code);
    }

    fn open(&mut self, opcode: u8, ty: BlockType, code: &mut Vec<u8>) {
        let label = self.label(ty, opcode == LOOP);
        self.set(label.params, code);
        code.extend_from_slice(&[opcode, EMPTY]);
        self.get(label.params, code);
        self.labels.push(label);
    }

    fn open_if(&mut self, ty: BlockType, code: &mut Vec<u8>) {
        let label = self.label(ty, false);
        if !label.params.is_empty() {
            self.set_condition(code);
            // Where there is no `else` they are the results too, and are read as such after the end.
            self.set(label.params, code);
            self.get_condition(code);
        }
        code.extend_from_slice(&[IF, EMPTY]);
        self.get(label.params, code);
        self.labels.push(label);
    }

    fn begin_else(&mut self, code: &mut Vec<u8>) {
        let Some(&label) = self.labels.last() else {
            return;
        };
        self.set(label.results, code);
        code.push(ELSE);
        self.get(label.params, code);
    }

    fn end(&mut self, code: &mut Vec<u8>) {
        let is_wrapped = self.labels.len() > 1 || self.wraps_the_body();
        let Some(label) = self.labels.pop() else {
            return;
        };
        if is_wrapped {
            self.set(label.results, code);
            code.push(END);
            self.get(label.results, code);
        }
        if self.labels.is_empty() {
            code.push(END);
        }
    }

    /// A branch that, where it is not taken, leaves the values on the stack.
    fn branch_if(&mut self, carried: Values<'a>, raw: &[u8], code: &mut Vec<u8>) {
        if !carried.is_empty() {
            self.set_condition(code);
            self.set(carried, code);
            self.get(carried, code);
            self.get_condition(code);
        }
        code.extend_from_slice(raw);
    }

    fn branch_by_table(&mut self, carried: Values<'a>, raw: &[u8], code: &mut Vec<u8>) {
        if !carried.is_empty() {
            self.set_condition(code);
            self.set(carried, code);
            self.get_condition(code);
        }
        code.extend_from_slice(raw);
    }

    /// Moves values from the stack into locals, the last one first.
    fn set(&mut self, values: Values<'_>, code: &mut Vec<u8>) {
        for (position, ty) in values.types().iter().enumerate().rev() {
            let local = self.temporaries.carrying(position, *ty);
            code.push(LOCAL_SET);
            section::write_u32(code, local);
        }
    }

    /// Puts values back onto the stack.
    fn get(&mut self, values: Values<'_>, code: &mut Vec<u8>) {
        for (position, ty) in values.types().iter().enumerate() {
            let local = self.temporaries.carrying(position, *ty);
            code.push(LOCAL_GET);
            section::write_u32(code, local);
        }
    }

    fn set_condition(&mut self, code: &mut Vec<u8>) {
        code.push(LOCAL_SET);
        section::write_u32(code, self.temporaries.condition());
    }

    fn get_condition(&mut self, code: &mut Vec<u8>) {
        code.push(LOCAL_GET);
        section::write_u32(code, self.temporaries.condition());
    }

    fn label(&self, ty: BlockType, is_loop: bool) -> Label<'a> {
        let (params, results) = match ty {
            BlockType::Empty => (Values::NONE, Values::NONE),
            BlockType::Type(ty) => (Values::NONE, Values::One(ty)),
            BlockType::FuncType(index) => {
                let ty = self.types.get(self.types.core_type_at_in_module(index));
                let ty = ty.expect("the validator found it").unwrap_func();
                (Values::Many(ty.params()), Values::Many(ty.results()))
            }
        };
        Label {
            params,
            results,
            is_loop,
        }
    }

    /// What a branch to the block at `depth` carries, the innermost at 0.
    fn carried(&self, depth: u32) -> Values<'a> {
        let depth = usize::try_from(depth).unwrap_or(usize::MAX);
        match self.labels.iter().nth_back(depth) {
            Some(label) if label.is_loop => label.params,
            Some(label) => label.results,
            None => Values::NONE,
        }
    }

    /// Whether the body stands in a block of its own, which branches to the function go to the end of.
    fn wraps_the_body(&self) -> bool {
        self.labels
            .first()
            .is_some_and(|function| !function.results.is_empty())
    }
}

impl<'a> Values<'a> {
    const NONE: Self = Self::Many(&[]);

    fn is_empty(self) -> bool {
        matches!(self, Self::Many([]))
    }

    fn types(&self) -> &[ValType] {
        match self {
            Self::One(ty) => core::slice::from_ref(ty),
            Self::Many(types) => types,
        }
    }
}
