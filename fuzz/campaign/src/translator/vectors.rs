//! Operators on vectors.

use super::operators::Family;
use wasm_encoder::{
    Instruction::{self, *},
    ValType,
};

const I32: ValType = ValType::I32;
const I64: ValType = ValType::I64;
const F32: ValType = ValType::F32;
const F64: ValType = ValType::F64;
const V128: ValType = ValType::V128;

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

/// Operators on vectors.
pub(super) static VECTORS: &[Family] = &[
    family(
        &[V128, V128],
        &[V128],
        &[
            I8x16Add,
            I8x16Sub,
            I16x8Add,
            I16x8Mul,
            I32x4Add,
            I32x4Sub,
            I32x4Mul,
            I64x2Add,
            I64x2Sub,
            I64x2Mul,
            F32x4Add,
            F32x4Mul,
            F32x4Min,
            F64x2Add,
            F64x2Sub,
            F64x2PMax,
            V128And,
            V128AndNot,
            V128Or,
            V128Xor,
            I8x16Swizzle,
            I8x16AvgrU,
            I16x8Q15MulrSatS,
            I32x4DotI16x8S,
            I8x16NarrowI16x8S,
            I16x8NarrowI32x4U,
            I64x2ExtMulHighI32x4U,
            I16x8ExtMulLowI8x16S,
            I8x16AddSatS,
            I16x8SubSatU,
        ],
    ),
    family(
        &[V128, V128],
        &[V128],
        &[
            I8x16Eq,
            I8x16LtS,
            I16x8GtU,
            I16x8Ne,
            I32x4LtS,
            I32x4GeU,
            I64x2Eq,
            I64x2LtS,
            F32x4Eq,
            F32x4Lt,
            F64x2Ne,
            F64x2Ge,
            I8x16MinU,
            I16x8MaxS,
            I32x4MinS,
            I8x16Shuffle([0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31]),
            I8x16Shuffle([31, 30, 29, 28, 3, 2, 1, 0, 16, 17, 18, 19, 15, 14, 13, 12]),
        ],
    ),
    family(
        &[V128],
        &[V128],
        &[
            V128Not,
            I8x16Abs,
            I8x16Popcnt,
            I16x8Neg,
            I32x4Abs,
            I64x2Neg,
            F32x4Neg,
            F32x4Sqrt,
            F64x2Abs,
            F64x2Nearest,
            I16x8ExtendLowI8x16S,
            I32x4ExtendHighI16x8U,
            I64x2ExtendLowI32x4S,
            I32x4TruncSatF32x4S,
            I32x4TruncSatF64x2UZero,
            F32x4ConvertI32x4S,
            F64x2ConvertLowI32x4U,
            F32x4DemoteF64x2Zero,
            F64x2PromoteLowF32x4,
            I16x8ExtAddPairwiseI8x16S,
        ],
    ),
    family(
        &[V128],
        &[I32],
        &[
            V128AnyTrue,
            I8x16AllTrue,
            I16x8AllTrue,
            I32x4AllTrue,
            I64x2AllTrue,
            I8x16Bitmask,
            I32x4Bitmask,
            I64x2Bitmask,
            I8x16ExtractLaneS(3),
            I8x16ExtractLaneU(15),
            I16x8ExtractLaneS(0),
            I16x8ExtractLaneU(7),
            I32x4ExtractLane(0),
            I32x4ExtractLane(3),
        ],
    ),
    family(&[V128], &[I64], &[I64x2ExtractLane(0), I64x2ExtractLane(1)]),
    family(&[V128], &[F32], &[F32x4ExtractLane(0), F32x4ExtractLane(3)]),
    family(&[V128], &[F64], &[F64x2ExtractLane(0), F64x2ExtractLane(1)]),
    family(&[I32], &[V128], &[I8x16Splat, I16x8Splat, I32x4Splat]),
    family(&[I64], &[V128], &[I64x2Splat]),
    family(&[F32], &[V128], &[F32x4Splat]),
    family(&[F64], &[V128], &[F64x2Splat]),
    family(
        &[V128, I32],
        &[V128],
        &[
            I8x16Shl,
            I8x16ShrS,
            I16x8ShrU,
            I32x4Shl,
            I64x2ShrS,
            I64x2Shl,
            I8x16ReplaceLane(5),
            I16x8ReplaceLane(7),
            I32x4ReplaceLane(0),
            I32x4ReplaceLane(3),
        ],
    ),
    family(
        &[V128, I64],
        &[V128],
        &[I64x2ReplaceLane(0), I64x2ReplaceLane(1)],
    ),
    family(
        &[V128, F32],
        &[V128],
        &[F32x4ReplaceLane(1), F32x4ReplaceLane(2)],
    ),
    family(
        &[V128, F64],
        &[V128],
        &[F64x2ReplaceLane(0), F64x2ReplaceLane(1)],
    ),
    family(&[V128, V128, V128], &[V128], &[V128Bitselect]),
];

/// Operators of relaxed SIMD; in the deterministic profile each has one result.
pub(super) static RELAXED: &[Family] = &[
    family(
        &[V128, V128],
        &[V128],
        &[
            I8x16RelaxedSwizzle,
            F32x4RelaxedMin,
            F32x4RelaxedMax,
            F64x2RelaxedMin,
            F64x2RelaxedMax,
            I16x8RelaxedQ15mulrS,
            I16x8RelaxedDotI8x16I7x16S,
        ],
    ),
    family(
        &[V128],
        &[V128],
        &[
            I32x4RelaxedTruncF32x4S,
            I32x4RelaxedTruncF32x4U,
            I32x4RelaxedTruncF64x2SZero,
            I32x4RelaxedTruncF64x2UZero,
        ],
    ),
    family(
        &[V128, V128, V128],
        &[V128],
        &[
            F32x4RelaxedMadd,
            F32x4RelaxedNmadd,
            F64x2RelaxedMadd,
            F64x2RelaxedNmadd,
            I8x16RelaxedLaneselect,
            I16x8RelaxedLaneselect,
            I32x4RelaxedLaneselect,
            I64x2RelaxedLaneselect,
            I32x4RelaxedDotI8x16I7x16AddS,
        ],
    ),
];
