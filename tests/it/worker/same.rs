//! What a guest does in a worker is what it does in the host's own process.

use super::options;
use crate::{
    built_guests::{self, EACH, SINGLE, TOOLCHAINS},
    harness::{Case, cases, roomy, same_but_for_time},
};
use fuelbox::{
    Error, Module, Report, Sandbox, Tree,
    capability::Wasi,
    protocol,
    worker::{WorkerError, WorkerModule, WorkerPool, WorkerSpec},
};
use std::time::Duration;

/// A run, here and in a worker.
type Both = (Result<Report, Error>, Result<Report, WorkerError>);

#[test]
fn every_guest_does_in_a_worker_what_it_does_here() {
    let (mut compared, mut left_out) = (0, Vec::new());
    for folder in ["tests/guests", "tests/hostile"] {
        for (path, case) in cases(folder) {
            match both(&case) {
                // How far it comes by the machine's clock is up to the machine.
                Ok(both) if case.expect.outcome() == "deadline" => assert_stopped(&path, &both),
                Ok(both) => assert_same(&path, both),
                Err(_) => left_out.push(path),
            }
            compared += 1;
        }
    }
    assert!(compared > 140, "{compared}");
    // Functions of the host that need what only its own process has.
    assert!(left_out.len() < 20, "{left_out:?}");
}

#[test]
fn what_compilers_make_does_in_a_worker_what_it_does_here() {
    let sandbox = Sandbox::new(roomy()).grant(protocol());
    let pool = super::pool(&sandbox, 1);
    let each = TOOLCHAINS.map(|toolchain| EACH.map(|what| format!("{toolchain}-{what}")));
    for name in each.into_iter().flatten().chain(SINGLE.map(String::from)) {
        compare(&pool, &sandbox, &name);
    }
    let wasi = Wasi::new().args(["--to", "wörld"]).env("LANG", "C").mount(
        "/data",
        Tree::new()
            .file("/a/b", [0xff, 0])
            .expect("a path")
            .writable(),
    );
    let sandbox = Sandbox::new(roomy()).grant(wasi);
    let pool = super::pool(&sandbox, 1);
    for name in ["c-files", "c-stdio", "rust-tour", "go-tour"] {
        compare(&pool, &sandbox, &format!("wasi/{name}"));
    }
}

fn compare(pool: &WorkerPool, sandbox: &Sandbox, name: &str) {
    const INPUT: &[u8] = b"{\"a\": [1, 2.5e3, \"\xc3\xa9\"], \"b\": null}\nto be or not to be\n";

    let wasm = built_guests::bytes(name);
    let here = Module::new(&wasm).and_then(|module| sandbox.run(&module, INPUT));
    let there = pool.run(&WorkerModule::new(wasm), INPUT);
    assert_same(name, (here, there));
}

fn both(case: &Case) -> Result<Both, WorkerError> {
    // What is not about a deadline is not ended by one, however busy the machine is.
    let limits = match case.expect.outcome() {
        "deadline" => case.limits.clone(),
        _ => case.limits.clone().deadline(Duration::from_secs(60)),
    };
    let sandbox = case.grant_to(Sandbox::new(limits));
    let spec = WorkerSpec::new(&sandbox)?.module_limits(case.module_limits.clone());
    let pool = WorkerPool::with_options(spec, 1, options())?;
    let admitted = case.admit();
    let call = || match &admitted {
        Ok(module) => case.call(module),
        Err(_) => case.input.as_slice().into(),
    };
    let there = pool.run(&WorkerModule::new(case.wasm.clone()), call());
    let here = admitted
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|module| sandbox.run(module, call()));
    Ok((here, there))
}

fn assert_stopped(name: &str, both: &Both) {
    let (Ok(here), Ok(there)) = both else {
        panic!("{name}: {both:?}");
    };
    for report in [here, there] {
        let code = report.outcome.code();
        assert!(
            ["deadline", "out-of-fuel"].contains(&code),
            "{name}: {code}"
        );
    }
}

fn assert_same(name: &str, both: Both) {
    match both {
        (Ok(here), Ok(there)) => {
            assert_eq!(same_but_for_time(here), same_but_for_time(there), "{name}");
        }
        (Err(here), Err(WorkerError::Refused(there))) => assert_eq!(here, there, "{name}"),
        (here, there) => panic!("{name}: {here:?} here, {there:?} there"),
    }
}
