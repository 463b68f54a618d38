//! What ran is told by the lines of the source, however many runs there were.

use super::runs::{bytes, recorded};
use fuelbox_observe::{
    Symbols,
    coverage::{Block, Branch, Coverage, Function},
};
use std::collections::BTreeMap;

const SOURCE: &str = include_str!("../guests/src/primes.c");

/// What a call of `run` has covered.
fn covered(wasm: &[u8], number: i32) -> Coverage {
    let recording = recorded(wasm, number).recording.expect("it is recorded");
    let counted = recording.coverage(wasm).expect("it starts again");
    assert_eq!(counted.replay.divergence, None);
    let blocks = counted.blocks.into_iter().map(|block| Block {
        function: block.function,
        start: block.start,
        end: block.end,
        count: block.count,
    });
    let branches = counted.branches.into_iter().map(|branch| Branch {
        function: branch.function,
        offset: branch.offset,
        ways: branch.ways,
    });
    Coverage::new(blocks.collect(), branches.collect())
}

/// The lines of a kind in a tracefile.
fn of_kind<'a>(lcov: &'a str, kind: &str) -> Vec<&'a str> {
    let lines = lcov.lines();
    lines.filter_map(|line| line.strip_prefix(kind)).collect()
}

/// How often lines of the source ran, by their numbers.
fn lines(lcov: &str) -> BTreeMap<usize, u64> {
    let lines = of_kind(lcov, "DA:").into_iter();
    lines
        .map(|line| {
            let (number, count) = line.split_once(',').expect("two numbers");
            (
                number.parse().expect("a number"),
                count.parse().expect("a number"),
            )
        })
        .collect()
}

/// What of a function ran.
fn function(coverage: &Coverage, name: &str) -> Function {
    let wasm = bytes("primes");
    let functions = coverage.functions(&Symbols::new(&wasm)).into_iter();
    let mut functions = functions.filter(|function| function.name == name);
    functions.next().expect("it is a function")
}

/// The number of the line of the source that has these words.
fn line_of(words: &str) -> usize {
    let lines = SOURCE.lines().position(|line| line.contains(words));
    lines.expect("the line is there").saturating_add(1)
}

#[test]
fn lines_of_c_have_how_often_they_ran() {
    let wasm = bytes("primes");
    let lcov = covered(&wasm, 30).lcov(&Symbols::new(&wasm));
    let [file] = of_kind(&lcov, "SF:")[..] else {
        panic!("{lcov}");
    };
    assert!(file.ends_with("/primes.c"), "{file}");
    let lines = lines(&lcov);
    // There are ten primes below 30.
    for (words, count) in [
        ("if (number < 2)", 30),
        ("found[count++] = number;", 10),
        ("sort(found, count);", 1),
        ("full();", 0),
        ("__builtin_trap();", 0),
    ] {
        assert_eq!(lines.get(&line_of(words)), Some(&count), "{words}: {lcov}");
    }
    let run = lines.values().filter(|count| **count > 0).count();
    assert_eq!(of_kind(&lcov, "LF:"), [lines.len().to_string()]);
    assert_eq!(of_kind(&lcov, "LH:"), [run.to_string()]);
    let functions = of_kind(&lcov, "FNDA:");
    assert_eq!(functions.len(), 5, "{lcov}");
    assert!(
        functions.contains(&"30,is_prime") && functions.contains(&"0,full"),
        "{lcov}"
    );
    let is_prime = format!("{},is_prime", line_of("static int is_prime"));
    assert!(of_kind(&lcov, "FN:").contains(&is_prime.as_str()), "{lcov}");
}

#[test]
fn branches_of_a_line_are_told_apart() {
    let wasm = bytes("primes");
    let lcov = covered(&wasm, 30).lcov(&Symbols::new(&wasm));
    let words = "if (number % divisor == 0)";
    let line = format!("BRDA:{},0,", line_of(words));
    let ways: Vec<u64> = of_kind(&lcov, &line)
        .into_iter()
        .map(|way| {
            let (_, count) = way.split_once(',').expect("two numbers");
            count.parse().expect("a number")
        })
        .collect();
    // It goes on in one of two ways, as often as the line ran.
    let ran = lines(&lcov).get(&line_of(words)).copied();
    assert!(
        ways.len() == 2 && ways.iter().all(|way| *way > 0),
        "{ways:?}"
    );
    assert_eq!(Some(ways.iter().sum()), ran);
    let never = format!("BRDA:{},", line_of("while (number > 0)"));
    let nothing = covered(&wasm, 0).lcov(&Symbols::new(&wasm));
    assert!(
        of_kind(&nothing, &never)
            .iter()
            .all(|way| way.ends_with(",-")),
        "{nothing}"
    );
    assert!(!of_kind(&nothing, &never).is_empty(), "{nothing}");
}

#[test]
fn runs_are_covered_together() {
    let wasm = bytes("primes");
    let symbols = Symbols::new(&wasm);
    let mut coverage = covered(&wasm, 30);
    assert_eq!(function(&coverage, "full").blocks_run, 0);
    // There are 78 primes below 400: the guest has no room for them, and traps.
    coverage.merge(&covered(&wasm, 400));
    let lines = lines(&coverage.lcov(&symbols));
    assert_eq!(lines.get(&line_of("full();")), Some(&1));
    assert_eq!(lines.get(&line_of("__builtin_trap();")), Some(&1));
    // The 65th prime did not get there.
    assert_eq!(
        lines.get(&line_of("found[count++] = number;")),
        Some(&(10 + 64))
    );
    let full = function(&coverage, "full");
    assert_eq!((full.calls, full.blocks_run), (1, full.blocks));
}

#[test]
fn without_debug_information_there_are_functions_and_no_lines() {
    let text = "(module (func $\"\\1b[2Ja\\nend_of_record\" (export \"run\") (param i32)))";
    let wasm = wat::parse_str(text).expect("the text is valid");
    let symbols = Symbols::new(&wasm);
    let coverage = Coverage::new(
        vec![Block {
            function: 0,
            start: 0,
            end: 9,
            count: 1,
        }],
        vec![Branch {
            function: 0,
            offset: 3,
            ways: vec![1; 3],
        }],
    );
    assert_eq!(coverage.lcov(&symbols), "");
    assert_eq!(coverage.functions(&symbols)[0].name, "?[2Ja?end_of_record");
}
