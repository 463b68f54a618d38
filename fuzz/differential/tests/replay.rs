//! Inputs that are kept, those to begin with, and some that look random, with a stable compiler.

use fuelbox_differential::{check, compare};
use fuelbox_oracles::{
    effects::{Effects, End},
    seeds::{PLAN_BYTES, Shape, random},
};
use std::{fs, path::Path};

/// Random inputs.
const RANDOM: u64 = 1_000;

#[test]
fn kept_inputs_do_the_same_in_both() {
    // A guest is a guest to both oracles.
    let inputs: Vec<_> = ["differential", "start_rewrite"]
        .into_iter()
        .flat_map(kept)
        .collect();
    assert!(!inputs.is_empty());
    inputs.iter().for_each(|input| check(input));
}

#[test]
fn guests_of_the_tests_do_the_same_in_both() {
    Shape::PlannedModule
        .seeds()
        .iter()
        .for_each(|input| check(input));
}

#[test]
fn guests_written_for_it_do_the_same_in_both() {
    for text in [
        include_str!("guests/growths_to_the_caps.wat"),
        include_str!("guests/host_function_of_every_type.wat"),
    ] {
        let guest = wat::parse_str(text).expect("the guest is valid");
        // A plan of zeros is nothing special.
        let input = [vec![0; PLAN_BYTES], guest].concat();
        let effects = compare(&input).expect("no limit ends it");
        assert!(matches!(effects.end, End::Finished(_)), "{effects:?}");
    }
}

#[test]
fn grown_guests_do_the_same_in_both() {
    let effects: Vec<_> = (0..RANDOM)
        .filter_map(|seed| compare(&random(seed)))
        .collect();
    // Of all kinds, or it would say little.
    let count = |is: fn(&Effects) -> bool| effects.iter().filter(|effects| is(effects)).count();
    let counts = [
        count(|effects| matches!(effects.end, End::Finished(_))),
        count(|effects| matches!(effects.end, End::Trapped(_))),
        count(|effects| effects.end == End::SegmentOutside),
        count(|effects| effects.calls.len() > 1),
    ];
    let least = [200, 20, 5, 20];
    assert!(
        counts
            .iter()
            .zip(least)
            .all(|(count, least)| *count >= least),
        "{counts:?}"
    );
}

/// Inputs that once broke a law, or reach far.
#[expect(clippy::disallowed_methods, reason = "the inputs are files")]
fn kept(oracle: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../kept")
        .join(oracle);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.expect("the folder can be read").path())
        .map(|path| fs::read(path).expect("the input can be read"))
        .collect()
}
