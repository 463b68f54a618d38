//! Which ways are told.

use super::{probe, wasm};
use crate::harness::{roomy, timeless};
use fuelbox::{
    Call, Error, Module, Outcome, Stop, Trap,
    fuzz::{Compare, Edges, Probe, Traced},
};

/// Calls the export `f` with a number.
fn call(probe: &mut Probe, number: i32) -> Outcome {
    let instance = probe.ready().expect("it is ready");
    let report = instance.run(Call::export("f").args(number));
    report.expect("it is called").outcome
}

fn taken(edges: Edges<'_>) -> Vec<(usize, u32)> {
    edges.taken().collect()
}

#[test]
fn both_ways_of_a_branch_are_told_and_how_often() {
    // Function, `if`, and `br_if` of the loop.
    let text = r#"(module (func (export "f") (param i32)
        (if (i32.and (local.get 0) (i32.const 4)) (then (nop)))
        (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if 0 (i32.gt_s (local.get 0) (i32.const 0))))))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Edges);
    call(&mut probe, 300);
    assert_eq!(taken(probe.edges()), [(0, 1), (2, 1), (3, 1), (4, 299)]);
    call(&mut probe, 1);
    assert_eq!(taken(probe.edges()), [(0, 1), (1, 1), (3, 1)]);
    assert_eq!((probe.edges().len(), probe.edges().count(4)), (5, 0));
    assert_eq!(probe.remade(), 0);
}

#[test]
fn each_way_of_a_table_is_told_and_what_is_beyond_takes_the_last() {
    let text = r#"(module (func (export "f") (param i32)
        (block (block (block (br_table 0 1 2 (local.get 0)))))))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Edges);
    for (number, way) in [(0, 1), (1, 2), (2, 3), (3, 3), (-1, 3)] {
        call(&mut probe, number);
        assert_eq!(taken(probe.edges()), [(0, 1), (way, 1)], "{number}");
    }
}

#[test]
fn functions_are_told_that_are_entered() {
    let text = r#"(module (table 1 funcref) (elem (i32.const 0) $through)
        (func $through) (func $other)
        (func (export "f") (param i32) (call_indirect (i32.const 0)) (call_indirect (i32.const 0))))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Edges);
    call(&mut probe, 0);
    assert_eq!(taken(probe.edges()), [(0, 2), (2, 1)]);
}

#[test]
fn a_trap_leaves_what_was_told_before() {
    let text = r#"(module (memory 1) (func (export "f") (param i32)
        (if (local.get 0) (then (i32.store (i32.const -1) (i32.const 7))))))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Compares);
    let outcome = call(&mut probe, 1);
    let Outcome::Stopped { stop, .. } = outcome else {
        panic!("{outcome}")
    };
    assert_eq!(stop, Stop::Trapped(Trap::MemoryOutOfBounds));
    assert_eq!(taken(probe.edges()), [(0, 1), (2, 1)]);
    assert_eq!(call(&mut probe, 0), Outcome::Finished { status: 0 });
    assert_eq!(taken(probe.edges()), [(0, 1), (1, 1)]);
}

#[test]
fn what_is_compared_is_told_of_each_place_the_last_eight_times() {
    let text = r#"(module (func (export "f") (param i32) (local i64)
        (drop (i64.lt_u (i64.extend_i32_s (local.get 0)) (i64.const 0x1122334455667788)))
        (loop
            (local.set 1 (i64.add (local.get 1) (i64.const 1)))
            (br_if 0 (i32.ne (i32.wrap_i64 (local.get 1)) (local.get 0))))))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Compares);
    call(&mut probe, 20);
    let told: Vec<Compare> = probe.compares().collect();
    let first = told.first().expect("it compares");
    let expected = (0, 20, 0x1122_3344_5566_7788, 64);
    assert_eq!((first.place, first.left, first.right, first.bits), expected);
    let rest: Vec<_> = told
        .iter()
        .skip(1)
        .map(|one| (one.place, one.left, one.bits))
        .collect();
    let expected: Vec<_> = (13..=20).map(|left| (1, left, 32)).collect();
    assert_eq!(rest, expected);
    // Nothing is left of it, the high half of a long number least of all.
    call(&mut probe, 1);
    let told: Vec<_> = probe
        .compares()
        .map(|one| (one.place, one.left, one.right))
        .collect();
    assert_eq!(told, [(0, 1, 0x1122_3344_5566_7788), (1, 1, 1)]);
}

#[test]
fn no_guest_can_name_what_tells_of_it() {
    // Valid only if the memories of ours were the guest's: the second, and the first of a guest that has none.
    let second =
        r#"(module (memory 1) (func (export "f") (i32.store 1 (i32.const 0) (i32.const 9))))"#;
    let first = r#"(module (func (export "f") (i32.store (i32.const 0) (i32.const 9))))"#;
    for text in [first, second] {
        // What assembles a text does not ask whether it is valid.
        let wasm = wasm(text);
        for traced in [Traced::Edges, Traced::Compares] {
            let built = Module::builder()
                .allow(fuelbox::Proposal::MultiMemory)
                .traced(traced)
                .build(&wasm);
            assert!(
                matches!(built, Err(Error::InvalidModule { .. })),
                "{built:?}"
            );
        }
    }
}

#[test]
fn exports_that_are_called_like_ours_do_no_harm() {
    let text = r#"(module (memory 1)
        (global (export "fuelbox:trace:global 0") (mut i32) (i32.const 5))
        (func (export "fuelbox:trace:edges") (export "f") (param i32)
            (global.set 0 (i32.add (global.get 0) (local.get 0)))))"#;
    let mut probe = probe(&timeless(roomy()), text, Traced::Edges);
    for _ in 0..3 {
        call(&mut probe, 2);
        assert_eq!(taken(probe.edges()), [(0, 1)]);
        let global = probe
            .ready()
            .expect("it is ready")
            .global("fuelbox:trace:global 0");
        assert_eq!(global, Some(fuelbox::Value::I32(5)));
    }
}

#[test]
fn too_many_ways_are_refused() {
    // A table of 65,535 targets, again and again.
    let table = format!("(br_table {} (local.get 0))", "0 ".repeat(65_535));
    let blocks = |count| format!("(block {table})").repeat(count);
    let built = |count, traced| {
        let text = format!(
            "(module (func (export \"f\") (param i32) {}))",
            blocks(count)
        );
        Module::builder().traced(traced).build(wasm(&text))
    };
    assert!(built(15, Traced::Edges).is_ok());
    let error = built(17, Traced::Edges).expect_err("there are too many");
    let expected = Error::ModuleLimit {
        limit: "edges".into(),
        allowed: 1 << 20,
        found: 1 + 17 * 65_535,
    };
    assert_eq!(error, expected);
}
