//! What a rewriting appends makes no module valid that names it.

use crate::harness::{roomy, timeless};
use fuelbox::{Error, Module, ModuleLimits, Proposal};

/// A module that has all that is rewritten, and a place for more. It has 4 types, 2 functions, 1 table, 1 memory,
/// 1 global, and a segment of each kind; function 0 has 1 parameter and 1 local.
fn with(fields: &str, body: &str) -> String {
    format!(
        r#"(module
            (type (func))
            (type (func (param i64) (result i64)))
            (type (func (result i32 i64)))
            (type (func (param i32) (result i32)))
            (table 1 funcref)
            (memory 1)
            (global i32 (i32.const 0))
            (elem funcref (ref.func 0))
            {fields}
            (func (type 3) (local i64)
                {body}
                (drop (table.grow 0 (ref.null func) (i32.const 1)))
                (drop (memory.grow (i32.const 1)))
                (drop (block (result i32 i64) (i32.const 1) (i64.const 2)))
                drop
                (i64.const 3) (block (param i64) (result i64) (i64.add (i64.const 1))) drop
                (local.get 0))
            (func (type 0))
            (export "f" (func 0))
            (data "x"))"#
    )
}

/// A field that names something by a number, and the first number that nothing has.
const FIELDS: &[(&str, u32)] = &[
    ("(start N)", 2),
    ("(export \"a\" (func N))", 2),
    ("(export \"a\" (table N))", 1),
    ("(export \"a\" (memory N))", 1),
    ("(export \"a\" (global N))", 1),
    ("(elem (i32.const 0) func N)", 2),
    ("(elem (table 0) (i32.const 0) funcref (ref.func N))", 2),
    ("(elem func N)", 2),
    ("(elem declare func N)", 2),
    ("(elem (table N) (i32.const 0) func 0)", 1),
    ("(data (memory N) (i32.const 0) \"x\")", 1),
    ("(global funcref (ref.func N))", 2),
    ("(func (type N) unreachable)", 4),
    ("(func (type 0) (return_call N))", 3),
];

/// The same within a body.
const INSTRUCTIONS: &[(&str, u32)] = &[
    ("(call N) (return (i32.const 0))", 2),
    ("(drop (ref.func N))", 1),
    ("unreachable (block (type N) unreachable) unreachable", 4),
    ("unreachable (loop (type N) unreachable) unreachable", 4),
    (
        "unreachable (if (type N) (then unreachable) (else unreachable)) unreachable",
        4,
    ),
    ("unreachable (call_indirect (type N)) unreachable", 4),
    ("unreachable (return_call_indirect (type N))", 4),
    ("unreachable (call_indirect N (type 0))", 1),
    ("(drop (table.get N (i32.const 0)))", 1),
    ("(drop (table.size N))", 1),
    ("(drop (table.grow N (ref.null func) (i32.const 1)))", 1),
    (
        "(table.copy 0 N (i32.const 0) (i32.const 0) (i32.const 0))",
        1,
    ),
    (
        "(table.init N (i32.const 0) (i32.const 0) (i32.const 0))",
        1,
    ),
    ("(elem.drop N)", 1),
    ("(data.drop N)", 1),
    (
        "(memory.init N (i32.const 0) (i32.const 0) (i32.const 0))",
        1,
    ),
    ("(drop (memory.grow N (i32.const 1)))", 1),
    ("(drop (i32.load N (i32.const 0)))", 1),
    ("(drop (global.get N))", 1),
    ("(drop (local.get N))", 2),
    ("(local.set N (i32.const 1))", 1),
    ("unreachable (local.set N)", 2),
    ("unreachable (drop (local.tee N))", 2),
    ("unreachable (br N)", 1),
];

#[test]
fn what_names_something_appended_is_invalid() {
    let fields = FIELDS.iter().map(|(field, count)| (*field, "", *count));
    let instructions = INSTRUCTIONS.iter().map(|(body, count)| ("", *body, *count));
    for (field, body, count) in fields.chain(instructions) {
        let limits = ModuleLimits::default().allow(Proposal::TailCall);
        let admit = |n: u32| {
            let put = |text: &str| text.replace('N', &n.to_string());
            let text = with(&put(field), &put(body));
            let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            (
                Module::builder().limits(limits.clone()).build(&wasm),
                Module::proposals_used(&wasm, &limits),
            )
        };
        let (module, _) = admit(count - 1);
        if let Err(error) = module {
            panic!("{field}{body} with {}: {error}", count - 1);
        }
        for n in count..count + 8 {
            let (module, proposals) = admit(n);
            let is_invalid =
                |error: Option<Error>| matches!(error, Some(Error::InvalidModule { .. }));
            assert!(is_invalid(module.err()), "{field}{body} with {n}");
            assert!(is_invalid(proposals.err()), "{field}{body} with {n}");
        }
    }
}

/// Names of what is not there are no fault of a module, and no way to what is appended.
#[test]
fn a_name_of_something_appended_changes_nothing() {
    let wasm = wat::parse_str(with("(start 1)", "")).expect("it is valid");
    let plain = Module::new(&wasm).expect("it is valid");
    let named = Module::new([wasm.as_slice(), &names()].concat()).expect("it is valid");
    let sandbox = timeless(roomy());
    for module in [&plain, &named] {
        let exports: Vec<_> = module
            .exports()
            .map(|export| export.name.to_owned())
            .collect();
        assert_eq!(exports, ["f"]);
        assert_eq!(sandbox.call(module, "f", (7,)), Ok(7));
    }
}

/// A section of names for functions 0 to 9, of which there are 2.
fn names() -> Vec<u8> {
    let mut functions = wasm_encoder::NameMap::new();
    for n in 0..10 {
        functions.append(n, "fuelbox:start");
    }
    let mut names = wasm_encoder::NameSection::new();
    names.functions(&functions);
    let mut module = wasm_encoder::Module::new();
    module.section(&names);
    module.finish().split_off(8)
}
