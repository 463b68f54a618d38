//! Allocations that fail.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use crate::harness::{
    allocations::{Refused, has_refused, refusing},
    code, roomy, timeless,
};
use fuelbox::{
    Error, GrowthDenial, Limits, Module, Report, Sandbox, Tree, capability::Wasi, protocol,
};
use std::process::{Command, Output};

/// What the tests refuse: larger than anything that a run takes but at the guest's wish.
const LARGE: usize = 48 << 10;

/// Imports all that the guests below call, and is followed by one function.
const HEAD: &str = r#"
    (import "env" "host_log" (func $log (param i32 i32)))
    (import "env" "host_write_output" (func $write (param i32 i32)))
    (import "wasi_snapshot_preview1" "fd_write"
        (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open"
        (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_filestat_set_size"
        (func $set_size (param i32 i64) (result i32)))
    (table $table 1 funcref)
    (memory (export "memory") 1)
    (data (i32.const 16) "\00\00\00\00\00\00\01\00") ;; a buffer: 65,536 bytes at 0
    (data (i32.const 32) "new")"#;

#[test]
fn memory_and_tables_that_cannot_be_allocated_are_refused_before_the_run() {
    for text in [
        r#"(module (memory 16) (func (export "_start")))"#,
        r#"(module (table 20000 funcref) (func (export "_start")))"#,
    ] {
        let module = module(text);
        let sandbox = sandbox(roomy());
        let run = || sandbox.run(&module, []);
        assert!(run().is_ok());
        let error = refusing(Refused::From(LARGE), run).expect_err("it cannot be allocated");
        assert_eq!(error, Error::SystemOutOfMemory);
        assert!(run().is_ok(), "the next one has it");
    }
}

#[test]
fn what_a_guest_grows_without_room_ends_its_run() {
    for body in [
        "(drop (memory.grow (i32.const 16)))",
        "(drop (table.grow $table (ref.null func) (i32.const 20000)))",
        "(call $write (i32.const 0) (i32.const 65536))",
    ] {
        let (with, without) = run_both(body);
        assert_eq!(code(&with), "finished", "{body}");
        assert_eq!(code(&without), "system-out-of-memory", "{body}");
    }
}

#[test]
fn a_growth_that_cannot_be_allocated_can_be_refused_to_the_guest() {
    let text = with_head(
        r#"(if (i32.ne (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))"#,
    );
    let module = module(&text);
    let sandbox = sandbox(roomy().growth_denial(GrowthDenial::Refuse));
    let execution = sandbox.start(&module, []).expect("it starts");
    let report = refusing(Refused::From(LARGE), || execution.finish().report);
    assert_eq!(
        (code(&report), report.usage.memory_growths_denied),
        ("finished", 1)
    );
}

#[test]
fn a_stack_that_cannot_be_allocated_ends_the_run() {
    let module = module(
        r#"(module (func $f (export "_start")
            (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
            (call $f)))"#,
    );
    let sandbox = sandbox(roomy());
    // The stack that one run leaves behind is the next one's, so the refused run comes first.
    let run = || sandbox.run(&module, []).expect("it starts");
    let without = refusing(Refused::From(LARGE), run);
    assert_eq!(code(&without), "system-out-of-memory");
    assert_eq!(code(&run()), "trap-stack-overflow");
}

#[test]
fn a_log_line_without_room_is_lost_and_counted() {
    let (with, without) = run_both("(call $log (i32.const 0) (i32.const 65536))");
    assert_eq!((with.logs.len(), with.usage.log_lines_lost), (1, 0));
    assert_eq!((without.logs.len(), without.usage.log_lines_lost), (0, 1));
    assert_eq!(code(&without), "finished");
    assert_eq!(without.usage.fuel, with.usage.fuel);
}

#[test]
fn an_error_stream_without_room_is_lost_and_counted() {
    let (with, without) = run_both(
        "(drop (call $fd_write (i32.const 2) (i32.const 16) (i32.const 1) (i32.const 24)))",
    );
    assert_eq!(
        (with.stderr.len(), with.usage.stderr_bytes_lost),
        (65_536, 0)
    );
    assert_eq!(
        (without.stderr.len(), without.usage.stderr_bytes_lost),
        (0, 65_536)
    );
    assert_eq!(code(&without), "finished");
}

#[test]
fn a_file_that_cannot_be_allocated_is_an_error_for_the_guest() {
    // Makes a file, then makes it long, and ends with what that answers.
    let body = r#"
        (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 3)
            (i32.const 1) (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 24)))
        (if (call $set_size (i32.load (i32.const 24)) (i64.const 100000)) (then (unreachable)))"#;
    let (with, without) = run_both(body);
    assert_eq!(code(&with), "finished");
    assert_eq!(code(&without), "trap-unreachable");
    // The name counts.
    assert_eq!(without.usage.peak_memory_bytes, 65_536 + 3);
}

/// One allocation after the other fails. It is an error or a stop, or the process aborts, and says
/// so; it never goes on as if nothing were wrong, and never ends in any other way.
#[test]
#[ignore = "starts a process for each allocation that aborts; .ci/run has it"]
fn an_allocation_that_fails_is_an_answer_or_an_abort() {
    for (work, _) in WORKS {
        let (mut next, mut aborts) = (0, 0);
        while let Some(at) = aborted_at(work, next) {
            next = at + 1;
            aborts += 1;
        }
        println!("{work}: {aborts} of the allocations abort");
    }
}

/// The child of the test above: goes on until it aborts, or until there is nothing left to refuse.
#[test]
#[ignore = "a process of its own, started by the test above"]
#[expect(clippy::disallowed_methods, reason = "the parent says what to do")]
fn child() {
    let (Ok(name), Ok(first)) = (std::env::var(WORK), std::env::var(FIRST)) else {
        return;
    };
    let (_, work) = WORKS
        .iter()
        .find(|(other, _)| **other == *name)
        .expect("there is such work");
    // What is made once in a process is made.
    assert!(work(Refused::Nothing), "the work can be done");
    let first: u64 = first.parse().expect("a number");
    for others in first.. {
        println!("{AT}{others}");
        if work(Refused::After(others)) {
            break;
        }
    }
    println!("{DONE}");
}

/// Does something while an allocation fails; whether none was left to fail.
type Work = fn(Refused) -> bool;

const WORKS: &[(&str, Work)] = &[("admission", admit), ("run", run), ("lent", run_lent)];

/// Variables that tell the child what to do.
const WORK: &str = "FUELBOX_FAULTS_WORK";
const FIRST: &str = "FUELBOX_FAULTS_FIRST";

/// What the child says.
const AT: &str = "allocation ";
const DONE: &str = "nothing is left to refuse";

/// Where the child aborts that begins with the allocation `first`; `None` where it does not.
fn aborted_at(work: &str, first: u64) -> Option<u64> {
    let program = std::env::current_exe().expect("it runs");
    let output = Command::new(program)
        .args([
            "--exact",
            "faults::allocation::child",
            "--ignored",
            "--nocapture",
        ])
        .env(WORK, work)
        .env(FIRST, first.to_string())
        .output()
        .expect("it starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && stdout.contains(DONE) {
        return None;
    }
    assert!(is_abort(&output), "{work} from {first}: {output:?}");
    let last = stdout.lines().rev().find_map(|line| line.split(AT).nth(1));
    let last = last.expect("it says where it is");
    Some(last.parse().expect("a number"))
}

/// Whether the process ended as Rust ends where memory is out.
fn is_abort(output: &Output) -> bool {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let mut lines = stderr.lines();
    output.status.code().is_none() && lines.any(|line| line.starts_with("memory allocation of"))
}

fn admit(refused: Refused) -> bool {
    let wasm = wat::parse_str(working()).expect("the text is valid");
    let (result, refused) = refusing(refused, || (Module::new(&wasm), has_refused()));
    match result {
        Ok(_) => {
            assert!(!refused, "as if nothing were wrong");
            true
        }
        Err(error) => {
            // The interpreter's translator has no kind of its own for it, and its registry of types panics.
            assert!(["unsupported", "engine"].contains(&error.code()), "{error}");
            false
        }
    }
}

fn run(refused: Refused) -> bool {
    run_module(refused, &module(&working()), false)
}

/// With a memory that is lent, where memories are.
fn run_lent(refused: Refused) -> bool {
    // Where the list of what is lent has no room, the guest has a memory that moves, and goes on.
    run_module(refused, &crate::harness::module(&working()), true)
}

fn run_module(refused: Refused, module: &Module, does_without: bool) -> bool {
    let sandbox = sandbox(roomy());
    let (result, refused) = refusing(refused, || {
        let result = sandbox.run(module, b"input");
        (result, has_refused())
    });
    match result {
        Ok(report) if report.outcome.code() == "system-out-of-memory" => false,
        Ok(report) => {
            // What is cut or lost is counted.
            let lost = report.usage.log_lines_lost + report.usage.stderr_bytes_lost > 0;
            assert!(!refused || lost || does_without, "{report:?}");
            !refused
        }
        Err(error) => {
            // The interpreter panics where it has no memory for a host function.
            assert!(
                ["system-out-of-memory", "engine"].contains(&error.code()),
                "{error}"
            );
            false
        }
    }
}

/// A guest that makes the host allocate in every way.
fn working() -> String {
    with_head(
        r#"
        (drop (memory.grow (i32.const 1)))
        (drop (table.grow $table (ref.null func) (i32.const 100)))
        (call $write (i32.const 0) (i32.const 100))
        (call $log (i32.const 0) (i32.const 100))
        (drop (call $fd_write (i32.const 2) (i32.const 16) (i32.const 1) (i32.const 24)))"#,
    )
}

fn with_head(body: &str) -> String {
    format!(r#"(module {HEAD} (func (export "_start") {body}))"#)
}

/// Runs a body with all the memory there is, and with no more than small pieces.
fn run_both(body: &str) -> (Report, Report) {
    let module = module(&with_head(body));
    let limits = roomy().log_bytes(1 << 20).log_line_bytes(1 << 20);
    let run = || {
        let execution = sandbox(limits.clone()).start(&module, []);
        execution.expect("it starts")
    };
    let with = run().finish().report;
    let execution = run();
    let without = refusing(Refused::From(LARGE), || execution.finish().report);
    (with, without)
}

fn sandbox(limits: Limits) -> Sandbox {
    let tree = Tree::new().writable();
    timeless(limits.table_elements(200_000))
        .grant(protocol())
        .grant(Wasi::new().tree(tree))
}

/// A module whose memories are the interpreter's own: those that are lent do not come from the allocator that refuses.
fn module(text: &str) -> Module {
    let wasm = wat::parse_str(text).expect("the text is valid");
    let builder = Module::builder().own_memories();
    builder.build(wasm).expect("the module is admitted")
}
