//! A guest has the memory and tables that it was given, counted once, and given back.

use crate::harness::{admit, allocations::measure, code, module, resident_bytes, roomy, timeless};
#[cfg(target_pointer_width = "32")]
use fuelbox::{Call, Value};
use fuelbox::{Error, GrowthDenial, Module, ModuleLimits, Proposal, Slice, Step, Stop};

const GROWS_BY_ARGUMENT: &str = r#"(module (memory 1)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#;

const PAGE: u64 = 65_536;

#[test]
fn growth_to_the_cap_is_granted_and_one_page_more_is_not() {
    let module = module(GROWS_BY_ARGUMENT);
    let sandbox = timeless(roomy().memory_bytes(4 * PAGE));
    assert_eq!(sandbox.call::<i32, i32>(&module, "grow", 3), Ok(1));
    let stopped = sandbox.call::<i32, i32>(&module, "grow", 4);
    let Err(fuelbox::CallError::Stopped(report)) = stopped else {
        panic!("{stopped:?}");
    };
    let expected = Stop::OutOfMemory {
        limit: 4 * PAGE,
        requested: 5 * PAGE,
    };
    assert_eq!(report.stop(), Some(&expected));
    assert_eq!(report.usage.peak_memory_bytes, PAGE);
}

#[test]
fn a_memory_limit_within_a_page_leaves_that_page_out() {
    let module = module(GROWS_BY_ARGUMENT);
    let limits = roomy()
        .memory_bytes(2 * PAGE - 1)
        .growth_denial(GrowthDenial::Refuse);
    assert_eq!(
        timeless(limits).call::<i32, i32>(&module, "grow", 1),
        Ok(-1)
    );
}

#[test]
fn a_growth_that_is_paused_for_fuel_counts_once() {
    let module = module(
        r#"(module (memory 1) (func (export "_start") (drop (memory.grow (i32.const 99)))))"#,
    );
    let mut execution = timeless(roomy()).start(&module, []).expect("it starts");
    let mut seen = vec![execution.usage().peak_memory_bytes];
    while !execution.step(Slice::fuel(1)).is_done() {
        seen.push(execution.usage().peak_memory_bytes);
    }
    seen.push(execution.usage().peak_memory_bytes);
    seen.dedup();
    assert_eq!(seen, [PAGE, 100 * PAGE]);
    assert_eq!(execution.finish().report.usage.memory_growths_denied, 0);
}

#[test]
fn a_growth_that_cannot_be_paid_is_not_counted() {
    let module = module(
        r#"(module (memory 1) (func (export "_start") (drop (memory.grow (i32.const 100)))))"#,
    );
    let report = timeless(roomy().fuel(1_000))
        .run(&module, [])
        .expect("it starts");
    assert_eq!(code(&report), "out-of-fuel");
    assert_eq!(report.usage.peak_memory_bytes, PAGE);
}

#[test]
fn memories_and_tables_of_all_kinds_count_together() {
    let limits = ModuleLimits::default().allow(Proposal::MultiMemory);
    let module = admit(
        r#"(module
            (memory $a 1) (memory $b 2)
            (table $f 3 funcref) (table $e 4 externref)
            (func (export "_start")
                (drop (memory.grow $a (i32.const 1)))
                (drop (memory.grow $b (i32.const 1)))
                (drop (table.grow $f (ref.null func) (i32.const 1)))
                (drop (table.grow $e (ref.null extern) (i32.const 2)))))"#,
        &limits,
    )
    .expect("it is admitted");
    let run = |limits| timeless(limits).run(&module, []).expect("it starts");
    let report = run(roomy().memory_bytes(5 * PAGE).table_elements(10));
    assert_eq!(code(&report), "finished");
    assert_eq!(report.usage.peak_memory_bytes, 5 * PAGE);
    assert_eq!(report.usage.peak_table_elements, 10);
    let report = run(roomy().memory_bytes(5 * PAGE - 1));
    assert_eq!(code(&report), "out-of-memory");
    let report = run(roomy().table_elements(9));
    assert_eq!(
        report.stop(),
        Some(&Stop::OutOfTable {
            limit: 9,
            requested: 10
        })
    );
}

#[test]
fn more_memory_than_any_machine_can_name_is_not_there() {
    let limits = ModuleLimits::default().allow(Proposal::Memory64);
    let sandbox = timeless(roomy().memory_bytes(u64::MAX));
    for pages in ["0x1000000000000", "0x800000000000"] {
        let text = format!(r#"(module (memory i64 {pages}) (func (export "_start")))"#);
        let module = admit(&text, &limits).expect("it is admitted");
        let refused = sandbox.start(&module, []).err();
        assert_eq!(refused, Some(Error::SystemOutOfMemory), "{pages}");
    }
}

/// Where there are 64 bits the machine may well have it.
#[test]
#[cfg(target_pointer_width = "32")]
fn a_growth_past_32_bits_that_is_allowed_is_denied_by_the_machine() {
    let module = module(GROWS_BY_ARGUMENT);
    let run = |denial| {
        let limits = roomy().memory_bytes(u64::MAX).growth_denial(denial);
        let call = Call::export("grow").values([Value::I32(65_535)]);
        let run = timeless(limits).start(&module, call);
        run.expect("it starts").finish().report
    };
    assert_eq!(code(&run(GrowthDenial::Stop)), "system-out-of-memory");
    let report = run(GrowthDenial::Refuse);
    assert!(matches!(report.values[..], [Value::I32(-1)]));
    assert_eq!(report.usage.memory_growths_denied, 1);
    assert_eq!(report.usage.peak_memory_bytes, PAGE);
}

#[test]
fn memory_is_given_back_after_every_run() {
    run_with_64_mib(40);
}

#[test]
#[ignore = "takes half a minute; .ci/run does it in release"]
fn memory_is_given_back_after_a_thousand_runs() {
    run_with_64_mib(1_000);
}

#[test]
fn code_is_given_back_with_its_module() {
    compile_and_drop(20_000);
}

#[test]
#[ignore = "takes some seconds; .ci/run does it in release"]
fn code_is_given_back_with_200_000_modules() {
    // 27 MiB are left where they share an engine.
    const ALLOWED_BYTES: u64 = 4 << 20;
    compile_and_drop(1_000);
    let before = resident_bytes();
    compile_and_drop(200_000);
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let grown = after.saturating_sub(before);
        assert!(grown < ALLOWED_BYTES, "{grown} bytes resident");
    }
}

#[test]
fn a_dropped_run_gives_everything_back() {
    let text = r#"(module (memory 100) (func (export "_start") (loop $again (br $again))))"#;
    // What is lent does not come from the allocator that is looked at here.
    let module = with_own_memories(text);
    let sandbox = timeless(roomy());
    let run = || {
        let mut execution = sandbox.start(&module, vec![0; 100_000]).expect("it starts");
        assert_eq!(execution.step(Slice::fuel(1_000)), Step::Paused);
    };
    run();
    let ((), spent) = measure(run);
    assert_eq!(spent.live, 0);
    assert!(spent.peak > 6 << 20);
}

/// Runs a guest with 64 MiB so often, and looks for what is left of them.
#[expect(clippy::print_stderr, reason = "what is skipped is to be seen")]
fn run_with_64_mib(runs: u32) {
    // Other tests come and go meanwhile; the runs had more than twice as much, however few they are.
    const ALLOWED_BYTES: u64 = 1 << 30;

    let text = r#"(module (memory 1024) (func (export "_start")))"#;
    let modules = [module(text), with_own_memories(text)];
    let sandbox = timeless(roomy());
    let run = || {
        for module in &modules {
            let report = sandbox.run(module, []).expect("it starts");
            assert_eq!(report.usage.peak_memory_bytes, 64 << 20);
        }
    };
    run();
    let before = resident_bytes();
    let ((), spent) = measure(|| (0..runs).for_each(|_| run()));
    assert_eq!(spent.live, 0, "bytes left by {runs} runs");
    assert!(spent.peak < 65 << 20, "{} bytes at a time", spent.peak);
    match (before, resident_bytes()) {
        (Some(before), Some(after)) => {
            let grown = after.saturating_sub(before);
            assert!(grown < ALLOWED_BYTES, "{grown} bytes resident");
        }
        _ => eprintln!("skipped: resident memory can only be read on Linux"),
    }
}

/// Compiles a small module so often and looks for what is left of them.
fn compile_and_drop(modules: u32) {
    let wasm = wat::parse_str(
        r#"(module (memory 1) (table 3 funcref) (elem (i32.const 0) $start) (func $start) (start $start)
            (func (export "_start") (memory.fill (i32.const 0) (i32.const 0) (i32.const 9))))"#,
    )
    .expect("the text is valid");
    let compile = || drop(Module::new(&wasm).expect("it is admitted"));
    compile();
    let ((), spent) = measure(|| (0..modules).for_each(|_| compile()));
    assert_eq!(spent.live, 0, "bytes left by {modules} modules");
}

/// A module whose memories are the interpreter's own, and so come from the allocator of the program.
fn with_own_memories(text: &str) -> Module {
    let wasm = wat::parse_str(text).expect("the text is valid");
    let builder = Module::builder().own_memories();
    builder.build(wasm).expect("the module is admitted")
}
