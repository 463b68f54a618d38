//! Every oracle, on inputs that are kept, on those to begin with, and on some that look random.

use fuelbox_oracles::{ORACLES, check, seeds};
use std::{fs, path::Path};

/// Random inputs of each oracle.
const RANDOM: u64 = 200;

/// One test for each oracle.
macro_rules! replay {
    ($($oracle:ident)*) => {
        $(#[test]
        fn $oracle() {
            replay(stringify!($oracle));
        })*

        #[test]
        fn every_oracle_is_replayed() {
            let names: Vec<_> = ORACLES.iter().map(|oracle| oracle.name).collect();
            assert_eq!(names, [$(stringify!($oracle)),*]);
        }
    };
}

replay! {
    damaged_bodies
    host_calls
    limits_monotone
    module_bytes
    report_json
    run_module
    slices_agree
    snapshots
    start_rewrite
    tree
    wasi_paths
}

#[test]
fn every_oracle_has_a_target() {
    for oracle in ORACLES {
        let target = fuzz().join(format!("fuzz_targets/{}.rs", oracle.name));
        let text = fs::read_to_string(target).expect("it has a target");
        assert!(text.contains(&format!("check(\"{}\", data)", oracle.name)));
        assert!(text.lines().count() <= 20);
    }
}

fn replay(name: &str) {
    let oracle = ORACLES.iter().find(|oracle| oracle.name == name);
    let shape = oracle.expect("it is listed").shape;
    kept(name).iter().for_each(|input| check(name, input));
    shape.seeds().iter().for_each(|input| check(name, input));
    (0..RANDOM).for_each(|seed| check(name, &seeds::random(seed)));
}

/// Inputs that once broke a law, or reach far.
#[expect(clippy::disallowed_methods, reason = "the inputs are files")]
fn kept(oracle: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(fuzz().join("kept").join(oracle)) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.expect("the folder can be read").path())
        .map(|path| fs::read(path).expect("the input can be read"))
        .collect()
}

fn fuzz() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
