//! A module of a script, made into one that fuelbox can run alone.

use super::sections::Sections;
use fuelbox::{Reference, Value};
use std::collections::BTreeMap;
use wasm_encoder::{Encode, HeapType, Instruction};

/// Name of an export that does nothing, to be called where only making the instance matters.
pub(super) const NOTHING: &str = "spec:nothing";

/// Name of the export that returns an exported global.
pub(super) fn getter(global: &str) -> String {
    format!("spec:get:{global}")
}

/// What stands in for an import that is no function, so that fuelbox need not link it.
#[derive(Clone, Copy)]
pub(super) enum Definition {
    Global(Value),
    /// 1 page, at most 2.
    Memory,
    /// 10 functions, at most 20; with 64-bit addresses or not.
    Table {
        table64: bool,
    },
}

/// What stands in for imports, by their two names.
pub(super) type Definitions = BTreeMap<(String, String), Definition>;

/// A call that a script has made before.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) function: String,
    pub(super) arguments: Vec<Value>,
    /// How many values it returns.
    pub(super) results: usize,
}

/// Rewrites an admitted `wasm`:
/// - each import that is no function becomes the definition that stands for it,
/// - `_initialize` makes the calls of `history`,
/// - there is a getter for each exported global, and [`NOTHING`].
pub(super) fn rewrite(wasm: &[u8], definitions: &Definitions, history: &[Step]) -> Vec<u8> {
    let mut sections = Sections::read(wasm, definitions).expect("the module is admitted");
    sections.add_function(NOTHING, None, &[]);
    for (name, global) in sections.exported_globals() {
        let body = [Instruction::GlobalGet(global.index)];
        sections.add_function(&getter(&name), Some(global.ty), &body);
    }
    if !history.is_empty() {
        let mut body = Vec::new();
        for step in history {
            body.extend(step.arguments.iter().map(constant));
            body.push(Instruction::Call(
                sections.exported_function(&step.function),
            ));
            body.extend((0..step.results).map(|_| Instruction::Drop));
        }
        sections.add_function("_initialize", None, &body);
    }
    sections.into_module()
}

/// The constant as an instruction, in bytes.
pub(super) fn constant_bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    constant(value).encode(&mut bytes);
    bytes
}

fn constant(value: &Value) -> Instruction<'static> {
    match *value {
        Value::I32(value) => Instruction::I32Const(value),
        Value::I64(value) => Instruction::I64Const(value),
        Value::F32(value) => Instruction::F32Const(value),
        Value::F64(value) => Instruction::F64Const(value),
        Value::V128(value) => Instruction::V128Const(value.cast_signed()),
        Value::FuncRef(Reference::Null) => Instruction::RefNull(HeapType::FUNC),
        Value::ExternRef(Reference::Null) => Instruction::RefNull(HeapType::EXTERN),
        other => panic!("{other:?} is no constant"),
    }
}
