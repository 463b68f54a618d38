//! Blocks, branches and tables of branches.

use super::{
    Family,
    code::{
        BLOCK, BR, BR_IF, CONST, DROP, ELSE, EMPTY, GET, IF, LOOP, concat, table, times, zeros,
    },
    pattern::Pattern,
    wasm::{
        END, I32, I32_TO_I32, MANY_TO_MANY, SIXTEEN_TO_16, TO_2, TO_16, TO_16_V128, TO_64, TO_I32,
        TO_MANY, TO_MANY_MIXED, UNREACHABLE, number,
    },
};

pub(super) fn families() -> Vec<Family> {
    [rows(), nests(), heights(), branches(), tables()]
        .into_iter()
        .flatten()
        .map(|pattern| pattern.locals([(1, I32)]).family())
        .collect()
}

/// How many blocks the default limits let stand within blocks.
const DEEPEST: usize = 9_990;

fn rows() -> Vec<Pattern> {
    let row = |name: &str, unit: &[u8]| Pattern::new(format!("row of {name}"), unit);
    vec![
        row("blocks", &[BLOCK, EMPTY, END]),
        row("loops", &[LOOP, EMPTY, END]),
        row("ifs", &[GET, 0, IF, EMPTY, END]),
        row("ifs of a constant", &[CONST, 0, IF, EMPTY, END]),
        row("ifs with else", &[GET, 0, IF, EMPTY, ELSE, END]),
        row("blocks with a result", &[BLOCK, I32, CONST, 0, END, DROP]),
        row("loops with a result", &[LOOP, I32, CONST, 0, END, DROP]),
        row(
            "ifs with a result",
            &[GET, 0, IF, I32, CONST, 0, ELSE, CONST, 1, END, DROP],
        ),
        row("blocks with a branch", &[BLOCK, EMPTY, BR, 0, END]),
        row(
            "blocks with a br_if",
            &[BLOCK, EMPTY, GET, 0, BR_IF, 0, END],
        ),
        row(
            "blocks that give a value by a branch",
            &[BLOCK, I32, CONST, 0, BR, 0, END, DROP],
        ),
        row(
            "blocks with a parameter",
            &[CONST, 0, BLOCK, I32_TO_I32, END, DROP],
        ),
        row("blocks over a local", &[GET, 0, BLOCK, EMPTY, END, DROP]),
    ]
}

/// Blocks within blocks, as deep as they may be.
fn nests() -> Vec<Pattern> {
    let nest = |name: &str, unit: &[u8], close: &[u8]| {
        Pattern::new(format!("nest of {name}"), unit)
            .close(close)
            .at_most(DEEPEST)
    };
    let mut nests = vec![
        nest("blocks", &[BLOCK, EMPTY], &[END]),
        nest("loops", &[LOOP, EMPTY], &[END]),
        nest("ifs", &[GET, 0, IF, EMPTY], &[END]),
        nest("ifs of a constant", &[CONST, 1, IF, EMPTY], &[END]),
        nest("ifs with else", &[GET, 0, IF, EMPTY], &[ELSE, END]),
        nest("ifs within else", &[GET, 0, IF, EMPTY, ELSE], &[END]),
        nest(
            "loops with a branch",
            &[LOOP, EMPTY, GET, 0, BR_IF, 0],
            &[END],
        ),
        nest(
            "blocks with a branch",
            &[BLOCK, EMPTY, GET, 0, BR_IF, 0],
            &[END],
        ),
        nest("blocks over a local", &[GET, 0, BLOCK, EMPTY], &[END, DROP]),
        nest("blocks with a result", &[BLOCK, I32], &[END])
            .middle([CONST, 0])
            .after([DROP]),
        nest("loops with a result", &[LOOP, I32], &[END])
            .middle([CONST, 0])
            .after([DROP]),
        nest("blocks with a parameter", &[BLOCK, I32_TO_I32], &[END])
            .before([CONST, 0])
            .after([DROP]),
        nest("loops with a parameter", &[LOOP, I32_TO_I32], &[END])
            .before([CONST, 0])
            .after([DROP]),
        nest("unreachable blocks", &[BLOCK, EMPTY], &[END]).before([UNREACHABLE]),
        nest(
            "unreachable loops with many results",
            &[LOOP, TO_MANY],
            &[END],
        )
        .before([UNREACHABLE])
        .middle([UNREACHABLE])
        .after([UNREACHABLE]),
    ];
    nests.push(Pattern::new("nest of loops without end", [LOOP, EMPTY]).close([END]));
    for depth in [100, 9_990] {
        let out = concat(&[&[GET, 0, BR_IF], &number(depth - 1)]);
        let depth = usize::try_from(depth).expect("it is small");
        nests.push(
            Pattern::new(format!("branches out of {depth} blocks"), out)
                .before(times(&[BLOCK, EMPTY], depth))
                .after(times(&[END], depth)),
        );
    }
    nests
}

/// Blocks above many values on the stack.
fn heights() -> Vec<Pattern> {
    const HIGH: usize = 30_000;

    let mut heights = Vec::new();
    for (below, first) in [("a local", [GET, 0]), ("a constant", [CONST, 0])] {
        let under = concat(&[&first, &zeros(HIGH)]);
        for (what, unit) in [
            ("blocks", &[BLOCK, EMPTY, END][..]),
            ("loops", &[LOOP, EMPTY, END]),
            ("ifs", &[GET, 0, IF, EMPTY, END]),
            ("ifs with else", &[GET, 0, IF, EMPTY, ELSE, END]),
            ("blocks with a parameter", &[BLOCK, I32_TO_I32, END]),
            ("loops with a parameter", &[LOOP, I32_TO_I32, END]),
            ("ifs with a parameter", &[GET, 0, IF, I32_TO_I32, END]),
            ("blocks over a local", &[GET, 0, BLOCK, EMPTY, END, DROP]),
            ("sets", &[GET, 0, CONST, 1, super::code::SET, 0, DROP]),
            ("calls", &[super::code::CALL, 0]),
            ("unreachable blocks", &[BLOCK, EMPTY, UNREACHABLE, END]),
        ] {
            if what == "unreachable blocks" && first[0] == CONST {
                continue;
            }
            heights.push(
                Pattern::new(format!("{what} above {HIGH} constants and {below}"), unit)
                    .before(under.clone())
                    .after([UNREACHABLE]),
            );
        }
    }
    let gets = times(&[GET, 0], HIGH);
    for (what, unit) in [
        ("blocks", &[BLOCK, EMPTY, END][..]),
        ("blocks with a parameter", &[BLOCK, I32_TO_I32, END]),
        ("sets", &[GET, 0, CONST, 1, super::code::SET, 0, DROP]),
        ("tees", &[GET, 0, super::code::TEE, 0, DROP]),
    ] {
        heights.push(
            Pattern::new(format!("{what} above {HIGH} locals"), unit)
                .before(gets.clone())
                .after([UNREACHABLE]),
        );
    }
    heights
}

/// Branches that carry values.
fn branches() -> Vec<Pattern> {
    let mut branches = Vec::new();
    for (what, ty, count) in [
        ("1 value", TO_I32, 1),
        ("2 values", TO_2, 2),
        ("16 values", TO_16, 16),
        ("64 values", TO_64, 64),
        ("1000 values", TO_MANY, 1_000),
    ] {
        for (kind, values) in [
            ("constant", zeros(count)),
            ("local", times(&[GET, 0], count)),
        ] {
            for (height, under) in [("", &[][..]), (" down", &[CONST, 0])] {
                branches.push(
                    Pattern::new(
                        format!("br_if with {what}{height}, each a {kind}"),
                        [GET, 0, BR_IF, 0],
                    )
                    .before(concat(&[&[BLOCK, ty], under, &values]))
                    .after(concat(&[&[BR, 0, END], &times(&[DROP], count)])),
                );
            }
        }
        branches.push(Pattern::new(
            format!("br with {what}"),
            concat(&[
                &[BLOCK, EMPTY, BLOCK, ty],
                &zeros(count),
                &[BR, 0, END, BR, 0, END],
            ]),
        ));
    }
    let vector = concat(&[&[0xfd, 12], &[1; 16]]);
    branches.push(
        Pattern::new("br_if with 16 vectors", [GET, 0, BR_IF, 0])
            .before(concat(&[
                &[BLOCK, TO_16_V128, CONST, 0],
                &times(&vector, 16),
            ]))
            .after(concat(&[&[BR, 0, END], &times(&[DROP], 16)])),
    );
    for (what, ty, count) in [("16", SIXTEEN_TO_16, 16), ("1000", MANY_TO_MANY, 1_000)] {
        for (block, open) in [
            ("block", &[BLOCK][..]),
            ("loop", &[LOOP]),
            ("if", &[GET, 0, IF]),
        ] {
            branches.push(
                Pattern::new(
                    format!("row of {block}s with {what} parameters"),
                    concat(&[open, &[ty, END]]),
                )
                .before(zeros(count))
                .after(times(&[DROP], count)),
            );
        }
    }
    for (what, open) in [("blocks", BLOCK), ("loops", LOOP)] {
        for (many, ty) in [
            ("16", TO_16),
            ("1000", TO_MANY),
            ("1000 mixed", TO_MANY_MIXED),
        ] {
            branches.push(
                Pattern::new(
                    format!("unreachable {what} with {many} results"),
                    [open, ty, UNREACHABLE, END],
                )
                .before([UNREACHABLE])
                .after([UNREACHABLE]),
            );
        }
    }
    branches
}

fn tables() -> Vec<Pattern> {
    let mut tables = Vec::new();
    for targets in [1, 2, 20, 2_000, 131_000] {
        for (what, open, labels) in [
            ("to one block", &[BLOCK, EMPTY][..], &[0][..]),
            ("to two blocks", &[BLOCK, EMPTY, BLOCK, EMPTY], &[1, 0]),
            ("to two loops", &[LOOP, EMPTY, LOOP, EMPTY], &[1, 0]),
        ] {
            let unit = concat(&[
                open,
                &[GET, 0],
                &table(targets, labels),
                &times(&[END], open.len() / 2),
            ]);
            tables.push(Pattern::new(format!("tables of {targets} {what}"), unit));
        }
        for (what, ty, count) in [
            ("1 value", TO_I32, 1),
            ("2 values", TO_2, 2),
            ("64 values", TO_64, 64),
        ] {
            for (height, under) in [("", &[][..]), (" of two heights", &[CONST, 0])] {
                let unit = concat(&[
                    &[BLOCK, EMPTY, BLOCK, ty],
                    under,
                    &[BLOCK, ty],
                    &zeros(count),
                    &[GET, 0],
                    &table(targets, &[1, 0]),
                    &[END, BR, 0, END, BR, 0, END],
                ]);
                tables.push(Pattern::new(
                    format!("tables of {targets} with {what}{height}"),
                    unit,
                ));
            }
        }
    }
    let depth = 100_u8;
    let labels: Vec<u8> = (0..depth).collect();
    let unit = concat(&[&[BLOCK, EMPTY, GET, 0], &table(2_000, &labels), &[END]]);
    tables.push(
        Pattern::new(format!("tables out of {depth} blocks"), unit)
            .before(times(&[BLOCK, EMPTY], depth.into()))
            .after(times(&[END], depth.into())),
    );
    tables.push(
        Pattern::new(
            "unreachable tables",
            concat(&[&table(2_000, &[0]), &[UNREACHABLE]]),
        )
        .before([UNREACHABLE]),
    );
    tables
}
