//! The fuel schedule: what each kind of operator costs.
//!
//! A cost follows the time that the operator may take, not the time that it mostly takes: fuel bounds time only
//! where no operator takes much more of it for each unit than others do. So a load costs as if it always missed
//! the cache. Costs are part of what a run reports: whoever changes one changes [`FUEL_SCHEDULE`] too, and the
//! table in `docs/limits.md`.

/// The version of the fuel schedule: it changes whenever the same run would use other fuel.
///
/// [`Usage::fuel_schedule`](crate::Usage::fuel_schedule) says which one a report counts by.
pub const FUEL_SCHEDULE: u32 = 2;

/// The most that a unit of fuel takes, in picoseconds: about ten times what it takes in plain arithmetic.
/// Chained loads of which each misses the caches take 125 ns, which is 3.1 ns for each of their 40 fuel.
pub(crate) const WORST_PICOS_PER_FUEL: u64 = 4_000;

/// The least that a call costs, so what clearing the locals of a function is spread over.
pub(crate) const CALL_FUEL: u8 = 40;

/// Bytes that a bulk operation moves for one unit of fuel.
pub(super) const BYTES_COPIED_PER_FUEL: u32 = 64;

/// Fuel of a `nop`: the most that the interpreter can be told an operator costs. Compilers do not
/// leave any in their code, and it takes no time.
pub(super) const NOP_FUEL: u8 = 255;

/// Prices by kind, and the function that puts them into the interpreter's table; all other operators keep its own
/// cost, which is [`USUAL_FUEL`].
macro_rules! costs {
    ($(#[$doc:meta])* $prices:ident, $price:ident: $($cost:tt: $($operator:ident),+;)+) => {
        $(#[$doc])*
        const $prices: Prices = &[$(($cost, &[$(stringify!($operator)),+])),+];

        $(#[$doc])*
        fn $price(table: &mut wasmi::OperatorCost) {
            $($(table.$operator = $cost;)+)+
        }
    };
}

/// What operators cost, by the interpreter's names for them.
pub(super) type Prices = &'static [(u8, &'static [&'static str])];

/// Fuel of what is not listed.
pub(super) const USUAL_FUEL: u8 = 1;

/// What the interpreter charges for the operator of this name, in whatever case it is written.
pub(super) const fn fuel_of(operator: &str) -> u8 {
    let mut lists = PRICES;
    while let [prices, rest @ ..] = lists {
        if let Some(fuel) = fuel_in(prices, operator) {
            return fuel;
        }
        lists = rest;
    }
    USUAL_FUEL
}

const fn fuel_in(mut prices: Prices, operator: &str) -> Option<u8> {
    while let [(fuel, operators), rest @ ..] = prices {
        let mut operators = *operators;
        while let [name, others @ ..] = operators {
            if is_same(name, operator) {
                return Some(*fuel);
            }
            operators = others;
        }
        prices = rest;
    }
    None
}

/// Whether two names are spelled the same but for case and underscores.
pub(super) const fn is_same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    loop {
        match (one, other) {
            ([b'_', rest @ ..], _) => one = rest,
            (_, [b'_', rest @ ..]) => other = rest,
            ([a, one_rest @ ..], [b, other_rest @ ..]) => {
                if !a.eq_ignore_ascii_case(b) {
                    return false;
                }
                (one, other) = (one_rest, other_rest);
            }
            ([], []) => return true,
            _ => return false,
        }
    }
}

/// All prices but the usual one.
pub(super) const PRICES: &[Prices] = &[
    MARKS,
    REACH,
    ARITHMETIC,
    #[cfg(feature = "simd")]
    SLOW_VECTORS,
    #[cfg(feature = "simd")]
    VECTORS,
];

/// The schedule as the interpreter takes it.
pub(super) fn costs() -> wasmi::OperatorCost {
    let mut table = wasmi::OperatorCost::default();
    price_marks(&mut table);
    price_reach(&mut table);
    price_arithmetic(&mut table);
    #[cfg(feature = "simd")]
    price_slow_vectors(&mut table);
    #[cfg(feature = "simd")]
    price_vectors(&mut table);
    table
}

costs! {
    /// What only marks a place.
    MARKS, price_marks:
    // It compiles to no code.
    0:
        drop, block, loop_, else_, end, return_, unreachable;
    NOP_FUEL:
        nop;
}

costs! {
    /// What reaches for memory, tables, globals or other code.
    REACH, price_reach:
    // Memory that is in no cache, nor its page in the translation buffer.
    40:
        i32_load, i64_load, f32_load, f64_load, i32_load8_s, i32_load8_u, i32_load16_s,
        i32_load16_u, i64_load8_s, i64_load8_u, i64_load16_s, i64_load16_u,
        i64_load32_s, i64_load32_u, i32_store, i64_store, f32_store, f64_store,
        i32_store8, i32_store16, i64_store8, i64_store16, i64_store32;
    // Code that is in no cache.
    CALL_FUEL:
        call, return_call;
    // An element, a function and its code that are in no cache.
    160:
        call_indirect, return_call_indirect;
    // A jump that no processor foresees, to code that is in no cache.
    40:
        br_table;
    // A jump that no processor foresees.
    4:
        br_if, if_;
    // Two ranges of memory that are in no cache; bytes cost extra.
    80:
        memory_copy, memory_init;
    // One such range, or two of tables.
    60:
        memory_fill, table_copy, table_init, table_fill;
    // An element of a large table.
    20:
        table_get, table_set;
    // What is looked up in the instance first.
    4:
        global_get, global_set, memory_size, table_size, ref_func, data_drop, elem_drop;
}

costs! {
    /// What takes longer than other arithmetic.
    ARITHMETIC, price_arithmetic:
    // Division, roots, and rounding, which is done in software.
    6:
        i32_div_s, i32_div_u, i32_rem_s, i32_rem_u, i64_div_s, i64_div_u, i64_rem_s,
        i64_rem_u, f32_div, f64_div, f32_ceil, f32_floor, f32_trunc, f32_nearest,
        f32_sqrt, f64_ceil, f64_floor, f64_trunc, f64_nearest, f64_sqrt;
    // Conversions with a look at the range, and what the processor has no instruction for.
    3:
        i32_trunc_f32_s, i32_trunc_f32_u, i32_trunc_f64_s, i32_trunc_f64_u,
        i64_trunc_f32_s, i64_trunc_f32_u, i64_trunc_f64_s, i64_trunc_f64_u,
        i32_trunc_sat_f32_s, i32_trunc_sat_f32_u, i32_trunc_sat_f64_s,
        i32_trunc_sat_f64_u, i64_trunc_sat_f32_s, i64_trunc_sat_f32_u,
        i64_trunc_sat_f64_s, i64_trunc_sat_f64_u, i32_popcnt, i64_popcnt,
        f32_convert_i32_s, f32_convert_i32_u, f32_convert_i64_s, f32_convert_i64_u,
        f64_convert_i32_s, f64_convert_i32_u, f64_convert_i64_s, f64_convert_i64_u;
}

#[cfg(feature = "simd")]
costs! {
    /// Vectors that are loaded and stored, and what is done to them that takes long.
    SLOW_VECTORS, price_slow_vectors:
    // As other loads and stores.
    40:
        v128_load, v128_load8x8_s, v128_load8x8_u, v128_load16x4_s, v128_load16x4_u,
        v128_load32x2_s, v128_load32x2_u, v128_load8_splat, v128_load16_splat,
        v128_load32_splat, v128_load64_splat, v128_load32_zero, v128_load64_zero,
        v128_load8_lane, v128_load16_lane, v128_load32_lane, v128_load64_lane,
        v128_store, v128_store8_lane, v128_store16_lane, v128_store32_lane,
        v128_store64_lane;
    // What is done lane by lane, or in software.
    16:
        i8x16_abs, i16x8_abs, i32x4_abs, i64x2_abs, i8x16_shuffle, i8x16_swizzle,
        i8x16_popcnt, i8x16_narrow_i16x8_s, i8x16_narrow_i16x8_u, i8x16_add_sat_s,
        i8x16_add_sat_u, i8x16_sub_sat_s, i8x16_sub_sat_u, i8x16_min_s, i8x16_min_u,
        i8x16_max_s, i8x16_max_u, i8x16_avgr_u, i16x8_ext_add_pairwise_i8x16_s,
        i16x8_ext_add_pairwise_i8x16_u, i16x8_q15_mulr_sat_s, i16x8_narrow_i32x4_s,
        i16x8_narrow_i32x4_u, i16x8_add_sat_s, i16x8_add_sat_u, i16x8_sub_sat_s,
        i16x8_sub_sat_u, i16x8_mul, i16x8_min_s, i16x8_min_u, i16x8_max_s, i16x8_max_u,
        i16x8_avgr_u, i16x8_ext_mul_low_i8x16_s, i16x8_ext_mul_high_i8x16_s,
        i16x8_ext_mul_low_i8x16_u, i16x8_ext_mul_high_i8x16_u,
        i32x4_ext_add_pairwise_i16x8_s, i32x4_ext_add_pairwise_i16x8_u, i32x4_mul,
        i32x4_min_s, i32x4_min_u, i32x4_max_s, i32x4_max_u, i32x4_dot_i16x8_s,
        i32x4_ext_mul_low_i16x8_s, i32x4_ext_mul_high_i16x8_s,
        i32x4_ext_mul_low_i16x8_u, i32x4_ext_mul_high_i16x8_u, i64x2_mul,
        i64x2_ext_mul_low_i32x4_s, i64x2_ext_mul_high_i32x4_s,
        i64x2_ext_mul_low_i32x4_u, i64x2_ext_mul_high_i32x4_u, f32x4_ceil, f32x4_floor,
        f32x4_trunc, f32x4_nearest, f32x4_sqrt, f32x4_mul, f32x4_div, f32x4_min,
        f32x4_max, f32x4_pmin, f32x4_pmax, f64x2_ceil, f64x2_floor, f64x2_trunc,
        f64x2_nearest, f64x2_sqrt, f64x2_mul, f64x2_div, f64x2_min, f64x2_max,
        f64x2_pmin, f64x2_pmax, i32x4_trunc_sat_f32x4_s, i32x4_trunc_sat_f32x4_u,
        f32x4_convert_i32x4_s, f32x4_convert_i32x4_u, i32x4_trunc_sat_f64x2_szero,
        i32x4_trunc_sat_f64x2_uzero, f64x2_convert_low_i32x4_s,
        f64x2_convert_low_i32x4_u, i8x16_relaxed_swizzle, i32x4_relaxed_trunc_f32x4_s,
        i32x4_relaxed_trunc_f32x4_u, i32x4_relaxed_trunc_f64x2_szero,
        i32x4_relaxed_trunc_f64x2_uzero, f32x4_relaxed_madd, f32x4_relaxed_nmadd,
        f64x2_relaxed_madd, f64x2_relaxed_nmadd, f32x4_relaxed_min, f32x4_relaxed_max,
        f64x2_relaxed_min, f64x2_relaxed_max, i16x8_relaxed_q15mulr_s,
        i16x8_relaxed_dot_i8x16_i7x16_s, i32x4_relaxed_dot_i8x16_i7x16_add_s;
}

#[cfg(feature = "simd")]
costs! {
    /// All else that is done to vectors.
    VECTORS, price_vectors:
    // What the processor has an instruction for; there are 16 bytes to move.
    4:
        v128_const, i8x16_extract_lane_s, i8x16_extract_lane_u, i8x16_replace_lane,
        i16x8_extract_lane_s, i16x8_extract_lane_u, i16x8_replace_lane,
        i32x4_extract_lane, i32x4_replace_lane, i64x2_extract_lane, i64x2_replace_lane,
        f32x4_extract_lane, f32x4_replace_lane, f64x2_extract_lane, f64x2_replace_lane,
        i8x16_splat, i16x8_splat, i32x4_splat, i64x2_splat, f32x4_splat, f64x2_splat,
        i8x16_eq, i8x16_ne, i8x16_lt_s, i8x16_lt_u, i8x16_gt_s, i8x16_gt_u, i8x16_le_s,
        i8x16_le_u, i8x16_ge_s, i8x16_ge_u, i16x8_eq, i16x8_ne, i16x8_lt_s, i16x8_lt_u,
        i16x8_gt_s, i16x8_gt_u, i16x8_le_s, i16x8_le_u, i16x8_ge_s, i16x8_ge_u,
        i32x4_eq, i32x4_ne, i32x4_lt_s, i32x4_lt_u, i32x4_gt_s, i32x4_gt_u, i32x4_le_s,
        i32x4_le_u, i32x4_ge_s, i32x4_ge_u, i64x2_eq, i64x2_ne, i64x2_lt_s, i64x2_gt_s,
        i64x2_le_s, i64x2_ge_s, f32x4_eq, f32x4_ne, f32x4_lt, f32x4_gt, f32x4_le,
        f32x4_ge, f64x2_eq, f64x2_ne, f64x2_lt, f64x2_gt, f64x2_le, f64x2_ge, v128_not,
        v128_and, v128_and_not, v128_or, v128_xor, v128_bitselect, v128_any_true,
        i8x16_neg, i8x16_all_true, i8x16_bitmask, i8x16_shl, i8x16_shr_s, i8x16_shr_u,
        i8x16_add, i8x16_sub, i16x8_neg, i16x8_all_true, i16x8_bitmask,
        i16x8_extend_low_i8x16_s, i16x8_extend_high_i8x16_s, i16x8_extend_low_i8x16_u,
        i16x8_extend_high_i8x16_u, i16x8_shl, i16x8_shr_s, i16x8_shr_u, i16x8_add,
        i16x8_sub, i32x4_neg, i32x4_all_true, i32x4_bitmask, i32x4_extend_low_i16x8_s,
        i32x4_extend_high_i16x8_s, i32x4_extend_low_i16x8_u, i32x4_extend_high_i16x8_u,
        i32x4_shl, i32x4_shr_s, i32x4_shr_u, i32x4_add, i32x4_sub, i64x2_neg,
        i64x2_all_true, i64x2_bitmask, i64x2_extend_low_i32x4_s,
        i64x2_extend_high_i32x4_s, i64x2_extend_low_i32x4_u, i64x2_extend_high_i32x4_u,
        i64x2_shl, i64x2_shr_s, i64x2_shr_u, i64x2_add, i64x2_sub, f32x4_abs, f32x4_neg,
        f32x4_add, f32x4_sub, f64x2_abs, f64x2_neg, f64x2_add, f64x2_sub,
        f32x4_demote_f64x2_zero, f64x2_promote_low_f32x4, i8x16_relaxed_laneselect,
        i16x8_relaxed_laneselect, i32x4_relaxed_laneselect, i64x2_relaxed_laneselect;
}
