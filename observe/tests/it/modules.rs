//! Whatever a module says of itself, or does not: what is shown is bounded and harmless.

use super::runs::{Stopped, bytes, stopped};
use fuelbox_observe::{
    Symbols,
    coredump::{CoreDump, Value},
    coverage::{Block, Branch, Coverage},
};
use proptest::prelude::*;
use wasmparser::{CoreDumpValue, KnownCustom, Parser, Payload, Validator, WasmFeatures};

/// A module without its custom sections, or with others in their place.
fn with_custom(wasm: &[u8], mut change: impl FnMut(&str, &[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("the module is valid") {
            Payload::CustomSection(custom) => {
                if let Some(data) = change(custom.name(), custom.data()) {
                    module.section(&wasm_encoder::CustomSection {
                        name: custom.name().into(),
                        data: data.into(),
                    });
                }
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = wasm.get(range).expect("it is in the module");
                    module.section(&wasm_encoder::RawSection { id, data });
                }
            }
        }
    }
    module.finish()
}

#[test]
fn without_names_and_debug_information_there_are_numbers_and_exports() {
    let wasm = with_custom(&bytes("c"), |_, _| None);
    let Stopped { places, .. } = stopped(&wasm, 0);
    let shown: Vec<_> = places.iter().map(ToString::to_string).collect();
    assert!(shown[0].starts_with("function 1 at 0x"), "{shown:?}");
    assert!(shown[1].starts_with("run at 0x"), "{shown:?}");
}

#[test]
fn imported_functions_are_called_as_they_are_imported() {
    let wasm = wat::parse_str(r#"(module (import "shop" "price" (func)))"#);
    let wasm = wasm.expect("the text is valid");
    assert_eq!(Symbols::new(&wasm).name(0).as_deref(), Some("shop.price"));
    assert_eq!(Symbols::new(&wasm).name(1), None);
}

#[test]
fn names_that_drive_a_terminal_are_escaped() {
    let text = "(module (func $\"\\1b[31m\\n\" (export \"run\") (param i32) unreachable))";
    let wasm = wat::parse_str(text).expect("the text is valid");
    let Stopped { places, .. } = stopped(&wasm, 0);
    let shown = places[0].to_string();
    assert!(shown.starts_with("\\u{1b}[31m\\n at"), "{shown}");
}

#[test]
fn text_has_its_own_lines() {
    let text = "(module\n  (func (export \"run\") (param i32)\n    (drop\n      (i32.div_u\n        (i32.const 1)\n        (local.get 0)))))";
    let wasm = wat::parse_str(text).expect("the text is valid");
    let Stopped { observation, .. } = stopped(&wasm, 0);
    let frame = observation.frames[0];
    let symbols = Symbols::of_text("guest.wat", text, &wasm);
    let place = symbols.place(frame.function, frame.offset);
    let line = place.lines.first().expect("it has debug information");
    assert_eq!(
        (line.file.as_deref(), line.line),
        (Some("guest.wat"), Some(4))
    );
}

#[test]
fn bytes_that_are_no_module_have_no_names() {
    for bytes in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0\xff\xff\xff", b"text"] {
        let symbols = Symbols::new(bytes);
        assert_eq!(symbols.place(3, 9).to_string(), "function 3 at 0x9");
        assert!(CoreDump::new("guest", bytes).finish().starts_with(b"\0asm"));
    }
}

#[test]
fn a_core_dump_holds_stack_memory_and_globals() {
    let text = r#"(module
        (memory (export "memory") 1 4)
        (global $n (mut i32) (i32.const 7))
        (func $inner unreachable)
        (func (export "run") (param i32)
            (i32.store (i32.const 70000) (drop (memory.grow (i32.const 1))) (i32.const 5))
            (global.set $n (i32.const 8))
            (call $inner)))"#;
    let wasm = wat::parse_str(text).expect("the text is valid");
    let Stopped { observation, .. } = stopped(&wasm, 0);
    let mut dump = CoreDump::new("guest", &wasm);
    for frame in &observation.frames {
        dump.frame(frame.function, frame.offset, &[Some(Value::I64(-7)), None]);
    }
    dump.memory(&observation.memories[0]).global(Value::I32(8));
    assert_eq!(observation.globals, [fuelbox::Value::I32(8)]);
    let file = dump.finish();
    let features = WasmFeatures::default();
    Validator::new_with_features(features)
        .validate_all(&file)
        .expect("it is a module");

    let (mut frames, mut names, mut pages) = (Vec::new(), Vec::new(), 0);
    for payload in Parser::new(0).parse_all(&file) {
        match payload.expect("it is valid") {
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::CoreDump(core) => names.push(core.name.to_owned()),
                KnownCustom::CoreDumpStack(stack) => {
                    let locals = &stack.frames[0].locals;
                    assert!(
                        matches!(locals[..], [CoreDumpValue::I64(-7), CoreDumpValue::Missing]),
                        "{locals:?}"
                    );
                    let places = stack.frames.iter();
                    frames.extend(places.map(|frame| (frame.funcidx, frame.codeoffset)));
                }
                _ => {}
            },
            Payload::MemorySection(memories) => {
                pages = memories
                    .into_iter()
                    .next()
                    .expect("one")
                    .expect("it is valid")
                    .initial;
            }
            _ => {}
        }
    }
    // Behind the byte that says that there are no locals.
    assert_eq!(frames[0], (0, 1));
    assert_eq!((frames.len(), frames[1].0), (2, 1));
    assert_eq!((names, pages), (vec!["guest".to_owned()], 2));
    assert!(
        file.len() < 10_000,
        "zeros are left out: {} bytes",
        file.len()
    );
}

/// Debug information of so many units that all have the same lines.
fn sharing_their_lines(units: usize) -> Vec<u8> {
    // A unit that has nothing but the place of its lines, which is a number of four bytes.
    let abbreviations = [1, 0x11, 0, 0x10, 0x17, 0, 0, 0];
    let unit = [12, 0, 0, 0, 4, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0];
    // Version 4, one operator after the other; a file `a`, and a sequence from 1 on.
    let operands = [0, 1, 1, 1, 1, 0, 0, 0, 1];
    let files = [0, b'a', 0, 0, 0, 0, 0];
    let head = [&[1, 1, 1, 0, 4, 10][..], &operands, &files].concat();
    let mut lines = vec![4, 0];
    lines.extend(
        u32::try_from(head.len())
            .expect("it is small")
            .to_le_bytes(),
    );
    lines.extend(&head);
    lines.extend([0, 5, 2, 1, 0, 0, 0]);
    // One row further in code and lines.
    lines.extend([2, 1, 3, 1, 1].repeat(1_000));
    lines.extend([0, 1, 1]);
    let len = u32::try_from(lines.len()).expect("it is small");
    let lines = [&len.to_le_bytes()[..], &lines].concat();
    let mut module = wasm_encoder::Module::new();
    let mut add = |name: &str, data: &[u8]| {
        module.section(&wasm_encoder::CustomSection {
            name: name.into(),
            data: data.into(),
        });
    };
    add(".debug_abbrev", &abbreviations);
    add(".debug_info", &unit.repeat(units));
    add(".debug_line", &lines);
    module.finish()
}

#[test]
fn lines_that_many_units_share_are_not_read_for_each() {
    let lines = |units| {
        let wasm = sharing_their_lines(units);
        Symbols::new(&wasm).place(0, 500).lines
    };
    assert_eq!(lines(1).len(), 1);
    assert_eq!(lines(1)[0].line, Some(500));
    // What is read takes so many times the room of the lines.
    assert_eq!(lines(1_000), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Debug information that somebody has broken gives fewer lines, and never a panic.
    #[test]
    fn broken_debug_information_harms_nobody(
        guest in prop::sample::select(vec!["c", "cpp", "rust", "zig"]),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let broken = with_custom(&bytes(guest), |_, data| {
            let mut data = data.to_vec();
            for (place, byte) in &changes {
                if !data.is_empty() {
                    let at = place.index(data.len());
                    data[at] = *byte;
                }
            }
            Some(data)
        });
        let symbols = Symbols::new(&broken);
        let all = Block { function: 0, start: 0, end: u64::MAX, count: 1 };
        let branches = (0..300).map(|offset| Branch { function: 0, offset, ways: vec![1, 0] });
        let lcov = Coverage::new(vec![all], branches.collect()).lcov(&symbols);
        prop_assert!(lcov.len() < 1_000_000);
        for offset in 0..300 {
            prop_assert!(symbols.place(0, offset).to_string().len() < 100_000);
        }
    }
}
