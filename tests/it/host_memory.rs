//! What the host allocates for a guest stays under a bound that follows from the limits.
//!
//! The formulas are those of docs/limits.md, "Memory of the host". What is allocated is counted as if
//! each block that grows were copied, so that the old and the new one are there for a while.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use crate::harness::{
    Case, admit,
    allocations::{Allocations, measure},
    cases,
    heavy::{Heavy, MOST_LOCALS, heaviest, heavy, importing},
    module, roomy, timeless,
};
use fuelbox::{Error, Limits, LogLine, MemoryType, Module, ModuleLimits, Report};

/// What grows by doubling: up to twice what is in it, and the old half while it moves.
const GROWN: u64 = 3;

/// An element of a table.
const ELEMENT_BYTES: u64 = 4;

/// What a call keeps beside its values.
const FRAME_BYTES: u64 = 24;

/// Store, host functions, what capabilities keep, for each run.
const RUN_BYTES: u64 = 16 << 10;

/// What a run takes for each byte of its module: functions, globals, exports, segments.
const INSTANCE_BYTES: u64 = 40;

/// A file, a directory or a name, wherever it is listed.
const NODE_BYTES: u64 = 1_024;

/// What compiling takes whatever the module,
const ADMISSION_BYTES: u64 = 32 << 10;

/// for each byte of the module,
const MODULE_BYTES: u64 = 18;

/// each type, import, function, export and segment,
const PART_BYTES: u64 = 136;

/// each import, for its names and its type,
const IMPORT_BYTES: u64 = 96;

/// each byte of its largest function, which may be conditions,
const FUNCTION_BYTES: u64 = 44;

/// each block within blocks,
const BLOCK_BYTES: u64 = 512;

/// each item of an element segment,
const ITEM_BYTES: u64 = 16;

/// each value that branches, calls and blocks carry,
const CARRIED_BYTES: u64 = 48;

/// and each local of the function that has the most.
const LOCAL_BYTES: u64 = 16;

#[test]
fn a_run_takes_no_more_than_its_report_explains() {
    let guests = cases("tests/hostile")
        .into_iter()
        .chain(cases("tests/guests"));
    let mut runs = 0;
    for (path, case) in guests {
        // Small, so that the bound is close; deep stacks have a test of their own.
        let limits = case
            .module_limits
            .clone()
            .call_depth(50)
            .stack_bytes(10_000);
        let Ok(module) = Module::builder().limits(limits.clone()).build(&case.wasm) else {
            continue;
        };
        let sandbox = case.sandbox();
        // What is made once in a process is not of this run.
        drop(case.start(&sandbox, &module));
        let (report, spent) =
            measure(|| case.start(&sandbox, &module).map(|run| run.finish().report));
        let bound = run_bound(&case, &module, &limits, report.as_ref().ok());
        assert_under(&path, &spent, bound);
        runs += u32::from(report.is_ok());
    }
    assert!(runs > 80, "{runs} ran");
}

/// The formula of docs/limits.md, with what the report says in place of the limits of the run.
fn run_bound(case: &Case, module: &Module, limits: &ModuleLimits, report: Option<&Report>) -> u64 {
    let stack = GROWN * (limits.stack_bytes + limits.call_depth * FRAME_BYTES);
    let fixed = RUN_BYTES + len(&case.wasm) * INSTANCE_BYTES + len(&case.input) + stack;
    let Some(report) = report else {
        // A segment may not fit into memories that are there already.
        let memories = module.memories().iter().map(MemoryType::minimum_bytes);
        let made = memories.fold(0, u64::saturating_add);
        return fixed + made.min(case.limits.instance.memory_bytes);
    };
    let logs: u64 = report.logs.iter().map(|line| len(&line.text)).sum();
    let lines = len(&report.logs) * size_of::<LogLine>() as u64;
    let nodes: u64 = report
        .trees
        .iter()
        .map(|tree| tree.paths().count() as u64)
        .sum();
    let grown = report.usage.peak_memory_bytes
        + report.usage.peak_table_elements * ELEMENT_BYTES
        + len(&report.output)
        + len(&report.stderr)
        + logs
        + lines;
    fixed + GROWN * grown + NODE_BYTES * nodes
}

#[test]
fn a_limit_takes_nothing_by_itself() {
    let start = |limits: Limits, module_limits: &ModuleLimits| {
        let text = r#"(module (memory 1) (table 1 funcref) (func (export "_start")))"#;
        let module = admit(text, module_limits).expect("the module is admitted");
        let sandbox = timeless(limits);
        drop(sandbox.run(&module, []));
        let (report, spent) = measure(|| sandbox.run(&module, []));
        assert!(report.is_ok(), "{report:?}");
        spent.peak
    };
    let base = Limits::default;
    let small = base()
        .memory_bytes(1 << 16)
        .table_elements(1)
        .output_bytes(0);
    let large = base().memory_bytes(1 << 30).table_elements(1 << 20);
    let few = ModuleLimits::default().call_depth(10).stack_bytes(1_000);
    let many = ModuleLimits::default()
        .call_depth(1_000_000)
        .stack_bytes(1 << 30);
    assert_eq!(start(small, &few), start(large, &many));
}

#[test]
fn the_input_that_a_host_hands_over_is_kept_once() {
    const INPUT_BYTES: usize = 1 << 20;

    let module = module(r#"(module (func (export "_start")))"#);
    let sandbox = timeless(roomy());
    drop(sandbox.run(&module, []));
    let (report, spent) = measure(|| sandbox.run(&module, vec![0; INPUT_BYTES]));
    assert!(report.is_ok(), "{report:?}");
    assert_under("input", &spent, RUN_BYTES + INPUT_BYTES as u64);
}

#[test]
fn a_deep_stack_takes_no_more_than_the_limits_of_the_module() {
    let recursion = module(
        r#"(module (func $f (export "_start")
            (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
            (call $f)))"#,
    );
    let limits = ModuleLimits::default();
    let sandbox = timeless(roomy());
    let start = || sandbox.start(&recursion, []).expect("it starts");
    let (report, spent) = measure(|| start().finish().report);
    assert_eq!(report.outcome.code(), "trap-stack-overflow");
    let stack = limits.stack_bytes + limits.call_depth * FRAME_BYTES;
    assert_under("recursion", &spent, RUN_BYTES + GROWN * stack);
    // A module keeps two stacks for the runs that follow.
    let kept = u64::try_from(spent.live).expect("nothing is freed twice");
    assert!(kept <= GROWN * stack, "{kept} bytes are kept");
    let (_, again) = measure(|| (0..10).for_each(|_| drop(start().finish().report)));
    assert_eq!(again.live, 0, "bytes left by ten runs more");
}

#[test]
fn compiling_takes_no_more_than_follows_from_the_size() {
    let mut above = Vec::new();
    for heavy in heavy().into_iter().chain([importing()]) {
        let (module, spent) = measure(|| admitted(&heavy));
        let bound = compile_bound(&heavy);
        println!("{}", figures(&heavy, &spent, bound));
        above.extend(is_above(&spent, bound).then_some(heavy.name));
        let (_, dropped) = measure(|| drop(module));
        assert_eq!(dropped.live, -spent.live, "{}", heavy.name);
    }
    assert!(above.is_empty(), "{above:#?}");
}

/// Whatever the module, as long as the default limits admit it, `Module::new` takes no more than the
/// formula says where every limit stands in it; the figure is in docs/limits.md.
#[test]
#[ignore = "takes a minute; .ci/run does it in release"]
fn compiling_the_worst_that_the_default_limits_admit_takes_no_more_than_they_say() {
    const MOST_MIB: u64 = 1_499;

    let limits = ModuleLimits::default();
    let bound = bound_of(&limits.clone().locals(MOST_LOCALS), limits.module_bytes);
    assert_eq!(bound.div_ceil(1 << 20), MOST_MIB);
    for heavy in heaviest() {
        let (module, spent) = measure(|| admitted(&heavy));
        println!("{}", figures(&heavy, &spent, compile_bound(&heavy)));
        assert_under(heavy.name, &spent, compile_bound(&heavy));
        assert_under(heavy.name, &spent, bound);
        drop(module);
    }
}

/// Made to be admitted, so that it is the work of compiling that is measured.
fn admitted(heavy: &Heavy) -> Module {
    Module::new(&heavy.wasm).unwrap_or_else(|error| panic!("{}: {error}", heavy.name))
}

/// The formula of docs/limits.md, with what is in the module in place of the limits.
fn compile_bound(heavy: &Heavy) -> u64 {
    bound_of(
        &heavy
            .uses
            .clone()
            .carried_values(carried_values(&heavy.wasm)),
        len(&heavy.wasm),
    )
}

fn bound_of(uses: &ModuleLimits, bytes: u64) -> u64 {
    let parts = uses.types
        + uses.imports
        + uses.functions
        + uses.exports
        + uses.data_segments
        + uses.element_segments;
    ADMISSION_BYTES
        + bytes * MODULE_BYTES
        + parts * PART_BYTES
        + uses.imports * IMPORT_BYTES
        + uses.function_bytes * FUNCTION_BYTES
        + uses.block_depth * BLOCK_BYTES
        + uses.elements * ITEM_BYTES
        + uses.carried_values * CARRIED_BYTES
        + uses.locals * LOCAL_BYTES
}

/// How many values the module carries, by the library's own count.
fn carried_values(wasm: &[u8]) -> u64 {
    match Module::builder()
        .limits(ModuleLimits::default().carried_values(0))
        .build(wasm)
    {
        Err(Error::ModuleLimit { limit, found, .. }) if limit == "carried_values" => found,
        _ => 0,
    }
}

#[test]
fn instantiating_takes_no_more_than_follows_from_the_size() {
    let mut above = Vec::new();
    for heavy in heavy() {
        let module = admitted(&heavy);
        let sandbox = timeless(roomy());
        let start = || sandbox.start(&module, []).expect("it starts");
        drop(start());
        let (run, spent) = measure(start);
        let bound =
            RUN_BYTES + GROWN * run.usage().peak_memory_bytes + INSTANCE_BYTES * len(&heavy.wasm);
        println!("{}", figures(&heavy, &spent, bound));
        above.extend(is_above(&spent, bound).then_some(heavy.name));
    }
    assert!(above.is_empty(), "{above:#?}");
}

fn assert_under(what: &str, spent: &Allocations, bound: u64) {
    assert!(
        !is_above(spent, bound),
        "{what}: {} bytes, {bound} are allowed",
        spent.peak
    );
}

fn is_above(spent: &Allocations, bound: u64) -> bool {
    u64::try_from(spent.peak).expect("a peak is no less than nothing") > bound
}

fn figures(heavy: &Heavy, spent: &Allocations, bound: u64) -> String {
    let Allocations { live, peak } = spent;
    let bytes = heavy.wasm.len();
    format!(
        "{}: {bytes} bytes; {peak} at most, {bound} allowed; {live} stay",
        heavy.name
    )
}

fn len<T>(items: impl AsRef<[T]>) -> u64 {
    items.as_ref().len() as u64
}
