//! However long code goes on without a branch back, the interpreter looks at its fuel, and no result changes.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use crate::harness::{Case, cases, one_page, roomy, run_to_end, same_but_for_time, timeless};
use fuelbox::{Call, Error, Module, ModuleLimits, Report, Slice, Step, Stop, Value};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, TypeSection, ValType,
};

/// The most fuel that is charged in one go: docs/limits.md.
const MOST: u64 = 12_500;

/// A stretch of code that is repeated, as bytes of a body that has an `i32` on the stack.
struct Stretch {
    name: &'static str,
    code: &'static [u8],
}

const fn stretch(name: &'static str, code: &'static [u8]) -> Stretch {
    Stretch { name, code }
}

/// On the stack is an address, and stays one.
const STRETCHES: &[Stretch] = &[
    // i32.load
    stretch("chased loads", &[0x28, 2, 0]),
    // local.get 0, local.get 0, i32.store
    stretch("stores", &[0x20, 0, 0x20, 0, 0x36, 2, 0]),
    // i32.const 3, i32.div_u
    stretch("divisions", &[0x41, 3, 0x6e]),
    // nop
    stretch("nops", &[0x01]),
    // i32x4.splat, local.tee 1, local.get 1, i32x4.mul, i32x4.extract_lane 0
    stretch(
        "vectors",
        &[0xfd, 17, 0x22, 1, 0x20, 1, 0xfd, 0xb5, 1, 0xfd, 27, 0],
    ),
    // call 1, to a function that returns its parameter
    stretch("calls", &[0x10, 1]),
    // local.get 0, if, end
    stretch("empty conditions", &[0x20, 0, 0x04, 0x40, 0x0b]),
    // i32.const 1, if, local.get 0, i32.load, drop, else, end
    stretch(
        "conditions that are constant",
        &[0x41, 1, 0x04, 0x40, 0x20, 0, 0x28, 2, 0, 0x1a, 0x05, 0x0b],
    ),
    // global.get 0, if, local.get 0, i32.load, drop, end: wasmi puts the constant in its place.
    stretch(
        "conditions of a constant global",
        &[0x23, 0, 0x04, 0x40, 0x20, 0, 0x28, 2, 0, 0x1a, 0x0b],
    ),
    // block, local.get 0, i32.load, br_if 0, end
    stretch("blocks", &[0x02, 0x40, 0x20, 0, 0x28, 2, 0, 0x0d, 0, 0x0b]),
    // block (result i32), local.get 0, br 0, i32.load, drop, end, drop: what follows the branch is never reached.
    stretch(
        "code that is never reached",
        &[0x02, 0x7f, 0x20, 0, 0x0c, 0, 0x28, 2, 0, 0x1a, 0x0b, 0x1a],
    ),
    // block (type 0), i32.load, br 0, end: a block with a parameter
    stretch(
        "blocks with parameters",
        &[0x02, 0, 0x28, 2, 0, 0x0c, 0, 0x0b],
    ),
    // nine times local.get 0, block (type 1), end, nine times drop: a block with ten parameters, which costs nothing
    // as it is written
    stretch(
        "blocks that carry much",
        &[
            0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x02,
            1, 0x0b, 0x1a, 0x1a, 0x1a, 0x1a, 0x1a, 0x1a, 0x1a, 0x1a, 0x1a,
        ],
    ),
    // local.get 0, local.get 0, br_table 0 0 in a block of its own
    stretch(
        "tables of branches",
        &[0x02, 0x40, 0x20, 0, 0x0e, 2, 0, 0, 0, 0x0b],
    ),
];

/// A function `f` of a parameter and a local of type `v128` that does `code` so often, with `below` operands and
/// `around` blocks below.
fn module(code: &[u8], times: usize, below: usize, around: usize) -> Vec<u8> {
    let mut body = vec![1, 1, 0x7b];
    body.extend([0x41, 0].repeat(below));
    body.extend([0x20, 0]);
    // block (type 0)
    body.extend([0x02, 0].repeat(around));
    body.extend(code.repeat(times));
    body.extend([0x0b].repeat(around));
    // i32.add
    body.extend([0x6a].repeat(below));
    body.push(0x0b);

    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32; 10], [ValType::I32; 10]);
    let mut functions = FunctionSection::new();
    functions.function(0).function(0);
    let mut globals = GlobalSection::new();
    let constant = GlobalType {
        val_type: ValType::I32,
        mutable: false,
        shared: false,
    };
    globals.global(constant, &ConstExpr::i32_const(1));
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    let mut bodies = CodeSection::new();
    bodies.raw(&body);
    let mut same = Function::new([]);
    same.instructions().local_get(0).end();
    bodies.function(&same);
    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&functions);
    module.section(&one_page()).section(&globals);
    module.section(&exports).section(&bodies);
    module.finish()
}

/// As long as a function may be.
fn longest(code: &[u8], below: usize, around: usize) -> Vec<u8> {
    const MOST_BYTES: usize = 2 << 20;
    let room = MOST_BYTES - 3 * below - 3 * around - 16;
    module(code, room / code.len(), below, around)
}

fn admitted(wasm: &[u8], name: &str) -> Module {
    // Calls carry a value each, and there are a million.
    let limits = ModuleLimits::default().carried_values(u64::MAX);
    Module::builder()
        .limits(limits.clone())
        .build(wasm)
        .expect(name)
}

/// The largest charge of a run, and how many there are.
fn charges(module: &Module) -> (u64, u64) {
    let call = Call::export("f").args((0,));
    let sandbox = timeless(roomy());
    let mut execution = sandbox.start(module, call).expect("it starts");
    let (mut largest, mut steps) = (0, 0);
    loop {
        let before = execution.usage().fuel;
        let step = execution.step(Slice::fuel(1));
        largest = largest.max(execution.usage().fuel - before);
        steps += 1;
        if step == Step::Done {
            assert_eq!(execution.finish().report.values, [Value::I32(0)]);
            return (largest, steps);
        }
    }
}

#[test]
fn no_more_is_charged_in_one_go_than_documented() {
    for Stretch { name, code } in STRETCHES {
        for (below, around) in [(0, 0), (90, 0), (90, 300)] {
            let module = admitted(&longest(code, below, around), name);
            let (largest, steps) = charges(&module);
            assert!(largest <= MOST, "{name}: {largest}");
            assert!(steps > 2, "{name}: {steps} charges");
        }
    }
}

#[test]
fn code_that_is_short_enough_stays_as_it_is() {
    for Stretch { name, code } in STRETCHES {
        let module = admitted(&module(code, 40, 2, 0), name);
        let carries = name.contains("parameters") || name.contains("carry");
        assert_eq!(module.is_repaired(), carries, "{name}");
        assert!(admitted(&longest(code, 2, 0), name).is_repaired());
    }
}

#[test]
fn a_stretch_in_which_too_much_is_on_the_stack_is_refused() {
    let load = STRETCHES[0].code;
    let refused = |operands, limits: &ModuleLimits| {
        Module::builder()
            .limits(limits.clone())
            .build(module(load, 2_000, operands, 0))
            .err()
    };
    let limits = ModuleLimits::default();
    assert_eq!(limits.stretch_operands, 1_000);
    assert_eq!(refused(999, &limits), None);
    let found = Error::ModuleLimit {
        limit: "stretch_operands".into(),
        allowed: 1_000,
        found: 1_001,
    };
    assert_eq!(refused(1_000, &limits), Some(found));
    assert_eq!(
        refused(2_000, &limits.clone().stretch_operands(2_001)),
        None
    );
    // What cuts carry is bounded as what blocks carry is, so that they make no module much longer.
    let found = Module::new(longest(load, 999, 0)).map(drop);
    assert!(matches!(found, Err(Error::ModuleLimit { limit, .. }) if limit == "carried_values"));
    // Where nothing has to be cut there may be more, and so may there be around a block.
    assert!(Module::new(module(load, 200, 2_000, 0)).is_ok());
    assert!(Module::new(longest(load, 2_000, 1)).is_ok());
}

/// Cut nearly everywhere, every guest of the tests that neither fuel nor clock ends does what it does uncut.
#[test]
fn cuts_do_not_show() {
    let run = |case: &Case, limits: &ModuleLimits, slice| {
        let module = Module::builder()
            .limits(limits.clone())
            .build(&case.wasm)
            .ok()?;
        let execution = case.start(&case.sandbox(), &module).ok()?;
        Some(same_but_for_fuel(run_to_end(execution, slice)))
    };
    let (mut compared, mut different) = (0, Vec::new());
    for (name, case) in cases("tests/guests")
        .into_iter()
        .chain(cases("tests/hostile"))
    {
        let limits = &case.module_limits;
        let Some(whole) = run(&case, limits, u64::MAX) else {
            continue;
        };
        let sees_fuel = name.ends_with("fuel_seen_by_host.wat");
        if sees_fuel || case.is_timed() || matches!(whole.stop(), Some(Stop::OutOfFuel { .. })) {
            continue;
        }
        for (fuel, slice) in [(2, u64::MAX), (30, 7), (200, u64::MAX)] {
            let limits = limits.clone().stretch_fuel(fuel);
            compared += 1;
            if run(&case, &limits, slice).as_ref() != Some(&whole) {
                different.push(format!("{name}, cut at {fuel}"));
            }
        }
    }
    assert!(compared > 300, "{compared}");
    assert!(different.is_empty(), "{}", different.join("\n"));
}

fn same_but_for_fuel(report: Report) -> Report {
    let mut report = same_but_for_time(report);
    report.usage.fuel = 0;
    report
}
