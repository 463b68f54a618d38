//! A replay counts how often each block of a guest ran, and which way it took at each branch.

#![cfg(feature = "observe")]

use crate::harness::{MOST_RECORDED, roomy, timeless};
use fuelbox::{Call, Coverage, Function, HostError, Limits, Module, Proposal, Sandbox};

/// Runs a call, and counts what it ran.
fn covered(text: &str, sandbox: &Sandbox, call: impl Into<Call>) -> Coverage {
    let wasm = wat::parse_str(text).expect("the text is valid");
    let builder = Module::builder().allow(Proposal::TailCall);
    let module = builder.build(&wasm).expect("the module is admitted");
    let sandbox = sandbox.clone().record(MOST_RECORDED);
    let finished = sandbox.start(&module, call).expect("it starts").finish();
    let recording = finished.recording.expect("it is recorded");
    let coverage = recording.coverage(&wasm).expect("it starts again");
    assert_eq!(coverage.replay.divergence, None);
    assert_eq!(coverage.replay.reports.last(), Some(&finished.report));
    coverage
}

fn counts(coverage: &Coverage) -> Vec<u64> {
    coverage.blocks.iter().map(|block| block.count).collect()
}

fn ways(coverage: &Coverage) -> Vec<&[u64]> {
    let branches = coverage.branches.iter();
    branches.map(|branch| branch.ways.as_slice()).collect()
}

#[test]
fn blocks_and_both_ways_of_a_condition_are_counted() {
    let text = r#"(module (func (export "run") (param i32) (result i32) (local i32)
        (loop $again
            (if (i32.and (local.get 0) (i32.const 1))
                (then (local.set 1 (i32.add (local.get 1) (i32.const 1))))
                (else (local.set 1 (i32.sub (local.get 1) (i32.const 1)))))
            (br_if $again (local.tee 0 (i32.shr_u (local.get 0) (i32.const 1)))))
        (local.get 1)))"#;
    let coverage = covered(text, &timeless(roomy()), Call::export("run").args(0b1011));
    // The condition, both its branches, the end of the loop, and what comes after it.
    assert_eq!(counts(&coverage), [4, 3, 1, 4, 1]);
    assert_eq!(ways(&coverage), [&[1, 3][..], &[1, 3]]);
}

#[test]
fn each_label_of_a_table_is_counted_and_what_is_beyond_is_the_default() {
    let text = r#"(module (func (export "run") (param i32)
        (block $b (block $a (br_table $a $b $a $b (local.get 0))) (return))
        (nop) (drop (i32.const 1))))"#;
    for (number, taken) in [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 3),
        (-1, 3),
        (i32::MIN, 3),
    ] {
        let call = Call::export("run").args(number);
        let coverage = covered(text, &timeless(roomy()), call);
        let mut expected = [0; 4];
        expected[taken] = 1;
        assert_eq!(ways(&coverage), [&expected[..]], "{number}");
    }
}

#[test]
fn what_a_trap_left_out_did_not_run() {
    let text = r#"(module (func (export "run") (param i32) (local i32)
        (local.set 1 (i32.const 1))
        (local.set 1 (i32.div_u (local.get 1) (local.get 0)))
        (local.set 1 (i32.const 2))))"#;
    let whole = covered(text, &timeless(roomy()), Call::export("run").args(1));
    assert_eq!(counts(&whole), [1]);
    let cut = covered(text, &timeless(roomy()), Call::export("run").args(0));
    assert_eq!(counts(&cut), [1, 0]);
    assert_eq!(cut.blocks[0].start, whole.blocks[0].start);
    assert_eq!(cut.blocks[0].end, cut.blocks[1].start);
    assert_eq!(cut.blocks[1].end, whole.blocks[0].end);
}

#[test]
fn what_comes_after_a_call_that_does_not_return_did_not_run() {
    let text = r#"(module
        (import "env" "fail" (func $fail))
        (func $spin (loop (br 0)))
        (func (export "host") (call $fail) (drop (i32.const 1)))
        (func (export "spin") (call $spin) (drop (i32.const 1)))
        (func $deeper (export "deep") (call $deeper) (drop (i32.const 1))))"#;
    let fail = Function::new("env", "fail", || Err::<(), _>(HostError::message("no")));
    let sandbox = timeless(roomy().fuel(100_000)).grant(fail);
    for (name, function) in [("host", 2), ("spin", 3), ("deep", 4)] {
        let coverage = covered(text, &sandbox, Call::export(name));
        let blocks = coverage.blocks.iter();
        let counts: Vec<_> = blocks
            .filter(|block| block.function == function)
            .map(|block| block.count)
            .collect();
        assert!(counts[0] >= 1 && counts[1..] == [0], "{name}: {counts:?}");
    }
}

#[test]
fn a_stack_overflow_splits_no_block() {
    // The trap behind the call belongs to the block of the call, as a compiler writes it.
    let text = r#"(module (func $deeper (export "deep") (call $deeper) (unreachable)))"#;
    let coverage = covered(text, &timeless(roomy()), Call::export("deep"));
    assert_eq!(counts(&coverage).len(), 1);
}

#[test]
fn code_that_nothing_reaches_is_no_block() {
    let text = r#"(module (func (export "_start")
        (block (br 0) (drop (i32.const 1)))
        (block (return))
        (if (i32.const 1) (then (drop (i32.const 2))))))"#;
    let coverage = covered(text, &timeless(roomy()), "");
    // The branch and the return; no block ends after it.
    assert_eq!(counts(&coverage), [1, 1]);
    assert_eq!(coverage.branches, []);
}

#[test]
fn what_never_began_has_all_its_blocks_and_no_counts() {
    let text = r#"(module (func $start (unreachable)) (start $start)
        (func (export "_start") (drop (i32.const 1))))"#;
    let coverage = covered(text, &timeless(roomy()), "");
    assert_eq!(counts(&coverage), [1, 0]);
}

#[test]
fn calls_of_an_instance_count_together() {
    let text = r#"(module (func (export "run") (param i32)
        (if (local.get 0) (then (drop (i32.const 1))))))"#;
    let wasm = wat::parse_str(text).expect("the text is valid");
    let module = Module::new(&wasm).expect("the module is admitted");
    let sandbox = timeless(Limits::default()).record(MOST_RECORDED);
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    for number in [0, 1, 1] {
        let call = Call::export("run").args(number);
        instance.run(call).expect("it is ready");
    }
    let recording = instance.recording().expect("it is recorded");
    let coverage = recording.coverage(&wasm).expect("it starts again");
    assert_eq!(counts(&coverage), [3, 2]);
    assert_eq!(ways(&coverage), [&[1, 2][..]]);
}

#[test]
fn code_that_is_written_again_keeps_its_blocks() {
    // Values through blocks and branches, also from a table, and a growth.
    let text = r#"(module (memory 1)
        (func (export "run") (param i32) (result i32)
            (i32.const 1) (i32.const 2)
            (block (param i32 i32) (result i32 i32)
                (br_if 0 (i32.eqz (local.get 0)))
                (i32.add) (i32.const 5)
                (br_table 0 0 (local.get 0)))
            (drop)
            (drop (memory.grow (i32.const 0)))
            (if (param i32) (result i32) (local.get 0) (then (i32.const 1) (i32.add)))))"#;
    for (number, expected) in [(0, [1, 0, 1, 1, 0]), (1, [1, 1, 1, 1, 1])] {
        let call = Call::export("run").args(number);
        let coverage = covered(text, &timeless(roomy()), call);
        assert_eq!(counts(&coverage), expected);
        let way = |taken: usize| if taken == 0 { [1, 0] } else { [0, 1] };
        let taken = usize::from(number == 1);
        let table = if number == 1 { [0, 1] } else { [0, 0] };
        assert_eq!(ways(&coverage), [&way(1 - taken)[..], &table, &way(taken)]);
    }
}
