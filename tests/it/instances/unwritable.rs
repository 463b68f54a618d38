//! What cannot be written back as a module is a typed error, and what is too much is written in fewer pieces.

use super::snapshots::{assert_the_same, built, export, instance_of, memory, sandbox, wide};
use fuelbox::{Error, Module, ModuleLimits, SnapshotError, Stop, Trap, Tree, capability::Wasi};

#[test]
fn a_module_that_was_not_built_for_snapshots_has_none() {
    let module = Module::from_wat("(module)").expect("it is valid");
    let error = instance_of(&module).snapshot().map(drop);
    assert_eq!(error, Err(SnapshotError::NotBuilt));
    assert_eq!(module.wasm(), None);
}

#[test]
fn an_instance_that_has_stopped_has_no_snapshot() {
    let module = built(r#"(module (func (export "trap") unreachable))"#);
    let mut instance = instance_of(&module);
    instance.call::<_, ()>("trap", ()).expect_err("it traps");
    let stop = Box::new(Stop::Trapped(Trap::Unreachable));
    let expected = SnapshotError::Over(Error::InstanceStopped { stop });
    assert_eq!(instance.snapshot().map(drop), Err(expected));
}

#[test]
fn open_files_are_refused_and_closed_ones_are_not() {
    let module = built(
        r#"(module
            (import "wasi_snapshot_preview1" "path_open"
                (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "file")
            (func (export "open") (result i32)
                (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 0)
                    (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 100)))
            (func (export "close") (param i32) (result i32) (call $close (local.get 0))))"#,
    );
    let tree = Tree::new().file("/file", "hello").expect("it fits");
    let sandbox = sandbox().grant(Wasi::new().tree(tree));
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    assert!(instance.snapshot().is_ok());
    assert_eq!(instance.call("open", ()), Ok(0));
    let refused = |fd| Err(SnapshotError::OpenFile { fd });
    assert_eq!(instance.snapshot().map(drop), refused(4));
    assert_eq!(instance.call("close", 4), Ok(0));
    assert!(instance.snapshot().is_ok());
    assert_eq!(instance.call("close", 1), Ok(0));
    assert_eq!(instance.snapshot().map(drop), refused(1));
}

#[test]
fn a_snapshot_that_is_larger_than_a_module_may_be_is_refused() {
    const LIMIT: u64 = 2_000;

    let text = r#"(module (memory (export "memory") 1))"#;
    let limits = || ModuleLimits::default().module_bytes(LIMIT);
    let module = wide(Module::builder().limits(limits())).build_wat(text);
    let mut instance = instance_of(&module.expect("it is small"));
    instance.memory().write(0, &[1; 1_000]).expect("it fits");
    assert!(instance.snapshot().is_ok());
    instance.memory().write(0, &[1; 2_001]).expect("it fits");
    let refused = SnapshotError::Refused(Error::ModuleLimit {
        limit: "module_bytes".into(),
        allowed: LIMIT,
        found: 2_001,
    });
    assert_eq!(instance.snapshot().map(drop), Err(refused));
}

#[test]
fn memory_in_more_pieces_than_there_may_be_is_written_in_fewer() {
    let limits = ModuleLimits::default().data_segments(10);
    let text = r#"(module (memory (export "memory") 20) (data "passive")
        (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0))))"#;
    let module = wide(Module::builder().limits(limits)).build_wat(text);
    let mut instance = instance_of(&module.expect("it is small"));
    for n in 0..500 {
        for start in [0, 1_000_000] {
            let mut memory = instance.memory();
            memory.write(start + n * 64, &[7]).expect("it fits");
        }
    }
    let module = instance.snapshot().expect("it can be written");
    // What is far apart stays apart.
    assert!(module.wasm().is_some_and(|wasm| wasm.len() < 100_000));
    assert!(memory(&mut instance_of(&module)) == memory(&mut instance));
}

#[test]
fn memory_that_no_segment_is_left_for_is_refused_and_not_lost() {
    let limits = ModuleLimits::default().data_segments(1);
    let text = r#"(module (memory (export "memory") 1) (data "passive")
        (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0))))"#;
    let module = wide(Module::builder().limits(limits)).build_wat(text);
    let mut instance = instance_of(&module.expect("it is small"));
    assert!(instance.snapshot().is_ok(), "it is all zeros");
    instance.memory().write(9, &[1]).expect("it fits");
    let refused = SnapshotError::Refused(Error::ModuleLimit {
        limit: "data_segments".into(),
        allowed: 1,
        found: 2,
    });
    assert_eq!(instance.snapshot().map(drop), Err(refused));
}

#[test]
fn many_functions_and_gaps_in_a_table_are_written_back() {
    use std::fmt::Write;

    let mut text = String::from("(module (table 3000 funcref)");
    for n in 0..250 {
        write!(text, "(func $f{n} (result i32) (i32.const {n}))").expect("memory is there");
    }
    text.push_str("(elem $all func");
    (0..250).for_each(|n| write!(text, " $f{n}").expect("memory is there"));
    text.push_str(
        r#")
        (func (export "change") (param $gap i32) (local $n i32)
            (loop $again
                (table.init $all (i32.mul (local.get $n) (local.get $gap)) (local.get $n) (i32.const 1))
                (br_if $again (i32.lt_u
                    (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 250))))
            (loop $more
                (table.init $all (i32.add (local.get $n) (local.get $n)) (i32.const 7) (i32.const 1))
                (br_if $more (i32.lt_u
                    (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1500)))))
        (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))"#,
    );
    // Fewer segments than the table has stretches.
    let limits = ModuleLimits::default().element_segments(10);
    let module = wide(Module::builder().limits(limits)).build_wat(&text);
    let mut instance = instance_of(&module.expect("it is valid"));
    instance.call::<_, ()>("change", 2).expect("it is alive");
    let mut warm = instance_of(&instance.snapshot().expect("it can be written"));
    for n in [0, 1, 99, 100, 101, 249] {
        assert_eq!(warm.call("call", n * 2), Ok(n));
    }
    assert_eq!(warm.call("call", 2_998), Ok(7));
    assert_the_same(&mut instance, &mut warm, || [export("call", 1)]);
    assert!(!warm.is_alive(), "null has stayed null");
}
