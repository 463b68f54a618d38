//! Every limit of a module holds: at the limit a module is admitted, one above it is not.

use crate::harness::{admit, allocations::measure};
use fuelbox::{Advice, Error, Module, ModuleLimits, Proposal};
use wasm_encoder::{Encode as _, RawSection};

#[test]
fn at_the_limit_a_module_is_admitted_and_one_above_it_is_not() {
    let functions = |n: usize| format!("(module {})", "(func)".repeat(n));
    let types = |n: usize| {
        let types: String = (0..n)
            .map(|n| format!("(type (func{}))", " (param i32)".repeat(n)))
            .collect();
        format!("(module {types})")
    };
    let imports = |n: usize| format!("(module {})", r#"(import "a" "b" (func))"#.repeat(n));
    let tables = |n: usize| format!("(module {})", "(table 0 funcref)".repeat(n));
    let memories = |n: usize| format!("(module {})", "(memory 0)".repeat(n));
    let globals = |n: usize| format!("(module {})", "(global i32 (i32.const 0))".repeat(n));
    let exports = |n: usize| {
        let exports: String = (0..n)
            .map(|n| format!(r#"(export "{n}" (func 0))"#))
            .collect();
        format!("(module (func) {exports})")
    };
    let elements = |n: usize| format!("(module {})", "(elem func)".repeat(n));
    let data = |n: usize| format!("(module {})", "(data)".repeat(n));

    let items = |n: usize| {
        format!(
            "(module (func) (elem func 0) (elem func{}))",
            " 0".repeat(n - 1)
        )
    };
    let locals = |n: usize| {
        format!(
            "(module (func (local i32)) (func (local{})))",
            " i64".repeat(n - 1)
        )
    };

    let nest = |n: usize| {
        format!(
            "(module (func (block)) (func {}{}))",
            "loop ".repeat(n),
            "end ".repeat(n)
        )
    };

    type Text<'a> = &'a dyn Fn(usize) -> String;
    type Set = fn(ModuleLimits, u64) -> ModuleLimits;
    let cases: [(&str, Set, Text<'_>); 12] = [
        ("functions", ModuleLimits::functions, &functions),
        ("types", ModuleLimits::types, &types),
        ("imports", ModuleLimits::imports, &imports),
        ("tables", ModuleLimits::tables, &tables),
        ("memories", ModuleLimits::memories, &memories),
        ("globals", ModuleLimits::globals, &globals),
        ("exports", ModuleLimits::exports, &exports),
        (
            "element_segments",
            ModuleLimits::element_segments,
            &elements,
        ),
        ("data_segments", ModuleLimits::data_segments, &data),
        ("elements", ModuleLimits::elements, &items),
        ("locals", ModuleLimits::locals, &locals),
        ("block_depth", ModuleLimits::block_depth, &nest),
    ];
    for (name, set, text) in cases {
        let limits = set(ModuleLimits::default().allow(Proposal::MultiMemory), 3);
        assert!(admit(&text(3), &limits).is_ok(), "three {name}");
        let error = admit(&text(4), &limits).expect_err("four are too many");
        let expected = Error::ModuleLimit {
            limit: name.into(),
            allowed: 3,
            found: 4,
        };
        assert_eq!(error, expected);
    }
}

#[test]
fn parameters_of_functions_count_as_locals() {
    let text = "(module (import \"a\" \"b\" (func (param i32)))
        (func (param i32 i32)) (func (param i32 i32) (local i32)))";
    assert!(admit(text, &ModuleLimits::default().locals(5)).is_ok());
    for (allowed, found) in [(4, 5), (3, 4)] {
        let error = admit(text, &ModuleLimits::default().locals(allowed));
        let expected = Error::ModuleLimit {
            limit: "locals".into(),
            allowed,
            found,
        };
        assert_eq!(error.expect_err("there are more"), expected);
    }
}

#[test]
fn loops_whose_many_results_nobody_sees_are_refused_before_they_take_room() {
    // In code that is never reached each leaves all its results on the validator's stack: 300,000 of them took
    // more than 10 GB.
    let results = " i32".repeat(1_000);
    let loops = "loop (type 0) unreachable end ".repeat(300_000);
    let text =
        format!("(module (type (func (result{results}))) (func unreachable {loops} unreachable))");
    let wasm = wat::parse_str(text).expect("the text is readable");
    let (result, spent) = measure(|| Module::new(&wasm));
    let expected = Error::ModuleLimit {
        limit: "carried_values".into(),
        allowed: 4_000_000,
        found: 300_000_000,
    };
    assert_eq!(result.expect_err("it carries more"), expected);
    assert!(spent.peak < 64 << 20, "{} bytes", spent.peak);
}

#[test]
fn values_that_calls_and_blocks_carry_are_counted() {
    // Beside the functions that are called, one whose body is this; what ends it carries nothing.
    for (body, expected) in [
        ("", 0),
        ("(call $two (i32.const 0) (i32.const 0))", 2),
        ("(drop (drop (call $two_results)))", 2),
        (
            "(call $imported (i32.const 0) (i32.const 0) (i32.const 0))",
            3,
        ),
        (
            "(call_indirect (type $two) (i32.const 0) (i32.const 0) (i32.const 0))",
            2,
        ),
        ("(return_call $two (i32.const 0) (i32.const 0))", 2),
        (
            "(return_call_indirect (type $two) (i32.const 0) (i32.const 0) (i32.const 0))",
            2,
        ),
        ("(drop (block (result i32) (i32.const 0)))", 1),
        ("i32.const 0 i32.const 0 (block (type $two) drop drop)", 2),
        // A loop counts what a branch to it carries at its end too.
        ("i32.const 0 i32.const 0 (loop (type $two) drop drop)", 4),
        ("i32.const 0 i32.const 0 (loop (type $two) br 0)", 6),
        // And what it gives at its end, which no branch carries.
        ("(drop (loop (result i32) (i32.const 0)))", 1),
        // One on the way in, one at each of the two ends.
        (
            "i32.const 0 (i32.const 0) (if (param i32) (result i32) (then) (else)) drop",
            3,
        ),
        ("(drop (block (result i32) (i32.const 0) br 0))", 2),
        (
            "(drop (block (result i32) (i32.const 0) (br_if 0 (i32.const 0))))",
            2,
        ),
        (
            "(drop (block (result i32) (br_table 0 0 0 (i32.const 0) (i32.const 0))))",
            4,
        ),
        ("(block (block (br_table 0 1 (i32.const 0))))", 0),
    ] {
        assert_eq!(carried(body), expected, "{body}");
    }
}

#[test]
fn values_that_are_carried_out_of_functions_are_counted() {
    // At the end of the function, and by each return or branch out of it.
    for (body, expected) in [
        ("i32.const 0 i32.const 0", 2),
        ("i32.const 0 i32.const 0 return", 4),
        ("i32.const 0 i32.const 0 br 0", 4),
        (
            "(block (br 1 (i32.const 0) (i32.const 0))) i32.const 0 i32.const 0",
            4,
        ),
    ] {
        let text = format!("(module (func (result i32 i32) {body}))");
        assert_eq!(found(&text), expected, "{body}");
    }
    // Where no type of a function names a value, blocks still may.
    let text = "(module (func (drop (block (result i32) (i32.const 0)))))";
    assert_eq!(found(text), 1);
}

#[test]
fn as_many_values_may_be_carried_as_the_limit_says() {
    let text = "(module (func $f (param i32 i32)) (func (call $f (i32.const 0) (i32.const 0))))";
    let admit = |number| admit(text, &ModuleLimits::default().carried_values(number));
    assert!(admit(2).is_ok());
    let error = admit(1).expect_err("one more is too much");
    let limit = "carried_values".into();
    assert_eq!(error.advice(), Some(Advice::RaiseModuleLimit { limit }));
}

#[test]
fn what_carries_too_much_is_refused_for_that_whatever_follows_in_the_same_body() {
    const UNKNOWN: u8 = 0xff;
    let text = "(module (func (result i32 i32) i32.const 0 i32.const 0 return nop))";
    let mut wasm = wat::parse_str(text).expect("the text is readable");
    let nop = wasm.len() - 2;
    wasm[nop] = UNKNOWN;
    let error = Module::builder()
        .limits(ModuleLimits::default().carried_values(1))
        .build(&wasm);
    assert_eq!(error.expect_err("it is both").code(), "module-limit");
    let error = Module::builder()
        .limits(ModuleLimits::default())
        .build(&wasm);
    assert_eq!(
        error.expect_err("it cannot be read").code(),
        "invalid-module"
    );
}

#[test]
fn a_type_of_many_results_has_them_counted() {
    let (results, values) = (" i32".repeat(50), " i32.const 0".repeat(50));
    let returns = " return".repeat(20);
    let text = format!("(module (func (result{results}){values}{returns}))");
    // Many times the bytes of code, which are 120 and more.
    let error = admit(&text, &ModuleLimits::default().carried_values(500));
    let expected = Error::ModuleLimit {
        limit: "carried_values".into(),
        allowed: 500,
        found: 50 * 21,
    };
    assert_eq!(error.expect_err("it carries more"), expected);
}

/// How many values are carried in a function with this body, beside those out of what it calls.
fn carried(body: &str) -> u64 {
    let text = |body: &str| {
        format!(
            r#"(module
                (type $two (func (param i32 i32)))
                (import "a" "b" (func $imported (param i32 i32 i32)))
                (table 1 funcref)
                (func $two (type $two))
                (func $two_results (result i32 i32) (i32.const 0) (i32.const 0))
                (func {body}))"#
        )
    };
    found(&text(body)).abs_diff(found(&text("")))
}

/// How many values a module carries, as its refusal says.
fn found(text: &str) -> u64 {
    let limits = ModuleLimits::default()
        .allow(Proposal::TailCall)
        .carried_values(0);
    match admit(text, &limits) {
        Ok(_) => 0,
        Err(Error::ModuleLimit { limit, found, .. }) if limit == "carried_values" => found,
        Err(other) => panic!("{text}: {other}"),
    }
}

#[test]
fn the_size_of_the_module_counts_in_bytes() {
    let wasm = wat::parse_str("(module (func))").expect("the text is valid");
    let len = wasm.len() as u64;
    let admit = |bytes| {
        Module::builder()
            .limits(ModuleLimits::default().module_bytes(bytes))
            .build(&wasm)
    };
    assert!(admit(len).is_ok());
    let expected = Error::ModuleLimit {
        limit: "module_bytes".into(),
        allowed: len - 1,
        found: len,
    };
    assert_eq!(admit(len - 1).expect_err("it is too large"), expected);
}

#[test]
fn the_size_of_a_function_counts_in_bytes() {
    // The count of locals, `nop` twice, `end`.
    let text = "(module (func nop nop))";
    assert!(admit(text, &ModuleLimits::default().function_bytes(4)).is_ok());
    let error =
        admit(text, &ModuleLimits::default().function_bytes(3)).expect_err("it is too large");
    let expected = Error::ModuleLimit {
        limit: "function_bytes".into(),
        allowed: 3,
        found: 4,
    };
    assert_eq!(error, expected);
}

#[test]
fn too_large_a_module_is_not_even_looked_at() {
    let limits = ModuleLimits::default().module_bytes(10);
    let error = Module::builder()
        .limits(limits.clone())
        .build([0xff; 11])
        .expect_err("it is too large");
    assert_eq!(error.code(), "module-limit");
}

#[test]
fn limits_without_end_are_taken() {
    let limits = ModuleLimits::default()
        .module_bytes(u64::MAX)
        .function_bytes(u64::MAX)
        .functions(u64::MAX);
    assert!(admit("(module (func))", &limits).is_ok());
}

#[test]
fn types_in_groups_count_one_by_one_before_any_is_read() {
    const EMPTY: [u8; 3] = [0x60, 0, 0];
    // Groups, members that each claims, and members that it has.
    for (groups, claimed, has) in [
        (1_u32, 0x0fff_ffff_u32, 2),
        (1, 100_000, 100_000),
        (100, 1_000, 1_000),
    ] {
        let mut content = Vec::new();
        groups.encode(&mut content);
        for _ in 0..groups {
            content.push(0x4e);
            claimed.encode(&mut content);
            content.extend(EMPTY.repeat(has));
        }
        let mut wasm = wasm_encoder::Module::new();
        wasm.section(&RawSection {
            id: 1,
            data: &content,
        });
        let wasm = wasm.finish();
        let (result, spent) = measure(|| Module::new(&wasm).map(drop));
        let Err(Error::ModuleLimit { limit, .. }) = result else {
            panic!("{result:?}");
        };
        assert_eq!(limit, "types");
        assert!(
            spent.peak < 2 << 20,
            "{} bytes for {groups} groups",
            spent.peak
        );
    }
}
