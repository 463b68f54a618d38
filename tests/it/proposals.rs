//! A module that needs a proposal which is off is told which one.

use crate::harness::{admit, everything, texts};
use fuelbox::{Error, ExternType, Module, ModuleLimits, Proposal};

/// A module for each proposal, which needs it.
const NEEDING: &[(Proposal, &str)] = &[
    (
        Proposal::MutableGlobal,
        r#"(module (global (export "g") (mut i32) (i32.const 0)))"#,
    ),
    (
        Proposal::SignExtension,
        "(module (func (drop (i32.extend8_s (i32.const 0)))))",
    ),
    (
        Proposal::SaturatingFloatToInt,
        "(module (func (drop (i32.trunc_sat_f32_s (f32.const 0)))))",
    ),
    (
        Proposal::MultiValue,
        "(module (func (result i32 i32) (i32.const 0) (i32.const 0)))",
    ),
    (
        Proposal::BulkMemory,
        "(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))",
    ),
    (
        Proposal::ReferenceTypes,
        "(module (func (param externref)))",
    ),
    (
        Proposal::ExtendedConst,
        "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
    ),
    (Proposal::TailCall, "(module (func $f (return_call $f)))"),
    (Proposal::MultiMemory, "(module (memory 1) (memory 1))"),
    (Proposal::Memory64, "(module (memory i64 1))"),
    (
        Proposal::CustomPageSizes,
        "(module (memory 1 (pagesize 1)))",
    ),
    (
        Proposal::WideArithmetic,
        "(module (func (param i64) (result i64 i64) (i64.mul_wide_s (local.get 0) (local.get 0))))",
    ),
    (Proposal::Threads, "(module (memory 1 1 shared))"),
    (
        Proposal::Threads,
        "(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))",
    ),
    (Proposal::Exceptions, "(module (tag $t) (func (throw $t)))"),
    (Proposal::Exceptions, "(module (func (try_table)))"),
    (
        Proposal::FunctionReferences,
        "(module (type $f (func)) (func (param (ref $f)) (call_ref $f (local.get 0))))",
    ),
    (
        Proposal::GarbageCollection,
        "(module (type (struct (field i32))))",
    ),
    (
        Proposal::GarbageCollection,
        "(module (func (drop (ref.i31 (i32.const 0)))))",
    ),
    (
        Proposal::StackSwitching,
        "(module (type $f (func)) (type $c (cont $f)))",
    ),
    (
        Proposal::MemoryControl,
        "(module (memory 1) (func (memory.discard (i32.const 0) (i32.const 0))))",
    ),
];

#[cfg(all(feature = "simd", target_endian = "little"))]
const NEEDING_SIMD: &[(Proposal, &str)] = &[
    (Proposal::Simd, "(module (func (param v128)))"),
    (
        Proposal::RelaxedSimd,
        "(module (func (param v128) (result v128)
            (i8x16.relaxed_swizzle (local.get 0) (local.get 0))))",
    ),
];
#[cfg(not(all(feature = "simd", target_endian = "little")))]
const NEEDING_SIMD: &[(Proposal, &str)] = &[];

#[test]
#[cfg(target_endian = "big")]
fn no_guest_has_vectors_on_a_big_endian_host() {
    let text = "(module (func (result i64) (i64x2.extract_lane 0 (v128.const i64x2 3 4))))";
    for limits in [
        ModuleLimits::default(),
        ModuleLimits::default().allow(Proposal::Simd),
    ] {
        let refused = crate::harness::admit(text, &limits).expect_err("it is refused");
        assert_eq!(
            refused.to_string(),
            "the module uses simd, which never runs on a big-endian host"
        );
    }
}

#[test]
fn what_is_off_is_named_before_a_limit_that_nobody_should_raise_for_it() {
    let many = "(import \"a\" \"b\" (func)) ".repeat(1_001);
    let long = "(i32.const 1) ".repeat(70);
    let sum = "i32.add ".repeat(69);
    for (text, proposal) in [
        (
            format!("(module (type (struct (field i32))) {many})"),
            Proposal::GarbageCollection,
        ),
        (
            format!("(module (tag) (global i32 {long} {sum}))"),
            Proposal::Exceptions,
        ),
        (
            format!("(module {many} (memory i64 1))"),
            Proposal::Memory64,
        ),
    ] {
        let error = admit(&text, &ModuleLimits::default()).expect_err("it is off");
        assert_eq!(error, Error::Proposal { proposal });
    }
    let error = admit(&format!("(module {many})"), &ModuleLimits::default());
    assert!(matches!(error, Err(Error::ModuleLimit { .. })), "{error:?}");
}

#[test]
fn a_module_that_needs_what_is_off_is_told_what() {
    for (proposal, text) in NEEDING.iter().chain(NEEDING_SIMD).copied() {
        let denied = ModuleLimits::default().deny(proposal);
        let error = admit(text, &denied).expect_err("it is off");
        assert_eq!(error, Error::Proposal { proposal }, "{text}");
        assert!(error.to_string().contains(proposal.name()));
        assert_eq!(error.blame(), fuelbox::Blame::Limit);
    }
}

#[test]
fn what_the_interpreter_supports_can_be_allowed_and_nothing_else() {
    for (proposal, text) in NEEDING.iter().chain(NEEDING_SIMD).copied() {
        let allowed = ModuleLimits::default().allow(proposal);
        match admit(text, &allowed) {
            Ok(_) => assert!(proposal.is_supported(), "{proposal} ran"),
            Err(error) => {
                assert_eq!(error, Error::Proposal { proposal }, "{text}");
                assert!(!proposal.is_supported(), "{proposal} is supported");
            }
        }
    }
}

#[test]
fn by_default_the_common_proposals_are_on_and_the_others_off() {
    for (proposal, text) in NEEDING.iter().chain(NEEDING_SIMD).copied() {
        let admitted = admit(text, &ModuleLimits::default()).is_ok();
        assert_eq!(admitted, proposal.is_default(), "{proposal}");
    }
}

#[test]
fn a_long_zero_that_grows_memory_takes_multi_memory_however_it_is_rewritten() {
    // `(module (memory 0) (func (drop (memory.grow (i32.const 0)))))`, the number of the memory
    // written in one byte or in two.
    let grow = |memory: &[u8]| {
        let body = [&[0, 0x41, 0, 0x40], memory, &[0x1a, 0x0b]].concat();
        let len = u8::try_from(body.len()).expect("it is short");
        let head = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\0";
        [&head[..], &[0x0a, len + 2, 1, len], &body].concat()
    };
    let (short, long, limits) = (grow(&[0]), grow(&[0x80, 0]), ModuleLimits::default());
    let proposal = Proposal::MultiMemory;
    assert!(
        Module::builder()
            .limits(limits.clone())
            .build(&short)
            .is_ok()
    );
    let refused = Module::builder()
        .limits(limits.clone())
        .build(&long)
        .map(drop);
    assert_eq!(refused, Err(Error::Proposal { proposal }));
    assert!(
        Module::builder()
            .limits(limits.allow(proposal))
            .build(&long)
            .is_ok()
    );
}

#[test]
fn what_needs_two_proposals_is_told_one_after_the_other() {
    let text = "(module (memory i64 1) (memory i64 1))";
    let Err(Error::Proposal { proposal: first }) = admit(text, &ModuleLimits::default()) else {
        panic!("both are off");
    };
    let limits = ModuleLimits::default().allow(first);
    let Err(Error::Proposal { proposal: second }) = admit(text, &limits) else {
        panic!("one is off");
    };
    assert_ne!(first, second);
    assert!(admit(text, &limits.allow(second)).is_ok());
}

#[test]
fn what_no_proposal_makes_valid_is_invalid() {
    let error = admit("(module (func (result i32)))", &ModuleLimits::default());
    assert_eq!(
        error.expect_err("it returns nothing").code(),
        "invalid-module"
    );
    let both = "(module (func (result i32)) (memory i64 1))";
    let error = admit(both, &ModuleLimits::default()).expect_err("it returns nothing");
    assert_eq!(error.code(), "invalid-module");
}

#[test]
fn the_proposals_that_a_module_uses_can_be_listed() {
    let wasm = wat::parse_str(
        "(module (memory 1) (func (param externref)
            (memory.fill (i32.const 0) (i32.extend8_s (i32.const 0)) (i32.const 0))))",
    )
    .expect("the text is valid");
    let used = Module::proposals_used(&wasm, &ModuleLimits::default()).expect("it is valid");
    let used: Vec<_> = used.iter().collect();
    assert_eq!(
        used,
        [
            Proposal::SignExtension,
            Proposal::BulkMemory,
            Proposal::ReferenceTypes
        ]
    );
}

#[test]
fn what_is_listed_is_what_a_module_is_invalid_without() {
    let folders = ["tests/guests", "tests/hostile"].map(texts).concat();
    let needing = NEEDING.iter().chain(NEEDING_SIMD);
    let needing = needing.map(|(_, text)| (String::new(), (*text).to_string()));
    let everything = everything();
    let mut seen = 0;
    for (name, text) in needing.chain(folders) {
        let wasm = wat::parse_str(&text).expect("the text is valid");
        let Ok(used) = Module::proposals_used(&wasm, &everything) else {
            continue;
        };
        for proposal in everything.proposals.iter() {
            let is_valid =
                Module::proposals_used(&wasm, &everything.clone().deny(proposal)).is_ok();
            assert_eq!(
                is_valid,
                !used.contains(proposal),
                "{name} {text}: {proposal}"
            );
        }
        seen += 1;
    }
    assert!(seen > 100, "only {seen} modules");
}

#[test]
fn memories_of_the_same_bounds_keep_their_own_size_of_pages() {
    let limits = ModuleLimits::default()
        .allow(Proposal::MultiMemory)
        .allow(Proposal::CustomPageSizes);
    let module = admit(
        r#"(module
            (import "a" "small" (memory 1 2 (pagesize 1)))
            (import "a" "large" (memory 1 2))
            (memory (export "large") 1 2)
            (memory (export "small") 1 2 (pagesize 1)))"#,
        &limits,
    )
    .expect("the module is valid");
    let page_bytes = |ty: &ExternType| match ty {
        ExternType::Memory(ty) => ty.page_bytes,
        other => panic!("{other} is no memory"),
    };
    let imported: Vec<_> = module
        .imports()
        .iter()
        .map(|import| page_bytes(&import.ty))
        .collect();
    assert_eq!(imported, [1, 65_536]);
    for (name, expected) in [("large", 65_536), ("small", 1)] {
        let ty = module.export(name).expect("it is exported");
        assert_eq!(page_bytes(&ty), expected, "{name}");
    }
}
