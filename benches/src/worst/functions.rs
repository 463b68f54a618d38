//! Functions, calls and locals.

use super::{
    Family,
    code::{
        BLOCK, CALL, CALL_INDIRECT, CONST, DROP, EMPTY, GET, IF, RETURN, SET, TEE, concat, times,
        zeros,
    },
    pattern::Pattern,
    wasm::{
        END, F64, FROM_16, FROM_MANY, I32, I64, MANY_TO_MANY, NOTHING, SIXTEEN_TO_16, TO_16, TO_64,
        TO_I32, TO_MANY, TO_MANY_MIXED, UNREACHABLE, V128, Wasm, body, number,
    },
};

pub(super) fn families() -> Vec<Family> {
    let mut families = bodies();
    families.extend(
        [calls(), locals()]
            .into_iter()
            .flatten()
            .map(Pattern::family),
    );
    families
}

/// Many functions.
fn bodies() -> Vec<Family> {
    let alternating = |groups: usize| -> Vec<(u32, u8)> { [(1, I32), (1, I64)].repeat(groups / 2) };
    let mut families = Vec::new();
    for (name, ty, body) in [
        ("empty functions", NOTHING, body(&[], &[])),
        ("functions with 1000 parameters", FROM_MANY, body(&[], &[])),
        (
            "functions with 1000 results",
            TO_MANY,
            body(&[], &[UNREACHABLE]),
        ),
        (
            "functions with 1000 mixed results",
            TO_MANY_MIXED,
            body(&[], &[UNREACHABLE]),
        ),
        (
            "functions with 1000 parameters and results",
            MANY_TO_MANY,
            body(&[], &[UNREACHABLE]),
        ),
        ("functions with 16 parameters", FROM_16, body(&[], &[])),
        (
            "functions with 30000 locals",
            NOTHING,
            body(&[(29_999, I32)], &[]),
        ),
        (
            "functions with 30000 vectors",
            NOTHING,
            body(&[(29_999, V128)], &[]),
        ),
        (
            "functions with 100 locals",
            NOTHING,
            body(&[(100, I32)], &[]),
        ),
        (
            "functions with 100 groups of locals",
            NOTHING,
            body(&alternating(100), &[]),
        ),
        (
            "functions with 25000 groups of locals",
            NOTHING,
            body(&alternating(25_000), &[]),
        ),
        (
            "functions with 1000 empty groups",
            NOTHING,
            body(&[(0, I32)].repeat(1_000), &[]),
        ),
        (
            "functions with 100000 empty groups",
            NOTHING,
            body(&[(0, F64)].repeat(100_000), &[]),
        ),
        (
            "functions that add",
            NOTHING,
            body(&[], &[CONST, 0, CONST, 0, super::code::ADD, DROP]),
        ),
    ] {
        families.push(Family::repeating(name, Wasm::new(), move |wasm| {
            wasm.function(ty.into(), &body);
        }));
    }
    families
}

fn calls() -> Vec<Pattern> {
    let indirect = |ty: u8| [CONST, 0, CALL_INDIRECT, ty, 0];
    vec![
        Pattern::new("calls", [CALL, NOTHING]),
        Pattern::new("indirect calls", indirect(NOTHING)),
        Pattern::new("calls with a result", [CALL, TO_I32, DROP]),
        Pattern::new(
            "calls with 16 values, back and forth",
            [CALL, TO_16, CALL, FROM_16],
        ),
        Pattern::new(
            "calls with 1000 values, back and forth",
            [CALL, TO_MANY, CALL, FROM_MANY],
        ),
        Pattern::new(
            "calls with 16 constants",
            concat(&[&zeros(16), &[CALL, FROM_16]]),
        ),
        Pattern::new(
            "calls with 16 locals",
            concat(&[&times(&[GET, 0], 16), &[CALL, FROM_16]]),
        )
        .locals([(1, I32)]),
        Pattern::new(
            "calls with 1000 constants",
            concat(&[&zeros(1_000), &[CALL, FROM_MANY]]),
        ),
        Pattern::new("calls from 16 to 16", [CALL, SIXTEEN_TO_16])
            .before(zeros(16))
            .after([UNREACHABLE]),
        Pattern::new("calls from 1000 to 1000", [CALL, MANY_TO_MANY])
            .before(zeros(1_000))
            .after([UNREACHABLE]),
        Pattern::new("indirect calls from 1000 to 1000", indirect(MANY_TO_MANY))
            .before(zeros(1_000))
            .after([UNREACHABLE]),
        Pattern::new("unreachable calls with 1000 results", [CALL, TO_MANY])
            .before([UNREACHABLE])
            .after([UNREACHABLE]),
        Pattern::new("unreachable calls with 64 results", [CALL, TO_64])
            .before([UNREACHABLE])
            .after([UNREACHABLE]),
        Pattern::new(
            "returns of 16",
            concat(&[&[BLOCK, EMPTY], &zeros(16), &[RETURN, END]]),
        )
        .of_type(TO_16)
        .after([UNREACHABLE]),
        Pattern::new("returns of 1", [GET, 0, IF, EMPTY, CONST, 0, RETURN, END])
            .locals([(1, I32)])
            .of_type(TO_I32)
            .after([UNREACHABLE]),
        Pattern::new("unreachable returns", [RETURN]).of_type(TO_16),
        Pattern::new("br_if out of a function with 1000", [GET, 0, 0x0d, 0])
            .locals([(1, I32)])
            .of_type(TO_MANY)
            .before(zeros(1_000)),
    ]
}

fn locals() -> Vec<Pattern> {
    let groups = [(1, I32), (1, I64)].repeat(12_500);
    let last = |op: u8| concat(&[&[op], &number(24_998)]);
    vec![
        Pattern::new("local.get", [GET, 0, DROP]).locals([(2, I32)]),
        Pattern::new("local.get to set", [GET, 0, SET, 1]).locals([(2, I32)]),
        Pattern::new("local.get to set the same", [GET, 0, SET, 0]).locals([(2, I32)]),
        Pattern::new("constants to set", [CONST, 0, SET, 0]).locals([(2, I32)]),
        Pattern::new("tees", [CONST, 0, TEE, 0, SET, 1]).locals([(2, I32)]),
        Pattern::new("tees of one value", [TEE, 0, TEE, 1])
            .locals([(2, I32)])
            .before([CONST, 0])
            .after([DROP]),
        Pattern::new(
            "sets under a use",
            [GET, 0, GET, 0, CONST, 1, SET, 0, DROP, DROP],
        )
        .locals([(2, I32)]),
        Pattern::new(
            "local.get of the last of many groups",
            concat(&[&last(GET), &[DROP]]),
        )
        .locals(groups.clone()),
        Pattern::new(
            "sets of the last of many groups",
            concat(&[&last(GET), &last(SET)]),
        )
        .locals(groups.clone()),
        Pattern::new("sets among many groups", concat(&[&[GET, 0], &last(SET)])).locals(groups),
        Pattern::new(
            "values in piles",
            [times(&[GET, 0], 1_000), times(&[DROP], 1_000)].concat(),
        )
        .locals([(2, I32)]),
        Pattern::new(
            "constants in piles",
            [zeros(30_000), times(&[DROP], 30_000)].concat(),
        ),
        Pattern::new(
            "piles that are set",
            [
                times(&[GET, 0], 1_000),
                vec![CONST, 0, SET, 0],
                times(&[DROP], 1_000),
            ]
            .concat(),
        )
        .locals([(2, I32)]),
    ]
}
