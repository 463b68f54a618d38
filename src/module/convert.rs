//! Conversion of types from the parser to the public API.

use crate::{
    extern_type::{FunctionType, GlobalType, MemoryType, TableType},
    value::ValueType,
};

/// Bytes of a page unless the module says otherwise.
const PAGE_BYTES: u64 = 1 << 16;

pub(super) fn function_type(ty: &wasmparser::FuncType) -> FunctionType {
    FunctionType {
        params: ty.params().iter().copied().map(declared_value).collect(),
        results: ty.results().iter().copied().map(declared_value).collect(),
    }
}

fn declared_value(ty: wasmparser::ValType) -> ValueType {
    match ty {
        wasmparser::ValType::I32 => ValueType::I32,
        wasmparser::ValType::I64 => ValueType::I64,
        wasmparser::ValType::F32 => ValueType::F32,
        wasmparser::ValType::F64 => ValueType::F64,
        wasmparser::ValType::V128 => ValueType::V128,
        wasmparser::ValType::Ref(ty) => declared_reference(ty),
    }
}

/// The only two that there are: typed ones belong to no proposal that is supported.
fn declared_reference(ty: wasmparser::RefType) -> ValueType {
    if ty.is_func_ref() {
        ValueType::FuncRef
    } else {
        ValueType::ExternRef
    }
}

pub(super) fn declared_global(ty: wasmparser::GlobalType) -> GlobalType {
    GlobalType {
        content: declared_value(ty.content_type),
        mutable: ty.mutable,
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
        element: declared_reference(ty.element_type),
        minimum: ty.initial,
        maximum: ty.maximum,
    }
}
