//! The self-test runs what the tests run, holds here, and sees a sandbox that is broken.

use crate::harness::header;
use fuelbox::{Check, SelfTest, selftest, selftest_with_clock};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The self-test of this build; it is the same for all tests.
fn proof() -> &'static SelfTest {
    static PROOF: OnceLock<SelfTest> = OnceLock::new();
    PROOF.get_or_init(selftest)
}

#[test]
fn every_attack_is_held_here() {
    let proof = proof();
    assert!(proof.is_held(), "{proof}");
    assert!(proof.checks.len() > 70, "only {}", proof.checks.len());
    assert_eq!(proof.version, env!("CARGO_PKG_VERSION"));
    for check in &proof.checks {
        assert_eq!(check.problem, None, "{check}");
        assert_eq!(check.observed, check.expected, "{check}");
    }
}

#[test]
fn no_attack_has_the_name_of_another() {
    let names: BTreeSet<_> = proof().checks.iter().map(|check| &check.attack).collect();
    assert_eq!(names.len(), proof().checks.len());
}

#[test]
fn attacks_with_a_deadline_say_by_how_much_they_were_late() {
    for check in &proof().checks {
        let is_timed = check.limit.contains("deadline") || check.attack == "cancel_from_a_thread";
        assert_eq!(check.overrun.is_some(), is_timed, "{check}");
    }
}

#[test]
fn the_built_in_guests_are_those_of_the_tests() {
    let guests = guests();
    assert!(guests.len() > 60, "only {}", guests.len());
    for guest in guests {
        let built_in = bytes(&guest);
        let name = name(&guest);
        let wasm = wat::parse_str(source(&name).1).expect("the text is valid");
        assert!(
            wasm == built_in,
            "{name} is stale: cargo test --features cli,json --test it make_the_built_in -- --ignored"
        );
    }
}

#[test]
fn the_built_in_attacks_say_what_the_headers_of_the_tests_say() {
    let mut seen = BTreeSet::new();
    for guest in guests() {
        let name = name(&guest);
        let (folder, text) = source(&name);
        if folder != "hostile" {
            continue;
        }
        let check = proof().checks.iter().find(|check| check.attack == name);
        let check = check.unwrap_or_else(|| panic!("{name} is built in, but does not run"));
        let header = header::read(&text).expect("the header is well");
        let of = |wanted: &str| header.iter().find(|(key, _)| key == wanted);
        let value = |wanted| of(wanted).map_or("", |(_, value)| value.as_str());
        assert_eq!(check.tries, value("attack"), "{name}");
        assert_eq!(check.expected, value("expect"), "{name}");
        assert_eq!(bounds(check), limits(&header), "{name}");
        seen.insert(name);
    }
    assert!(seen.len() > 60, "only {seen:?}");
}

#[test]
fn a_clock_that_jumps_is_seen_where_deadlines_are() {
    let millis = AtomicU64::new(0);
    let jumps = move || Duration::from_millis(millis.fetch_add(1_000, Ordering::Relaxed));
    let proof = selftest_with_clock(jumps);
    assert!(!proof.is_held());
    let late: Vec<_> = proof.not_held().collect();
    assert!(late.len() > 10, "{proof}");
    for check in late {
        let problem = check.problem.as_deref().unwrap_or_default();
        // Where the other thread is no sooner than the patience of the check, its deadline is. So is that of
        // a guest that takes more than one slice.
        let is_late = problem.starts_with("late by ")
            || check.attack == "cancel_from_a_thread"
            || check.observed == "deadline";
        assert!(is_late, "{check}");
    }
    assert!(proof.to_string().contains("not held: deadline_in_entry"));
}

#[test]
fn a_clock_that_stands_still_is_seen_and_the_self_test_ends() {
    let proof = selftest_with_clock(|| Duration::ZERO);
    let not_held: Vec<_> = proof.not_held().map(|check| &*check.attack).collect();
    assert!(
        not_held.starts_with(&["clock", "deadline_in_entry"]),
        "{proof}"
    );
    let observed = |name| {
        let check = proof.checks.iter().find(|check| check.attack == name);
        check.map(|check| check.observed.as_str())
    };
    assert_eq!(observed("clock"), Some("stands still"));
    assert_eq!(observed("deadline_in_entry"), Some("out-of-fuel"));
    // What fuel ends needs no clock.
    assert!(!not_held.contains(&"loop_in_entry"), "{proof}");
}

#[test]
fn the_table_has_a_line_for_each_attack_and_fits_a_screen() {
    let table = proof().to_string();
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), proof().checks.len() + 3);
    assert!(lines[0].starts_with("attack "));
    for (line, check) in lines[1..].iter().zip(&proof().checks) {
        // Of long names the start.
        let name = check.attack.get(..24).unwrap_or(&check.attack);
        assert!(line.starts_with(name) && line.ends_with("  yes"), "{line}");
        assert!(line.chars().count() <= 100, "{line}");
    }
    let count = proof().checks.len();
    let last = lines.last().expect("there are lines");
    assert!(
        last.ends_with(&format!("{count} of {count} attacks were held")),
        "{last}"
    );
}

#[cfg(feature = "serde")]
#[test]
fn a_self_test_reads_back_from_json() {
    let json = serde_json::to_string(proof()).expect("it can be written");
    assert_eq!(
        serde_json::from_str::<SelfTest>(&json).expect("it reads"),
        *proof()
    );
    let empty: SelfTest = serde_json::from_str(r#"{"version":"0","checks":[]}"#).expect("it reads");
    assert!(!empty.is_held(), "nothing shows nothing");
}

/// Writes `src/selftest/guests` anew from the sources of the same names.
#[test]
#[ignore = "a tool, no test"]
#[expect(clippy::disallowed_methods, reason = "it writes guests")]
fn make_the_built_in_guests_anew() {
    for guest in guests() {
        let wasm = wat::parse_str(source(&name(&guest)).1).expect("the text is valid");
        fs::write(guest, wasm).expect("it can be written");
    }
}

/// The limits of a check, each as the headers write it.
fn bounds(check: &Check) -> BTreeSet<String> {
    let bounds = check.limit.split(", ").filter(|bound| !bound.is_empty());
    bounds.map(str::to_owned).collect()
}

/// The limits in a header. Beside a deadline, fuel and clock are there to end the test.
fn limits(header: &[(String, String)]) -> BTreeSet<String> {
    let is_timed = header.iter().any(|(key, _)| key == "deadline");
    header
        .iter()
        .filter(|(key, _)| match key.as_str() {
            "attack" | "allow" | "expect" | "phase" | "text" | "output" | "logs" | "tick" => false,
            "fuel" => !is_timed,
            key => !key.starts_with("usage."),
        })
        .map(|(key, value)| format!("{key} {value}"))
        .collect()
}

/// The modules that are built in.
fn guests() -> Vec<PathBuf> {
    let mut guests: Vec<_> = fs::read_dir(root().join("src/selftest/guests"))
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    guests.sort();
    guests
}

#[expect(clippy::disallowed_methods, reason = "what is built in is a file")]
fn bytes(guest: &Path) -> Vec<u8> {
    fs::read(guest).expect("it can be read")
}

fn name(guest: &Path) -> String {
    let stem = guest.file_stem().and_then(|stem| stem.to_str());
    stem.expect("it has a name").to_owned()
}

/// The folder and the text of the guest of that name.
fn source(name: &str) -> (&'static str, String) {
    ["hostile", "guests"]
        .into_iter()
        .find_map(|folder| {
            let path = root().join(format!("tests/{folder}/{name}.wat"));
            Some((folder, fs::read_to_string(path).ok()?))
        })
        .unwrap_or_else(|| panic!("no source of {name} in tests"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
