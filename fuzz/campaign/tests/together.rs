//! Guests that are put together into one module do what each does alone, and what differs alone differs there.

use fuelbox_campaign::{
    Generator, Proposals,
    judge::{Verdict, judge_together},
    search::Search,
    together::together,
};
use fuelbox_differential::{in_wasmtime, together_in_wasmtime};
use fuelbox_oracles::effects::Guest;
use std::fs;

const PROPOSALS: [&str; 4] = [
    "default",
    "memory64",
    "multi-memory,custom-page-sizes,wide-arithmetic",
    "tail-call,multi-memory,memory64,custom-page-sizes,wide-arithmetic,relaxed-simd",
];

#[test]
fn guests_do_together_what_they_do_alone() {
    let mut quick = 0;
    let mut calls = 0;
    for proposals in PROPOSALS {
        let proposals: Proposals = proposals.parse().expect("there are such proposals");
        for family in 0..20_u64 {
            let guests: Vec<Guest> = (family * 32..family * 32 + 32)
                .filter_map(|number| Generator::Translator.guest(number, proposals))
                .collect();
            let modules: Vec<_> = guests.iter().map(Guest::wasm).collect();
            let wasm = together(&modules).expect("guests can be joined");
            let seen = together_in_wasmtime(&wasm, guests.len()).expect("it can be compiled");
            quick += u64::from(seen.is_quick);
            for (guest, seen) in guests.iter().zip(seen.effects) {
                let alone = in_wasmtime(guest.wasm());
                calls += alone.as_ref().map_or(0, |effects| effects.calls.len());
                assert_eq!(seen, alone);
            }
        }
    }
    // Or it would say little of one of the compilers, or of host functions.
    assert!((30..60).contains(&quick), "{quick}");
    assert!(calls > 20, "{calls}");
}

#[test]
fn what_differs_alone_differs_among_others() {
    let mut search = Search::new(Generator::Translator, Proposals::default());
    let verdicts = judge_together(&kept(&search));
    let same = |verdict: &Verdict| matches!(verdict, Verdict::Same { is_quick: true, .. });
    assert!(verdicts.iter().all(same), "{verdicts:?}");

    search.keep_control_flow = true;
    let verdicts = judge_together(&kept(&search));
    let differs = |verdict: &Verdict| matches!(verdict, Verdict::Different(_));
    assert!(verdicts.iter().all(differs), "{verdicts:?}");
}

#[test]
fn a_guest_that_could_end_all_is_not_joined() {
    let start =
        "(module (func (export \"digest\") (result i64) (i64.const 0)) (func $f) (start $f))";
    let import = "(module (import \"\" \"\" (memory 1)) (func (export \"digest\") (result i64) (i64.const 0)))";
    for text in [start, import] {
        let wasm = wat::parse_str(text).expect("the guest is valid");
        assert_eq!(together(&[&wasm]), None, "{text}");
    }
}

/// Guests that once differed.
fn kept(search: &Search) -> Vec<(Guest, u64)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../kept/campaign");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let guests = entries.map(|entry| {
        let text =
            fs::read_to_string(entry.expect("it can be read").path()).expect("it can be read");
        let wasm = wat::parse_str(text).expect("the guest is valid");
        (search.written(wasm, 0), 0)
    });
    guests.collect()
}
