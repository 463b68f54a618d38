//! A replay says in which functions a guest was when it ended, and at which operator of each.

#![cfg(feature = "observe")]

use crate::harness::{MOST_RECORDED, roomy, timeless};
use fuelbox::{
    Call, Function, HostError, Limits, Module, ModuleBuilder, ModuleLimits, Observation, Outcome,
    Proposal, Sandbox, Slice, Stop, Value,
};

// Opcodes, as the specification numbers them.
const UNREACHABLE: u8 = 0x00;
const LOOP: u8 = 0x03;
const CALL: u8 = 0x10;
const CALL_INDIRECT: u8 = 0x11;
const RETURN_CALL: u8 = 0x12;
const RETURN_CALL_INDIRECT: u8 = 0x13;
const I32_LOAD: u8 = 0x28;
const MEMORY_GROW: u8 = 0x40;
const I32_DIV_U: u8 = 0x6e;

/// A module, as bytes and built.
struct Guest {
    wasm: Vec<u8>,
    module: Module,
}

fn guest(text: &str) -> Guest {
    built(text, &Module::builder())
}

fn built(text: &str, builder: &ModuleBuilder) -> Guest {
    let wasm = wat::parse_str(text).expect("the text is valid");
    let module = builder.build(&wasm).expect("the module is admitted");
    Guest { wasm, module }
}

impl Guest {
    /// Runs a call, and observes the recording of it.
    fn observe(&self, sandbox: &Sandbox, call: impl Into<Call>) -> Observation {
        let sandbox = sandbox.clone().record(MOST_RECORDED);
        let execution = sandbox.start(&self.module, call).expect("it starts");
        let finished = execution.finish();
        let recording = finished.recording.expect("it is recorded");
        let observation = recording.observe(&self.wasm).expect("it starts again");
        assert_eq!(observation.replay.divergence, None);
        assert_eq!(observation.replay.reports.last(), Some(&finished.report));
        observation
    }

    /// The functions that it was in, the innermost first, and the opcode that stands at each place.
    fn places(&self, observation: &Observation) -> Vec<(u32, u8)> {
        let frames = observation.frames.iter();
        frames
            .map(|frame| {
                let at = usize::try_from(frame.offset).expect("it is in the module");
                (
                    frame.function,
                    *self.wasm.get(at).expect("it is in the module"),
                )
            })
            .collect()
    }

    fn stopped(&self, sandbox: &Sandbox, call: impl Into<Call>) -> Vec<(u32, u8)> {
        let observation = self.observe(sandbox, call);
        let outcome = &observation
            .replay
            .reports
            .last()
            .expect("it was called")
            .outcome;
        assert!(matches!(outcome, Outcome::Stopped { .. }), "{outcome}");
        self.places(&observation)
    }
}

#[test]
fn a_trap_has_the_operator_and_the_calls_that_led_there() {
    let guest = guest(
        r#"(module
            (func $divide (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
            (func $fine (drop (call $divide (i32.const 1))))
            (func $middle (param i32) (call $fine) (drop (call $divide (local.get 0))))
            (func (export "_start") (call $middle (i32.const 1)) (call $middle (i32.const 0))))"#,
    );
    let expected = [(0, I32_DIV_U), (2, CALL), (3, CALL)];
    assert_eq!(guest.stopped(&timeless(roomy()), ""), expected);
    // The second of its two calls.
    let observation = guest.observe(&timeless(roomy()), "");
    let offset = usize::try_from(observation.frames[2].offset).expect("it is in the module");
    assert_eq!(guest.wasm[offset - 2..offset], [0x41, 0x00]);
}

#[test]
fn what_has_returned_is_in_no_frame() {
    let guest = guest(
        r#"(module
            (func $leaf (nop))
            (func $deep (call $leaf))
            (func (export "_start") (call $deep) (loop (br 0))))"#,
    );
    let sandbox = timeless(roomy().fuel(100_000));
    assert_eq!(guest.stopped(&sandbox, ""), [(2, LOOP)]);
    let finishes = built("(module (func (export \"_start\")))", &Module::builder());
    assert_eq!(finishes.observe(&sandbox, "").frames, []);
}

#[test]
fn a_call_through_a_table_that_fails_is_the_operator() {
    let guest = guest(
        r#"(module
            (table 2 funcref)
            (elem (i32.const 0) $other)
            (func $other (param i64))
            (func (export "null") (call_indirect (i32.const 1)))
            (func (export "type") (call_indirect (i32.const 0))))"#,
    );
    for (name, function) in [("null", 1), ("type", 2)] {
        let places = guest.stopped(&timeless(roomy()), Call::export(name));
        assert_eq!(places, [(function, CALL_INDIRECT)]);
    }
}

#[test]
fn calls_in_tail_position_leave_no_frame_and_lose_none() {
    let text = r#"(module
        (import "env" "fail" (func $fail))
        (table 1 funcref)
        (func $last (param i32) (unreachable))
        (func $tail (param i32) (return_call $last (local.get 0)))
        (func (export "through") (call $tail (i32.const 7)))
        (func $null (return_call_indirect (i32.const 0)))
        (func (export "null") (call $null))
        (func $import (return_call $fail))
        (func (export "import") (call $import))
        (func $loop (param i32) (if (local.get 0) (then
            (return_call $loop (i32.sub (local.get 0) (i32.const 1))))) (unreachable))
        (func (export "many") (call $loop (i32.const 100000))))"#;
    let guest = built(text, &Module::builder().allow(Proposal::TailCall));
    let fail = Function::new("env", "fail", || Err::<(), _>(HostError::message("no")));
    let sandbox = timeless(roomy()).grant(fail);
    let stopped = |name: &str| guest.stopped(&sandbox, Call::export(name));
    assert_eq!(stopped("through"), [(1, UNREACHABLE), (3, CALL)]);
    assert_eq!(stopped("null"), [(4, RETURN_CALL_INDIRECT), (5, CALL)]);
    assert_eq!(stopped("import"), [(6, RETURN_CALL), (7, CALL)]);
    assert_eq!(stopped("many"), [(8, UNREACHABLE), (9, CALL)]);
}

#[test]
fn a_host_function_that_fails_is_the_call_of_it() {
    let guest = guest(
        r#"(module
            (import "env" "fail" (func $fail))
            (func $inner (call $fail))
            (func (export "_start") (call $inner)))"#,
    );
    let fail = Function::new("env", "fail", || Err::<(), _>(HostError::message("no")));
    let places = guest.stopped(&timeless(roomy()).grant(fail), "");
    assert_eq!(places, [(1, CALL), (2, CALL)]);
}

#[test]
fn a_stack_that_overflows_has_all_its_frames() {
    let text = r#"(module (func $deeper (export "_start") (call $deeper)))"#;
    let deep = Module::builder().limits(ModuleLimits::default().call_depth(500));
    let guest = built(text, &deep);
    let places = guest.stopped(&timeless(roomy()), "");
    assert_eq!(places.len(), 500);
    assert!(places.iter().all(|place| *place == (0, CALL)));
    // Where the room for values runs out first.
    let text =
        r#"(module (func $deeper (export "_start") (local i64 i64 i64 i64) (call $deeper)))"#;
    let narrow = Module::builder().limits(ModuleLimits::default().stack_bytes(10_000));
    let places = built(text, &narrow).stopped(&timeless(roomy()), "");
    assert!((200..400).contains(&places.len()), "{}", places.len());
}

#[test]
fn growth_that_is_denied_is_the_operator() {
    let guest = guest(
        r#"(module (memory 1)
            (func (export "_start") (drop (memory.grow (i32.const 1))) (drop (memory.grow (i32.const 100)))))"#,
    );
    let sandbox = timeless(roomy().memory_bytes(4 << 16));
    let observation = guest.observe(&sandbox, "");
    assert_eq!(guest.places(&observation), [(0, MEMORY_GROW)]);
    assert_eq!(observation.memories.len(), 1);
    assert_eq!(observation.memories[0].len(), 2 << 16);
}

#[test]
fn code_that_is_written_again_keeps_its_places() {
    // Values through blocks and branches, a growth, a comparison right before a select; and all of it cut.
    let text = r#"(module (memory 1)
        (func (export "run") (param i32) (result i32)
            (i32.const 1) (i32.const 2)
            (block (param i32 i32) (result i32 i32)
                (br_if 0 (i32.eqz (local.get 0)))
                (i32.add) (i32.const 5))
            (drop) (drop)
            (drop (select (i32.const 1) (i32.const 2) (i32.eqz (local.get 0))))
            (drop (memory.grow (i32.const 0)))
            (i32.load offset=65534 (local.get 0))))"#;
    for stretch_fuel in [125_000, 50] {
        let limits = ModuleLimits::default().stretch_fuel(stretch_fuel);
        let guest = built(text, &Module::builder().limits(limits));
        let places = guest.stopped(&timeless(roomy()), Call::export("run").args(1));
        assert_eq!(places, [(0, I32_LOAD)], "{stretch_fuel}");
    }
}

#[test]
fn start_functions_and_later_calls_begin_with_no_frames() {
    let text = r#"(module
        (func $start)
        (func (export "_initialize") (call $start))
        (func (export "fine") (call $start))
        (func (export "trap") (unreachable))
        (start $start))"#;
    let guest = guest(text);
    let places = guest.stopped(&timeless(roomy()), Call::export("trap"));
    assert_eq!(places, [(3, UNREACHABLE)]);

    let sandbox = timeless(roomy()).record(MOST_RECORDED);
    let mut instance = sandbox.instantiate(&guest.module).expect("it starts");
    for name in ["fine", "fine", "trap"] {
        instance.run(Call::export(name)).expect("it is ready");
    }
    let recording = instance.recording().expect("it is recorded");
    let observation = recording.observe(&guest.wasm).expect("it starts again");
    assert_eq!(guest.places(&observation), [(3, UNREACHABLE)]);
}

#[test]
fn any_fuel_runs_out_where_the_run_stopped() {
    // Which function it is in is written down before and after each call.
    let text = r#"(module
        (global $in (mut i32) (i32.const 3))
        (func $leaf (param i32) (local i32)
            (global.set $in (i32.const 0))
            (loop $again
                (local.set 1 (i32.add (local.get 1) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get 1) (local.get 0))))
            (global.set $in (i32.const 4)))
        (func $caller (param i32)
            (global.set $in (i32.const 1))
            (if (local.get 0) (then
                (call $leaf (local.get 0))
                (loop (global.set $in (i32.const 1)))
                (call $caller (i32.sub (local.get 0) (i32.const 1)))
                (loop (global.set $in (i32.const 1))))))
        (func (export "_start")
            (loop $again (call $caller (i32.const 6)) (loop (global.set $in (i32.const 2)) (br $again)))))"#;
    let guest = guest(text);
    let mut seen = [0; 5];
    for fuel in (500..9_000).step_by(7) {
        let observation = guest.observe(&timeless(roomy().fuel(fuel)), "");
        let Some(Value::I32(function)) = observation.globals.first().copied() else {
            panic!("the first global is a number");
        };
        let frames: Vec<_> = observation
            .frames
            .iter()
            .map(|frame| frame.function)
            .collect();
        let function = u32::try_from(function).expect("it is small");
        seen[function as usize] += 1;
        match function {
            // It is on its way into a function, or out of one.
            3 | 4 => continue,
            // A call of itself begins or has just returned.
            1 => assert!(matches!(frames[0], 1 | 2), "{fuel}: {frames:?}"),
            _ => assert_eq!(frames[0], function, "{fuel}: {frames:?}"),
        }
        assert_eq!(frames.last(), Some(&2), "{fuel}");
        assert!(
            frames.len() <= 9 && frames[1..].iter().all(|frame| *frame > 0),
            "{frames:?}"
        );
    }
    assert!(seen[0] > 100 && seen[1] > 10 && seen[2] > 0, "{seen:?}");
}

#[test]
fn what_stops_a_guest_from_outside_stops_it_in_the_same_function() {
    let guest = guest(
        r#"(module
            (func $spin (loop (br 0)))
            (func (export "_start") (call $spin)))"#,
    );
    let sandbox = timeless(Limits::default()).record(MOST_RECORDED);
    let mut execution = sandbox.start(&guest.module, "").expect("it starts");
    execution.step(Slice::fuel(12_345));
    execution.cancel_token().cancel();
    let finished = execution.finish();
    assert_eq!(finished.report.stop(), Some(&Stop::Cancelled));
    let recording = finished.recording.expect("it is recorded");
    let observation = recording.observe(&guest.wasm).expect("it starts again");
    assert_eq!(observation.replay.divergence, None);
    assert_eq!(guest.places(&observation), [(0, LOOP), (1, CALL)]);
}

#[test]
fn exports_that_are_called_like_ours_do_no_harm() {
    let guest = guest(
        r#"(module
            (global (export "fuelbox:observe:innermost") (mut i32) (i32.const 4000))
            (memory (export "fuelbox:observe:frames") 1)
            (func (export "_start") (unreachable)))"#,
    );
    assert_eq!(guest.stopped(&timeless(roomy()), ""), [(0, UNREACHABLE)]);
}

#[test]
fn locals_are_those_that_each_function_had_where_it_was() {
    let text = r#"(module
        (func $deeper (param i32 i64 f32 f64) (local externref i32)
            (local.set 5 (i32.mul (local.get 0) (i32.const 3)))
            (if (i32.eqz (local.get 0)) (then (unreachable)))
            (call $deeper (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (local.get 2) (local.get 3))
            (local.set 5 (i32.const 0)))
        (func (export "_start")
            (call $deeper (i32.const 99) (i64.const -7) (f32.const 1.5) (f64.const 2.5))))"#;
    let guest = guest(text);
    let sandbox = timeless(roomy()).record(MOST_RECORDED);
    let execution = sandbox.start(&guest.module, "").expect("it starts");
    let recording = execution.finish().recording.expect("it is recorded");
    let observation = recording.observe(&guest.wasm).expect("it starts again");
    let locals = recording
        .locals(&guest.wasm, &observation)
        .expect("it starts again");
    assert_eq!((observation.frames.len(), locals.len()), (101, 64));
    for (number, locals) in (0..).zip(locals) {
        let expected = [
            Some(Value::I32(number)),
            Some(Value::I64(-7)),
            Some(Value::F32(1.5)),
            Some(Value::F64(2.5)),
            None,
            Some(Value::I32(3 * number)),
        ];
        assert_eq!(locals, expected);
    }
}
