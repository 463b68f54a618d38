//! Operators that tell something of a guest, or change something of it that lasts.

use wasmparser::{MemArg, Operator, ValType};

/// What an operator is to a traced guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Site {
    /// It goes one way or the other.
    Branch,
    /// It goes one of so many ways, and where none fits, the last.
    Switch(u32),
    /// It compares two whole numbers.
    Compare(ValType),
    /// It writes a value of this type, so far from the address.
    Store {
        ty: ValType,
        offset: u64,
        memory: u32,
    },
    /// It writes many bytes of a memory.
    Range { memory: u32 },
    /// It changes a table, or what is in a segment.
    Lasting,
}

/// What an operator is; nothing at most.
pub(super) fn of(operator: &Operator<'_>) -> Option<Site> {
    Some(match operator {
        Operator::If { .. } | Operator::BrIf { .. } => Site::Branch,
        Operator::BrTable { targets } => Site::Switch(targets.len()),
        Operator::MemoryFill { mem: memory }
        | Operator::MemoryInit { mem: memory, .. }
        | Operator::MemoryCopy {
            dst_mem: memory, ..
        } => Site::Range { memory: *memory },
        Operator::TableSet { .. }
        | Operator::TableGrow { .. }
        | Operator::TableFill { .. }
        | Operator::TableCopy { .. }
        | Operator::TableInit { .. }
        | Operator::ElemDrop { .. }
        | Operator::DataDrop { .. } => Site::Lasting,
        _ => return comparison(operator).or_else(|| store(operator)),
    })
}

/// Whether what an operator leaves is 0 or 1.
pub(super) fn is_truth(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::I32Eqz | Operator::I64Eqz) || comparison(operator).is_some()
}

fn comparison(operator: &Operator<'_>) -> Option<Site> {
    let ty = match operator {
        Operator::I32Eq
        | Operator::I32Ne
        | Operator::I32LtS
        | Operator::I32LtU
        | Operator::I32GtS
        | Operator::I32GtU
        | Operator::I32LeS
        | Operator::I32LeU
        | Operator::I32GeS
        | Operator::I32GeU => ValType::I32,
        Operator::I64Eq
        | Operator::I64Ne
        | Operator::I64LtS
        | Operator::I64LtU
        | Operator::I64GtS
        | Operator::I64GtU
        | Operator::I64LeS
        | Operator::I64LeU
        | Operator::I64GeS
        | Operator::I64GeU => ValType::I64,
        _ => return None,
    };
    Some(Site::Compare(ty))
}

fn store(operator: &Operator<'_>) -> Option<Site> {
    let (ty, memarg) = match operator {
        Operator::I32Store { memarg }
        | Operator::I32Store8 { memarg }
        | Operator::I32Store16 { memarg } => (ValType::I32, memarg),
        Operator::I64Store { memarg }
        | Operator::I64Store8 { memarg }
        | Operator::I64Store16 { memarg }
        | Operator::I64Store32 { memarg } => (ValType::I64, memarg),
        Operator::F32Store { memarg } => (ValType::F32, memarg),
        Operator::F64Store { memarg } => (ValType::F64, memarg),
        _ => (ValType::V128, vector_store(operator)?),
    };
    let MemArg { offset, memory, .. } = *memarg;
    Some(Site::Store { ty, offset, memory })
}

#[cfg(feature = "simd")]
fn vector_store<'a>(operator: &'a Operator<'_>) -> Option<&'a MemArg> {
    match operator {
        Operator::V128Store { memarg }
        | Operator::V128Store8Lane { memarg, .. }
        | Operator::V128Store16Lane { memarg, .. }
        | Operator::V128Store32Lane { memarg, .. }
        | Operator::V128Store64Lane { memarg, .. } => Some(memarg),
        _ => None,
    }
}

/// No module has any.
#[cfg(not(feature = "simd"))]
fn vector_store<'a>(_: &'a Operator<'_>) -> Option<&'a MemArg> {
    None
}
