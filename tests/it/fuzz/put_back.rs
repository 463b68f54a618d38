//! What a run has changed is put back.

use super::{probe, random, wasm};
use crate::harness::{roomy, same_but_for_time, timeless};
use fuelbox::{
    Call, Function, Module, Proposal, Report, Sandbox, Value,
    capability::Wasi,
    fuzz::{Probe, Traced},
    protocol,
};

/// A guest that writes wherever its argument says, in all ways there are, and tells what it finds first.
const SCRIBBLER: &str = r#"(module
    (import "env" "scribble" (func $scribble (param i32 i32)))
    (memory (export "memory") 3)
    (data $text "scribbled all over")
    (global $count (mut i64) (i64.const 7))
    (func (export "f") (param $at i32) (param $how i32) (result i64)
        (local $sum i64) (local $i i32)
        (loop $each
            (local.set $sum (i64.add (i64.rotl (local.get $sum) (i64.const 1)) (i64.load (local.get $i))))
            (local.set $i (i32.add (local.get $i) (i32.const 8)))
            (br_if $each (i32.lt_u (local.get $i) (i32.mul (memory.size) (i32.const 65536)))))
        (local.set $sum (i64.add (local.get $sum) (global.get $count)))
        (global.set $count (i64.add (global.get $count) (i64.const 1)))
        (block $end (block $grow (block $host (block $init (block $copy (block $fill (block $v (block $f
        (block $d (block $i16 (block $i8 (block $i64 (block $i32
            (br_table $i32 $i64 $i8 $i16 $d $f $v $fill $copy $init $host $grow $end (local.get $how)))
            (i32.store offset=3 (local.get $at) (i32.const -1)) (br $end))
            (i64.store offset=255 (local.get $at) (i64.const -1)) (br $end))
            (i64.store8 offset=256 (local.get $at) (i64.const -1)) (br $end))
            (i32.store16 offset=5000 (local.get $at) (i32.const -1)) (br $end))
            (f64.store offset=70000 (local.get $at) (f64.const -1)) (br $end))
            (f32.store (local.get $at) (f32.const -1)) (br $end))
            (v128.store offset=15 (local.get $at) (v128.const i64x2 -1 -1)) (br $end))
            (memory.fill (local.get $at) (i32.const 255) (i32.const 10000)) (br $end))
            (memory.copy (local.get $at) (i32.const 1000) (i32.const 20000)) (br $end))
            (memory.init $text (local.get $at) (i32.const 0) (i32.const 18)) (br $end))
            (call $scribble (local.get $at) (i32.const 300)) (br $end))
            (drop (memory.grow (i32.const 1))))
        (local.get $sum)))"#;

fn scribble() -> Function {
    Function::new(
        "env",
        "scribble",
        |caller: &mut fuelbox::Caller<'_>, ptr: u32, len: u32| {
            let bytes = vec![0xaa; usize::try_from(len).unwrap_or(0)];
            caller.write(ptr, &bytes)
        },
    )
}

fn scribbler() -> (Sandbox, Module) {
    let text = if cfg!(all(feature = "simd", target_endian = "little")) {
        SCRIBBLER.to_owned()
    } else {
        let text = SCRIBBLER.replace("v128.store", "i64.store");
        text.replace("v128.const i64x2 -1 -1", "i64.const -1")
    };
    let builder = Module::builder().traced(Traced::Compares);
    let module = builder.build(wasm(&text)).expect("it is admitted");
    (timeless(roomy()).grant(scribble()), module)
}

fn run(probe: &mut Probe, at: i32, how: i32) -> (Report, Vec<(usize, u32)>) {
    let instance = probe.ready().expect("it is ready");
    let report = instance.run(Call::export("f").args((at, how)));
    let report = same_but_for_time(report.expect("it is called"));
    (report, probe.edges().taken().collect())
}

#[test]
fn no_run_sees_anything_of_another() {
    let (sandbox, module) = scribbler();
    let mut probe = Probe::new(&sandbox, move |sandbox| sandbox.instantiate(&module));
    let probe = probe.as_mut().expect("it is instantiated");
    let (mut state, mut grown) = (0x1234_5678, 0);
    for _ in 0..1_000 {
        let how = i32::try_from(random(&mut state) % 13).expect("it is small");
        // Around the ends of pages above all, and behind the end of the memory.
        let at = random(&mut state) % 50 * 4_096 + random(&mut state) % 40;
        let at = i32::try_from(at).expect("it is small") - 20;
        let (report, _) = run(probe, at, how);
        grown += u64::from(how == 11);
        // The sum of all that there is comes first, so whatever was left would show.
        let (seen, edges) = run(probe, 0, 12);
        assert_eq!(
            seen.values,
            [Value::I64(7)],
            "after {how} at {at}: {}",
            report.outcome
        );
        let (again, same) = run(probe, 0, 12);
        assert_eq!((again, same), (seen, edges));
    }
    // Only what cannot shrink is made again.
    assert_eq!(probe.remade(), grown);
}

#[test]
fn a_guest_that_changes_its_table_is_made_again() {
    let text = r#"(module (table 2 funcref) (elem declare func $f)
        (func $f (export "f") (param i32 i32) (result i64)
            (if (i32.eqz (ref.is_null (table.get (i32.const 0)))) (then (unreachable)))
            (table.set (i32.const 0) (ref.func $f)) (i64.const 0)))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Edges);
    for _ in 0..3 {
        let (report, _) = run(&mut probe, 0, 0);
        assert!(report.is_success(), "{}", report.outcome);
    }
    assert_eq!(probe.remade(), 2);
}

#[test]
fn a_guest_that_grows_its_table_is_made_again() {
    let text = r#"(module (table 2 funcref)
        (func (export "f") (param i32 i32) (result i64) (local $size i32)
            (local.set $size (table.size))
            (drop (table.grow (ref.null func) (i32.const 3)))
            (i64.extend_i32_u (local.get $size))))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Edges);
    for _ in 0..3 {
        let (report, _) = run(&mut probe, 0, 0);
        assert_eq!(report.values, [Value::I64(2)], "{}", report.outcome);
    }
    assert_eq!(probe.remade(), 2);
}

#[test]
fn more_writes_than_are_noted_are_undone_too() {
    let text = r#"(module (memory 2)
        (func (export "f") (param $at i32) (param $times i32) (result i64)
            (local $sum i64) (local $i i32)
            (local.set $sum (i64.load (local.get $at)))
            (loop $each
                (memory.fill (i32.add (local.get $at) (local.get $i)) (i32.const 1) (i32.const 1))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $each (i32.lt_u (local.get $i) (local.get $times))))
            (local.get $sum)))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Edges);
    for times in [1, 255, 256, 257, 258, 1_000] {
        run(&mut probe, 66_000, times);
        let (report, _) = run(&mut probe, 66_000, 1);
        assert_eq!(report.values, [Value::I64(0)], "{times}");
        let (report, _) = run(&mut probe, 66_000 + times - 1, 1);
        assert_eq!(report.values, [Value::I64(0)], "{times}");
    }
    assert_eq!(probe.remade(), 0);
}

#[test]
fn streams_and_random_numbers_of_capabilities_begin_again() {
    let text = r#"(module
        (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "f") (param i32 i32) (result i64)
            (drop (call $random (i32.const 0) (i32.const 7)))
            (i64.store8 (i32.const 7) (i64.extend_i32_u (call $close (i32.const 0))))
            (i64.load (i32.const 0))))"#;
    let sandbox = timeless(roomy()).grant(Wasi::new()).grant(protocol());
    let mut probe = probe(&sandbox, text, Traced::Edges);
    let (first, _) = run(&mut probe, 0, 0);
    let (second, _) = run(&mut probe, 0, 0);
    assert_eq!(first, second);
    assert_eq!(probe.remade(), 0);
}

#[test]
fn several_memories_and_wide_ones_are_made_again() {
    let several = r#"(module (memory 1) (memory 1) (func (export "f") (param i32 i32) (result i64)
        (i64.load 1 (i32.const 0)) (i64.store 1 (i32.const 0) (i64.const 1))))"#;
    let wide = r#"(module (memory i64 1) (func (export "f") (param i32 i32) (result i64)
        (i64.load (i64.const 0)) (i64.store (i64.const 0) (i64.const 1))))"#;
    for text in [several, wide] {
        let builder = Module::builder().allow(Proposal::MultiMemory);
        let builder = builder.allow(Proposal::Memory64).traced(Traced::Edges);
        let module = builder.build(wasm(text)).expect("it is admitted");
        let sandbox = timeless(roomy());
        let mut probe = Probe::new(&sandbox, move |sandbox| sandbox.instantiate(&module));
        let probe = probe.as_mut().expect("it is instantiated");
        for _ in 0..3 {
            assert_eq!(run(probe, 0, 0).0.values, [Value::I64(0)]);
        }
        assert_eq!(probe.remade(), 2);
    }
}
