//! Programs of WASI preview 1 do what they do elsewhere, and reach nothing that was not handed over.

use super::built_guests::{SLICES, module, run_sliced};
use crate::harness::{clock::Hand, code, roomy, timeless};
use fuelbox::{
    Call, Limits, Module, ModuleLimits, Proposal, Report, Sandbox, Slice, Step, Tree, Value, Wait,
    capability::{Clock, Random, Wasi},
};
use std::time::{Duration, Instant};

/// Runs a guest in slices of each size; the reports do not differ.
fn run(wasi: Wasi, name: &str, input: &[u8]) -> Report {
    run_with(roomy(), wasi, name, input)
}

fn run_with(limits: Limits, wasi: Wasi, name: &str, input: &[u8]) -> Report {
    let sandbox = timeless(limits).grant(wasi);
    run_sliced(&sandbox, &format!("wasi/{name}"), input, &SLICES)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("it is text")
}

/// The output of a guest that ends well, as numbers.
fn numbers(report: &Report) -> Vec<u64> {
    assert_eq!(report.status(), Some(0), "{}", text(&report.stderr));
    let words = text(&report.output).split_whitespace();
    words.map(|word| word.parse().expect("a number")).collect()
}

#[test]
fn a_guest_is_given_its_arguments_and_environment() {
    let wasi = Wasi::new()
        .program("greet")
        .args(["--to", "", "wörld"])
        .env("LANG", "C")
        .env("EMPTY", "")
        .env("LANG", "de=at");
    let report = run(wasi, "c-args_env", b"");
    assert_eq!(report.status(), Some(0));
    assert_eq!(
        text(&report.output),
        "0 greet\n1 --to\n2 \n3 wörld\nEMPTY=\nLANG=de=at\n"
    );
    let report = run(Wasi::new(), "c-args_env", b"");
    assert_eq!(text(&report.output), "0 guest\n");
}

#[test]
fn streams_are_those_of_the_run_and_the_exit_status_is_its_status() {
    let input = "a line\n".repeat(10_000);
    let report = run(Wasi::new(), "c-stdio", input.as_bytes());
    assert_eq!(report.status(), Some(3));
    assert_eq!(text(&report.output), input.to_uppercase());
    assert_eq!(text(&report.stderr), "70000 bytes\n");
    assert_eq!((report.trees.len(), report.usage.stderr_bytes_lost), (0, 0));

    let report = run_with(roomy().stderr_bytes(4), Wasi::new(), "c-stdio", b"abc");
    assert_eq!(report.status(), Some(3));
    assert_eq!(text(&report.stderr), "3 by");
    assert_eq!(report.usage.stderr_bytes_lost, 4);

    let report = run_with(roomy().output_bytes(2), Wasi::new(), "c-stdio", b"abc");
    assert_eq!(code(&report), "output-too-large");
}

#[test]
fn files_do_what_files_do() {
    let secret = Tree::new().file("/secret", "treasure").expect("it fits");
    let data = Tree::new().file("/kept", "as it was").expect("it fits");
    let wasi = Wasi::new()
        .mount("/data", data.clone().writable())
        .mount("/other", secret);
    let report = run(wasi, "c-files", b"");
    assert_eq!(text(&report.stderr), "");
    assert_eq!(report.status(), Some(0));
    assert_eq!(text(&report.output), "all well\n");

    let [tree] = &report.trees[..] else {
        panic!("one tree could be written to: {:?}", report.trees);
    };
    let paths: Vec<_> = tree.paths().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/file", "/kept"]);
    assert_eq!(tree.get("/file"), Some(&b"onetwo"[..]));
    assert_eq!(tree.get("/kept"), Some(&b"as it was"[..]));
    // The host's own is as it was.
    assert_eq!(data.paths().count(), 1);
}

#[test]
fn what_is_mounted_under_a_name_again_replaces_what_was_there() {
    let tree = |path| Tree::new().file(path, "").expect("it fits").writable();
    let wasi = Wasi::new()
        .mount("/data", tree("/first"))
        .mount("/other", tree("/other"))
        .mount("/data", tree("/second"))
        .tree(tree("/root"))
        .mount("/", tree("/root_again"));
    let report = run(wasi.clone(), "c-args_env", b"");
    let paths = |report: &Report| -> Vec<String> {
        let trees = report.trees.iter();
        trees
            .flat_map(|tree| tree.paths().map(|(path, _)| path))
            .map(|path| path.to_string())
            .collect()
    };
    assert_eq!(paths(&report), ["/other", "/second", "/root_again"]);
    assert_eq!(report.mounts, ["/other", "/data", "/"]);
    // So does the whole of it, granted again.
    let again = Wasi::new().mount("/data", tree("/third"));
    let sandbox = timeless(roomy()).grant(wasi).grant(again);
    let report = run_sliced(&sandbox, "wasi/c-args_env", b"", &SLICES);
    assert_eq!(paths(&report), ["/third"]);
}

#[test]
fn another_standard_library_finds_all_it_needs() {
    let wasi = || {
        Wasi::new()
            .arg("Ada")
            .env("GREETING", "Good day")
            .tree(Tree::new().writable())
    };
    let report = run(wasi(), "rust-tour", b"hello");
    assert_eq!(text(&report.stderr), "so far so good\n");
    assert_eq!(text(&report.output), "Good day, Ada: hello\n");
    assert_eq!(report.status(), Some(4));
    assert_eq!(report.trees[0].get("/a/copy"), Some(&b"hello"[..]));

    // Nothing of it is there when the next run begins.
    let sandbox = timeless(roomy()).grant(wasi());
    let module = module("wasi/rust-tour");
    for input in ["first", "other"] {
        let report = sandbox.run(&module, input).expect("it starts");
        assert_eq!(report.status(), Some(4));
        assert_eq!(report.trees[0].get("/a/copy"), Some(input.as_bytes()));
    }
}

/// What guests of toolchains beyond C and Rust say of a tour.
fn tour(name: &str, slices: &[u64]) {
    let kept = Tree::new().file("/file", "kept").expect("it fits");
    let wasi = Wasi::new()
        .arg("Ada")
        .env("GREETING", "Good day")
        .tree(Tree::new().writable())
        .mount("/kept", kept);
    let sandbox = timeless(roomy()).grant(wasi);
    let report = run_sliced(&sandbox, &format!("wasi/{name}"), b"hello", slices);
    assert_eq!(text(&report.stderr), "so far so good\n");
    let output = text(&report.output);
    let random = output
        .strip_prefix("Good day, Ada: hello! ")
        .unwrap_or_else(|| panic!("{output}"));
    assert!(random.trim().len() > 8, "{random}");
    assert_eq!(report.status(), Some(4));
    let [tree] = &report.trees[..] else {
        panic!("one tree could be written to: {:?}", report.trees);
    };
    assert_eq!(tree.paths().count(), 2);
    let written = tree.get("/a/file").or_else(|| tree.get("/a/moved"));
    assert_eq!(written, Some(&b"hello!"[..]));
}

#[test]
fn a_standard_library_that_calls_wasi_itself_finds_all_it_needs() {
    tour("zig-tour", &[1, 7, 1_000, u64::MAX]);
}

#[test]
fn a_runtime_that_collects_garbage_and_schedules_finds_all_it_needs() {
    tour("go-tour", &[1_000, u64::MAX]);
}

#[test]
fn two_sandboxes_share_nothing() {
    let tree = Tree::new().writable();
    let of = |name: &str| {
        let wasi = Wasi::new()
            .arg(name)
            .env("GREETING", name)
            .tree(tree.clone());
        timeless(roomy()).grant(wasi)
    };
    let (one, two) = (of("one"), of("two"));
    let module = module("wasi/rust-tour");
    let mut first = one.start(&module, "11111").expect("it starts");
    let mut second = two.start(&module, "22222").expect("it starts");
    // They take turns.
    while (
        first.step(Slice::fuel(1_000)),
        second.step(Slice::fuel(1_000)),
    ) != (Step::Done, Step::Done)
    {}
    let (first, second) = (first.finish().report, second.finish().report);
    assert_eq!(text(&first.output), "one, one: 11111\n");
    assert_eq!(text(&second.output), "two, two: 22222\n");
    assert_eq!(first.trees[0].get("/a/copy"), Some(&b"11111"[..]));
    assert_eq!(second.trees[0].get("/a/copy"), Some(&b"22222"[..]));
    assert_eq!(tree.paths().count(), 0);
}

#[test]
fn a_guest_fills_a_tree_to_its_limits_and_no_further() {
    const LIMIT: u64 = 50_000;
    let wasi = Wasi::new().tree(Tree::new().writable().bytes_limit(LIMIT));
    let report = run(wasi, "c-fill", b"");
    let [files, bytes] = numbers(&report)[..] else {
        panic!("{report:?}");
    };
    let names: usize = report.trees[0]
        .paths()
        .map(|(path, _)| path.len() - 1)
        .sum();
    let taken = bytes + names as u64;
    assert!(
        taken <= LIMIT && taken + 1_000 > LIMIT,
        "{taken} of {LIMIT}"
    );
    assert!(files >= 49, "{files}");

    let wasi = Wasi::new().tree(Tree::new().writable().nodes_limit(7));
    assert_eq!(numbers(&run(wasi, "c-fill", b"")), [7, 7_000]);
}

#[test]
fn files_count_into_the_memory_of_the_run() {
    const MEMORY: u64 = 1 << 20;
    let wasi = Wasi::new().tree(Tree::new().writable().bytes_limit(u64::MAX));
    let report = run_with(roomy().memory_bytes(MEMORY), wasi, "c-fill", b"");
    let bytes = numbers(&report)[1];
    let peak = report.usage.peak_memory_bytes;
    assert!(peak <= MEMORY && peak + 1_000 > MEMORY, "{peak}");
    assert!(bytes > MEMORY / 2 && bytes < peak, "{bytes}");
}

#[test]
fn a_guest_that_sleeps_moves_the_virtual_clock_and_takes_no_time() {
    // No deadline would let an hour pass.
    let sandbox = Sandbox::new(Limits::default().deadline(Duration::from_secs(60)))
        .grant(Wasi::new().arg("3600"));
    let report = run_sliced(&sandbox, "wasi/c-clocks", b"", &SLICES);
    assert_eq!(numbers(&report), [3_600, 3_600]);
    assert!(report.usage.fuel < 1_000_000, "{}", report.usage.fuel);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the machine's clock is what is tested"
)]
fn the_deadline_stops_a_guest_that_sleeps_on_the_machines_clock() {
    let deadline = Duration::from_millis(50);
    let sandbox = Sandbox::new(Limits::default().deadline(deadline))
        .grant(Wasi::new().arg("3600").clock(Clock::system()));
    let begin = Instant::now();
    let report = sandbox
        .run(&module("wasi/c-clocks"), b"")
        .expect("it starts");
    assert_eq!(code(&report), "deadline");
    assert!(report.usage.time >= deadline);
    // Generous: other tests run at the same time.
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_host_that_steps_a_sleeping_guest_can_do_other_things_and_cancel_it() {
    let sandbox = timeless(roomy()).grant(Wasi::new().arg("3600").clock(Clock::system()));
    let module = module("wasi/c-clocks");
    let mut execution = sandbox.start(&module, b"").expect("it starts");
    let cancel = execution.cancel_token();
    for _ in 0..5 {
        assert_eq!(
            execution.step(Slice::fuel(u64::MAX)),
            Step::Waiting(Wait::Time)
        );
    }
    let fuel = execution.usage().fuel;
    assert_eq!(
        execution.step(Slice::fuel(u64::MAX)),
        Step::Waiting(Wait::Time)
    );
    assert_eq!(execution.usage().fuel, fuel, "it sleeps");
    cancel.cancel();
    assert_eq!(execution.step(Slice::fuel(u64::MAX)), Step::Done);
    assert_eq!(code(&execution.finish().report), "cancelled");
}

#[test]
fn a_guest_goes_on_when_its_sleep_is_over() {
    let hand = Hand::default();
    let sandbox = Sandbox::with_clock(roomy(), hand.clock())
        .grant(Wasi::new().arg("3600").clock(Clock::system()));
    let module = module("wasi/c-clocks");
    let mut execution = sandbox.start(&module, b"").expect("it starts");
    assert_eq!(
        execution.step(Slice::fuel(u64::MAX)),
        Step::Waiting(Wait::Time)
    );
    hand.advance(Duration::from_secs(3_599));
    assert_eq!(
        execution.step(Slice::fuel(u64::MAX)),
        Step::Waiting(Wait::Time)
    );
    assert_eq!(execution.output(), b"");
    hand.advance(Duration::from_secs(1));
    let report = execution.finish().report;
    assert_eq!(report.status(), Some(0), "{}", text(&report.stderr));
}

/// A guest that waits 1,000 seconds with `poll`.
fn waiting(body: &str) -> Module {
    let text = format!(
        r#"(module
            (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 16) "\01")
            (data (i32.const 24) "\00\10\a5\d4\e8")
            {body})"#
    );
    let wasm = wat::parse_str(text).expect("it is valid");
    let limits = ModuleLimits::default().allow(Proposal::TailCall);
    Module::builder()
        .limits(limits.clone())
        .build(wasm)
        .expect("it is admitted")
}

#[test]
fn an_import_that_is_exported_waits_when_it_is_called() {
    let hand = Hand::default();
    let sandbox =
        Sandbox::with_clock(roomy(), hand.clock()).grant(Wasi::new().clock(Clock::system()));
    let call = Call::export("poll").values([0, 64, 1, 128].map(Value::I32).to_vec());
    let exported = waiting(r#"(export "poll" (func $poll))"#);
    let mut execution = sandbox.start(&exported, call).expect("it starts");
    for seconds in [0, 999, 1] {
        hand.advance(Duration::from_secs(seconds));
        assert!(!execution.is_over());
        execution.step(Slice::fuel(u64::MAX));
    }
    assert_eq!(execution.step(Slice::fuel(u64::MAX)), Step::Done);
    assert_eq!(execution.finish().report.values, [Value::I32(0)]);
}

#[test]
fn a_guest_that_sleeps_in_tail_position_wakes_up_there() {
    let hand = Hand::default();
    let sandbox =
        Sandbox::with_clock(roomy(), hand.clock()).grant(Wasi::new().clock(Clock::system()));
    for body in [
        r#"(func (export "execute") (param i32 i32) (result i32)
            (return_call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))"#,
        r#"(func $wait (result i32) (local i64 i64)
            (return_call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
        (func (export "execute") (param i32 i32) (result i32) (call $wait))"#,
    ] {
        let mut execution = sandbox.start(&waiting(body), b"").expect("it starts");
        for _ in 0..3 {
            let step = execution.step(Slice::fuel(u64::MAX));
            assert_eq!(step, Step::Waiting(Wait::Time));
        }
        hand.advance(Duration::from_secs(1_000));
        assert_eq!(execution.step(Slice::fuel(u64::MAX)), Step::Done);
        assert_eq!(execution.finish().report.status(), Some(0));
    }
}

#[test]
fn random_bytes_are_the_same_twice_or_those_of_the_host() {
    let seeded = |seed| run(Wasi::new().random(Random::seeded(seed)), "c-random", b"").output;
    assert_eq!(seeded(1).len(), 32);
    assert_eq!(seeded(1), seeded(1));
    assert_ne!(seeded(1), seeded(2));
    assert_eq!(seeded(0), run(Wasi::new(), "c-random", b"").output);
    assert_ne!(seeded(1)[..16], seeded(1)[16..]);

    let sevens = Random::from_source(|bytes| bytes.fill(7));
    let report = run(Wasi::new().random(sevens), "c-random", b"");
    assert_eq!(report.output, [7; 32]);
}
