//! Operators that take values off the stack and put values there, by what they take and put.

use super::vectors;
use wasm_encoder::{
    Instruction::{self, *},
    ValType,
};

/// Operators that take and put the same types.
pub(super) struct Family {
    pub(super) params: &'static [ValType],
    pub(super) results: &'static [ValType],
    pub(super) operators: &'static [Instruction<'static>],
}

const I32: ValType = ValType::I32;
const I64: ValType = ValType::I64;
const F32: ValType = ValType::F32;
const F64: ValType = ValType::F64;

const fn family(
    params: &'static [ValType],
    results: &'static [ValType],
    operators: &'static [Instruction<'static>],
) -> Family {
    Family {
        params,
        results,
        operators,
    }
}

/// Operators on numbers. None of them traps.
pub(super) static NUMBERS: &[Family] = &[
    family(
        &[I32, I32],
        &[I32],
        &[
            I32Add, I32Sub, I32Mul, I32And, I32Or, I32Xor, I32Shl, I32ShrS, I32ShrU, I32Rotl,
            I32Rotr, I32Add, I32Sub,
        ],
    ),
    family(
        &[I32, I32],
        &[I32],
        &[
            I32Eq, I32Ne, I32LtS, I32LtU, I32GtS, I32GtU, I32LeS, I32LeU, I32GeS, I32GeU,
        ],
    ),
    family(
        &[I32],
        &[I32],
        &[
            I32Eqz,
            I32Clz,
            I32Ctz,
            I32Popcnt,
            I32Extend8S,
            I32Extend16S,
            I32Eqz,
            I32Eqz,
        ],
    ),
    family(
        &[I64, I64],
        &[I64],
        &[
            I64Add, I64Sub, I64Mul, I64And, I64Or, I64Xor, I64Shl, I64ShrS, I64ShrU, I64Rotl,
            I64Rotr, I64Add, I64Sub,
        ],
    ),
    family(
        &[I64, I64],
        &[I32],
        &[
            I64Eq, I64Ne, I64LtS, I64LtU, I64GtS, I64GtU, I64LeS, I64LeU, I64GeS, I64GeU,
        ],
    ),
    family(
        &[I64],
        &[I64],
        &[
            I64Clz,
            I64Ctz,
            I64Popcnt,
            I64Extend8S,
            I64Extend16S,
            I64Extend32S,
        ],
    ),
    family(&[I64], &[I32], &[I64Eqz, I32WrapI64]),
    family(&[I32], &[I64], &[I64ExtendI32S, I64ExtendI32U]),
    family(
        &[F32, F32],
        &[F32],
        &[F32Add, F32Sub, F32Mul, F32Div, F32Min, F32Max, F32Copysign],
    ),
    family(
        &[F32, F32],
        &[I32],
        &[F32Eq, F32Ne, F32Lt, F32Gt, F32Le, F32Ge],
    ),
    family(
        &[F32],
        &[F32],
        &[
            F32Abs, F32Neg, F32Ceil, F32Floor, F32Trunc, F32Nearest, F32Sqrt,
        ],
    ),
    family(
        &[F64, F64],
        &[F64],
        &[F64Add, F64Sub, F64Mul, F64Div, F64Min, F64Max, F64Copysign],
    ),
    family(
        &[F64, F64],
        &[I32],
        &[F64Eq, F64Ne, F64Lt, F64Gt, F64Le, F64Ge],
    ),
    family(
        &[F64],
        &[F64],
        &[
            F64Abs, F64Neg, F64Ceil, F64Floor, F64Trunc, F64Nearest, F64Sqrt,
        ],
    ),
    family(
        &[F32],
        &[I32],
        &[I32TruncSatF32S, I32TruncSatF32U, I32ReinterpretF32],
    ),
    family(&[F64], &[I32], &[I32TruncSatF64S, I32TruncSatF64U]),
    family(&[F32], &[I64], &[I64TruncSatF32S, I64TruncSatF32U]),
    family(
        &[F64],
        &[I64],
        &[I64TruncSatF64S, I64TruncSatF64U, I64ReinterpretF64],
    ),
    family(
        &[I32],
        &[F32],
        &[F32ConvertI32S, F32ConvertI32U, F32ReinterpretI32],
    ),
    family(&[I64], &[F32], &[F32ConvertI64S, F32ConvertI64U]),
    family(&[F64], &[F32], &[F32DemoteF64]),
    family(&[I32], &[F64], &[F64ConvertI32S, F64ConvertI32U]),
    family(
        &[I64],
        &[F64],
        &[F64ConvertI64S, F64ConvertI64U, F64ReinterpretI64],
    ),
    family(&[F32], &[F64], &[F64PromoteF32]),
];

/// Operators on numbers that trap at some.
pub(super) static TRAPPING: &[Family] = &[
    family(&[F32], &[I32], &[I32TruncF32S, I32TruncF32U]),
    family(&[F64], &[I32], &[I32TruncF64S, I32TruncF64U]),
    family(&[F32], &[I64], &[I64TruncF32S, I64TruncF32U]),
    family(&[F64], &[I64], &[I64TruncF64S, I64TruncF64U]),
    family(&[I32, I32], &[I32], &[I32DivS, I32DivU, I32RemS, I32RemU]),
    family(&[I64, I64], &[I64], &[I64DivS, I64DivU, I64RemS, I64RemU]),
];

/// Divisions, whose divisor must be made odd.
pub(super) static DIVISIONS: [(ValType, &[Instruction<'static>]); 2] = [
    (I32, &[I32DivS, I32DivU, I32RemS, I32RemU]),
    (I64, &[I64DivS, I64DivU, I64RemS, I64RemU]),
];

/// Operators of wide arithmetic.
pub(super) static WIDE: &[Family] = &[
    family(&[I64, I64, I64, I64], &[I64, I64], &[I64Add128, I64Sub128]),
    family(&[I64, I64], &[I64, I64], &[I64MulWideS, I64MulWideU]),
];

/// All families that a guest of these types may use.
pub(super) fn families(types: &[ValType], is_wide: bool, is_relaxed: bool) -> Vec<&'static Family> {
    let is_there = |ty: &ValType| *ty == I32 || types.contains(ty);
    let mut families: Vec<_> = NUMBERS
        .iter()
        .chain(vectors::VECTORS)
        .filter(|family| family.params.iter().chain(family.results).all(is_there))
        .collect();
    if is_wide {
        // Often, or they would be lost among the others.
        families.extend(WIDE.iter().chain(WIDE).chain(WIDE));
    }
    if is_relaxed {
        families.extend(vectors::RELAXED.iter().chain(vectors::RELAXED));
    }
    families
}
