//! The pictures of docs/observe.md are what the program makes of a guest in the repository.
//!
//! `FUELBOX_RECORD=1 cargo test --features cli,json --test it -- program::figures` makes them again.

use super::{Folder, fuelbox};
use std::{fs, path::Path};

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the picture is a file, and is made where a variable says so"
)]
fn the_flame_graph_of_the_page_is_what_the_program_makes() {
    let folder = Folder::new("figures");
    let guest = "observe/tests/guests/primes.wasm";
    let made = folder.path("flame.svg");
    let run = [
        "run",
        guest,
        "-q",
        "--invoke",
        "run",
        "300",
        "--profile",
        &made,
    ];
    let ended = fuelbox(&run);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let now = String::from_utf8(folder.read("flame.svg")).expect("it is text");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/figures/flame.svg");
    if std::env::var_os("FUELBOX_RECORD").is_some() {
        fs::write(&path, &now).expect("the picture can be written");
    }
    let recorded = fs::read_to_string(&path).expect("there is a picture");
    assert_eq!(
        recorded.replace("\r\n", "\n"),
        now,
        "make it again: FUELBOX_RECORD=1"
    );
    assert!(recorded.contains("is_prime"));
}

#[test]
fn the_table_of_the_page_is_what_the_program_shows() {
    let folder = Folder::new("figures-table");
    let guest = "observe/tests/guests/primes.wasm";
    let lcov = folder.path("primes.lcov");
    let ended = fuelbox(&[
        "run",
        guest,
        "-q",
        "--invoke",
        "run",
        "30",
        "--coverage",
        &lcov,
    ]);
    let table = ended.stderr;
    let page = include_str!("../../../docs/observe.md").replace("\r\n", "\n");
    assert!(
        page.contains(&format!("```text\n{table}```\n")),
        "the page should have\n{table}"
    );
}
