//! Core dumps, in the format of the WebAssembly tool conventions: a module that holds what another had.

use std::ops::Range;
use wasm_encoder::{
    ConstExpr, CoreDumpInstancesSection, CoreDumpModulesSection, CoreDumpSection,
    CoreDumpStackSection, CoreDumpValue, CustomSection, DataSection, GlobalSection, GlobalType,
    HeapType, MemorySection, MemoryType, Module, RefType, ValType,
};
use wasmparser::{Parser, Payload};

/// A core dump while it is put together: the stack of a guest that has stopped, its memories and its globals.
///
/// Other tools read it, such as debuggers that know the tool conventions. Operands are not in it.
///
/// ```
/// use fuelbox_observe::coredump::{CoreDump, Value};
///
/// let wasm = wat::parse_str("(module (memory 1) (global i32 (i32.const 7)) (func $f unreachable))")?;
/// let mut dump = CoreDump::new("guest.wasm", &wasm);
/// dump.frame(0, 38, &[Some(Value::I32(1)), None]).memory(&[0; 65_536]).global(Value::I32(7));
/// let file = dump.finish();
/// assert_eq!(&file[..4], b"\0asm");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CoreDump {
    name: String,
    stack: CoreDumpStackSection,
    memories: MemorySection,
    data: DataSection,
    globals: GlobalSection,
    /// The memories that the module has, for what their types say.
    types: Vec<MemoryType>,
    /// Where its functions begin, and the number of the first.
    bodies: Vec<Range<usize>>,
    imported: u32,
}

/// The value of a global.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// A 32-bit float.
    F32(f32),
    /// A 64-bit float.
    F64(f64),
    /// A vector.
    V128(u128),
    /// A reference to a function. Which one cannot be told.
    FuncRef,
    /// A reference to something of the host. What it is cannot be told.
    ExternRef,
}

/// Memory is written in pieces of so many bytes, those that hold nothing but zeros left out.
const PIECE_BYTES: usize = 4_096;

impl CoreDump {
    /// That of an instance of the module of these bytes, which is called `name` in it.
    #[must_use]
    pub fn new(name: &str, wasm: &[u8]) -> Self {
        let mut dump = Self {
            name: name.to_owned(),
            stack: CoreDumpStackSection::new("main"),
            memories: MemorySection::new(),
            data: DataSection::new(),
            globals: GlobalSection::new(),
            types: Vec::new(),
            bodies: Vec::new(),
            imported: 0,
        };
        for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
            dump.take(payload);
        }
        dump
    }

    fn take(&mut self, payload: Payload<'_>) {
        match payload {
            Payload::ImportSection(imports) => {
                let imports = imports.into_iter().map_while(Result::ok);
                let functions =
                    imports.filter(|import| matches!(import.ty, wasmparser::TypeRef::Func(_)));
                self.imported = u32::try_from(functions.count()).unwrap_or(u32::MAX);
            }
            Payload::MemorySection(memories) => {
                for memory in memories.into_iter().map_while(Result::ok) {
                    self.types.push(MemoryType {
                        minimum: memory.initial,
                        maximum: memory.maximum,
                        memory64: memory.memory64,
                        shared: memory.shared,
                        page_size_log2: memory.page_size_log2,
                    });
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
            _ => {}
        }
    }

    /// Adds a function of the stack, the innermost first: its number, where in the bytes of the module it was, and its
    /// locals as far as they are known.
    pub fn frame(&mut self, function: u32, offset: u64, locals: &[Option<Value>]) -> &mut Self {
        let own = function.checked_sub(self.imported);
        let body = own.and_then(|own| self.bodies.get(usize::try_from(own).ok()?));
        let start = body.map_or(0, |body| u64::try_from(body.start).unwrap_or(u64::MAX));
        let within = u32::try_from(offset.saturating_sub(start)).unwrap_or(u32::MAX);
        let locals = locals
            .iter()
            .map(|local| local.map_or(CoreDumpValue::Missing, dumped));
        self.stack.frame(0, function, within, locals, []);
        self
    }

    /// Adds the next of the memories, whole.
    pub fn memory(&mut self, bytes: &[u8]) -> &mut Self {
        const PAGE_LOG2: u32 = 16;

        let number = self.memories.len();
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let mut ty = self.types.get(place).copied().unwrap_or(MemoryType {
            minimum: 0,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let page = 1_usize.checked_shl(ty.page_size_log2.unwrap_or(PAGE_LOG2));
        let pages = bytes.len().div_ceil(page.unwrap_or(1));
        ty.minimum = u64::try_from(pages).unwrap_or(u64::MAX);
        self.memories.memory(ty);
        for range in written(bytes) {
            let start = u64::try_from(range.start).unwrap_or(u64::MAX);
            let offset = if ty.memory64 {
                ConstExpr::i64_const(start.cast_signed())
            } else {
                let start = u32::try_from(start).unwrap_or(u32::MAX);
                ConstExpr::i32_const(start.cast_signed())
            };
            let piece = bytes.get(range).unwrap_or_default();
            self.data.active(number, &offset, piece.iter().copied());
        }
        self
    }

    /// Adds the next of the globals.
    pub fn global(&mut self, value: Value) -> &mut Self {
        let (val_type, init) = match value {
            Value::I32(value) => (ValType::I32, ConstExpr::i32_const(value)),
            Value::I64(value) => (ValType::I64, ConstExpr::i64_const(value)),
            Value::F32(value) => (ValType::F32, ConstExpr::f32_const(value.into())),
            Value::F64(value) => (ValType::F64, ConstExpr::f64_const(value.into())),
            Value::V128(value) => (ValType::V128, ConstExpr::v128_const(value.cast_signed())),
            Value::FuncRef => {
                let null = ConstExpr::ref_null(HeapType::FUNC);
                (ValType::Ref(RefType::FUNCREF), null)
            }
            Value::ExternRef => {
                let null = ConstExpr::ref_null(HeapType::EXTERN);
                (ValType::Ref(RefType::EXTERNREF), null)
            }
        };
        let ty = GlobalType {
            val_type,
            mutable: true,
            shared: false,
        };
        self.globals.global(ty, &init);
        self
    }

    /// The bytes of the file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let mut modules = CoreDumpModulesSection::new();
        modules.module(&self.name);
        let mut instances = CoreDumpInstancesSection::new();
        let numbers = |len: u32| (0..len).collect::<Vec<_>>();
        instances.instance(0, numbers(self.memories.len()), numbers(self.globals.len()));
        let mut file = Module::new();
        file.section(&CoreDumpSection::new(&self.name))
            .section(&modules)
            .section(&instances)
            .section(&self.stack)
            .section(&self.memories)
            .section(&self.globals)
            .section(&self.data)
            .section(&producers());
        file.finish()
    }
}

/// A local, in the words of the format, which has none for vectors and references.
fn dumped(value: Value) -> CoreDumpValue {
    match value {
        Value::I32(value) => CoreDumpValue::I32(value),
        Value::I64(value) => CoreDumpValue::I64(value),
        Value::F32(value) => CoreDumpValue::F32(value.into()),
        Value::F64(value) => CoreDumpValue::F64(value.into()),
        Value::V128(_) | Value::FuncRef | Value::ExternRef => CoreDumpValue::Missing,
    }
}

/// The ranges of a memory that hold something.
fn written(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (number, piece) in bytes.chunks(PIECE_BYTES).enumerate() {
        if piece.iter().all(|byte| *byte == 0) {
            continue;
        }
        let start = number.saturating_mul(PIECE_BYTES);
        let end = start.saturating_add(piece.len());
        match ranges.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => ranges.push(start..end),
        }
    }
    ranges
}

/// Who wrote the file.
fn producers() -> CustomSection<'static> {
    let version = env!("CARGO_PKG_VERSION");
    CustomSection {
        name: "fuelbox".into(),
        data: version.as_bytes().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_left_out_and_pieces_in_a_row_are_one() {
        let mut bytes = vec![0; 5 * PIECE_BYTES + 10];
        for at in [PIECE_BYTES, 3 * PIECE_BYTES - 1, 5 * PIECE_BYTES + 9] {
            bytes[at] = 1;
        }
        let all = bytes.len();
        let expected = [PIECE_BYTES..3 * PIECE_BYTES, 5 * PIECE_BYTES..all];
        assert_eq!(written(&bytes), expected);
    }
}
