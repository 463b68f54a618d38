//! Modules whose functions are compiled at their first call.

use crate::harness::{
    SLICES, cases, heavy::heavy, on_a_stack_of, roomy, run_to_end, same_but_for_time, timeless,
};
use fuelbox::{Error, Module, ModuleBuilder, ModuleLimits, Stop};

/// What a thread of the host may be given, in KiB.
const SMALL_KIB: usize = 256;

/// Their first call is within a run, at each slice size and on a small stack: a guest finds functions compiled that the
/// guest before it called.
#[test]
fn reports_are_those_of_modules_compiled_at_once() {
    let guests = cases("tests/guests")
        .into_iter()
        .chain(cases("tests/hostile"));
    let mut compared = 0;
    for (path, case) in guests {
        let limits = &case.module_limits;
        let Ok(eager) = Module::builder().limits(limits.clone()).build(&case.wasm) else {
            continue;
        };
        let builder = Module::builder().limits(limits.clone()).lazy(true);
        let lazy = match builder.build(&case.wasm) {
            Ok(lazy) => lazy,
            Err(Error::ModuleLimit { limit, .. }) if limit == "function_bytes" => continue,
            Err(error) => panic!("{path}: {error}"),
        };
        let sandbox = case.sandbox();
        for fuel in SLICES {
            let run = |module: &Module| {
                let execution = case.start(&sandbox, module).ok()?;
                Some(same_but_for_time(run_to_end(execution, fuel)))
            };
            let (mut first, mut second) = (None, None);
            on_a_stack_of(SMALL_KIB, || (first, second) = (run(&lazy), run(&lazy)));
            let expected = run(&eager);
            assert_eq!(first, expected, "{path}");
            assert_eq!(second, expected, "{path}");
            compared += usize::from(expected.is_some());
        }
    }
    assert!(compared > 400, "{compared}");
}

#[test]
fn functions_may_not_be_larger_than_what_compiles_in_a_moment() {
    const LARGEST: u64 = ModuleBuilder::LAZY_FUNCTION_BYTES;

    let large = heavy()
        .into_iter()
        .find(|heavy| heavy.name == "one function that adds")
        .expect("there is one");
    let lazy = |limits: ModuleLimits| {
        Module::builder()
            .limits(limits)
            .lazy(true)
            .build(&large.wasm)
    };
    assert!(Module::new(&large.wasm).is_ok());
    for (limit, expected) in [(u64::MAX, LARGEST), (LARGEST - 1, LARGEST - 1)] {
        let refused = lazy(ModuleLimits::default().function_bytes(limit));
        let Err(Error::ModuleLimit { limit, allowed, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!((&*limit, allowed), ("function_bytes", expected));
    }
}

/// More locals than the interpreter's stack can number: found when the function is called, and not before.
#[test]
fn what_the_compiler_refuses_stops_the_run_that_calls_it() {
    let text = format!(
        r#"(module
            (func (export "fine") (result i32) (i32.const 7))
            (func (export "wide") {}))"#,
        "(local i64) ".repeat(40_000),
    );
    let wasm = wat::parse_str(text).expect("the text is valid");
    let limits = ModuleLimits::default().locals(u64::MAX);
    let builder = Module::builder().limits(limits);
    assert!(matches!(
        builder.build(&wasm),
        Err(Error::Unsupported { .. })
    ));

    let module = builder.lazy(true).build(&wasm).expect("it is not compiled");
    let sandbox = timeless(roomy());
    assert_eq!(sandbox.call(&module, "fine", ()), Ok(7));
    for _ in 0..2 {
        let report = sandbox.run(&module, fuelbox::Call::export("wide"));
        let report = report.expect("it starts");
        assert!(
            matches!(report.stop(), Some(Stop::Engine { .. })),
            "{report:?}"
        );
    }
}
