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

/// The interpreter keeps the size of pages to itself, so a memory comes as the module declares it.
pub(super) fn extern_type(ty: &wasmi::ExternType, memory: Option<MemoryType>) -> ExternType {
    match ty {
        wasmi::ExternType::Func(ty) => ExternType::Function(function_type(ty)),
        wasmi::ExternType::Memory(ty) => ExternType::Memory(memory.unwrap_or(MemoryType {
            minimum_pages: ty.minimum(),
            maximum_pages: ty.maximum(),
            page_bytes: PAGE_BYTES,
        })),
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
