//! What the program says of a file that is no module: which file, what is wrong, and where.

use super::{Folder, fuelbox};

/// What the program must say of a file with these bytes, right after its path.
#[track_caller]
fn told(name: &str, bytes: impl AsRef<[u8]>, message: &str) {
    let folder = Folder::new(&format!("wrong-{name}"));
    let path = folder.file(name, bytes);
    for command in ["run", "inspect"] {
        let ended = fuelbox(&[command, &path]);
        assert_eq!(ended.code, Some(6), "{ended:?}");
        let expected = format!("fuelbox: {path}: {message}");
        assert!(ended.stderr.starts_with(&expected), "{expected}: {ended:?}");
    }
}

#[test]
fn what_is_something_else_is_told_what_it_looks_like() {
    let at_byte_0 = |name: &str, bytes: &[u8], what: &str| {
        told(name, bytes, &format!("invalid module at byte 0: {what}"));
    };
    at_byte_0("empty.wasm", b"", "the file is empty\n");
    at_byte_0("elf.wasm", b"\x7fELF\x02\x01\x01", "it looks like ELF: ");
    at_byte_0("gzip.wasm", b"\x1f\x8b\x08", "it looks like gzip: ");
    at_byte_0("page.wasm", b"<!doctype html>", "it looks like HTML: ");
    let component = b"\0asm\x0d\0\x01\0";
    told(
        "component.wasm",
        component,
        "the module uses component model, which never runs here\ntry: build a core module, not a component\n",
    );
}

#[test]
fn a_binary_that_is_wrong_is_told_with_byte_and_function() {
    let wasm = |function: &str| {
        let text = format!(r#"(module (import "env" "f" (func)) (func $good) {function})"#);
        wat::parse_str(text).expect("the text is readable")
    };
    let mismatch = "type mismatch: expected i32, found i64, in function 2";
    told(
        "named.wasm",
        wasm("(func $bad (result i32) (i64.const 1))"),
        &format!("invalid module at byte 44: {mismatch} (bad)\n"),
    );
    let nameless =
        "(module (import \"env\" \"f\" (func)) (func) (func (result i32) (i64.const 1)))";
    told(
        "nameless.wasm",
        wat::parse_str(nameless).expect("the text is readable"),
        &format!("invalid module at byte 44: {mismatch}\n"),
    );
    told(
        "cut.wasm",
        &wasm("(func $bad)")[..20],
        "invalid module at byte ",
    );
}

#[test]
fn a_text_that_is_wrong_is_told_with_line_column_and_function() {
    for (name, function, message) in [
        (
            "type.wat",
            "(func $bad (result i32)\n (i64.const 1))",
            "type mismatch: expected i32, found i64 at line 3 column 3, in function $bad\n",
        ),
        (
            "name.wat",
            "(func $bad\n call $none)",
            "unknown func: failed to find name `$none` at line 3 column 7, in function $bad\n",
        ),
        (
            "word.wat",
            "(func $bad\n i32.nope)",
            "unknown operator or unexpected token at line 3 column 2, in function $bad\n",
        ),
    ] {
        let text = format!("(module\n{function})");
        told(name, text, &format!("invalid text: {message}"));
    }
}
