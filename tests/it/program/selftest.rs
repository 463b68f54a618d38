//! `selftest` shows on this machine what the tests show.

use super::fuelbox;
use fuelbox::SelfTest;

#[test]
fn every_attack_is_contained_and_has_a_line() {
    let ended = fuelbox(&["selftest"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stdout());
    assert_eq!(ended.stderr, "");
    let line = |name: &str| {
        let line = ended.stdout().lines().find(|line| line.starts_with(name));
        line.unwrap_or_else(|| panic!("no line of {name}: {}", ended.stdout()))
    };
    let words: Vec<_> = line("loop_in_start ").split_whitespace().collect();
    assert_eq!(words[1..4], ["out-of-fuel", "999", "0"]);
    assert_eq!(words.last(), Some(&"yes"));
    assert!(line("wasi_escapes ").contains("finished 0"));
    assert!(line("fuelbox ").ends_with(" attacks were contained"));
}

#[test]
fn the_document_reads_back_as_what_the_library_gives() {
    let ended = fuelbox(&["selftest", "--json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stdout());
    assert_eq!(ended.json()["code"], "contained");
    let proof: SelfTest = serde_json::from_slice(&ended.stdout).expect("it is a self-test");
    assert!(proof.is_contained());
    let check = &proof.checks[0];
    assert_eq!((&*check.attack, &*check.observed), ("native_stack", "flat"));
}

#[test]
fn what_it_does_not_know_is_refused() {
    let ended = fuelbox(&["selftest", "--fuel", "1"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
}
