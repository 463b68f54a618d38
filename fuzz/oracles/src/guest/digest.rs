//! A function added to a module that says in one number what the module did.
//!
//! It calls functions of the module, and mixes what they return with what then is in memory, globals
//! and tables. So two engines that run the same bytes can be compared by one call.

use super::{sections::Sections, survey::Survey};
use crate::draw::Draw;
use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, HeapType,
    Instruction, MemArg, TypeSection, ValType,
};
use wasmparser::{MemoryType, TableType};

/// Name of the export: no parameters, one `i64`.
pub const DIGEST: &str = "digest";

/// How many functions of the module it calls at most.
const MOST_CALLS: u64 = 6;

/// Elements that are looked at in each table.
const FIRST_ELEMENTS: u64 = 8;

/// Words that are read from each memory; with more pages they lie further apart.
const LOG2_WORDS: i64 = 13;

/// Adds [`DIGEST`], and `execute` and `memory` where the module has none.
///
/// `None` where the module cannot have it: it is not valid, or has that name already.
pub(super) fn add(wasm: &[u8], draw: &mut Draw) -> Option<Vec<u8>> {
    let survey = Survey::read(wasm).ok()?;
    let is_known = |ty: &u32| (*ty as usize) < survey.types.len();
    if survey.exports(DIGEST) || !survey.functions.iter().all(is_known) {
        return None;
    }
    let mut sections = Sections::read(wasm).ok()?;
    let (first_type, first_function) = (survey.types.len() as u32, survey.functions.len() as u32);

    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I64]);
    types.ty().function([ValType::I32; 2], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(first_type).function(first_type + 1);
    let mut exports = ExportSection::new();
    exports.export(DIGEST, ExportKind::Func, first_function);
    if !survey.exports("execute") && !survey.exports("_start") {
        exports.export("execute", ExportKind::Func, first_function + 1);
    }
    if !survey.exports("memory") && !survey.memories.is_empty() {
        exports.export("memory", ExportKind::Memory, 0);
    }
    let mut code = CodeSection::new();
    code.function(&Digest::of(&survey, draw));
    code.function(&execute(first_function));

    sections.append(&types);
    sections.append(&functions);
    sections.append(&exports);
    sections.append(&code);
    Some(sections.write())
}

/// The entry: its status is the digest.
fn execute(digest: u32) -> Function {
    let mut function = Function::new([]);
    function.instruction(&Instruction::Call(digest));
    function.instruction(&Instruction::I32WrapI64);
    function.instruction(&Instruction::End);
    function
}

/// The function as it is written.
struct Digest {
    function: Function,
}

impl Digest {
    const HASH: u32 = 0;
    const ADDRESS: u32 = 1;
    const BYTES: u32 = 2;
    const VECTOR: u32 = 3;

    fn of(survey: &Survey, draw: &mut Draw) -> Function {
        // Modules without vectors stay so.
        let has_vectors = (survey.types.iter())
            .flat_map(|ty| ty.params().iter().chain(ty.results()))
            .chain(survey.globals.iter().map(|global| &global.content_type))
            .any(|ty| *ty == wasmparser::ValType::V128);
        let mut locals = vec![(3, ValType::I64)];
        locals.extend(has_vectors.then_some((1, ValType::V128)));
        let mut digest = Self {
            function: Function::new(locals),
        };
        digest.calls(survey, draw);
        for (index, global) in (0..).zip(&survey.globals) {
            digest.emit(&Instruction::GlobalGet(index));
            digest.mix(global.content_type);
        }
        for (index, table) in (0..).zip(&survey.tables) {
            digest.emit(&Instruction::TableSize(index));
            digest.mix(if table.table64 { I64 } else { I32 });
            digest.elements(index, table);
        }
        for (index, memory) in (0..).zip(&survey.memories) {
            digest.memory(index, memory);
        }
        digest.emit(&Instruction::LocalGet(Self::HASH));
        digest.emit(&Instruction::End);
        digest.function
    }

    fn calls(&mut self, survey: &Survey, draw: &mut Draw) {
        if survey.functions.is_empty() {
            return;
        }
        for _ in 0..draw.below(MOST_CALLS + 1) {
            let function = draw.below(survey.functions.len() as u64) as u32;
            let ty = &survey.types[survey.functions[function as usize] as usize];
            for param in ty.params() {
                self.emit(&constant(*param, draw));
            }
            self.emit(&Instruction::Call(function));
            for result in ty.results().iter().rev() {
                self.mix(*result);
            }
        }
    }

    /// Mixes in which of the first elements are null. None is ever taken away, so they are there.
    fn elements(&mut self, index: u32, table: &TableType) {
        for element in 0..table.initial.min(FIRST_ELEMENTS) {
            self.emit(&if table.table64 {
                Instruction::I64Const(element.cast_signed())
            } else {
                Instruction::I32Const(element as i32)
            });
            self.emit(&Instruction::TableGet(index));
            self.mix(wasmparser::ValType::Ref(table.element_type));
        }
    }

    /// Mixes in words of the memory, and its size.
    fn memory(&mut self, index: u32, memory: &MemoryType) {
        let (wide, log2_page) = (memory.memory64, memory.page_size_log2.unwrap_or(16));
        self.emit(&Instruction::I64Const(0));
        self.emit(&Instruction::LocalSet(Self::ADDRESS));
        self.emit(&Instruction::MemorySize(index));
        self.widen(wide);
        self.emit(&Instruction::I64Const(log2_page.into()));
        self.emit(&Instruction::I64Shl);
        self.emit(&Instruction::LocalTee(Self::BYTES));
        self.mix(I64);
        self.emit(&Instruction::Block(BlockType::Empty));
        self.emit(&Instruction::Loop(BlockType::Empty));
        // Leave where the next word would end beyond the memory.
        self.emit(&Instruction::LocalGet(Self::ADDRESS));
        self.emit(&Instruction::I64Const(8));
        self.emit(&Instruction::I64Add);
        self.emit(&Instruction::LocalGet(Self::BYTES));
        self.emit(&Instruction::I64GtU);
        self.emit(&Instruction::BrIf(1));
        self.emit(&Instruction::LocalGet(Self::ADDRESS));
        if !wide {
            self.emit(&Instruction::I32WrapI64);
        }
        self.emit(&Instruction::I64Load(MemArg {
            offset: 0,
            align: 0,
            memory_index: index,
        }));
        self.mix(I64);
        // On by the size over the number of words, but by no less than a word.
        self.emit(&Instruction::LocalGet(Self::BYTES));
        self.emit(&Instruction::I64Const(LOG2_WORDS));
        self.emit(&Instruction::I64ShrU);
        self.emit(&Instruction::I64Const(8));
        self.emit(&Instruction::I64Or);
        self.emit(&Instruction::LocalGet(Self::ADDRESS));
        self.emit(&Instruction::I64Add);
        self.emit(&Instruction::LocalSet(Self::ADDRESS));
        self.emit(&Instruction::Br(0));
        self.emit(&Instruction::End);
        self.emit(&Instruction::End);
    }

    /// Mixes in the value on top of the stack.
    fn mix(&mut self, ty: wasmparser::ValType) {
        use wasmparser::ValType as Ty;
        match ty {
            Ty::I32 => self.emit(&Instruction::I64ExtendI32U),
            Ty::I64 => {}
            Ty::F32 => {
                self.emit(&Instruction::I32ReinterpretF32);
                self.emit(&Instruction::I64ExtendI32U);
            }
            Ty::F64 => self.emit(&Instruction::I64ReinterpretF64),
            Ty::V128 => {
                self.emit(&Instruction::LocalTee(Self::VECTOR));
                self.emit(&Instruction::I64x2ExtractLane(0));
                self.mix(I64);
                self.emit(&Instruction::LocalGet(Self::VECTOR));
                self.emit(&Instruction::I64x2ExtractLane(1));
            }
            Ty::Ref(_) => {
                self.emit(&Instruction::RefIsNull);
                self.emit(&Instruction::I64ExtendI32U);
            }
        }
        self.emit(&Instruction::LocalGet(Self::HASH));
        self.emit(&Instruction::I64Const(5));
        self.emit(&Instruction::I64Rotl);
        self.emit(&Instruction::I64Xor);
        // The golden ratio, as hash functions have it: odd, with bits everywhere.
        self.emit(&Instruction::I64Const(
            0x9e37_79b9_7f4a_7c15_u64.cast_signed(),
        ));
        self.emit(&Instruction::I64Mul);
        self.emit(&Instruction::LocalSet(Self::HASH));
    }

    fn widen(&mut self, is_wide: bool) {
        if !is_wide {
            self.emit(&Instruction::I64ExtendI32U);
        }
    }

    fn emit(&mut self, instruction: &Instruction<'_>) {
        self.function.instruction(instruction);
    }
}

const I32: wasmparser::ValType = wasmparser::ValType::I32;
const I64: wasmparser::ValType = wasmparser::ValType::I64;

fn constant(ty: wasmparser::ValType, draw: &mut Draw) -> Instruction<'static> {
    use wasmparser::ValType as Ty;
    let number = draw.edge();
    match ty {
        Ty::I32 => Instruction::I32Const((number as u32).cast_signed()),
        Ty::I64 => Instruction::I64Const(number.cast_signed()),
        Ty::F32 => Instruction::F32Const(f32::from_bits(number as u32)),
        Ty::F64 => Instruction::F64Const(f64::from_bits(number)),
        Ty::V128 => Instruction::V128Const(i128::from(number.cast_signed()).rotate_left(32)),
        Ty::Ref(ty) if ty.is_func_ref() => Instruction::RefNull(HeapType::FUNC),
        Ty::Ref(_) => Instruction::RefNull(HeapType::EXTERN),
    }
}
