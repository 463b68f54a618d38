//! An instance is written back as a module, from which others go on as it would.

use crate::harness::{roomy, same_but_for_time, timeless};
use fuelbox::{Call, Instance, Module, ModuleBuilder, Proposal, Report, Sandbox, Value};

#[test]
fn memory_is_written_back_as_large_as_it_is() {
    let module = built(
        r#"(module
            (memory (export "memory") 1 3)
            (data (i32.const 0) "first")
            (func (export "change")
                (drop (memory.grow (i32.const 1)))
                (i32.store8 (i32.const 0) (i32.const 0x46))
                (i32.store (i32.const 131068) (i32.const 7)))
            (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#,
    );
    let (mut instance, mut warm) = after(&module, &["change"]);
    assert_eq!(warm.memory().read(0, 6), Ok(&b"First\0"[..]));
    assert_eq!(warm.memory().size(), 2 << 16);
    assert_eq!(warm.call("load", 131_068), Ok(7));
    assert_the_same(&mut instance, &mut warm, || {
        [export("load", 131_068), export("grow", 1)]
    });
    // The maximum is as it was.
    assert_eq!(warm.call("grow", 1), Ok(-1));
}

#[test]
fn what_is_not_exported_is_written_back_too() {
    let module = built(
        r#"(module
            (memory 1)
            (global $n (mut i32) (i32.const 1))
            (global $wide (mut i64) (i64.const -1))
            (global $x (mut f32) (f32.const 0.5))
            (global $y (mut f64) (f64.const -0.5))
            (global $none (mut externref) (ref.null extern))
            (global $f (mut funcref) (ref.null func))
            (global $kept i32 (i32.const 9))
            (table $t 2 funcref)
            (func $one (result i32) (i32.const 1))
            (func $two (result i32) (i32.const 2))
            (elem declare func $one $two)
            (func (export "change")
                (i32.store (i32.const 4) (i32.const 40))
                (global.set $n (i32.const -2147483648))
                (global.set $wide (i64.const -9223372036854775808))
                (global.set $x (f32.reinterpret_i32 (i32.const 0x7fa00001)))
                (global.set $y (f64.const 1e300))
                (global.set $f (ref.func $two))
                (table.set $t (i32.const 1) (ref.func $two)))
            (func (export "all") (result i32 i64 i32 i64 i32 i32 i32)
                (i32.load (i32.const 4))
                (i64.add (global.get $wide) (i64.extend_i32_s (global.get $n)))
                (i32.reinterpret_f32 (global.get $x))
                (i64.reinterpret_f64 (global.get $y))
                (ref.is_null (global.get $none))
                (global.get $kept)
                (call_indirect $t (result i32) (i32.const 1)))
            (func (export "of_global") (result i32)
                (table.set $t (i32.const 0) (global.get $f))
                (call_indirect $t (result i32) (i32.const 0)))
            (func (export "empty") (result i32) (call_indirect $t (result i32) (i32.const 0))))"#,
    );
    let (mut instance, mut warm) = after(&module, &["change"]);
    let all = warm.run(Call::export("all")).expect("it is alive").values;
    assert_eq!(all[0], Value::I32(40));
    assert_eq!(all[2], Value::I32(0x7fa0_0001));
    assert_eq!(all[5..], [Value::I32(9), Value::I32(2)]);
    assert_eq!(warm.call("of_global", ()), Ok(2));
    instance
        .call::<_, i32>("of_global", ())
        .expect("it is alive");
    assert_the_same(&mut instance, &mut warm, || [Call::export("all")]);

    let (mut instance, mut warm) = after(&module, &["change"]);
    assert_the_same(&mut instance, &mut warm, || [Call::export("empty")]);
    assert!(!warm.is_alive(), "null has stayed null");
}

#[test]
fn globals_that_change_stand_among_those_that_do_not() {
    let module = built(
        r#"(module
            (global i32 (i32.const 1)) (global $a (mut i32) (i32.const 2))
            (global i64 (i64.const 3)) (global $b (mut i64) (i64.const 4)) (global i32 (i32.const 5))
            (func (export "change") (global.set $a (i32.const 20)) (global.set $b (i64.const 40)))
            (func (export "all") (result i32 i32 i64 i64 i32)
                (global.get 0) (global.get 1) (global.get 2) (global.get 3) (global.get 4)))"#,
    );
    let (_, mut warm) = after(&module, &["change"]);
    let report = warm.run(Call::export("all")).expect("it is alive");
    let expected = [
        Value::I32(1),
        Value::I32(20),
        Value::I64(3),
        Value::I64(40),
        Value::I32(5),
    ];
    assert_eq!(report.values, expected);
}

#[test]
#[cfg(target_endian = "little")]
fn vectors_are_written_back() {
    let module = built(
        r#"(module
            (global $v (mut v128) (v128.const i64x2 0 0))
            (func (export "change") (global.set $v (v128.const i64x2 1 -2)))
            (func (export "vector") (result v128) (global.get $v)))"#,
    );
    let (mut instance, mut warm) = after(&module, &["change"]);
    assert_the_same(&mut instance, &mut warm, || [Call::export("vector")]);
}

#[test]
fn start_function_and_initialize_have_run_and_are_gone() {
    let module = built(
        r#"(module
            (global $n (mut i32) (i32.const 0))
            (func $start (global.set $n (i32.add (global.get $n) (i32.const 1))))
            (start $start)
            (func (export "_initialize") (global.set $n (i32.add (global.get $n) (i32.const 10))))
            (func (export "n") (result i32) (global.get $n)))"#,
    );
    let (mut instance, mut warm) = after(&module, &[]);
    assert_eq!(warm.call("n", ()), Ok(11));
    assert_the_same(&mut instance, &mut warm, || [Call::export("n")]);
    assert!(!warm.module().has_start());
    assert_eq!(warm.module().export("_initialize"), None);
    let began = warm.initialization().expect("it was made ready");
    assert_eq!(began.usage.fuel, 0);
}

#[test]
fn an_initialize_that_is_no_function_of_that_kind_stays() {
    let module = built(r#"(module (func (export "_initialize") (param i32)))"#);
    let (_, warm) = after(&module, &[]);
    assert_eq!(
        warm.module().export("_initialize"),
        module.export("_initialize")
    );
}

#[test]
fn segments_that_were_dropped_are_empty_and_others_are_still_there() {
    let module = built(
        r#"(module
            (memory (export "memory") 1)
            (table 8 funcref)
            (func $f (result i32) (i32.const 5))
            (data $gone "gone") (data (i32.const 0) "active") (data $kept "kept")
            (elem $dropped func $f) (elem (i32.const 0) func $f) (elem $stays func $f)
            (func (export "drop") (data.drop $gone) (elem.drop $dropped))
            (func (export "keep") (data.drop $kept) (elem.drop $stays))
            (func (export "gone") (memory.init $gone (i32.const 8) (i32.const 0) (i32.const 4)))
            (func (export "active") (memory.init 1 (i32.const 8) (i32.const 0) (i32.const 1)))
            (func (export "kept") (memory.init $kept (i32.const 8) (i32.const 0) (i32.const 4)))
            (func (export "dropped") (table.init $dropped (i32.const 3) (i32.const 0) (i32.const 1)))
            (func (export "stays") (result i32)
                (table.init $stays (i32.const 3) (i32.const 0) (i32.const 1))
                (call_indirect (result i32) (i32.const 3))))"#,
    );
    for (name, is_there) in [
        ("kept", true),
        ("stays", true),
        ("gone", false),
        ("active", false),
        ("dropped", false),
    ] {
        let (mut instance, mut warm) = after(&module, &["drop"]);
        assert_the_same(&mut instance, &mut warm, || [Call::export(name)]);
        assert_eq!(warm.is_alive(), is_there, "{name}");
    }
    // What nothing has dropped is all there.
    for name in ["gone", "dropped"] {
        let (mut instance, mut warm) = after(&module, &[]);
        assert_the_same(&mut instance, &mut warm, || [Call::export(name)]);
        assert!(warm.is_alive(), "{name}");
    }
}

#[test]
fn active_segments_write_over_nothing() {
    let module = built(
        r#"(module
            (memory (export "memory") 1)
            (table 2 funcref)
            (func $one (result i32) (i32.const 1))
            (data (i32.const 0) "\01\02\03\04")
            (elem (i32.const 0) func $one $one)
            (func (export "change")
                (i32.store (i32.const 0) (i32.const 0))
                (table.set (i32.const 0) (ref.null func)))
            (func (export "load") (result i32) (i32.load (i32.const 0)))
            (func (export "call") (param i32) (result i32)
                (call_indirect (result i32) (local.get 0))))"#,
    );
    let (mut instance, mut warm) = after(&module, &["change"]);
    assert_eq!(warm.call("load", ()), Ok(0));
    assert_eq!(warm.call("call", 1), Ok(1));
    instance.call::<_, i32>("load", ()).expect("it is alive");
    assert_the_same(&mut instance, &mut warm, || {
        [export("call", 1), export("call", 0)]
    });
    assert!(!warm.is_alive(), "null has stayed null");
}

#[test]
fn all_kinds_of_memories_and_tables_are_written_back() {
    let module = built(
        r#"(module
            (memory $a i64 1 4) (memory $b 1 2) (memory $c 3 9 (pagesize 1))
            (table $t i64 1 9 funcref) (table $u 1 funcref) (table $x 2 externref)
            (func $one (result i32) (i32.const 1))
            (func $two (result i32) (i32.const 2))
            (elem declare func $one $two)
            (data $d "data")
            (elem $e func $one)
            (func (export "change")
                (drop (memory.grow $a (i64.const 1)))
                (drop (memory.grow $c (i32.const 2)))
                (i64.store $a (i64.const 100000) (i64.const -3))
                (i32.store $b (i32.const 65532) (i32.const 4))
                (i32.store8 $c (i32.const 4) (i32.const 5))
                (drop (table.grow $t (ref.func $two) (i64.const 2)))
                (table.set $u (i32.const 0) (ref.func $one))
                (drop (table.grow $x (ref.null extern) (i32.const 1)))
                (data.drop $d) (elem.drop $e))
            (func (export "all") (result i64 i32 i32 i64 i32 i32 i64 i32 i32 i32)
                (i64.load $a (i64.const 100000))
                (i32.load $b (i32.const 65532))
                (i32.load8_u $c (i32.const 4))
                (memory.size $a) (memory.size $b) (memory.size $c)
                (table.size $t) (table.size $x)
                (call_indirect $t (result i32) (i64.const 2))
                (call_indirect $u (result i32) (i32.const 0)))
            (func (export "data") (memory.init $a $d (i64.const 0) (i32.const 0) (i32.const 1)))
            (func (export "elem") (table.init $t $e (i64.const 0) (i32.const 0) (i32.const 1))))"#,
    );
    let (mut instance, mut warm) = after(&module, &["change"]);
    let all = warm.run(Call::export("all")).expect("it is alive").values;
    let expected = [-3, 4, 5, 2, 1, 5, 3, 3, 2, 1];
    let found = all.iter().map(|value| match value {
        Value::I32(value) => i64::from(*value),
        Value::I64(value) => *value,
        other => panic!("{other}"),
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
    instance.run(Call::export("all")).expect("it is alive");
    assert_the_same(&mut instance, &mut warm, || [Call::export("data")]);
    assert!(!warm.is_alive());
    let (mut instance, mut warm) = after(&module, &["change"]);
    assert_the_same(&mut instance, &mut warm, || [Call::export("elem")]);
    assert!(!warm.is_alive());
}

#[test]
fn references_that_code_makes_stay_declared() {
    let module = built(
        r#"(module
            (table 1 funcref)
            (func $one (result i32) (i32.const 1))
            (elem (i32.const 0) func $one)
            (func (export "_initialize") (table.set (i32.const 0) (ref.null func)))
            (func (export "call") (result i32)
                (table.set (i32.const 0) (ref.func $one))
                (call_indirect (result i32) (i32.const 0))))"#,
    );
    let (mut instance, mut warm) = after(&module, &[]);
    assert_the_same(&mut instance, &mut warm, || [Call::export("call")]);
    assert!(warm.is_alive());
}

#[test]
fn references_to_functions_of_the_host_are_linked_again() {
    let module = built(
        r#"(module
            (import "host" "n" (func $n (result i32)))
            (table 1 funcref)
            (elem $e func $n)
            (func (export "change") (table.init $e (i32.const 0) (i32.const 0) (i32.const 1)))
            (func (export "call") (result i32) (call_indirect (result i32) (i32.const 0))))"#,
    );
    let with = |n: i32| sandbox().grant(fuelbox::Function::new("host", "n", move || n));
    let mut instance = with(1).instantiate(&module).expect("it starts");
    instance.call::<_, ()>("change", ()).expect("it is alive");
    let warm = instance.snapshot().expect("it can be written");
    assert_eq!(with(2).call(&warm, "call", ()), Ok(2));
}

pub(super) fn wide(builder: ModuleBuilder) -> ModuleBuilder {
    let all = [
        Proposal::MultiMemory,
        Proposal::Memory64,
        Proposal::CustomPageSizes,
    ];
    all.into_iter()
        .fold(builder.snapshots(true), ModuleBuilder::allow)
}

pub(super) fn built(text: &str) -> Module {
    wide(Module::builder())
        .build_wat(text)
        .expect("it is valid")
}

pub(super) fn sandbox() -> Sandbox {
    timeless(roomy())
}

pub(super) fn instance_of(module: &Module) -> Instance {
    sandbox().instantiate(module).expect("it starts")
}

/// An instance in which these exports were called, and one of its snapshot.
pub(super) fn after(module: &Module, calls: &[&str]) -> (Instance, Instance) {
    let mut instance = instance_of(module);
    for name in calls {
        instance.call::<_, ()>(name, ()).expect("it is alive");
    }
    let warm = instance.snapshot().expect("it can be written");
    (instance, instance_of(&warm))
}

pub(super) fn export(name: &str, argument: i32) -> Call {
    Call::export(name).args(argument)
}

/// Asserts that both do the same in these calls.
pub(super) fn assert_the_same<const CALLS: usize>(
    instance: &mut Instance,
    warm: &mut Instance,
    calls: impl Fn() -> [Call; CALLS],
) {
    let seen = |of: &mut Instance, call: Call| -> (Report, Vec<u8>) {
        let report = of.run(call).expect("it is alive");
        (same_but_for_time(report), memory(of))
    };
    for (of_warm, of_instance) in calls().into_iter().zip(calls()) {
        assert_eq!(seen(warm, of_warm), seen(instance, of_instance));
    }
}

pub(super) fn memory(of: &mut Instance) -> Vec<u8> {
    let memory = of.memory();
    let all = memory.read(0, memory.size());
    all.expect("it is all of it").to_vec()
}
