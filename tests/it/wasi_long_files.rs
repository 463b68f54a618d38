//! What makes a large file another size is done in pieces, between which the run can be stopped.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use crate::harness::{code, roomy, same_but_for_time, timeless};
use fuelbox::{Module, ModuleLimits, Proposal, Report, Sandbox, Slice, Tree, capability::Wasi};

const MIB: usize = 1 << 20;
const LONG: usize = 16 * MIB;

/// Opens the file `f`, and makes a call on it that succeeds; `tail` makes it a module with tail calls.
fn guest(call: &str, tail: bool) -> Module {
    let more = if tail {
        "(func $f (return_call $f))"
    } else {
        ""
    };
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "path_open" (func $open
                (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write
                (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_pwrite" (func $pwrite
                (param i32 i32 i32 i64 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $set_size
                (param i32 i64) (result i32)))
            (import "wasi_snapshot_preview1" "fd_allocate" (func $allocate
                (param i32 i64 i64) (result i32)))
            (memory (export "memory") 1)
            ;; A path, then two buffers: "f" and "fg".
            (data (i32.const 0) "fg")
            (data (i32.const 16) "\00\00\00\00\01\00\00\00\00\00\00\00\02\00\00\00")
            {more}
            (func (export "_start")
                (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1)
                        (i32.const 0) (i64.const 0x400146) (i64.const 0) (i32.const 0) (i32.const 8))
                    (then unreachable))
                (if {call} (then unreachable))))"#
    );
    let limits = ModuleLimits::default().allow(Proposal::TailCall);
    Module::builder()
        .limits(limits.clone())
        .build_wat(&text)
        .expect("it is admitted")
}

fn sandbox() -> Sandbox {
    let tree = Tree::new().file("/f", vec![7; LONG]).expect("it fits");
    let tree = tree.writable().bytes_limit(u64::MAX);
    timeless(roomy().memory_bytes(256 << 20)).grant(Wasi::new().tree(tree))
}

/// Runs in steps; returns how often it paused.
fn run(module: &Module, fuel: u64) -> (usize, Report) {
    let mut execution = sandbox().start(module, []).expect("it starts");
    let mut paused = 0;
    while !execution.step(Slice::fuel(fuel)).is_done() {
        paused += 1;
    }
    let report = same_but_for_time(execution.finish().report);
    assert_eq!(code(&report), "finished");
    (paused, report)
}

#[test]
fn long_files_change_in_pieces() {
    let filled = |size: usize| {
        let mut bytes = vec![7; LONG];
        bytes.resize(size, 0);
        bytes
    };
    let written = |at: usize, bytes: &[u8]| {
        let mut expected = filled(LONG.max(at + bytes.len()));
        expected[at..at + bytes.len()].copy_from_slice(bytes);
        expected
    };
    // A file of the host is copied first, in pieces of 256 KiB.
    for (call, pauses, expected) in [
        (
            "(call $write (i32.load (i32.const 8)) (i32.const 16) (i32.const 2) (i32.const 40))",
            63,
            written(0, b"ffg"),
        ),
        (
            "(call $pwrite (i32.load (i32.const 8)) (i32.const 16) (i32.const 2)
                (i64.const 0x17fffff) (i32.const 40))",
            96,
            written(24 * MIB - 1, b"ffg"),
        ),
        (
            "(call $set_size (i32.load (i32.const 8)) (i64.const 0x2000000))",
            127,
            filled(32 * MIB),
        ),
        (
            "(call $allocate (i32.load (i32.const 8)) (i64.const 1) (i64.const 0x1ffffff))",
            127,
            filled(32 * MIB),
        ),
        (
            "(call $set_size (i32.load (i32.const 8)) (i64.const 0x400000))",
            15,
            vec![7; 4 * MIB],
        ),
    ] {
        let module = guest(call, false);
        let (paused, report) = run(&module, u64::MAX);
        assert_eq!(paused, pauses, "{call}");
        assert!(report.trees[0].get("/f") == Some(&*expected), "{call}");
        assert!(run(&module, 1).1 == report, "{call}");
        let with_tail_calls = run(&guest(call, true), u64::MAX);
        assert!(with_tail_calls == (pauses, report), "{call}");
    }
}
