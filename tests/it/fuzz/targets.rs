//! A target is given one input after the other, and each does the same every time.

use super::{random, wasm};
use crate::harness::{roomy, timeless};
use fuelbox::{
    Module, Sandbox, Stop, Trap,
    capability::Wasi,
    fuzz::{EntryError, Target},
    protocol,
};

/// By libFuzzer's convention, with a buffer that `malloc` gives; traps on `bug`.
const TESTED: &str = r#"(module
    (memory (export "memory") 2)
    (global $ready (mut i32) (i32.const 0))
    (func (export "LLVMFuzzerInitialize") (param i32 i32) (result i32)
        (global.set $ready (i32.const 1)) (i32.const 0))
    (func (export "malloc") (param i32) (result i32) (i32.const 1000))
    (func (export "LLVMFuzzerTestOneInput") (param $at i32) (param $len i32) (result i32)
        (if (i32.eqz (global.get $ready)) (then (unreachable)))
        (if (i32.ge_u (local.get $len) (i32.const 3)) (then
            (if (i32.eq (i32.and (i32.load (local.get $at)) (i32.const 0xffffff)) (i32.const 0x677562))
                (then (drop (i32.div_u (i32.const 1) (i32.const 0)))))))
        (i32.const 0)))"#;

fn target(sandbox: &Sandbox, wasm: &[u8]) -> Target {
    Target::new(sandbox, &Module::builder(), wasm).expect("it can be fuzzed")
}

#[test]
fn a_guest_for_libfuzzer_gets_its_input_in_its_buffer() {
    let wasm = wasm(TESTED);
    let mut target = target(&timeless(roomy()), &wasm);
    let stop = Stop::Trapped(Trap::IntegerDivisionByZero);
    let inputs: [(&[u8], _); 5] = [
        (b"bug", Some(stop.clone())),
        (b"bu", None),
        (b"", None),
        (b"bug report", Some(stop.clone())),
        (b"bag", None),
    ];
    for (input, expected) in inputs {
        assert_eq!(target.run(input).expect("it runs").stop, expected);
        assert_eq!(target.run_comparing(input).expect("it runs").stop, expected);
        let recording = target.record(input).expect("it runs");
        let module = Module::new(&wasm).expect("it is admitted");
        let replay = recording.replay(&module).expect("it runs again");
        assert_eq!(replay.divergence, None);
        let report = replay.reports.last().expect("it was called");
        let fuel = target.run(input).expect("it runs").fuel;
        assert_eq!(
            (report.is_success(), report.usage.fuel),
            (expected.is_none(), fuel)
        );
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "guests are files")]
fn the_same_input_takes_the_same_ways_on_every_guest_of_the_toolchains() {
    let sandbox = timeless(roomy().fuel(50_000_000))
        .grant(protocol())
        .grant(Wasi::new());
    let mut guests = 0;
    for name in [
        "c-minify",
        "rust-minify",
        "zig-minify",
        "assemblyscript-minify",
        "rust-words",
    ] {
        let wasm = std::fs::read(format!("tests/guests/{name}.wasm")).expect("it is there");
        let (mut target, mut state) = (target(&sandbox, &wasm), 0x9e37_79b9);
        let mut first = Vec::new();
        let inputs: Vec<Vec<u8>> = (0..200)
            .map(|_| {
                let letters = b"{}[]\",: 0123abc\\\n\xff";
                let below = |state: &mut _, most: u64| {
                    usize::try_from(random(state) % most).expect("it is small")
                };
                let len = below(&mut state, 60);
                (0..len).map(|_| letters[below(&mut state, 18)]).collect()
            })
            .collect();
        for round in 0..3 {
            for (number, input) in inputs.iter().enumerate() {
                let verdict = if round == 1 {
                    target.run_comparing(input).expect("it runs")
                } else {
                    target.run(input).expect("it runs")
                };
                let ways: Vec<_> = verdict.edges.taken().collect();
                let seen = (verdict.stop, verdict.fuel, ways);
                match first.get(number) {
                    None => first.push(seen),
                    Some(before) => assert_eq!(seen, *before, "{name} {round} {input:?}"),
                }
            }
        }
        guests += 1;
    }
    assert_eq!(guests, 5);
}

#[test]
fn a_guest_that_hangs_is_out_of_fuel() {
    let wasm = wasm(r#"(module (func (export "_start") (loop (br 0))))"#);
    let mut target = target(&Sandbox::new(roomy().fuel(100_000)), &wasm);
    let sandbox = Sandbox::new(roomy().fuel(100_000));
    let module = Module::new(&wasm).expect("it is admitted");
    let expected = sandbox.run(&module, "").expect("it starts").usage.fuel;
    for _ in 0..3 {
        let verdict = target.run(b"").expect("it runs");
        assert_eq!(verdict.stop, Some(Stop::OutOfFuel { limit: 100_000 }));
        assert_eq!(verdict.fuel, expected);
    }
}

#[test]
fn a_guest_that_cannot_be_fuzzed_is_refused_at_once() {
    let refused = |sandbox: &Sandbox, text: &str| {
        let target = Target::new(sandbox, &Module::builder(), wasm(text));
        match target.expect_err("it is refused") {
            EntryError::Refused(error) => error.code(),
            EntryError::NotReady(_) => "not-ready",
            other => panic!("{other}"),
        }
    };
    let sandbox = timeless(roomy());
    let test =
        r#"(func (export "LLVMFuzzerTestOneInput") (param i32 i32) (result i32) (i32.const 0))"#;
    assert_eq!(refused(&sandbox, "(module)"), "export-missing");
    assert_eq!(
        refused(&sandbox, &format!("(module {test})")),
        "export-missing"
    );
    let import = r#"(module (import "env" "host_get_input_len" (func (result i32)))
        (func (export "_start")))"#;
    assert_eq!(refused(&sandbox, import), "import-not-granted");
    let unknown = format!(
        r#"(module (import "env" "nobody" (func)) {test}
        (memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) (i32.const 0)))"#
    );
    assert_eq!(refused(&sandbox, &unknown), "import-unknown");
    let traps = format!(
        r#"(module {test} (memory (export "memory") 1)
        (func (export "malloc") (param i32) (result i32) (unreachable)))"#
    );
    assert_eq!(refused(&sandbox, &traps), "not-ready");
    let start = r#"(module (func $trap (unreachable)) (start $trap) (func (export "_start")))"#;
    assert_eq!(refused(&sandbox, start), "not-ready");
}

#[test]
fn a_buffer_outside_of_the_memory_harms_nobody() {
    let wasm = wasm(
        r#"(module (memory (export "memory") 1)
        (func (export "malloc") (param i32) (result i32) (i32.const -1))
        (func (export "LLVMFuzzerTestOneInput") (param i32 i32) (result i32) (i32.load8_u (local.get 0))))"#,
    );
    let mut target = target(&timeless(roomy()), &wasm);
    let verdict = target.run(b"input").expect("it runs");
    assert_eq!(verdict.stop, Some(Stop::Trapped(Trap::MemoryOutOfBounds)));
}

#[test]
fn a_target_knows_its_ways_before_it_runs() {
    // Two functions, and two ways at the end of the loop. A guest that changes tables is made again for each run.
    for (changes, remade) in [
        ("", 0),
        ("(drop (table.grow (ref.null func) (i32.const 1)))", 1),
    ] {
        let wasm = wasm(&format!(
            r#"(module (table 1 9 funcref) (func $inner) (func (export "_start") (local i32)
            (loop (call $inner) {changes} (br_if 0 (local.get 0)))))"#
        ));
        let mut target = target(&timeless(roomy()), &wasm);
        assert_eq!(target.ways(), 4, "{changes}");
        for _ in 0..2 {
            let verdict = target.run(b"").expect("it runs");
            assert_eq!((verdict.stop, verdict.edges.len()), (None, 4), "{changes}");
        }
        assert_eq!((target.ways(), target.remade()), (4, remade), "{changes}");
    }
}

#[test]
fn input_that_is_too_long_is_cut() {
    let wasm = wasm(TESTED);
    let mut target = target(&timeless(roomy()), &wasm);
    let verdict = target
        .run(&vec![b'b'; Target::MOST_INPUT_BYTES + 1])
        .expect("it runs");
    assert_eq!(verdict.stop, None);
}
