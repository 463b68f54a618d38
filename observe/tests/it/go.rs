//! Programs of Go have names, files and lines by the table of Go's own traces, whether they are stripped or not.

use super::{
    go_program::{FUNCTIONS, GO_1_21, GO_1_26, GO_1_27, HEADER, INLINED, RECORD, changed, module},
    runs::built,
};
use fuelbox::{Limits, Module, ModuleLimits, Observation, Report, Sandbox, capability::Wasi};
use fuelbox_observe::{
    Place, Symbols,
    coverage::{Block, Coverage},
};
use proptest::prelude::*;
use std::time::Duration;
use wasmparser::{Operator, Parser, Payload};

/// The number of the function `main.run`.
const RUN: u32 = 2;

/// Where the operators of a function stand that are constants of this kind, or calls.
fn marks(wasm: &[u8]) -> Vec<u64> {
    let payloads = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let bodies = payloads.filter_map(|payload| match payload {
        Payload::CodeSectionEntry(body) => Some(body),
        _ => None,
    });
    let body = bodies.last().expect("there are functions");
    let operators = body.get_operators_reader().expect("it can be read");
    let operators = operators.into_iter_with_offsets().map_while(Result::ok);
    let marks = operators.filter(|(operator, _)| {
        matches!(operator, Operator::F32Const { .. } | Operator::Call { .. })
    });
    marks
        .map(|(_, at)| u64::try_from(at).expect("it is small"))
        .collect()
}

/// Where the first function begins.
fn first_operator(wasm: &[u8]) -> u64 {
    let code = wasm
        .windows(4)
        .position(|bytes| bytes == [0, 0x41, 0, 0x0b]);
    let code = code.expect("it has no locals, and a constant");
    u64::try_from(code.saturating_add(1)).expect("it is small")
}

fn lines(place: &Place) -> Vec<(&str, &str, u32)> {
    let lines = place.lines.iter().map(|line| {
        let function = line.function.as_deref().expect("it has a name");
        let file = line.file.as_deref().expect("it has a file");
        (function, file, line.line.expect("it has a line"))
    });
    lines.collect()
}

#[test]
fn each_block_of_a_function_has_the_line_at_its_end() {
    for version in [GO_1_21, GO_1_26, GO_1_27] {
        let wasm = module(version);
        let symbols = Symbols::new(&wasm);
        let first = symbols.place(1, first_operator(&wasm));
        assert_eq!(lines(&first), [("main.first", "/src/a.go", 3)]);
        let marks = marks(&wasm);
        let at = |mark: usize| symbols.place(RUN, marks[mark]);
        // Up to the call that ends the first block, and the call itself.
        for mark in [0, 1] {
            assert_eq!(lines(&at(mark)), [("main.run", "/src/a.go", 11)]);
        }
        let inlined = [
            ("main.helper", "/src/b.go", 20),
            ("main.run", "/src/a.go", 11),
        ];
        assert_eq!(lines(&at(2)), inlined);
        // In the last block each `nop` ends a count.
        for (mark, line) in [(3, 30), (4, 31), (5, 32), (6, 32)] {
            assert_eq!(lines(&at(mark)), [("main.run", "/src/a.go", line)]);
        }
    }
}

#[test]
fn what_no_function_has_has_no_line() {
    let wasm = module(GO_1_27);
    let symbols = Symbols::new(&wasm);
    let at = marks(&wasm)[0];
    for (function, offset) in [(0, at), (1, at), (3, at), (u32::MAX, at), (RUN, u64::MAX)] {
        let place = symbols.place(function, offset);
        assert_eq!(place.lines, [], "{place:?}");
    }
}

#[test]
fn a_tracefile_has_the_lines_of_blocks() {
    let wasm = module(GO_1_27);
    let marks = marks(&wasm);
    let block = |start, end, count| Block {
        function: RUN,
        start,
        end,
        count,
    };
    let blocks = vec![
        // What branches to a block is no line of the source.
        block(marks[0].saturating_sub(9), marks[0], 99),
        block(marks[0], marks[2], 7),
        block(marks[2], marks[3], 5),
        block(marks[3], marks[6], 3),
    ];
    let lcov = Coverage::new(blocks, Vec::new()).lcov(&Symbols::new(&wasm));
    let has = |file: &str, lines: &[&str]| {
        let (_, rest) = lcov.split_once(file).expect("the file is there");
        let (own, _) = rest.split_once("end_of_record").expect("it ends");
        for line in lines {
            assert!(own.contains(line), "{line}: {lcov}");
        }
    };
    has("SF:/src/a.go\n", &["DA:11,7\n", "DA:30,3\n", "DA:32,3\n"]);
    has("SF:/src/b.go\n", &["DA:20,5\n"]);
    assert!(!lcov.contains(",99"), "{lcov}");
}

fn has_lines(wasm: &[u8]) -> bool {
    let symbols = Symbols::new(wasm);
    let first = marks(wasm).into_iter().next();
    let place = symbols.place(RUN, first.expect("it has a constant"));
    !place.lines.is_empty()
}

#[test]
fn what_go_does_not_write_is_no_table() {
    let with = |change: fn(&mut [u8])| changed(GO_1_27, change, "");
    assert!(has_lines(&with(|_| {})));
    // Parts that are longer than the module, the record of another function, and no list of functions.
    assert!(!has_lines(&with(|memory| memory[RECORD + 18] = 1)));
    assert!(!has_lines(&with(|memory| memory[FUNCTIONS + 96] = 2)));
    assert!(!has_lines(&with(|memory| memory[RECORD + 8 * 17] = 1)));
    let overlapping = format!("(data (i32.const {}) \"\\00\")", HEADER + 1);
    assert!(!has_lines(&changed(GO_1_27, |_| {}, &overlapping)));
}

#[test]
fn few_places_that_begin_like_a_table_are_looked_at() {
    let with = |others: usize| {
        let put = |memory: &mut [u8]| {
            for other in 1..=others {
                memory.copy_within(HEADER..HEADER + 8, HEADER - 8 * other);
            }
        };
        has_lines(&changed(GO_1_27, put, ""))
    };
    assert!(with(7));
    assert!(!with(8));
}

#[test]
fn a_function_that_is_inlined_into_itself_ends() {
    let wasm = changed(GO_1_27, |memory| memory[INLINED + 16] = 2, "");
    let symbols = Symbols::new(&wasm);
    assert_eq!(symbols.place(RUN, marks(&wasm)[2]).lines.len(), 64);
}

/// Asks for everything.
fn ask(wasm: &[u8]) {
    let symbols = Symbols::new(wasm);
    let all = Block {
        function: RUN,
        start: 0,
        end: u64::MAX,
        count: 1,
    };
    let lcov = Coverage::new(vec![all], Vec::new()).lcov(&symbols);
    assert!(lcov.len() < 100_000);
    for offset in 0..200 {
        for function in 0..4 {
            let place = symbols.place(function, offset);
            assert!(place.to_string().len() < 100_000);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// A table that somebody has broken gives fewer lines, and never a panic.
    #[test]
    fn a_broken_table_of_go_harms_nobody(
        version in prop::sample::select(vec![GO_1_21, GO_1_26, GO_1_27]),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut wasm = module(version);
        let found = wasm.windows(4).position(|bytes| bytes == [0xf1, 0xff, 0xff, 0xff]);
        let table = found.expect("the table is there");
        for (place, byte) in changes {
            let at = table.saturating_add(place.index(wasm.len().saturating_sub(table)));
            wasm[at] = byte;
        }
        ask(&wasm);
    }
}

#[test]
fn a_table_that_is_cut_off_harms_nobody() {
    let wasm = module(GO_1_27);
    for len in 0..wasm.len() {
        ask(&wasm[..len]);
    }
}

/// Runs a program of Go with these arguments up to so much fuel, and looks where it was.
fn stopped(wasm: &[u8], arguments: &[&str], fuel: u64) -> (Report, Option<Observation>) {
    let limits = ModuleLimits::default().module_bytes(16 << 20);
    let module = Module::builder().limits(limits).build(wasm);
    let module = module.expect("the module is admitted");
    let limits = Limits::default().fuel(fuel).deadline(Duration::MAX);
    let wasi = Wasi::new().args(arguments.iter().copied());
    let sandbox = Sandbox::new(limits).grant(wasi).record(16 << 20);
    let finished = sandbox.start(&module, "").expect("it starts").finish();
    let observed = finished.report.stop().is_some().then(|| {
        let recording = finished.recording.expect("it is recorded");
        let observation = recording.observe(wasm).expect("it starts again");
        assert_eq!(observation.replay.divergence, None);
        observation
    });
    (finished.report, observed)
}

/// The functions that it was in, the innermost first, those that were inlined among them, each with its line.
fn frames(wasm: &[u8], observation: &Observation) -> Vec<(String, String)> {
    let symbols = Symbols::new(wasm);
    let frames = observation.frames.iter();
    let places = frames.map(|frame| symbols.place(frame.function, frame.offset));
    places
        .flat_map(|place| {
            let lines = lines(&place).into_iter();
            let lines = lines.map(|(function, file, line)| {
                // As in Go's traces, which leave out what a function was made for.
                let (function, rest) = function.split_once('[').unwrap_or((function, ""));
                let made = if rest.is_empty() { "" } else { "[...]" };
                (format!("{function}{made}"), format!("{file}:{line}"))
            });
            lines.collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn a_panic_of_a_stripped_program_is_where_its_own_trace_says() {
    let wasm = include_bytes!("../../../tests/guests/wasi/go-tour.wasm");
    // It finds no folder to write into.
    let (report, _) = stopped(wasm, &[], u64::MAX);
    let trace = String::from_utf8_lossy(&report.stderr);
    let mut said = trace.lines().skip_while(|line| !line.starts_with("main."));
    let mut expected = Vec::new();
    while let (Some(function), Some(line)) = (said.next(), said.next()) {
        let (function, _) = function.rsplit_once('(').expect("it was called");
        let line = line.split_whitespace().next().expect("it has a line");
        expected.push((function.to_owned(), line.to_owned()));
    }
    assert_eq!(expected[0].0, "main.check", "{trace}");
    // Just before it ends, it is still within the panic.
    let fuel = report.usage.fuel.saturating_sub(10);
    let (_, observation) = stopped(wasm, &[], fuel);
    let frames = frames(wasm, &observation.expect("it is out of fuel"));
    assert_eq!(frames[0].0, "runtime.exit");
    let own: Vec<_> = frames
        .into_iter()
        .filter(|(function, _)| function.starts_with("main."))
        .collect();
    assert_eq!(own, expected);
}

/// More than any version of Go takes to get there.
const FUEL: u64 = 250_000_000;

/// What `callers.go` does on its way to where it stays.
const WAYS: [&str; 7] = [
    "inlined",
    "interface",
    "closure",
    "library",
    "missing",
    "outside",
    "routine",
];

#[test]
fn a_guest_of_go_is_where_it_says_itself() {
    let Some(wasm) = built("go") else {
        eprintln!("SKIPPED: no guest of Go is built, see observe/tests/guests/build");
        return;
    };
    let source = include_str!("../guests/src/callers.go");
    for way in WAYS {
        let (report, observation) = stopped(&wasm, &[way], FUEL);
        let output = String::from_utf8_lossy(&report.output);
        let said = output.lines().filter_map(|line| {
            let (function, line) = line.split_once(' ')?;
            Some((function.to_owned(), line.to_owned()))
        });
        let said: Vec<_> = said.collect();
        let frames = frames(&wasm, &observation.expect("it is out of fuel"));
        let (stays, callers) = frames.split_first().expect("it is in a function");
        assert_eq!(stays.0, "main.stay", "{way}");
        let (_, number) = stays.1.rsplit_once(':').expect("it has a line");
        let number: usize = number.parse().expect("it is a number");
        let line = source.lines().nth(number.saturating_sub(1));
        assert!(
            line.is_some_and(|line| line.contains("spins")),
            "{way}: {line:?}"
        );
        // Go's scheduler has called the first function of a goroutine, or one that has waited.
        let scheduler = callers
            .iter()
            .rposition(|(function, _)| function == "wasm_pc_f_loop");
        let callers = &callers[..scheduler.expect("it is there")];
        assert_eq!(said.get(..callers.len()), Some(callers), "{way}");
        if way != "routine" {
            assert_eq!(said[callers.len()].0, "runtime.goexit", "{way}");
        }
    }
}
