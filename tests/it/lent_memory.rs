//! Memory that is lent: it never moves, shows nothing of the guest before, and makes no difference to a guest.

use crate::harness::{
    Case, admit, allocations::measure, cases, code, module, resident_bytes, roomy,
    same_but_for_time, timeless,
};
use fuelbox::{Call, ExternType, Module, ModuleLimits, Proposal, Report, Slice, Step, Value};
use std::{process::Command, thread};

const PAGE: u64 = 65_536;

/// Leaves no byte of its memory as it was, in two sizes, and tells how many were not 0 before.
const SEES_AND_LEAVES: &str = r#"(module (memory (export "memory") 1)
    (func $seen (param $at i32) (param $end i32) (result i32) (local $seen i32)
        (loop $again
            (local.set $seen (i32.add (local.get $seen)
                (i32.ne (i32.load8_u (local.get $at)) (i32.const 0))))
            (i32.store8 (local.get $at) (i32.const 0xa5))
            (br_if $again (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1)))
                (local.get $end))))
        (local.get $seen))
    (func (export "look") (param $more i32) (result i32) (local $seen i32)
        (local.set $seen (call $seen (i32.const 0) (i32.const 65536)))
        (drop (memory.grow (local.get $more)))
        (i32.add (local.get $seen)
            (call $seen (i32.const 65536) (i32.mul (memory.size) (i32.const 65536))))))"#;

#[test]
fn a_guest_sees_nothing_of_the_one_before() {
    let module = module(SEES_AND_LEAVES);
    let sandbox = timeless(roomy());
    for more in [3, 1, 7, 2, 7] {
        assert_eq!(sandbox.call::<i32, i32>(&module, "look", more), Ok(0));
    }
}

#[test]
fn guests_on_two_threads_see_nothing_of_each_other() {
    let module = module(SEES_AND_LEAVES);
    let sandbox = timeless(roomy());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for more in [2, 1].into_iter().cycle().take(20) {
                    assert_eq!(sandbox.call::<i32, i32>(&module, "look", more), Ok(0));
                }
            });
        }
    });
}

#[test]
fn a_guest_may_end_on_another_thread() {
    let module = module(SEES_AND_LEAVES);
    let sandbox = timeless(roomy());
    for _ in 0..10 {
        let call = Call::export("look").values([Value::I32(1)]);
        let mut execution = sandbox.start(&module, call).expect("it starts");
        assert_eq!(execution.step(Slice::fuel(10_000)), Step::Paused);
        let there = thread::spawn(move || execution.finish().report);
        let report = there.join().expect("it ends");
        assert!(matches!(report.values[..], [Value::I32(0)]));
    }
}

#[test]
fn a_memory_never_moves_and_is_never_there_twice() {
    let module = module(
        r#"(module (memory 1)
            (func (export "_start") (local $left i32)
                (local.set $left (i32.const 1023))
                (loop $again
                    (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
                    (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"#,
    );
    let sandbox = timeless(roomy());
    let (report, spent) = measure(|| sandbox.run(&module, []).expect("it starts"));
    assert_eq!(report.usage.peak_memory_bytes, 1_024 * PAGE);
    // Nothing of it comes from the allocator of the program, least of all a second copy.
    assert!(spent.peak < 1 << 20, "{} bytes at a time", spent.peak);
}

#[test]
#[ignore = "looks at what the process has; .ci/run does it alone"]
fn what_a_guest_grows_to_is_all_that_the_host_has_of_it() {
    const MORE_BYTES: u64 = 6 << 20;

    let module = module(SEES_AND_LEAVES);
    let mut instance = timeless(roomy().fuel(u64::MAX))
        .instantiate(&module)
        .expect("it starts");
    let before = resident_bytes();
    assert_eq!(instance.call::<i32, i32>("look", 1_000), Ok(0));
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let grown = after.saturating_sub(before);
        assert!(grown < 1_001 * PAGE + MORE_BYTES, "{grown} bytes resident");
    }
}

#[test]
fn guests_do_the_same_with_a_memory_of_the_interpreters_own() {
    let mut compared = 0;
    for folder in ["tests/guests", "tests/hostile"] {
        for (path, case) in cases(folder) {
            if case.is_timed() {
                continue;
            }
            let [lent, own] = [false, true].map(|own| run(&case, own));
            assert_eq!(lent, own, "{path}");
            compared += 1;
        }
    }
    assert!(compared > 150, "{compared}");
}

/// What happens to the guest, its admission and its start included.
fn run(case: &Case, own: bool) -> Result<Report, fuelbox::Error> {
    let builder = Module::builder().limits(case.module_limits.clone());
    let builder = if own { builder.own_memories() } else { builder };
    let module = builder.build(&case.wasm)?;
    let sandbox = case.sandbox();
    let execution = case.start(&sandbox, &module)?;
    Ok(same_but_for_time(execution.finish().report))
}

#[test]
fn what_a_module_needs_and_offers_does_not_show_that_it_is_lent_memory() {
    let texts = [
        "(module (memory 1))",
        r#"(module (func (export "f")) (memory (export "memory") 1 4) (memory (export "b") 2))"#,
        r#"(module (import "env" "f" (func $f)) (import "env" "m" (memory 1)) (memory $own 3)
            (export "own" (memory $own)) (start $f))"#,
        r#"(module (import "env" "t" (table 1 funcref)) (import "fuelbox" "memory" (global i32))
            (memory (export "memory") i64 1 9) (data (i64.const 8) "bytes"))"#,
    ];
    let limits = ModuleLimits::default()
        .allow(Proposal::MultiMemory)
        .allow(Proposal::Memory64);
    for text in texts {
        let lent = admit(text, &limits).expect("it is admitted");
        let wasm = wat::parse_str(text).expect("the text is valid");
        let builder = Module::builder().limits(limits.clone()).own_memories();
        let own = builder.build(wasm).expect("it is admitted");
        assert_eq!(lent.imports(), own.imports(), "{text}");
        assert_eq!(lent.memories(), own.memories(), "{text}");
        let [lent, own] = [&lent, &own].map(|module| module.exports().collect::<Vec<_>>());
        assert_eq!(lent, own, "{text}");
    }
}

#[test]
fn several_memories_keep_their_numbers() {
    let limits = ModuleLimits::default().allow(Proposal::MultiMemory);
    let module = admit(
        r#"(module
            (memory $a 1) (memory $b (export "memory") 2) (memory $c 3 3)
            (data (memory $a) (i32.const 0) "\07") (data (memory $c) (i32.const 0) "\09")
            (data (memory $b) (i32.const 0) "\08")
            (func (export "run") (result i32)
                (drop (memory.grow $b (i32.const 1)))
                (if (i32.ne (memory.grow $c (i32.const 1)) (i32.const -1)) (then unreachable))
                (i32.store8 $b (i32.const 1) (memory.size $b))
                (i32.add (i32.mul (i32.load8_u $a (i32.const 0)) (i32.const 100))
                    (i32.load8_u $c (i32.const 0)))))"#,
        &limits,
    );
    let module = module.expect("it is admitted");
    let mut instance = timeless(roomy()).instantiate(&module).expect("it starts");
    assert_eq!(instance.call::<(), i32>("run", ()), Ok(709));
    assert_eq!(instance.memory().size(), 3 * PAGE);
    let bytes = instance.memory().read(0, 2).map(<[u8]>::to_vec);
    assert_eq!(bytes.as_deref(), Ok(&[8, 3][..]));
}

#[test]
fn a_snapshot_of_an_instance_with_a_lent_memory_is_a_module_with_its_own() {
    let wasm = wat::parse_str(SEES_AND_LEAVES).expect("the text is valid");
    let module = Module::builder().snapshots(true).build(wasm);
    let module = module.expect("it is admitted");
    let sandbox = timeless(roomy());
    let mut instance = sandbox.instantiate(&module).expect("it starts");
    assert_eq!(instance.call::<i32, i32>("look", 1), Ok(0));
    let warm = instance.snapshot().expect("it can be written");
    assert_eq!(warm.imports(), []);
    assert_eq!(warm.memories().len(), 1);
    assert!(matches!(warm.export("memory"), Some(ExternType::Memory(_))));
    // All of its two pages are as they were left.
    let look = sandbox.call::<i32, i32>(&warm, "look", 0);
    assert_eq!(look, Ok(2 * 65_536));
}

#[test]
fn a_limit_that_no_machine_can_reserve_is_no_obstacle() {
    let limits = ModuleLimits::default().allow(Proposal::Memory64);
    let text = r#"(module (memory i64 1)
        (func (export "_start") (drop (memory.grow (i64.const 15)))
            (i64.store (i64.const 0xffff8) (i64.const 1))))"#;
    let module = admit(text, &limits).expect("it is admitted");
    let run = timeless(roomy().memory_bytes(u64::MAX)).run(&module, []);
    let report = run.expect("it starts");
    assert_eq!(code(&report), "finished");
    assert_eq!(report.usage.peak_memory_bytes, 16 * PAGE);
}

/// Where the system gives no address space for what is only reserved, memories move as they did.
#[test]
#[cfg(target_os = "linux")]
fn guests_run_where_nothing_can_be_reserved() {
    let program = std::env::current_exe().expect("it runs");
    let output = Command::new("sh")
        .args(["-c", r#"ulimit -v 3000000 && exec "$0" "$@""#])
        .arg(program)
        .args(["--exact", "lent_memory::child", "--ignored", "--nocapture"])
        .output()
        .expect("it starts");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(stdout.contains(DONE), "{stdout}");
}

const DONE: &str = "all of them ran";

/// More guests at once than there is address space for, and each does its work.
#[test]
#[ignore = "a process of its own, started by the test above"]
fn child() {
    let module = module(SEES_AND_LEAVES);
    let sandbox = timeless(roomy());
    let start = || sandbox.instantiate(&module).expect("it starts");
    let mut guests: Vec<_> = (0..100).map(|_| start()).collect();
    for guest in &mut guests {
        assert_eq!(guest.call::<i32, i32>("look", 2), Ok(0));
    }
    println!("{DONE}");
}
