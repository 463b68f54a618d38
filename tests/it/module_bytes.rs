//! Whatever the bytes are, the answer is a module or an error, and it costs no more than they do.

use crate::harness::{allocations::measure, one_page, roomy, timeless};
use fuelbox::{Advice, Error, Module, ModuleLimits, Proposal};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, EntityType, ExportKind, ExportSection,
    FunctionSection, ImportSection, RawSection, TypeSection,
};

const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// A module with every kind of section.
fn real() -> Vec<u8> {
    wat::parse_str(
        r#"(module $real
            (type $binary (func (param i32 i32) (result i32)))
            (import "env" "host_log" (func $log (param i32 i32)))
            (table $table 4 8 funcref)
            (memory (export "memory") 1 9)
            (global $sum (mut i64) (i64.const 7))
            (export "sum" (global $sum))
            (start $start)
            (elem (table $table) (i32.const 1) func $add $start)
            (elem $passive funcref (ref.null func) (ref.func $add))
            (data (i32.const 10) "some bytes of data")
            (data $late "more")
            (func $start (call $log (i32.const 10) (i32.const 4)))
            (func $add (type $binary) (local i64 f32)
                (block $out (loop $again
                    (br_if $out (i32.eqz (local.get 0)))
                    (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
                    (drop (table.grow $table (ref.null func) (i32.const 1)))
                    (br_table $again $out $again (local.get 0))))
                (memory.init $late (i32.const 0) (i32.const 0) (i32.const 4))
                (call_indirect $table (type $binary) (local.get 0) (local.get 1) (i32.const 1)))
            (func (export "execute") (type $binary)
                (f64.store (i32.const 64) (f64.div (f64.const 1) (f64.const 3)))
                (call $add (i32.const 3) (local.get 1))))"#,
    )
    .expect("the text is valid")
}

#[test]
fn what_is_no_module_is_an_error() {
    let code = |bytes: &[u8]| Module::new(bytes).expect_err("it is no module").code();
    assert_eq!(code(b""), "invalid-module");
    assert_eq!(code(b"\0"), "invalid-module");
    assert_eq!(code(b"\0asm"), "invalid-module");
    assert_eq!(code(b"\0asm\x02\0\0\0"), "invalid-module");
    assert_eq!(code(b"\0ASM\x01\0\0\0"), "invalid-module");
    assert_eq!(code(b"MZ some program of another kind"), "invalid-module");
    assert_eq!(code(&[0xff; 1_000]), "invalid-module");
    assert_eq!(code(b"(module)"), "text-module");
    assert_eq!(code(b" \n ;; a comment\n(module)"), "text-module");
}

#[test]
fn a_component_is_named_as_such() {
    let error = Module::new(b"\0asm\x0d\0\x01\0").expect_err("it is no core module");
    let proposal = Proposal::ComponentModel;
    assert_eq!(error, Error::Proposal { proposal });
    assert_eq!(error.advice(), Some(Advice::BuildCoreModule));
}

#[test]
fn what_is_something_else_is_told_in_one_line() {
    for (bytes, what) in [
        (&b""[..], "the file is empty"),
        (b"\x89PNG\r\n", "it looks like an image"),
        (b"#!/bin/sh", "it looks like a script"),
        (b"\0ASM\x01\0\0\0", "it does not begin as WebAssembly does"),
    ] {
        let error = Module::new(bytes).expect_err("it is no module").to_string();
        assert_eq!(error, format!("invalid module at byte 0: {what}"));
    }
}

#[test]
fn every_truncation_is_told_by_where_it_breaks_off() {
    let wasm = real();
    Module::new(&wasm).expect("the whole of it is valid");
    for len in 0..wasm.len() {
        match Module::new(&wasm[..len]) {
            // Between two sections what stands before may be whole.
            Ok(_) => {}
            Err(Error::InvalidModule {
                offset, message, ..
            }) => {
                assert!(offset <= len as u64, "byte {offset} of {len}: {message}");
                assert!(!message.is_empty());
            }
            Err(other) => panic!("{other:?} for {len} bytes"),
        }
    }
}

#[test]
fn every_flipped_byte_gives_a_module_that_runs_or_an_error() {
    let wasm = real();
    let sandbox = timeless(roomy().fuel(10_000)).grant(fuelbox::protocol());
    let mut ran = 0;
    for index in 0..wasm.len() {
        for flip in [0x01, 0x40, 0x80, 0xff] {
            let mut other = wasm.clone();
            other[index] ^= flip;
            let Ok(module) = Module::new(&other) else {
                continue;
            };
            if let Ok(report) = sandbox.run(&module, []) {
                assert_ne!(
                    report.outcome.code(),
                    "engine",
                    "byte {index} with {flip:#x}"
                );
                ran += 1;
            }
        }
    }
    assert!(ran > 100, "{ran} ran");
}

#[test]
fn counts_that_lie_allocate_next_to_nothing() {
    // Types, imports, functions, tables, memories, globals, exports, elements, code, data, data count.
    for id in [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12] {
        for count in [99, 9_999, 99_999, 0x0fff_ffff, u32::MAX] {
            let mut content = Vec::new();
            leb128(&mut content, count);
            content.extend([0x60; 3]);
            let mut wasm = wasm_encoder::Module::new();
            wasm.section(&RawSection { id, data: &content });
            let wasm = wasm.finish();
            let (result, spent) = measure(|| Module::new(&wasm).map(drop));
            let code = result.expect_err("it lies").code();
            assert!(
                matches!(code, "invalid-module" | "module-limit"),
                "{code} for section {id}"
            );
            // The validator makes room for as many functions as may be, 4 bytes each.
            assert!(
                spent.peak < 1 << 20,
                "{} bytes for section {id}",
                spent.peak
            );
        }
    }
}

#[test]
fn sizes_that_lie_are_errors() {
    for id in 0..=13 {
        for size in [1, 127, 0x0fff_ffff, u32::MAX] {
            let mut wasm = HEADER.to_vec();
            wasm.push(id);
            leb128(&mut wasm, size);
            let code = Module::new(&wasm).expect_err("it lies").code();
            assert_eq!(code, "invalid-module", "section {id} of {size} bytes");
        }
    }
}

#[test]
fn sections_twice_or_out_of_order_are_errors() {
    let types: &[u8] = &[1, 4, 1, 0x60, 0, 0];
    let functions: &[u8] = &[3, 2, 1, 0];
    let code: &[u8] = &[10, 4, 1, 2, 0, 0x0b];
    let valid = [HEADER, types, functions, code].concat();
    Module::new(valid).expect("it is valid");
    for wrong in [
        [HEADER, types, types, functions, code].concat(),
        [HEADER, functions, types, code].concat(),
        [HEADER, types, functions, functions, code].concat(),
        [HEADER, types, functions, code, code].concat(),
        [HEADER, types, functions].concat(),
        [HEADER, types, code].concat(),
    ] {
        assert_eq!(
            Module::new(&wrong).expect_err("it is wrong").code(),
            "invalid-module"
        );
    }
}

#[test]
fn a_corrupt_custom_section_does_no_harm() {
    let broken: &[u8] = &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    for name in [
        "name",
        "producers",
        "linking",
        "target_features",
        "dylink.0",
        "\u{1b}[2J",
    ] {
        let mut module = wasm_encoder::Module::new();
        module.section(&CustomSection {
            name: name.into(),
            data: broken.into(),
        });
        Module::new(module.finish()).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    // A custom section whose name is longer than itself is no section at all.
    let wasm = [HEADER, &[0, 2, 9, b'x']].concat();
    assert_eq!(
        Module::new(wasm).expect_err("it lies").code(),
        "invalid-module"
    );
}

#[test]
fn text_never_reaches_the_text_parser() {
    let deep = "(".repeat(1 << 20);
    assert_eq!(
        Module::new(deep).expect_err("it is text"),
        Error::TextModule
    );
}

#[test]
fn deep_nesting_stays_off_the_native_stack() {
    const DEPTH: usize = 100_000;
    let mut body = vec![0];
    body.extend([0x02, 0x40].repeat(DEPTH)); // block
    body.extend([0x0b].repeat(DEPTH)); // end
    body.push(0x0b);
    let wasm = one_function(&body);
    on_a_small_stack(move || {
        // Whatever depth a host allows.
        let limits = ModuleLimits::default().block_depth(u64::MAX);
        let module = Module::builder()
            .limits(limits.clone())
            .build(&wasm)
            .expect("it is valid");
        let report = timeless(roomy()).run(&module, []).expect("it starts");
        assert_eq!(report.outcome.code(), "finished");
    });
}

#[test]
fn deep_expressions_stay_off_the_native_stack() {
    const DEPTH: usize = 100_000;
    let mut body = vec![0];
    body.extend([0x41, 0x01].repeat(DEPTH)); // i32.const 1
    body.extend([0x6a].repeat(DEPTH - 1)); // i32.add
    body.extend([0x1a, 0x0b]); // drop, end
    let wasm = one_function(&body);
    let refused = Module::new(&wasm).map(drop).expect_err("it is too deep");
    assert!(
        refused.to_string().contains("stretch_operands"),
        "{refused}"
    );
    on_a_small_stack(move || {
        // Without the cuts that it is refused for.
        let limits = ModuleLimits::default().stretch_fuel(u64::MAX);
        match Module::builder().limits(limits.clone()).build(&wasm) {
            Ok(module) => drop(timeless(roomy()).run(&module, []).expect("it starts")),
            Err(error) => assert_eq!(error.code(), "unsupported"),
        }
    });
}

#[test]
fn more_locals_than_there_may_be_are_an_error() {
    for (count, expected) in [(50_001, "invalid-module"), (u32::MAX, "module-limit")] {
        let mut body = vec![1];
        leb128(&mut body, count);
        body.extend([0x7e, 0x0b]);
        let (result, spent) = measure(|| Module::new(one_function(&body)).map(drop));
        assert_eq!(result.expect_err("there are too many").code(), expected);
        assert!(spent.peak < 256 << 10, "{} bytes", spent.peak);
    }
}

#[test]
fn what_follows_the_end_of_a_function_is_an_error() {
    for behind in [
        &[0x01][..],         // nop
        &[0x41, 0x00],       // i32.const 0
        &[0x02, 0x40],       // block
        &[0x03, 0x40, 0x0b], // loop, end: the interpreter's compiler panics at this end
        &[0x02, 0x40, 0x0b, 0x02, 0x40, 0x0b],
        &[0x10, 0x00], // call
        &[0x0b],       // end
    ] {
        let body = [&[0, 0x0b], behind, &[0x0b]].concat();
        match Module::new(one_function(&body)) {
            Err(Error::InvalidModule { message, .. }) => {
                assert!(message.contains("end of function"), "{message}");
            }
            other => panic!("{behind:x?}: {other:?}"),
        }
    }
}

#[test]
fn a_body_without_its_end_is_an_error() {
    for body in [&[0][..], &[0, 0x01], &[0, 0x02, 0x40, 0x0b], &[0, 0x00]] {
        let error = Module::new(one_function(body)).expect_err("it does not end");
        assert_eq!(error.code(), "invalid-module", "{body:x?}");
    }
}

#[test]
fn what_is_wrong_first_is_told() {
    // Behind an operator of another type, a second end, or one of a proposal that never runs.
    for body in [
        &[0, 0x45, 0x0b, 0x0b][..],
        &[0, 0x45, 0x06, 0x40, 0x0b, 0x0b],
    ] {
        match Module::new(one_function(body)) {
            Err(Error::InvalidModule { message, .. }) => {
                assert!(message.contains("nothing on stack"), "{message}");
            }
            other => panic!("{body:x?}: {other:?}"),
        }
    }
}

#[test]
fn names_may_be_long_and_errors_about_them_are_short() {
    let name = "x".repeat(100_000);
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut imports = ImportSection::new();
    imports.import(&name, &name, EntityType::Function(0));
    let mut exports = ExportSection::new();
    exports.export("_start", ExportKind::Func, 0);
    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&imports).section(&exports);
    let module = Module::new(module.finish()).expect("it is valid");
    let error = timeless(roomy())
        .run(&module, [])
        .expect_err("nothing offers that");
    assert_eq!(error.code(), "import-unknown");
    assert!(error.to_string().len() < 500);
}

#[test]
fn empty_segments_in_number_are_bounded_by_the_limit() {
    let module = |count| {
        let mut data = DataSection::new();
        for _ in 0..count {
            data.active(0, &ConstExpr::i32_const(0), []);
        }
        let mut module = wasm_encoder::Module::new();
        module.section(&one_page()).section(&data);
        module.finish()
    };
    let limits = ModuleLimits::default().data_segments(1_000);
    assert!(
        Module::builder()
            .limits(limits.clone())
            .build(module(1_000))
            .is_ok()
    );
    assert!(
        Module::builder()
            .limits(limits.clone())
            .build(module(1_001))
            .is_err()
    );
}

/// A module of one function `_start` with this body.
fn one_function(body: &[u8]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("_start", ExportKind::Func, 0);
    let mut code = CodeSection::new();
    code.raw(body);
    let mut module = wasm_encoder::Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&exports)
        .section(&code);
    module.finish()
}

fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(f)
        .expect("a thread starts")
        .join()
        .expect("nothing panics");
}

fn leb128(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).expect("seven bits") | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).expect("seven bits"));
}
