//! Each trap has one stable code, and leaves nothing behind but the report.

use crate::harness::{admit, code, module, on_a_stack_of, roomy, timeless};
use fuelbox::{Blame, ModuleLimits, Stop, Trap};

/// What a thread of the host may be given.
const SMALL_KIB: usize = 256;

/// A body of `execute` for each trap.
const TRAPS: &[(Trap, &str, &str)] = &[
    (Trap::Unreachable, "trap-unreachable", "unreachable"),
    (
        Trap::MemoryOutOfBounds,
        "trap-memory-out-of-bounds",
        "(i32.load (i32.const -1))",
    ),
    (
        Trap::TableOutOfBounds,
        "trap-table-out-of-bounds",
        "(call_indirect (result i32) (i32.const 9))",
    ),
    (
        Trap::IndirectCallToNull,
        "trap-indirect-call-to-null",
        "(call_indirect (result i32) (i32.const 0))",
    ),
    (
        Trap::BadSignature,
        "trap-bad-signature",
        "(call_indirect (result i32) (i32.const 1))",
    ),
    (
        Trap::IntegerDivisionByZero,
        "trap-integer-division-by-zero",
        "(i32.rem_u (i32.const 1) (local.get 0))",
    ),
    (
        Trap::IntegerOverflow,
        "trap-integer-overflow",
        "(i32.wrap_i64 (i64.div_s (i64.const 0x8000000000000000) (i64.sub (i64.const 0) (i64.extend_i32_u (local.get 1)))))",
    ),
    (
        Trap::BadConversionToInteger,
        "trap-bad-conversion-to-integer",
        "(i32.trunc_f64_s (f64.div (f64.const 0) (f64.convert_i32_u (local.get 0))))",
    ),
    (
        Trap::StackOverflow,
        "trap-stack-overflow",
        "(call $execute (local.get 0) (local.get 1))",
    ),
];

#[test]
fn every_trap_has_its_own_code_and_the_next_run_is_fine() {
    let sandbox = timeless(roomy());
    for (trap, word, body) in TRAPS {
        let module = module(&format!(
            r#"(module (memory 1) (table 2 funcref) (elem (i32.const 1) $other) (func $other (param i64))
                (func $execute (export "execute") (param i32 i32) (result i32) {body})
                (func (export "fine") (result i32) (i32.const 1)))"#
        ));
        for _ in 0..2 {
            let report = sandbox.run(&module, b"x").expect("it starts");
            assert_eq!(report.stop(), Some(&Stop::Trapped(*trap)));
            assert_eq!((code(&report), trap.code()), (*word, *word));
            assert_eq!(Stop::Trapped(*trap).blame(), Blame::Guest);
            assert!(report.usage.fuel > 0);
            assert_eq!(sandbox.call::<(), i32>(&module, "fine", ()), Ok(1));
        }
    }
}

#[test]
fn recursion_is_bounded_by_calls_and_by_bytes() {
    let text = r#"(module (func $down (export "down") (param i32) (result i32)
        (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
            (else (call $down (i32.sub (local.get 0) (i32.const 1)))))))"#;
    let deepest = |limits: ModuleLimits| {
        let module = admit(text, &limits).expect("it is admitted");
        let fits = |depth: u32| {
            timeless(roomy())
                .call::<u32, u32>(&module, "down", depth)
                .is_ok()
        };
        (0..15_000)
            .collect::<Vec<_>>()
            .partition_point(|&depth| fits(depth))
    };
    let by_calls = deepest(ModuleLimits::default().call_depth(100));
    assert!((98..=101).contains(&by_calls), "{by_calls} calls");
    let by_bytes = deepest(ModuleLimits::default().stack_bytes(2_000));
    assert!((10..500).contains(&by_bytes), "{by_bytes} calls");
    let by_default = deepest(ModuleLimits::default());
    assert!((9_990..=10_001).contains(&by_default), "{by_default} calls");
}

#[test]
fn endless_recursion_stays_off_the_native_stack() {
    on_a_stack_of(SMALL_KIB, || {
        let limits = ModuleLimits::default()
            .call_depth(1_000_000)
            .stack_bytes(64 << 20);
        for text in [
            r#"(module (func $down (export "_start") (call $down)))"#,
            r#"(module (type $a (func)) (table 2 funcref) (elem (i32.const 0) $ping $pong)
                (func $ping (call_indirect (type $a) (i32.const 1)))
                (func $pong (call_indirect (type $a) (i32.const 0)))
                (func (export "_start") (call $ping)))"#,
            r#"(module (func $down (param i64 i64 i64 i64) (local i64 i64 i64 i64 i64 i64)
                    (call $down (local.get 1) (local.get 2) (local.get 3) (local.get 4)))
                (func (export "_start") (call $down
                    (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4))))"#,
        ] {
            let module = admit(text, &limits).expect("it is admitted");
            let report = timeless(roomy()).run(&module, []).expect("it starts");
            assert_eq!(code(&report), "trap-stack-overflow");
        }
    });
}

/// An operation of each kind, to be repeated.
const OPERATIONS: &[(&str, &str)] = &[
    (
        "loads and stores",
        "(i32.store (i32.const 8) (i32.load (i32.const 4)))",
    ),
    ("growth of memory", "(drop (memory.grow (i32.const 1)))"),
    (
        "growth of a table",
        "(drop (table.grow $table (ref.null func) (i32.const 1)))",
    ),
    ("size of memory", "(drop (memory.size))"),
    (
        "filling",
        "(memory.fill (i32.const 0) (i32.const 1) (i32.const 64))",
    ),
    (
        "copying",
        "(memory.copy (i32.const 0) (i32.const 64) (i32.const 64))",
    ),
    (
        "filling a table",
        "(table.fill $table (i32.const 0) (ref.null func) (i32.const 2))",
    ),
    (
        "copying a table",
        "(table.copy $table $table (i32.const 0) (i32.const 1) (i32.const 1))",
    ),
    (
        "segments",
        "(memory.init $data (i32.const 0) (i32.const 0) (i32.const 0)) (data.drop $data)
            (table.init $table $elem (i32.const 0) (i32.const 0) (i32.const 0)) (elem.drop $elem)",
    ),
    (
        "elements",
        "(table.set $table (i32.const 0) (table.get $table (i32.const 1)))",
    ),
    ("indirect calls", "(call_indirect $table (i32.const 1))"),
    ("host calls", "(call $nop)"),
    (
        "branches",
        "(block $a (block $b (br_table $a $b (local.get $n))))",
    ),
    (
        "floats",
        "(local.set $f (f64.sqrt (f64.add (local.get $f) (f64.const 1))))",
    ),
    (
        "globals",
        "(global.set $g (i64.add (global.get $g) (i64.const 1)))",
    ),
    ("references", "(drop (ref.is_null (ref.func $f)))"),
    #[cfg(all(feature = "simd", target_endian = "little"))]
    (
        "vector loads and stores",
        "(v128.store (i32.const 16) (v128.load (i32.const 32)))
            (v128.store8_lane 3 (i32.const 0) (v128.load8_lane 2 (i32.const 1) (v128.const i64x2 1 2)))
            (v128.store (i32.const 48) (v128.load32_splat (i32.const 8)))
            (v128.store (i32.const 48) (v128.load8x8_u (i32.const 8)))
            (v128.store (i32.const 48) (v128.load64_zero (i32.const 8)))",
    ),
    #[cfg(all(feature = "simd", target_endian = "little"))]
    (
        "vector arithmetic",
        "(v128.store (i32.const 16)
            (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31
                (i8x16.swizzle (i16x8.mul (v128.load (i32.const 32)) (i8x16.splat (local.get $n)))
                    (i32x4.dot_i16x8_s (v128.load (i32.const 16)) (v128.load (i32.const 0))))
                (v128.bitselect (f32x4.sqrt (f32x4.splat (f32.const 2))) (i64x2.shl (v128.load (i32.const 8))
                    (local.get $n)) (i8x16.eq (v128.load (i32.const 0)) (v128.load (i32.const 1))))))
            (drop (i32.add (i8x16.bitmask (v128.load (i32.const 0))) (v128.any_true (v128.load (i32.const 9)))))
            (drop (f64x2.extract_lane 1 (f64x2.replace_lane 0
                (f64x2.promote_low_f32x4 (f32x4.convert_i32x4_s (v128.load (i32.const 0)))) (f64.const 3))))",
    ),
    (
        "conversions",
        "(local.set $f (f64.promote_f32 (f32.demote_f64 (f64.convert_i64_s
            (i64.trunc_sat_f64_s (f64.reinterpret_i64 (i64.extend_i32_u (local.get $n))))))))",
    ),
    (
        "divisions",
        "(global.set $g (i64.rem_u (i64.div_s (global.get $g) (i64.const 7)) (i64.const 5)))",
    ),
    (
        "selections",
        "(global.set $g (select (i64.const 1) (i64.const 2) (local.get $n)))",
    ),
];

#[test]
fn long_loops_of_every_operation_stay_off_the_native_stack() {
    for &(what, body) in OPERATIONS {
        let text = format!(
            r#"(module (import "host" "nop" (func $nop))
                (memory 1 1) (table $table 3 3 funcref) (elem (table $table) (i32.const 1) func $f)
                (data $data "x") (elem $elem func $f) (global $g (mut i64) (i64.const 0)) (func $f)
                (func (export "execute") (param i32 i32) (result i32) (local $n i32) (local $f f64)
                    (loop $again
                        {body}
                        (local.set $n (i32.add (local.get $n) (i32.const 1)))
                        (br_if $again (i32.lt_u (local.get $n) (i32.const 20000))))
                    (local.get $n)))"#
        );
        println!("{what}");
        on_a_stack_of(SMALL_KIB, move || {
            let module = admit(&text, &ModuleLimits::default()).expect("it is admitted");
            let sandbox = timeless(roomy().fuel(u64::MAX)).grant(fuelbox::Function::new(
                "host",
                "nop",
                || (),
            ));
            assert_eq!(
                sandbox.run(&module, []).expect("it starts").status(),
                Some(20_000)
            );
        });
    }
}

#[test]
fn deep_operand_stacks_stay_off_the_native_stack() {
    on_a_stack_of(SMALL_KIB, || {
        let pushes = "(local.get 0)".repeat(6_000);
        let adds = "i32.add ".repeat(5_999);
        let text = format!(
            r#"(module (func $wide (export "wide") (param i32) (result i32) {pushes} {adds})
                (func $deep (export "deep") (param i32) (result i32)
                    {pushes} (call $deep (local.get 0)) i32.add {adds}))"#
        );
        let module = admit(&text, &ModuleLimits::default()).expect("it is admitted");
        let sandbox = timeless(roomy());
        assert_eq!(sandbox.call::<i32, i32>(&module, "wide", 3), Ok(18_000));
        let Err(fuelbox::CallError::Stopped(report)) = sandbox.call::<i32, i32>(&module, "deep", 3)
        else {
            panic!("it cannot end");
        };
        assert_eq!(code(&report), "trap-stack-overflow");
    });
}
