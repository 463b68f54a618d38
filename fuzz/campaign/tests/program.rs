//! The program: it goes on after a guest that kills it, writes down what it finds as small as it gets, and says where
//! to go on.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of guests are small"
)]

use fuelbox_campaign::{
    Generator, Proposals,
    contents::{Contents, Size},
};
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// Rare, so that few guests are made small.
const DEADLY: &str = "br_table with a vector";

#[test]
fn a_guest_that_kills_a_process_is_found_and_the_search_goes_on_after_it() {
    let deadly = (32..).find(|number| number % 32 != 31 && is_deadly(*number));
    search_around("deadly", deadly.expect("there is one"));
}

#[test]
fn after_the_last_guest_that_processes_share_numbers_by_the_search_goes_on_with_others() {
    // So many numbers are one process's, the next ones another's.
    let deadly = (1..)
        .map(|family| family * 32 + 31)
        .find(|number| is_deadly(*number));
    search_around("last", deadly.expect("there is one"));
}

/// Searches before and after this guest, which kills.
fn search_around(name: &str, deadly: u64) {
    let numbers = deadly - 20..deadly + 100;
    let out = folder(name);
    let output = search(
        &out,
        &[
            "--seed",
            &numbers.start.to_string(),
            "--guests",
            "120",
            "--threads",
            "2",
            "--dies-of",
            DEADLY,
        ],
    );
    let said = String::from_utf8_lossy(&output.stdout);

    assert_eq!(output.status.code(), Some(1), "{said}");
    let deadly: Vec<u64> = numbers
        .clone()
        .filter(|number| is_deadly(*number))
        .collect();
    for number in &deadly {
        assert!(
            said.contains(&format!("guest {number}: the process ended: ")),
            "{said}"
        );
        let find = fs::read_to_string(out.join(format!("translator-{number}.wat")));
        let find = find.expect("the find is written");
        let header = find
            .lines()
            .find(|line| line.starts_with(";; constructs: "));
        assert!(header.is_some_and(|line| line.contains(DEADLY)), "{find}");
        let wasm = wat::parse_str(&find).expect("a find is valid");
        let (small, large) = (Size::of(&wasm), Size::of(&guest(*number)));
        assert!(small.operators < large.operators.min(60), "{find}");
    }
    // Each guest was tried once: none is left out, and none counted twice.
    let tally = tally(&said);
    let others = numbers.clone().filter(|number| !is_deadly(*number));
    let operators: u64 = others
        .map(|number| Size::of(&guest(number)).operators)
        .sum();
    assert_eq!(tally.guests, 120, "{said}");
    assert_eq!(tally.different, deadly.len() as u64, "{said}");
    assert_eq!(tally.same, 120 - tally.different, "{said}");
    assert!(tally.all.contains(&operators), "{operators} in {said}");
    assert!(
        said.ends_with(&format!("go on with --seed {}\n", numbers.end)),
        "{said}"
    );
    fs::remove_dir_all(out).expect("the folder is there");
}

#[test]
fn what_differs_is_made_small_and_still_differs() {
    let out = folder("differs");
    let output = search(
        &out,
        &[
            "--guests",
            "320",
            "--threads",
            "1",
            "--finds",
            "1",
            "--keep-control-flow",
        ],
    );
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let mut finds = fs::read_dir(&out).expect("the folder is there");
    let find = finds
        .next()
        .expect("there is a find")
        .expect("it can be read")
        .path();
    let text = fs::read_to_string(&find).expect("it can be read");
    let wasm = wat::parse_str(text).expect("a find is valid");
    assert!(Size::of(&wasm).operators < 80);
    // It is none where its control flow is rewritten.
    let judged = |words: &[&str]| {
        let output = program().arg("--judge").arg(&find).args(words).output();
        output.expect("the program runs").status.code()
    };
    assert_eq!(judged(&["--keep-control-flow"]), Some(1));
    assert_eq!(judged(&[]), Some(0));
    fs::remove_dir_all(out).expect("the folder is there");
}

#[test]
fn all_numbers_are_tried_once_whatever_the_number_of_processes() {
    let out = folder("numbers");
    let tallies: Vec<_> = ["1", "2", "3"]
        .into_iter()
        .map(|threads| {
            let output = search(
                &out,
                &["--seed", "1010", "--guests", "150", "--threads", threads],
            );
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.starts_with("searching from --seed 1010\n"), "{said}");
            assert!(said.ends_with("go on with --seed 1160\n"), "{said}");
            tally(&said).all
        })
        .collect();
    let functions: Vec<_> = (1010..1160)
        .map(|number| Size::of(&guest(number)))
        .collect();
    let operators: u64 = functions.iter().map(|size| size.operators).sum();
    let functions: u64 = functions.iter().map(|size| size.functions).sum();
    for tally in &tallies {
        assert_eq!(tally, &tallies[0]);
        assert_eq!(tally[0], 150, "{tally:?}");
        assert!(
            tally.contains(&functions) && tally.contains(&operators),
            "{tally:?}"
        );
    }
    fs::remove_dir_all(out).expect("the folder is there");
}

#[cfg(unix)]
#[test]
fn a_search_that_is_asked_to_end_says_what_it_did() {
    let out = folder("asked");
    let mut command = program();
    command
        .args([
            "--seconds",
            "0",
            "--guests",
            "50000",
            "--threads",
            "2",
            "--out",
        ])
        .arg(&out);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut said = BufReader::new(child.stdout.take().expect("it is a pipe"));
    let mut first = String::new();
    said.read_line(&mut first).expect("it says something");
    assert_eq!(first, "searching from --seed 0\n");
    let killed = Command::new("kill").arg(child.id().to_string()).status();
    assert!(killed.expect("there is such a program").success());

    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("it says something");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{rest}");
    assert!(rest.contains(" guests: "), "{rest}");
    let next = rest
        .rsplit_once("go on with --seed ")
        .expect("it is said")
        .1;
    let next: u64 = next.trim().parse().expect("it is a number");
    assert!(next < 50_000, "it went on to the end: {rest}");
    // Nobody works on, or something would be there.
    fs::remove_dir(out).expect("the folder is empty");
}

fn is_deadly(number: u64) -> bool {
    Contents::of(&guest(number)).constructs.contains(DEADLY)
}

fn guest(number: u64) -> Vec<u8> {
    let guest = Generator::Translator.guest(number, Proposals::default());
    guest.expect("guests are valid").wasm().to_vec()
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_fuelbox-campaign"))
}

fn search(out: &PathBuf, words: &[&str]) -> Output {
    let mut command = program();
    command.args(["--generator", "translator", "--seconds", "0", "--out"]);
    let output = command.arg(out).args(words).output();
    output.expect("the program runs")
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("fuelbox-campaign-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("it can be made");
    folder
}

struct Tally {
    all: Vec<u64>,
    guests: u64,
    same: u64,
    different: u64,
}

/// The numbers of the last tally.
fn tally(said: &str) -> Tally {
    let line = said
        .lines()
        .rfind(|line| line.contains(" guests: "))
        .expect("there is a tally");
    let words = line.split(|character: char| !character.is_ascii_digit());
    let all: Vec<u64> = words.flat_map(str::parse).collect();
    let [guests, same, ..] = all[..] else {
        panic!("{line}");
    };
    let different = line
        .split(", ")
        .find_map(|part| part.split(" different").next()?.parse().ok());
    Tally {
        guests,
        same,
        different: different.expect("it is said"),
        all,
    }
}
