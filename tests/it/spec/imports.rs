//! What modules of scripts import, as far as fuelbox can give it to them.

use super::{
    instance::Instance,
    rewrite::{Definition, Definitions},
    tally::Reason,
};
use crate::harness::{roomy, timeless};
use fuelbox::{ExternType, Function, GrowthDenial, Sandbox, Value};
use std::collections::BTreeMap;
use wasmparser::{Parser, Payload, TypeRef};

/// The import of a module, by name and kind.
pub(super) struct Import {
    pub(super) module: String,
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Function,
    Global { mutable: bool },
    Memory,
    Table,
    Other,
}

/// What a module imports, as far as it can be read.
pub(super) fn imports(wasm: &[u8]) -> Vec<Import> {
    let mut imports = Vec::new();
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        if let Payload::ImportSection(section) = payload {
            imports.extend(section.into_iter().flatten().map(|import| Import {
                module: import.module.to_string(),
                name: import.name.to_string(),
                kind: match import.ty {
                    TypeRef::Func(_) => Kind::Function,
                    TypeRef::Global(ty) => Kind::Global {
                        mutable: ty.mutable,
                    },
                    TypeRef::Memory(_) => Kind::Memory,
                    TypeRef::Table(_) => Kind::Table,
                    _ => Kind::Other,
                },
            }));
        }
    }
    imports
}

/// Limits that the tests need, and the functions that each of them may import.
pub(super) fn sandbox() -> Sandbox {
    let limits = roomy()
        .memory_bytes(MEMORY_BYTES)
        .growth_denial(GrowthDenial::Refuse)
        .table_elements(TABLE_ELEMENTS);
    timeless(limits)
        .grant(Function::new("spectest", "print", || ()))
        .grant(Function::new("spectest", "print_i32", |_: i32| ()))
        .grant(Function::new("spectest", "print_i64", |_: i64| ()))
        .grant(Function::new("spectest", "print_f32", |_: f32| ()))
        .grant(Function::new("spectest", "print_f64", |_: f64| ()))
        .grant(Function::new(
            "spectest",
            "print_i32_f32",
            |_: i32, _: f32| (),
        ))
        .grant(Function::new(
            "spectest",
            "print_f64_f64",
            |_: f64, _: f64| (),
        ))
}

/// What stands for an import of `spectest` that is no function.
pub(super) fn of_spectest(name: &str) -> Option<Definition> {
    Some(match name {
        "global_i32" => Definition::Global(Value::I32(666)),
        "global_i64" => Definition::Global(Value::I64(666)),
        "global_f32" => Definition::Global(Value::F32(666.6)),
        "global_f64" => Definition::Global(Value::F64(666.6)),
        "memory" => Definition::Memory,
        "table" => Definition::Table { table64: false },
        "table64" => Definition::Table { table64: true },
        _ => return None,
    })
}

/// What a module can be given of its imports.
pub(super) struct Linked {
    pub(super) sandbox: Sandbox,
    pub(super) definitions: Definitions,
    /// Why the rest cannot be given.
    pub(super) left_out: Option<Reason>,
}

/// Finds what `wasm` imports; `registered` knows instances by the name they are imported by.
pub(super) fn link(
    wasm: &[u8],
    instances: &mut [Result<Instance, Reason>],
    registered: &BTreeMap<String, usize>,
) -> Linked {
    let mut linked = Linked {
        sandbox: sandbox(),
        definitions: Definitions::new(),
        left_out: None,
    };
    for Import { module, name, kind } in imports(wasm) {
        let exporter = registered.get(&module).map(|&index| &mut instances[index]);
        let definition = match (exporter, kind) {
            (Some(Err(reason)), _) => Err(*reason),
            (Some(Ok(instance)), Kind::Function) => match instance.function(&module, &name) {
                Some(function) if instance.is_stateless() => {
                    linked.sandbox = linked.sandbox.grant(function);
                    Ok(None)
                }
                Some(_) => Err(Reason::Shared),
                None => Ok(None),
            },
            (Some(Ok(instance)), Kind::Global { mutable: false }) => constant(instance, &name),
            (None, Kind::Function) => Ok(None),
            (None, Kind::Global { .. } | Kind::Memory | Kind::Table) if module == "spectest" => {
                Ok(of_spectest(&name))
            }
            _ => Err(Reason::Shared),
        };
        match definition {
            Ok(Some(definition)) => {
                linked.definitions.insert((module, name), definition);
            }
            Ok(None) => {}
            Err(reason) => linked.left_out = Some(reason),
        }
    }
    linked
}

/// The value of a global that never changes.
fn constant(instance: &mut Instance, name: &str) -> Result<Option<Definition>, Reason> {
    let Some(ExternType::Global(ty)) = instance.export(name) else {
        return Ok(None);
    };
    if ty.mutable {
        return Err(Reason::Shared);
    }
    let report = instance.global(name, super::UNSLICED);
    let value = report
        .ok()
        .and_then(|report| report.values.first().copied());
    match value {
        Some(Value::FuncRef(fuelbox::Reference::Opaque)) | None => Err(Reason::Shared),
        Some(value) => Ok(Some(Definition::Global(value))),
    }
}

/// 1 GiB: what the tests grow to, and no more than a machine has.
const MEMORY_BYTES: u64 = 1 << 30;

const TABLE_ELEMENTS: u64 = 10_000_000;
