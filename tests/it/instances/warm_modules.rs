//! A snapshot is an ordinary module.

use super::snapshots::{after, assert_the_same, built, instance_of, sandbox};
use crate::harness::allocations::measure;
use fuelbox::{Call, ExternType, Module};

#[test]
fn a_snapshot_is_a_module_like_any_other() {
    let module = built(
        r#"(module
            (memory (export "memory") 1)
            (global $n (export "n") (mut i32) (i32.const 0))
            (func (export "add") (param i32) (result i32)
                (i32.store (i32.const 1000) (local.get 0))
                (global.set $n (i32.add (global.get $n) (local.get 0))) (global.get $n)))"#,
    );
    let mut instance = instance_of(&module);
    assert_eq!(instance.call("add", 1), Ok(1));
    let mut warm = instance.snapshot().expect("it can be written");
    for n in 2..6 {
        let exports: Vec<_> = warm
            .exports()
            .map(|export| export.name.to_owned())
            .collect();
        assert_eq!(exports, ["add", "memory", "n"]);
        assert!(matches!(warm.export("n"), Some(ExternType::Global(_))));
        assert_eq!(warm.export("fuelbox:state:0:memory:0"), None);
        // Its bytes can be stored, and admitted without room for more.
        let wasm = warm.wasm().expect("they are kept");
        let stored = Module::new(wasm).expect("it is a module");
        assert_eq!(stored.wasm(), None);
        assert_eq!(sandbox().call(&stored, "add", 1), Ok(n));
        // Snapshots of snapshots do not grow.
        let len = wasm.len();
        let mut instance = instance_of(&warm);
        assert_eq!(instance.call("add", 1), Ok(n));
        warm = instance.snapshot().expect("it can be written");
        assert_eq!(warm.wasm().expect("they are kept").len(), len);
    }
    assert_eq!(instance.call("add", 1), Ok(2), "the first one is as it was");
}

#[test]
fn a_snapshot_is_called_what_its_module_is() {
    let module = Module::builder().snapshots(true).name("tax");
    let module = module.build_wat("(module)").expect("it is valid");
    let warm = instance_of(&module).snapshot().expect("it can be written");
    assert_eq!(warm.name(), Some("tax"));
    assert!(format!("{warm:?}").contains(r#"name: Some("tax")"#));
    assert_eq!(built("(module)").name(), None);
}

#[test]
fn names_that_a_module_uses_itself_are_not_taken() {
    let module = built(
        r#"(module
            (memory 1)
            (func (export "fuelbox:state:0:memory:0") (i32.store (i32.const 0) (i32.const 3)))
            (func (export "load") (result i32) (i32.load (i32.const 0))))"#,
    );
    assert_eq!(module.exports().count(), 2);
    let (mut instance, mut warm) = after(&module, &["fuelbox:state:0:memory:0"]);
    assert_the_same(&mut instance, &mut warm, || [Call::export("load")]);
}

#[test]
fn a_module_that_is_built_for_snapshots_keeps_its_bytes_and_little_else() {
    const BYTES: usize = 1 << 20;

    let data = "x".repeat(BYTES);
    let text = format!(r#"(module (memory 16) (data (i32.const 0) "{data}"))"#);
    let wasm = wat::parse_str(text).expect("it is valid");
    let kept = |snapshots: bool| {
        let builder = Module::builder().snapshots(snapshots);
        let (module, spent) = measure(|| builder.build(&wasm).expect("it is valid"));
        drop(module);
        spent.live
    };
    kept(true);
    let more = usize::try_from(kept(true) - kept(false)).expect("it is more");
    let bytes = wasm.len()..wasm.len() + 4_096;
    assert!(bytes.contains(&more), "{more} more for {bytes:?}");
}
