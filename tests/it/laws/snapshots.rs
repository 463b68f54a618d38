//! The law of snapshots: what starts from one goes on as the instance would that it was made of.

use super::{CASES, going_on::go_on_the_same, granting, limits, program::Program};
use crate::harness::{cases, roomy, same_but_for_time, timeless};
use fuelbox::{
    Call, ExternType, Instance, Module, Reference, Sandbox, Value, ValueType, capability::Wasi,
    protocol,
};
use proptest::{collection::vec, prelude::*};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn what_starts_from_a_snapshot_goes_on_as_the_instance_would(
        program in Program::any(), limits in limits(), before in inputs(), after in inputs(),
    ) {
        let module = program.module_for_snapshots();
        let sandbox = granting(&limits, [true; 5]);
        let Ok(mut instance) = sandbox.instantiate(&module) else {
            return Ok(());
        };
        for input in before {
            if instance.is_alive() {
                instance.run(input).expect("it is alive");
            }
        }
        prop_assume!(instance.is_alive());
        goes_on_the_same(&sandbox, &mut instance, |_| after.iter().map(|input| Call::entry().input(input.as_slice())).collect());
    }
}

#[test]
fn the_guests_of_the_tests_go_on_from_snapshots_as_they_would() {
    let mut tried = 0;
    for (path, case) in cases("tests/guests")
        .into_iter()
        .chain(cases("tests/hostile"))
    {
        // The clock of the one would be read more often than that of the other; and `_initialize` is gone.
        if case.is_timed() || case.calls("_initialize") {
            continue;
        }
        let builder = Module::builder()
            .limits(case.module_limits.clone())
            .snapshots(true);
        let Ok(module) = builder.build(&case.wasm) else {
            continue;
        };
        // As it was without: room for snapshots shows nowhere.
        let plain = case.admit().expect("it was admitted");
        assert!(module.exports().eq(plain.exports()), "{path}");
        let Ok(mut instance) = case.sandbox().instantiate(&module) else {
            continue;
        };
        tried += 1;
        goes_on_the_same(&case.sandbox(), &mut instance, |module| {
            vec![case.call(module), case.call(module)]
        });
    }
    assert!(tried > 60, "only {tried}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "guests are files")]
fn built_guests_go_on_from_snapshots_as_they_would() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests");
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let wasm = std::fs::read(&path).expect("it can be read");
        let module = Module::builder()
            .snapshots(true)
            .build(&wasm)
            .expect("it is admitted");
        let sandbox = timeless(roomy())
            .grant(protocol())
            .grant(Wasi::new())
            .stub_unknown();
        let Ok(mut instance) = sandbox.instantiate(&module) else {
            continue;
        };
        tried += 1;
        goes_on_the_same(&sandbox, &mut instance, every_export);
        // Once more, from where a call has left it.
        let mut instance = sandbox.instantiate(&module).expect("it started before");
        if instance.run(b"{\"a\": [1, 2]}").is_ok() && instance.is_alive() {
            goes_on_the_same(&sandbox, &mut instance, every_export);
        }
    }
    assert!(tried > 20, "only {tried}");
}

fn inputs() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 0..5), 0..4)
}

/// A call of each export, with zeros and null.
fn every_export(module: &Module) -> Vec<Call> {
    let functions = module.exports().filter_map(|export| match export.ty {
        ExternType::Function(ty) => Some((export.name.to_owned(), ty)),
        _ => None,
    });
    let calls = functions.map(|(name, ty)| {
        let values: Vec<_> = ty.params.iter().map(|ty| zero(*ty)).collect();
        Call::export(name).values(values)
    });
    std::iter::once(Call::entry().input(b"some input".as_slice()))
        .chain(calls)
        .collect()
}

fn zero(ty: ValueType) -> Value {
    match ty {
        ValueType::I32 => Value::I32(0),
        ValueType::I64 => Value::I64(0),
        ValueType::F32 => Value::F32(0.0),
        ValueType::F64 => Value::F64(0.0),
        ValueType::V128 => Value::V128(0),
        ValueType::FuncRef => Value::FuncRef(Reference::Null),
        _ => Value::ExternRef(Reference::Null),
    }
}

/// Asserts that what starts from a snapshot, and from a snapshot of that, does the same as `instance`.
fn goes_on_the_same(
    sandbox: &Sandbox,
    instance: &mut Instance,
    calls: impl Fn(&Module) -> Vec<Call>,
) {
    let first = instance.snapshot().expect("it can be written");
    let calls = || calls(&first);
    go_on_the_same(sandbox, instance, &first, calls, same_but_for_time);
}
