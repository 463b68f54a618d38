//! Modules put together from many parts of one kind.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use super::one_page;
use std::iter::repeat_n;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, HeapType, Instruction,
    Module, RefType, TypeSection, ValType,
};

/// A module with a memory, an entry that does nothing, and more.
pub(super) struct Parts {
    pub(super) types: TypeSection,
    pub(super) functions: FunctionSection,
    pub(super) globals: GlobalSection,
    pub(super) exports: ExportSection,
    pub(super) elements: ElementSection,
    pub(super) code: CodeSection,
    pub(super) data: DataSection,
    pub(super) largest_bytes: u64,
    pub(super) most_locals: u64,
    pub(super) items: u64,
}

impl Parts {
    pub(super) fn new() -> Self {
        let mut parts = Self {
            types: TypeSection::new(),
            functions: FunctionSection::new(),
            globals: GlobalSection::new(),
            exports: ExportSection::new(),
            elements: ElementSection::new(),
            code: CodeSection::new(),
            data: DataSection::new(),
            largest_bytes: 0,
            most_locals: 0,
            items: 0,
        };
        parts.types.ty().function([], []);
        parts.exports.export("_start", ExportKind::Func, 0);
        parts.functions(1, &empty())
    }

    pub(super) fn functions(mut self, count: usize, function: &Function) -> Self {
        for _ in 0..count {
            self.functions.function(0);
            self.code.function(function);
        }
        self.largest_bytes = self.largest_bytes.max(function.byte_len() as u64);
        self
    }

    pub(super) fn locals(mut self, count: u32) -> Self {
        self.most_locals = count.into();
        self.functions(1, &function(count, []))
    }

    /// Types that differ, up to 65,536 of them.
    pub(super) fn types(mut self, count: usize, params: usize) -> Self {
        for n in 0..count {
            let params = (0..params).map(|at| match n >> (at % 16) & 1 {
                0 => ValType::I32,
                _ => ValType::I64,
            });
            self.types.ty().function(params, []);
        }
        self
    }

    pub(super) fn exports(mut self, count: usize, name_bytes: usize) -> Self {
        for n in 0..count {
            let name = format!("{n:0name_bytes$}");
            self.exports.export(&name, ExportKind::Func, 0);
        }
        self
    }

    pub(super) fn globals(mut self, count: usize) -> Self {
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        for _ in 0..count {
            self.globals.global(ty, &ConstExpr::i32_const(0));
        }
        self
    }

    /// Globals whose value is a sum of as many constants as may be, each added to all that follow.
    pub(super) fn sums(mut self, count: usize) -> Self {
        const TERMS: usize = 32;

        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: false,
            shared: false,
        };
        let constants = (1..TERMS).fold(ConstExpr::i32_const(0), |sum, _| sum.with_i32_const(1));
        let sum = (1..TERMS).fold(constants, |sum, _| sum.with_i32_add());
        for _ in 0..count {
            self.globals.global(ty, &sum);
        }
        self
    }

    pub(super) fn segments(mut self, count: usize) -> Self {
        for _ in 0..count {
            self.data.passive([]);
        }
        self
    }

    pub(super) fn elements(mut self, count: usize) -> Self {
        let functions = vec![0; count];
        self.items += count as u64;
        self.elements.passive(Elements::Functions(functions.into()));
        self
    }

    /// Segments without items.
    pub(super) fn many_elements(mut self, count: usize) -> Self {
        for _ in 0..count {
            self.elements
                .passive(Elements::Functions([].as_slice().into()));
        }
        self
    }

    pub(super) fn nulls(mut self, count: usize) -> Self {
        let nulls = vec![ConstExpr::ref_null(HeapType::FUNC); count];
        let nulls = Elements::Expressions(RefType::FUNCREF, nulls.into());
        self.items += count as u64;
        self.elements.passive(nulls);
        self
    }

    /// A block of a new type with `values` results, and these after it.
    fn block(
        mut self,
        values: usize,
        ty: ValType,
        value: impl Fn(i64) -> Instruction<'static>,
        branches: impl Iterator<Item = Instruction<'static>>,
    ) -> Self {
        let block = BlockType::FunctionType(self.types.len());
        self.types.ty().function([], vec![ty; values]);
        let body = [Instruction::Block(block)]
            .into_iter()
            .chain((0..).map(value).take(values))
            .chain(branches)
            .chain([Instruction::End])
            .chain(repeat_n(Instruction::Drop, values));
        self.functions(1, &function(1, body))
    }

    /// Branches out of one block, with `values` each.
    pub(super) fn carrying(self, branches: usize, values: usize) -> Self {
        let branch = [Instruction::LocalGet(0), Instruction::BrIf(0)];
        let branches = repeat_n(branch, branches).flatten();
        self.block(values, ValType::I32, |_| Instruction::LocalGet(0), branches)
    }

    /// As `carrying`, but each value is an instruction with a large number in it.
    pub(super) fn carrying_constants(self, branches: usize, values: usize) -> Self {
        let branch = [Instruction::LocalGet(0), Instruction::BrIf(0)];
        let branches = repeat_n(branch, branches).flatten();
        self.block(values, ValType::I64, large, branches)
    }

    /// Tables of branches out of one block, with `values` for each of their targets.
    pub(super) fn carrying_tables(self, tables: usize, targets: usize, values: usize) -> Self {
        let table = [Instruction::Block(BlockType::Empty)]
            .into_iter()
            .chain(repeat_n(Instruction::LocalGet(0), values + 1))
            .chain([
                Instruction::BrTable(vec![1; targets].into(), 1),
                Instruction::End,
            ]);
        let tables = repeat_n(table, tables).flatten();
        self.block(values, ValType::I32, |_| Instruction::LocalGet(0), tables)
    }

    /// Conditions within conditions, into each of which and out of each of which `values` go.
    pub(super) fn deciding(mut self, depth: usize, values: usize) -> Self {
        let decide = [
            Instruction::LocalGet(0),
            Instruction::If(BlockType::FunctionType(self.types.len())),
        ];
        let types = vec![ValType::I32; values];
        self.types.ty().function(types.clone(), types);
        let body = repeat_n(Instruction::LocalGet(0), values)
            .chain(repeat_n(decide, depth).flatten())
            .chain(repeat_n(Instruction::End, depth))
            .chain(repeat_n(Instruction::Drop, values));
        self.functions(1, &function(1, body))
    }

    /// Calls of one function of `values` parameters, with constants.
    pub(super) fn calling(mut self, calls: usize, values: usize) -> Self {
        let ty = self.types.len();
        self.types.ty().function(vec![ValType::I64; values], []);
        let callee = self.functions.len();
        self.functions.function(ty);
        self.code.function(&empty());
        let constants = (0..).map(large).take(values);
        let call = constants.chain([Instruction::Call(callee)]);
        let calls = repeat_n(call, calls).flatten();
        self.functions(1, &function(0, calls))
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut module = Module::new();
        module
            .section(&self.types)
            .section(&self.functions)
            .section(&one_page())
            .section(&self.globals)
            .section(&self.exports)
            .section(&self.elements)
            .section(&self.code)
            .section(&self.data);
        module.finish()
    }
}

/// A function with `locals` of type `i32`.
pub(super) fn function<'a>(
    locals: u32,
    body: impl IntoIterator<Item = Instruction<'a>>,
) -> Function {
    let mut function = Function::new([(locals, ValType::I32)]);
    for instruction in body {
        function.instruction(&instruction);
    }
    function.instruction(&Instruction::End);
    function
}

/// A constant that takes eight bytes wherever it stands.
fn large(n: i64) -> Instruction<'static> {
    Instruction::I64Const(i64::MAX - n)
}

pub(super) fn empty() -> Function {
    function(0, [])
}
