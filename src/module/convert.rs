//! Types of the interpreter and of the parser as ours.

use crate::{
    extern_type::{ExternType, FunctionType, GlobalType, MemoryType, TableType},
    value::ValueType,
};

/// Bytes of a page unless the module says otherwise.
const PAGE_BYTES: u64 = 1 << 16;

pub(crate) fn value_type(ty: wasmi::ValType) -> ValueType {
    match ty {
        wasmi::ValType::I32 => ValueType::I32,
        wasmi::ValType::I64 => ValueType::I64,
        wasmi::ValType::F32 => ValueType::F32,
        wasmi::ValType::F64 => ValueType::F64,
        wasmi::ValType::V128 => ValueType::V128,
        wasmi::ValType::FuncRef => ValueType::FuncRef,
        wasmi::ValType::ExternRef => ValueType::ExternRef,
    }
}

pub(super) fn function_type(ty: &wasmi::FuncType) -> FunctionType {
    FunctionType {
        params: ty.params().iter().copied().map(value_type).collect(),
        results: ty.results().iter().copied().map(value_type).collect(),
    }
}

/// The interpreter keeps the size of pages to itself; `declared` has it.
pub(super) fn extern_type(ty: &wasmi::ExternType, declared: &[MemoryType]) -> ExternType {
    match ty {
        wasmi::ExternType::Func(ty) => ExternType::Function(function_type(ty)),
        wasmi::ExternType::Memory(ty) => {
            let (minimum, maximum) = (ty.minimum(), ty.maximum());
            let known = declared
                .iter()
                .find(|memory| memory.minimum_pages == minimum && memory.maximum_pages == maximum);
            ExternType::Memory(MemoryType {
                minimum_pages: minimum,
                maximum_pages: maximum,
                page_bytes: known.map_or(PAGE_BYTES, |memory| memory.page_bytes),
            })
        }
        wasmi::ExternType::Table(ty) => ExternType::Table(TableType {
            element: match ty.element() {
                wasmi::RefType::Func => ValueType::FuncRef,
                wasmi::RefType::Extern => ValueType::ExternRef,
            },
            minimum: ty.minimum(),
            maximum: ty.maximum(),
        }),
        wasmi::ExternType::Global(ty) => ExternType::Global(GlobalType {
            content: value_type(ty.content()),
            mutable: ty.mutability() == wasmi::Mutability::Var,
        }),
    }
}

pub(super) fn declared_memory(ty: wasmparser::MemoryType) -> MemoryType {
    MemoryType {
        minimum_pages: ty.initial,
        maximum_pages: ty.maximum,
        page_bytes: match ty.page_size_log2 {
            Some(log2) => 1_u64.checked_shl(log2).unwrap_or(u64::MAX),
            None => PAGE_BYTES,
        },
    }
}

pub(super) fn declared_table(ty: wasmparser::TableType) -> TableType {
    TableType {
        element: if ty.element_type.is_func_ref() {
            ValueType::FuncRef
        } else {
            ValueType::ExternRef
        },
        minimum: ty.initial,
        maximum: ty.maximum,
    }
}
