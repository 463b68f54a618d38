//! Modules that take much memory to compile, or to instantiate, for their size.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use super::parts::{Parts, empty, function};
use fuelbox::ModuleLimits;
use std::iter::repeat_n;
use wasm_encoder::{BlockType, EntityType, Function, ImportSection, Instruction, Module};

/// A module that is admitted, and what is in it that its size does not tell.
pub(crate) struct Heavy {
    pub(crate) name: &'static str,
    pub(crate) wasm: Vec<u8>,
    /// How much of the limits it uses, with the locals of its largest function in place of all.
    pub(crate) uses: ModuleLimits,
}

/// The most locals that the interpreter takes in one function, about.
pub(crate) const MOST_LOCALS: u64 = 32_000;

impl Heavy {
    fn new(name: &'static str, parts: &Parts) -> Self {
        Self {
            name,
            wasm: parts.encode(),
            uses: ModuleLimits::default()
                .types(parts.types.len().into())
                .imports(0)
                .functions(parts.functions.len().into())
                .exports(parts.exports.len().into())
                .data_segments(parts.data.len().into())
                .element_segments(parts.elements.len().into())
                .function_bytes(parts.largest_bytes)
                .elements(parts.items)
                .locals(parts.most_locals)
                .block_depth(SHALLOW),
        }
    }

    /// One with as many blocks within blocks.
    fn deep(name: &'static str, depth: usize, parts: &Parts) -> Self {
        let mut heavy = Self::new(name, parts);
        heavy.uses.block_depth = depth as u64;
        heavy
    }
}

/// No more blocks within blocks than that, unless a module is made of them.
const SHALLOW: u64 = 4;

/// One import again and again.
pub(crate) fn importing() -> Heavy {
    const IMPORTS: u32 = 1_000;

    let mut imports = ImportSection::new();
    for _ in 0..IMPORTS {
        imports.import("a", "b", EntityType::Function(0));
    }
    let parts = Parts::new();
    let mut module = Module::new();
    module.section(&parts.types).section(&imports);
    Heavy {
        wasm: module.finish(),
        uses: Heavy::new("", &parts).uses.imports(IMPORTS.into()),
        name: "imports",
    }
}

/// The worst that is known for each kind of thing that a module is made of.
pub(crate) fn heavy() -> Vec<Heavy> {
    /// What grows by doubling has just done so.
    const DEEP: usize = (1 << 13) + 100;
    /// As many blocks within blocks as calls with values go into conditions.
    const DECISIONS: usize = 5_000;

    let parts = Parts::new;
    let code = |count, function: &Function| parts().functions(count, function);
    let block = Instruction::Block(BlockType::Empty);
    let round = Instruction::Loop(BlockType::Empty);
    vec![
        Heavy::new("nothing", &parts()),
        Heavy::new("empty functions", &code(20_000, &empty())),
        Heavy::new("functions that add", &code(2_000, &adding(50))),
        Heavy::new("one function that adds", &code(1, &adding(50_000))),
        Heavy::new("functions that grow memory", &code(1_000, &growing(10))),
        Heavy::deep(
            "blocks within blocks",
            DEEP,
            &code(1, &nests(&block, DEEP, 1)),
        ),
        Heavy::deep(
            "loops within loops",
            DEEP,
            &code(1, &nests(&round, DEEP, 1)),
        ),
        Heavy::deep(
            "rows of loops within loops",
            DEEP,
            &code(1, &nests(&round, DEEP, 10)),
        ),
        Heavy::new("conditions", &code(1, &conditions(50_000))),
        Heavy::new("sums in globals", &parts().sums(2_000)),
        Heavy::new("wide tables of branches", &code(1, &branching(20, 20_000))),
        Heavy::new("narrow tables of branches", &code(1, &branching(20_000, 2))),
        Heavy::new("constants", &code(1, &constants(50_000))),
        Heavy::new("values on the stack", &code(20, &stacked(10_000))),
        Heavy::new("many locals", &parts().locals(30_000)),
        Heavy::new("types", &parts().types(2_000, 11)),
        Heavy::new("types of many parameters", &parts().types(200, 1_000)),
        Heavy::new("exports", &parts().exports(20_000, 1)),
        Heavy::new("exports with long names", &parts().exports(20, 50_000)),
        Heavy::new("globals", &parts().globals(20_000)),
        Heavy::new("data segments", &parts().segments(20_000)),
        Heavy::new("element segments", &parts().many_elements(5_000)),
        Heavy::new("elements", &parts().elements(200_000)),
        Heavy::new("null elements", &parts().nulls(200_000)),
        Heavy::new("branches with values", &parts().carrying(50_000, 16)),
        Heavy::new("branches with many values", &parts().carrying(5_000, 64)),
        Heavy::new(
            "branches with constants",
            &parts().carrying_constants(5_000, 64),
        ),
        Heavy::new(
            "tables of branches with values",
            &parts().carrying_tables(20, 2_000, 8),
        ),
        Heavy::deep(
            "conditions with many values",
            DECISIONS,
            &parts().deciding(DECISIONS, 64),
        ),
        Heavy::new("calls with many values", &parts().calling(2_000, 64)),
    ]
}

/// The worst that is known of what the default limits admit.
pub(crate) fn heaviest() -> Vec<Heavy> {
    let limits = ModuleLimits::default();
    let number = |limit: u64| usize::try_from(limit).expect("it is small");
    let room = number(limits.function_bytes);
    let deepest = number(limits.block_depth);
    // Three bytes each.
    let round = Instruction::Loop(BlockType::Empty);
    let loops = nests(&round, deepest, room / 3 / deepest);
    // Six bytes each.
    let conditions = conditions(room / 6 - 40);
    // Ten bytes each.
    let tables = branching(room / 10 - 40, 2);
    let parts = Parts::new;
    let counts = || {
        parts()
            .types(number(limits.types) - 10, 14)
            .functions(number(limits.functions) - 20, &empty())
            .elements(number(limits.elements))
            .many_elements(number(limits.element_segments) - 1)
            .segments(number(limits.data_segments))
            .exports(number(limits.exports) - 1, 1)
            .globals(number(limits.globals))
    };
    // What ends the block and the function carries some too, and so does each cut of so long a stretch.
    let branches = number(limits.carried_values) / 64 / 100 * 97;
    vec![
        Heavy::new("additions", &parts().functions(8, &adding(room / 7 - 20))),
        Heavy::new("loops", &parts().functions(8, &loops)),
        Heavy::new("conditions", &parts().functions(8, &conditions)),
        Heavy::new("tables", &parts().functions(8, &tables)),
        Heavy::new("counts", &counts()),
        Heavy::new("carried", &parts().carrying_constants(branches, 64)),
        Heavy::new("counts, loops", &counts().functions(5, &loops)),
        Heavy::new("counts, conditions", &counts().functions(5, &conditions)),
        Heavy::new(
            "counts, tables, carried, conditions",
            &counts()
                .functions(4, &tables)
                .carrying_constants(branches, 64)
                .functions(1, &conditions),
        ),
        Heavy::new(
            "counts, conditions, tables, carried",
            &counts()
                .functions(1, &conditions)
                .functions(4, &tables)
                .carrying_constants(branches, 64),
        ),
    ]
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

/// Blocks within blocks, so many times.
fn nests(block: &Instruction<'_>, depth: usize, times: usize) -> Function {
    let nest = repeat_n(block.clone(), depth).chain(repeat_n(Instruction::End, depth));
    function(0, repeat_n(nest, times).flatten())
}

/// Conditions that change nothing, one after another.
fn conditions(count: usize) -> Function {
    let condition = [
        Instruction::LocalGet(0),
        Instruction::If(BlockType::Empty),
        Instruction::Else,
        Instruction::End,
    ];
    function(1, repeat_n(condition, count).flatten())
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
