//! The self-test runs what the tests run, holds here, and sees a sandbox that is broken.

use crate::harness::texts;
use fuelbox::{Proposal, SelfTest, selftest, selftest_with_clock};
use std::{
    collections::{BTreeMap, BTreeSet},
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
fn every_attack_is_contained_here() {
    let proof = proof();
    assert!(proof.is_contained(), "{proof}");
    assert!(proof.checks.len() > 130, "only {}", proof.checks.len());
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
#[expect(clippy::disallowed_methods, reason = "what is built in is a file")]
fn the_built_in_guests_are_those_of_the_tests() {
    let guests = guests();
    let expected: BTreeSet<_> = guests.keys().map(|name| format!("{name}.wasm")).collect();
    let listed = fs::read_dir(root().join(GUESTS)).expect("the folder is there");
    let found: BTreeSet<_> = listed
        .map(|entry| entry.expect("it can be listed").file_name())
        .map(|name| name.into_string().expect("it has a name"))
        .collect();
    assert_eq!(found, expected, "{MAKE_AGAIN}");
    for (name, wasm) in guests {
        let built_in = fs::read(path(&name)).expect("it can be read");
        assert!(wasm == built_in, "{name} is stale: {MAKE_AGAIN}");
    }
    let built_in = fs::read_to_string(root().join(LIST)).expect("the list is there");
    assert!(built_in == list(), "{LIST} is stale: {MAKE_AGAIN}");
}

#[test]
fn every_guest_of_the_tests_attacks_here() {
    let attacks: BTreeSet<_> = proof().checks.iter().map(|check| &*check.attack).collect();
    let hostile = hostile();
    assert!(hostile.len() > 120, "only {}", hostile.len());
    let needs_vectors = "table_of_vector_branches";
    for (name, _) in hostile {
        let runs = Proposal::Simd.is_supported() || name != needs_vectors;
        assert_eq!(attacks.contains(&*name), runs, "{name}");
    }
    assert!(attacks.contains("nan"));
}

#[test]
fn an_attack_says_what_the_header_of_its_guest_says() {
    let find = |name: &str| {
        let check = proof().checks.iter().find(|check| check.attack == name);
        let check = check.unwrap_or_else(|| panic!("{name} does not run"));
        (&*check.tries, &*check.limit, &*check.expected)
    };
    assert_eq!(
        find("denied_then_loops"),
        (
            "a denied growth, then an endless loop: out of fuel, not of memory",
            "memory 64KiB, denial refuse, fuel 100,000",
            "out-of-fuel"
        )
    );
    // All the fuel there is.
    assert_eq!(
        find("growths").1,
        "memory 8MiB, denial refuse, deadline 20ms"
    );
    let (tries, limit, expected) = find("nan");
    assert_eq!(tries, "the bits of a NaN are the same everywhere");
    assert_eq!((limit, expected), ("", "finished 0"));
}

/// A package of another place has no tests to take the headers from, were they left out of it.
#[test]
fn the_headers_are_in_the_published_package() {
    let manifest = include_str!("../../Cargo.toml");
    let excluded = manifest.lines().find(|line| line.starts_with("exclude = "));
    let excluded = excluded.expect("something is excluded");
    assert!(!excluded.contains("tests"), "{excluded}");
    assert!(!manifest.contains("\ninclude = "));
}

#[test]
fn a_clock_that_jumps_is_seen_where_deadlines_are() {
    let millis = AtomicU64::new(0);
    let jumps = move || Duration::from_millis(millis.fetch_add(1_000, Ordering::Relaxed));
    let proof = selftest_with_clock(jumps);
    assert!(!proof.is_contained());
    let late: Vec<_> = proof.not_contained().collect();
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
    assert!(
        proof
            .to_string()
            .contains("not contained: deadline_in_entry")
    );
}

#[test]
fn a_clock_that_stands_still_is_seen_and_the_self_test_ends() {
    let proof = selftest_with_clock(|| Duration::ZERO);
    let not_contained: Vec<_> = proof.not_contained().map(|check| &*check.attack).collect();
    assert!(
        not_contained.starts_with(&["clock", "cache_misses"]),
        "{proof}"
    );
    let observed = |name| {
        let check = proof.checks.iter().find(|check| check.attack == name);
        check.map(|check| check.observed.as_str())
    };
    assert_eq!(observed("clock"), Some("stands still"));
    assert_eq!(observed("deadline_in_entry"), Some("out-of-fuel"));
    // What fuel ends needs no clock.
    assert!(!not_contained.contains(&"loop_in_entry"), "{proof}");
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
        last.ends_with(&format!("{count} of {count} attacks were contained")),
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
    let stored = json.replace("\"contained\":", "\"held\":");
    let stored: SelfTest = serde_json::from_str(&stored).expect("the old name is read");
    assert_eq!(stored, *proof());
    let empty: SelfTest = serde_json::from_str(r#"{"version":"0","checks":[]}"#).expect("it reads");
    assert!(!empty.is_contained(), "nothing shows nothing");
}

/// Writes what is built in, from the texts of the tests.
#[test]
#[ignore = "a tool, no test"]
#[expect(clippy::disallowed_methods, reason = "it writes guests")]
fn make_the_built_in_guests_again() {
    let folder = root().join(GUESTS);
    fs::remove_dir_all(&folder).expect("the folder is there");
    fs::create_dir(&folder).expect("it can be made");
    for (name, wasm) in guests() {
        fs::write(path(&name), wasm).expect("it can be written");
    }
    fs::write(root().join(LIST), list()).expect("it can be written");
}

const MAKE_AGAIN: &str = "cargo test --features cli,json --test it make_the_built_in -- --ignored";
const GUESTS: &str = "src/selftest/guests";
const LIST: &str = "src/selftest/guests.rs";

/// The modules that are built in, by name.
fn guests() -> BTreeMap<String, Vec<u8>> {
    let single = ["mixed", "nan"].map(|name| (name.to_owned(), text_of(name)));
    let texts = hostile().into_iter().chain(single);
    texts
        .map(|(name, text)| (name, wat::parse_str(text).expect("the text is valid")))
        .collect()
}

fn text_of(name: &str) -> String {
    let path = root().join(format!("tests/guests/{name}.wat"));
    fs::read_to_string(path).expect("the guest is there")
}

/// The names and texts of the guests in `tests/hostile`.
fn hostile() -> Vec<(String, String)> {
    let name = |path: String| {
        let stem = Path::new(&path).file_stem().and_then(|stem| stem.to_str());
        stem.expect("it has a name").to_owned()
    };
    let texts = texts("tests/hostile").into_iter();
    texts.map(|(path, text)| (name(path), text)).collect()
}

/// The file that names them.
fn list() -> String {
    let names = hostile().into_iter().map(|(name, _)| name);
    let lines: Vec<_> = names
        .map(|name| format!("    guest!(\"hostile\", \"{name}\"),\n"))
        .collect();
    format!(
        "//! The names of the guests in `tests/hostile`, made by `make_the_built_in_guests_again` of `tests/it/selftest.rs`.\n\
         \n\
         use super::catalogue::{{Guest, guest}};\n\
         \n\
         pub(super) const HOSTILE: &[Guest] = &[\n{}];\n",
        lines.concat()
    )
}

fn path(name: &str) -> PathBuf {
    root().join(format!("{GUESTS}/{name}.wasm"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
