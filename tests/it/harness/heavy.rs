//! Modules that take much memory to compile, or to instantiate, for their size.

use fuelbox::ModuleLimits;
use std::iter::repeat_n;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, HeapType, Instruction,
    MemorySection, MemoryType, Module, RefType, TypeSection, ValType,
};

/// A module that may be run, and what is in it that its size does not tell.
pub(crate) struct Heavy {
    pub(crate) name: &'static str,
    pub(crate) wasm: Vec<u8>,
    /// How much of four limits it uses: `function_bytes`, `elements`, `carried_values`, and as
    /// `locals` those of its largest function.
    pub(crate) uses: ModuleLimits,
}

impl Heavy {
    fn new(name: &'static str, parts: &Parts) -> Self {
        Self {
            name,
            wasm: parts.encode(),
            uses: ModuleLimits::default()
                .function_bytes(parts.largest_bytes)
                .elements(0)
                .carried_values(0)
                .locals(0),
        }
    }

    fn with(self, set: fn(ModuleLimits, u64) -> ModuleLimits, number: usize) -> Self {
        Self {
            uses: set(self.uses, number as u64),
            ..self
        }
    }
}

/// The worst that is known for each kind of thing that a module is made of.
pub(crate) fn heavy() -> Vec<Heavy> {
    let code = |name, count, function| Heavy::new(name, &Parts::functions(count, function));
    let block = Instruction::Block(BlockType::Empty);
    let round = Instruction::Loop(BlockType::Empty);
    vec![
        code("nothing", 0, &empty()),
        code("empty functions", 20_000, &empty()),
        code("functions that add", 2_000, &adding(50)),
        code("one function that adds", 1, &adding(50_000)),
        code("functions that grow memory", 1_000, &growing(10)),
        code("blocks within blocks", 1, &nested(&block, 100_000)),
        code("loops within loops", 1, &nested(&round, 100_000)),
        code("wide tables of branches", 1, &branching(20, 20_000)),
        code("narrow tables of branches", 1, &branching(20_000, 2)),
        code("constants", 1, &constants(50_000)),
        code("values on the stack", 20, &stacked(10_000)),
        code("many locals", 1, &locals(30_000)).with(ModuleLimits::locals, 30_000),
        Heavy::new("types", &Parts::types(2_000, 16)),
        Heavy::new("types of many parameters", &Parts::types(200, 1_000)),
        Heavy::new("exports", &Parts::exports(20_000, 1)),
        Heavy::new("exports with long names", &Parts::exports(20, 50_000)),
        Heavy::new("globals", &Parts::globals(20_000)),
        Heavy::new("data segments", &Parts::segments(20_000)),
        Heavy::new("elements", &Parts::elements(200_000)).with(ModuleLimits::elements, 200_000),
        Heavy::new("null elements", &Parts::nulls(200_000)).with(ModuleLimits::elements, 200_000),
        Heavy::new("branches with values", &Parts::carrying(50_000, 16))
            .with(ModuleLimits::carried_values, 50_000 * 16),
        Heavy::new("branches with many values", &Parts::carrying(5_000, 64))
            .with(ModuleLimits::carried_values, 5_000 * 64),
    ]
}

/// A module with a memory, an entry that does nothing, and more.
struct Parts {
    types: TypeSection,
    functions: FunctionSection,
    globals: GlobalSection,
    exports: ExportSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
    largest_bytes: u64,
}

impl Parts {
    fn new() -> Self {
        let mut parts = Self {
            types: TypeSection::new(),
            functions: FunctionSection::new(),
            globals: GlobalSection::new(),
            exports: ExportSection::new(),
            elements: ElementSection::new(),
            code: CodeSection::new(),
            data: DataSection::new(),
            largest_bytes: 0,
        };
        parts.types.ty().function([], []);
        parts.exports.export("_start", ExportKind::Func, 0);
        parts.add(&empty());
        parts
    }

    fn add(&mut self, function: &Function) {
        self.functions.function(0);
        self.code.function(function);
        self.largest_bytes = self.largest_bytes.max(function.byte_len() as u64);
    }

    fn functions(count: usize, function: &Function) -> Self {
        let mut parts = Self::new();
        (0..count).for_each(|_| parts.add(function));
        parts
    }

    /// Types that differ, up to 65,536 of them.
    fn types(count: usize, params: usize) -> Self {
        let mut parts = Self::new();
        for n in 0..count {
            let params = (0..params).map(|at| match n >> (at % 16) & 1 {
                0 => ValType::I32,
                _ => ValType::I64,
            });
            parts.types.ty().function(params, []);
        }
        parts
    }

    fn exports(count: usize, name_bytes: usize) -> Self {
        let mut parts = Self::new();
        for n in 0..count {
            let name = format!("{n:0name_bytes$}");
            parts.exports.export(&name, ExportKind::Func, 0);
        }
        parts
    }

    fn globals(count: usize) -> Self {
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        let mut parts = Self::new();
        for _ in 0..count {
            parts.globals.global(ty, &ConstExpr::i32_const(0));
        }
        parts
    }

    fn segments(count: usize) -> Self {
        let mut parts = Self::new();
        for _ in 0..count {
            parts.data.passive([]);
        }
        parts
    }

    fn elements(count: usize) -> Self {
        let mut parts = Self::new();
        let functions = vec![0; count];
        parts
            .elements
            .passive(Elements::Functions(functions.into()));
        parts
    }

    fn nulls(count: usize) -> Self {
        let mut parts = Self::new();
        let nulls = vec![ConstExpr::ref_null(HeapType::FUNC); count];
        let nulls = Elements::Expressions(RefType::FUNCREF, nulls.into());
        parts.elements.passive(nulls);
        parts
    }

    /// Branches out of one block, whose type has `values` results.
    fn carrying(branches: usize, values: usize) -> Self {
        let mut parts = Self::new();
        parts.types.ty().function([], vec![ValType::I32; values]);
        let branch = [Instruction::LocalGet(0), Instruction::BrIf(0)];
        let body = [Instruction::Block(BlockType::FunctionType(1))]
            .into_iter()
            .chain(repeat_n(Instruction::LocalGet(0), values))
            .chain(repeat_n(branch, branches).flatten())
            .chain([Instruction::End])
            .chain(repeat_n(Instruction::Drop, values));
        parts.add(&function(1, body));
        parts
    }

    fn encode(&self) -> Vec<u8> {
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut module = Module::new();
        module
            .section(&self.types)
            .section(&self.functions)
            .section(&memories)
            .section(&self.globals)
            .section(&self.exports)
            .section(&self.elements)
            .section(&self.code)
            .section(&self.data);
        module.finish()
    }
}

/// A function with `locals` of type `i32`.
fn function<'a>(locals: u32, body: impl IntoIterator<Item = Instruction<'a>>) -> Function {
    let mut function = Function::new([(locals, ValType::I32)]);
    for instruction in body {
        function.instruction(&instruction);
    }
    function.instruction(&Instruction::End);
    function
}

fn empty() -> Function {
    function(0, [])
}

fn locals(count: u32) -> Function {
    function(count, [])
}

fn adding(times: usize) -> Function {
    let add = [
        Instruction::LocalGet(0),
        Instruction::I32Const(1),
        Instruction::I32Add,
        Instruction::LocalSet(0),
    ];
    function(1, repeat_n(add, times).flatten())
}

fn growing(times: usize) -> Function {
    let grow = [
        Instruction::I32Const(1),
        Instruction::MemoryGrow(0),
        Instruction::Drop,
    ];
    function(0, repeat_n(grow, times).flatten())
}

fn nested(block: &Instruction<'_>, depth: usize) -> Function {
    let blocks = repeat_n(block.clone(), depth);
    function(0, blocks.chain(repeat_n(Instruction::End, depth)))
}

fn branching(tables: usize, targets: usize) -> Function {
    let table = [
        Instruction::Block(BlockType::Empty),
        Instruction::LocalGet(0),
        Instruction::BrTable(vec![0; targets].into(), 0),
        Instruction::End,
    ];
    function(1, repeat_n(table, tables).flatten())
}

fn constants(count: i64) -> Function {
    function(
        0,
        (0..count).flat_map(|n| [Instruction::I64Const(n), Instruction::Drop]),
    )
}

fn stacked(depth: usize) -> Function {
    let push = repeat_n(Instruction::LocalGet(0), depth);
    function(1, push.chain(repeat_n(Instruction::Drop, depth)))
}
