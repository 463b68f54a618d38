//! Goes through one case again and again, for callgrind to count the instructions of.
//!
//! `counts CASE` prints how many rounds it went. Only what happens in [`counted`] counts: by then the
//! allocator and the interpreter have warmed up.

use fuelbox::{
    Call, Function, Limits, Module, Sandbox, Scheduler, Slice, Step, ValueType, Wait, protocol,
};
use std::time::Duration;

const ROUNDS: u32 = 1_000;

const INPUT: &[u8] = b"a line of input, as short as most are";

/// Has an import, and no memory: writing its zeros would outweigh all else.
const SMALL: &str = r#"(module
  (import "env" "host_get_input_len" (func $len (result i32)))
  (func (export "execute") (param i32 i32) (result i32)
    (i32.sub (call $len) (local.get 1))))"#;

/// The same with a page, most of which is to write its zeros.
const PAGE: &str = r#"(module
  (import "env" "host_get_input_len" (func $len (result i32)))
  (memory (export "memory") 1)
  (func (export "execute") (param i32 i32) (result i32)
    (i32.sub (call $len) (local.get 1))))"#;

/// Calls a function of the host as often as its first argument says.
const CALLS: &str = r#"(module
  (import "env" "host" (func $host (param i32) (result i32)))
  (func (export "call") (param $left i32) (local $x i32)
    (loop $again
      (local.set $x (call $host (local.get $x)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#;

/// Keeps a number from call to call.
const COUNTER: &str = r#"(module
  (global $sum (mut i32) (i32.const 0))
  (func (export "add") (param i32) (result i32)
    (global.set $sum (i32.add (global.get $sum) (local.get 0)))
    (global.get $sum)))"#;

/// Goes on for ever.
const LOOP: &str = r#"(module
  (func (export "execute") (param i32 i32) (result i32)
    (loop $again (br $again))
    (unreachable)))"#;

/// Fuel of a slice that has to come back at once.
const SLICE_FUEL: u64 = 1;

fn main() {
    let case = std::env::args().nth(1).expect("a case");
    match case.as_str() {
        "fresh-run" => fresh_run(&module(SMALL)),
        "page-run" => fresh_run(&module(PAGE)),
        "own-page-run" => fresh_run(
            &Module::builder().own_memories().build_wat(PAGE).expect("the guest is valid"),
        ),
        "live-call" => live_call(),
        "host-call" => host_call(),
        "slice-switch" => slice_switch(),
        "wait-answer" => wait_answer(),
        "scheduler-round" => scheduler_round(),
        _ => panic!("no case is called {case}"),
    }
    println!("{ROUNDS}");
}

fn fresh_run(module: &Module) {
    let sandbox = sandbox();
    let run = || {
        let report = sandbox.run(module, INPUT).expect("it starts");
        assert_eq!(report.status(), Some(0));
    };
    run();
    counted(|| (0..ROUNDS).for_each(|_| run()));
}

/// Calls of one instance by name.
fn live_call() {
    let instance = sandbox().instantiate(&module(COUNTER));
    let mut instance = instance.expect("it can be made");
    let mut call = || instance.call::<_, i32>("add", 1).expect("it finishes");
    call();
    counted(|| (0..ROUNDS).for_each(|_| _ = call()));
    assert_eq!(call(), i32::try_from(ROUNDS).expect("it is small") + 2);
}

/// All calls of one run; what the run itself takes is lost among them.
fn host_call() {
    let (sandbox, module) = (sandbox(), module(CALLS));
    let calls = i32::try_from(ROUNDS).expect("it is small");
    let run = |calls: i32| sandbox.call::<_, ()>(&module, "call", (calls,));
    run(1).expect("it finishes");
    counted(|| run(calls)).expect("it finishes");
}

fn slice_switch() {
    let mut execution = sandbox().start(&module(LOOP), INPUT).expect("it starts");
    execution.step(Slice::fuel(SLICE_FUEL));
    counted(|| (0..ROUNDS).for_each(|_| _ = execution.step(Slice::fuel(SLICE_FUEL))));
    assert_eq!(execution.usage().slices, u64::from(ROUNDS) + 1);
}

/// A host call that the guest waits for: the step that ends with it, and its answer.
fn wait_answer() {
    let host = Function::waiting("env", "host", &[ValueType::I32], &[ValueType::I32]);
    let call = Call::export("call").args(i32::MAX);
    let execution = sandbox().grant(host).start(&module(CALLS), call);
    let mut execution = execution.expect("it starts");
    let mut round = || {
        let step = execution.step(Slice::fuel(u64::MAX));
        assert_eq!(step, Step::Waiting(Wait::Host));
        execution.answer(1).expect("it asks");
    };
    round();
    counted(|| (0..ROUNDS).for_each(|_| round()));
}

/// As often as a slice is switched, but by a scheduler of a hundred guests.
fn scheduler_round() {
    const GUESTS: u32 = 100;

    let (sandbox, module) = (sandbox(), module(LOOP));
    let mut scheduler = Scheduler::with_clock(|| Duration::ZERO);
    for _ in 0..GUESTS {
        scheduler.add(sandbox.start(&module, INPUT).expect("it starts"));
    }
    let mut round = || assert_eq!(scheduler.round(SLICE_FUEL), Step::Paused);
    round();
    counted(|| (0..ROUNDS / GUESTS).for_each(|_| round()));
}

/// What callgrind is told to count.
#[inline(never)]
fn counted<T>(run: impl FnOnce() -> T) -> T {
    std::hint::black_box(run())
}

fn sandbox() -> Sandbox {
    // A clock that stands still: with the machine's, slices would be of other sizes each time.
    Sandbox::with_clock(Limits::default().deadline(Duration::MAX), || Duration::ZERO)
        .grant(protocol())
        .grant(Function::new("env", "host", |n: i32| n.wrapping_add(1)))
}

fn module(text: &str) -> Module {
    Module::from_wat(text).expect("the guest is valid")
}
