//! Guests of C, C++, Rust and Zig with debug information stop at lines of their sources, those of AssemblyScript, which
//! has another kind of it, in functions that have their names.

use super::runs::{Stopped, stopped};
use fuelbox_observe::{Line, Place, Symbols};

/// A function that the guest was in, and a text of the line that it was at.
type Frame = (&'static str, &'static str);

/// The functions and lines that a guest was in, the innermost first, those that were inlined among them.
fn frames(places: &[Place]) -> Vec<(String, Line)> {
    let mut frames = Vec::new();
    for place in places {
        let (own, inlined) = place.lines.split_last().expect("it has debug information");
        for line in inlined {
            let name = line.function.clone().expect("what is inlined has a name");
            frames.push((name, line.clone()));
        }
        let name = place.name.clone().expect("the module has names");
        frames.push((name, own.clone()));
    }
    frames
}

#[track_caller]
fn must_stop_at(guest: &str, source: (&str, &str), expected: &[Frame]) {
    let Stopped { places, .. } = stopped(&super::runs::bytes(guest), 0);
    let (file, text) = source;
    let frames = frames(&places);
    // What the toolchain itself adds, such as the function that traps, comes before.
    let own: Vec<_> = frames
        .iter()
        .filter(|(_, line)| line.file.as_ref().is_some_and(|path| path.ends_with(file)))
        .collect();
    assert_eq!(own.len(), expected.len(), "{frames:#?}");
    for ((name, line), (function, words)) in own.iter().zip(expected) {
        // Versions of Zig differ in whether an export has the name of its file.
        let is_named = name == function || name.strip_prefix("trap.") == Some(*function);
        assert!(is_named, "{name} is not {function}: {frames:#?}");
        let found = text_at(text, line);
        assert!(found.contains(words), "{name} is at {line:?}: {found}");
        assert!(line.column > Some(0), "{line:?}");
    }
}

/// What a source has at a line.
#[track_caller]
fn text_at<'a>(source: &'a str, line: &Line) -> &'a str {
    let number = usize::try_from(line.line.expect("a line is known")).expect("it is short");
    let mut lines = source.lines().skip(number.saturating_sub(1));
    lines.next().expect("the line is there")
}

#[test]
fn a_division_in_c_has_its_line_and_what_it_was_inlined_into() {
    let source = ("/trap.c", include_str!("../guests/src/trap.c"));
    let expected = [
        ("divide", "dividend / divisor"),
        ("halve", "divide(number, half)"),
        ("run", "halve(40, number)"),
    ];
    must_stop_at("c", source, &expected);
}

#[test]
fn a_method_of_cpp_has_its_name_as_in_the_source() {
    let source = ("/trap.cpp", include_str!("../guests/src/trap.cpp"));
    let expected = [
        ("shapes::Circle::area(double) const", "*radius"),
        ("run", "circle.area(3.0)"),
    ];
    must_stop_at("cpp", source, &expected);
}

#[test]
fn a_method_of_rust_has_its_path() {
    let source = ("/trap.rs", include_str!("../guests/src/trap.rs"));
    let expected = [
        ("trap::missing", "unreachable()"),
        ("trap::shelf::Shelf::book", "missing()"),
        ("run", ".book(number"),
    ];
    must_stop_at("rust", source, &expected);
}

#[test]
fn what_zig_gives_up_at_has_its_line() {
    let source = ("/trap.zig", include_str!("../guests/src/trap.zig"));
    let expected = [
        ("trap.panic", "@trap()"),
        ("trap.giveUp", "unreachable"),
        ("trap.middle", "giveUp(number)"),
        ("run", "middle(number)"),
    ];
    must_stop_at("zig", source, &expected);
}

#[test]
fn a_division_in_assemblyscript_has_the_names_of_its_functions() {
    let Stopped { places, .. } = stopped(&super::runs::bytes("assemblyscript"), 0);
    let names: Vec<_> = places
        .iter()
        .filter_map(|place| place.name.as_deref())
        .collect();
    assert_eq!(names, ["trap/divide", "trap/halve", "trap/run"]);
}

#[test]
fn a_division_in_assemblyscript_has_its_line_where_there_is_a_source_map() {
    let wasm = super::runs::bytes("assemblyscript");
    let Stopped { observation, .. } = stopped(&wasm, 0);
    let symbols =
        Symbols::new(&wasm).with_source_map(include_str!("../guests/assemblyscript.wasm.map"));
    let text = include_str!("../guests/src/trap.ts");
    let frames = observation.frames.iter();
    let lines: Vec<_> = frames
        .filter_map(|frame| symbols.place(frame.function, frame.offset).lines.pop())
        .filter(|line| line.file.as_deref() == Some("trap.ts"))
        .filter_map(|line| {
            text.lines()
                .nth(usize::try_from(line.line?).ok()?.saturating_sub(1))
        })
        .collect();
    let expected = [
        "  return dividend / divisor;",
        "  return divide(number, half) + 1;",
        "  return halve(40, number);",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn functions_begin_at_lines_of_their_sources() {
    let c = ("/trap.c", include_str!("../guests/src/trap.c"));
    let rust = ("/trap.rs", include_str!("../guests/src/trap.rs"));
    let zig = ("/trap.zig", include_str!("../guests/src/trap.zig"));
    for (guest, (file, source), function, words) in [
        ("c", c, "divide", "int divide("),
        ("c", c, "run", "halve(40, number)"),
        ("rust", rust, "run", "fn run("),
        ("zig", zig, "run", "middle(number)"),
    ] {
        let wasm = super::runs::bytes(guest);
        let symbols = Symbols::new(&wasm);
        let mut all = (0..).map_while(|number| symbols.begin(number));
        let begin = all.find(|place| place.name.as_deref() == Some(function));
        let begin = begin.unwrap_or_else(|| panic!("{guest} has no {function}"));
        let line = begin.lines.last().expect("it has debug information");
        let path = line.file.as_deref().unwrap_or_default();
        assert!(path.ends_with(file), "{line:?}");
        let found = text_at(source, line);
        assert!(found.contains(words), "{guest}: {line:?} is {found}");
    }
}
