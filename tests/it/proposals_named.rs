//! Whatever of a proposal a module has, types, operators or sections: it is told which proposal that is.

use crate::harness::{admit, everything};
use fuelbox::{Error, Module, ModuleLimits, Proposal};

/// The parts of each proposal that never runs here, each in a module of its own.
const NEVER: &[(Proposal, &[&str])] = &[
    (
        Proposal::Exceptions,
        &[
            "(tag)",
            "(import \"a\" \"b\" (tag))",
            "(tag $t (export \"t\") (param i32))",
            "(func (param exnref))",
            "(func (param nullexnref))",
            "(func (local exnref))",
            "(global exnref (ref.null exn))",
            "(table 1 exnref)",
            "(func (param exnref) (throw_ref (local.get 0)))",
            "(tag $t) (func (throw $t))",
            "(tag $t) (func (block (try_table (catch $t 0))))",
            "(func (block (try_table (catch_all 0))))",
            "(func (block (result exnref) (try_table (catch_all_ref 0)) unreachable) drop)",
        ],
    ),
    (
        Proposal::FunctionReferences,
        &[
            "(type $f (func)) (func (param (ref $f)))",
            "(type $f (func)) (func (param (ref null $f)))",
            "(func (param (ref func)))",
            "(func (param (ref extern)))",
            "(type $f (func)) (func (param (ref $f)) (call_ref $f (local.get 0)))",
            "(type $f (func)) (func (param (ref $f)) (return_call_ref $f (local.get 0)))",
            "(func (param funcref) (drop (ref.as_non_null (local.get 0))))",
            "(func (param funcref) (block (drop (br_on_null 0 (local.get 0)))))",
            "(func (param funcref) (drop (block (result (ref func))
                (br_on_non_null 0 (local.get 0)) unreachable)))",
            "(func $f) (table 1 (ref func) (ref.func $f))",
            "(type $f (func)) (global (ref null $f) (ref.null $f))",
        ],
    ),
    (
        Proposal::GarbageCollection,
        &[
            "(type (struct))",
            "(type (struct (field (mut i8)) (field i16)))",
            "(type (array i32))",
            "(type (sub (func)))",
            "(type $a (sub (func))) (type (sub final $a (func)))",
            "(rec (type (func)) (type (func)))",
            "(func (param anyref))",
            "(func (param eqref))",
            "(func (param i31ref))",
            "(func (param structref))",
            "(func (param arrayref))",
            "(func (param nullref))",
            "(func (param nullfuncref))",
            "(func (param nullexternref))",
            "(table 1 anyref)",
            "(global i31ref (ref.i31 (i32.const 1)))",
            "(global $a i32 (i32.const 1)) (global i32 (global.get $a))",
            "(func (drop (ref.i31 (i32.const 0))))",
            "(func (param i31ref) (drop (i31.get_s (local.get 0))))",
            "(func (param eqref eqref) (drop (ref.eq (local.get 0) (local.get 1))))",
            "(type $s (struct (field i32))) (func (drop (struct.new_default $s)))",
            "(type $s (struct (field i32))) (func (param (ref $s)) (drop (struct.get $s 0 (local.get 0))))",
            "(type $a (array i32)) (func (drop (array.new $a (i32.const 0) (i32.const 1))))",
            "(type $a (array i32)) (func (drop (array.new_fixed $a 0)))",
            "(func (param arrayref) (drop (array.len (local.get 0))))",
            "(func (param anyref) (drop (ref.test i31ref (local.get 0))))",
            "(func (param anyref) (drop (ref.cast i31ref (local.get 0))))",
            "(func (param anyref) (drop (block (result i31ref)
                (br_on_cast 0 anyref i31ref (local.get 0)) unreachable)))",
            "(func (param anyref) (drop (block (result anyref)
                (br_on_cast_fail 0 anyref i31ref (local.get 0)) unreachable)))",
            "(func (param externref) (drop (any.convert_extern (local.get 0))))",
            "(func (param anyref) (drop (extern.convert_any (local.get 0))))",
            // Constant to the specification, not to the parser.
            "(type (struct)) (global anyref (any.convert_extern (ref.null extern)))",
            "(global anyref (any.convert_extern (ref.null extern)))",
            "(global externref (extern.convert_any (ref.null any)))",
            "(elem externref (item (extern.convert_any (ref.null any))))",
        ],
    ),
    (
        Proposal::Threads,
        &[
            "(memory 1 1 shared)",
            "(import \"a\" \"b\" (memory 1 1 shared))",
            "(memory 1) (func (drop (i64.atomic.load (i32.const 0))))",
            "(memory 1) (func (i32.atomic.store8 (i32.const 0) (i32.const 0)))",
            "(memory 1) (func (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 0))))",
            "(memory 1) (func (drop (i64.atomic.rmw32.cmpxchg_u (i32.const 0) (i64.const 0) (i64.const 0))))",
            "(memory 1) (func (drop (memory.atomic.notify (i32.const 0) (i32.const 0))))",
            "(memory 1) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))",
            "(func (atomic.fence))",
        ],
    ),
    (
        Proposal::StackSwitching,
        &[
            "(type $f (func)) (type $c (cont $f))",
            "(type $f (func)) (type $c (cont $f)) (func (param (ref $c)) (resume $c (local.get 0)))",
        ],
    ),
];

#[test]
fn all_parts_of_a_proposal_that_never_runs_are_told_by_its_name() {
    let mut wrong = Vec::new();
    for (proposal, parts) in NEVER {
        for part in *parts {
            for limits in [ModuleLimits::default(), everything()] {
                let found = admit(&format!("(module {part})"), &limits).map(drop);
                if found
                    != Err(Error::Proposal {
                        proposal: *proposal,
                    })
                {
                    wrong.push(format!("{proposal}: {part}: {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn exceptions_in_the_legacy_form_are_told_by_their_name() {
    for operators in [
        &[0x06, 0x40, 0x0b][..],               // try, end
        &[0x06, 0x40, 0x19, 0x0b],             // try, catch_all, end
        &[0x06, 0x40, 0x19, 0x09, 0x00, 0x0b], // try, catch_all, rethrow 0, end
        &[0x06, 0x40, 0x18, 0x00],             // try, delegate 0
    ] {
        let proposal = Proposal::Exceptions;
        let error = Module::new(one_function(operators)).err();
        assert_eq!(error, Some(Error::Proposal { proposal }), "{operators:x?}");
    }
}

#[test]
fn what_follows_a_proposal_that_never_runs_does_not_hide_it() {
    // `try`, then an operator that no proposal has.
    let proposal = Proposal::Exceptions;
    let error = Module::new(one_function(&[0x06, 0x40, 0xff])).err();
    assert_eq!(error, Some(Error::Proposal { proposal }));
    // A section, and a fault in the code.
    let error = admit("(module (tag) (func (drop)))", &ModuleLimits::default());
    assert_eq!(error.map(drop), Err(Error::Proposal { proposal }));
}

#[test]
fn annotations_and_string_builtins_are_admitted() {
    for text in [
        // Custom annotations, among them branch hints, which are a custom section.
        "(@custom \"a\" \"b\") (func)",
        "(func (param i32) (@metadata.code.branch_hint \"\\00\") (if (local.get 0) (then)))",
        // Strings of JavaScript are functions to import.
        "(import \"wasm:js-string\" \"length\" (func (param externref) (result i32)))",
    ] {
        let module = admit(&format!("(module {text})"), &ModuleLimits::default());
        assert!(module.is_ok(), "{text}: {module:?}");
    }
}

/// A module of one function with these operators and an end.
fn one_function(operators: &[u8]) -> Vec<u8> {
    let body = [&[0][..], operators, &[0x0b]].concat();
    let len = u8::try_from(body.len()).expect("it is short");
    let head = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0";
    [&head[..], &[0x0a, len.saturating_add(2), 1, len], &body].concat()
}
