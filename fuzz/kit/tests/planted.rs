//! Planted bugs are found in guests of three toolchains, within so many runs.

use fuelbox::{CallError, Limits, Module, Sandbox, Stop, fuzz::Target, protocol};
use fuelbox_fuzz::{Compare, Detail, Guest, Search, Seen, Settings};

/// A guest of fuelbox.
struct Sandboxed(Target);

impl Sandboxed {
    #[expect(clippy::disallowed_methods, reason = "guests are files")]
    fn new(name: &str) -> Self {
        let path = format!("{}/guests/{name}.wasm", env!("CARGO_MANIFEST_DIR"));
        let wasm = std::fs::read(path).expect("it is there");
        let sandbox = Sandbox::new(Limits::default().fuel(1_000_000)).grant(protocol());
        let target = Target::new(&sandbox, &Module::builder(), wasm);
        Self(target.expect("it can be fuzzed"))
    }
}

impl Guest for Sandboxed {
    type Error = CallError;

    fn run(&mut self, input: &[u8], detail: Detail, seen: &mut Seen) -> Result<(), CallError> {
        let verdict = match detail {
            Detail::Ways => self.0.run(input)?,
            Detail::Compares => self.0.run_comparing(input)?,
        };
        seen.fuel = verdict.fuel;
        seen.fault = verdict.stop.as_ref().map(Stop::code);
        let taken = verdict.edges.taken();
        seen.ways
            .extend(taken.map(|(way, count)| (u32::try_from(way).expect("it is small"), count)));
        if detail == Detail::Compares {
            let compares = verdict.compares();
            seen.compares
                .extend(compares.map(|one| Compare::new(one.place, one.left, one.right, one.bits)));
        }
        Ok(())
    }

    /// By the first byte, which says which of the bugs it is.
    fn bucket(&mut self, input: &[u8], fault: &'static str) -> Result<String, CallError> {
        let kind = input.first().map_or(' ', |kind| char::from(*kind));
        Ok(format!("{kind} {fault}"))
    }
}

/// What is found in so many runs, each bucket with the run.
fn found(name: &str, runs: u64, settings: Settings) -> Vec<(String, u64)> {
    let mut search = Search::new(Sandboxed::new(name), settings.most_bytes(64));
    while search.runs() < runs && search.finds().count() < 3 {
        search.step().expect("it runs");
    }
    let found = search.finds().map(|find| (find.bucket.clone(), find.runs));
    found.collect()
}

/// So many runs are enough for all of them, with any of the seeds.
const RUNS: u64 = 20_000;

fn bugs(name: &str, expected: [&str; 3]) {
    for seed in 0..2 {
        let found = found(name, RUNS, Settings::default().seed(seed));
        let buckets: Vec<&str> = found.iter().map(|(bucket, _)| bucket.as_str()).collect();
        assert_eq!(buckets, expected, "{name} with seed {seed}");
    }
}

#[test]
fn bugs_of_a_guest_in_rust_are_found() {
    bugs(
        "planted-rust",
        [
            "C trap-unreachable",
            "L trap-unreachable",
            "M trap-unreachable",
        ],
    );
}

#[test]
fn bugs_of_a_guest_in_c_are_found() {
    bugs(
        "planted-c",
        [
            "C trap-integer-division-by-zero",
            "L trap-memory-out-of-bounds",
            "M trap-unreachable",
        ],
    );
}

#[test]
fn bugs_of_a_guest_in_assemblyscript_are_found() {
    bugs(
        "planted-assemblyscript",
        [
            "C trap-integer-division-by-zero",
            "L trap-memory-out-of-bounds",
            "M trap-unreachable",
        ],
    );
}

#[test]
fn without_what_is_compared_no_checksum_is_found() {
    for name in ["planted-rust", "planted-c", "planted-assemblyscript"] {
        let found = found(name, RUNS, Settings::default().substitutes(false));
        let is_checksum = |bucket: &str| bucket.starts_with('C');
        assert!(
            !found.iter().any(|(bucket, _)| is_checksum(bucket)),
            "{found:?}"
        );
    }
}

#[test]
fn a_search_with_the_same_seed_does_the_same() {
    let runs = |seed| {
        let mut search = Search::new(Sandboxed::new("planted-c"), Settings::default().seed(seed));
        for _ in 0..5_000 {
            search.step().expect("it runs");
        }
        let corpus: Vec<Vec<u8>> = search.corpus().map(Vec::from).collect();
        (
            corpus,
            search.finds().cloned().collect::<Vec<_>>(),
            search.ways(),
        )
    };
    assert_eq!(runs(1), runs(1));
    assert_ne!(runs(1), runs(2));
}

#[test]
fn a_guest_that_fails_on_every_input_is_one_find() {
    let wasm = wat(r#"(module (func (export "_start") (unreachable)))"#);
    let sandbox = Sandbox::new(Limits::default());
    let target = Target::new(&sandbox, &Module::builder(), wasm).expect("it can be fuzzed");
    let mut search = Search::new(Sandboxed(target), Settings::default());
    search.add(b"given").expect("it runs");
    for _ in 0..1_000 {
        search.step().expect("it runs");
    }
    assert_eq!(
        (search.finds().count(), search.corpus_len(), search.runs()),
        (1, 0, 1_001)
    );
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the text is valid")
}
