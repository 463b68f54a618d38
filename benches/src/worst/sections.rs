//! All sections but that of code.

use super::{
    Family,
    code::{ADD, CONST, DROP, GLOBAL_GET, concat, times},
    pattern::Pattern,
    wasm::{
        END, F32, F64, FUNCREF, I32, I64, MANY, Section, V128, Wasm, custom, function_type, number,
        sized,
    },
};

pub(super) fn families() -> Vec<Family> {
    [
        types(),
        imports(),
        definitions(),
        exports(),
        elements(),
        data(),
        customs(),
        expressions(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn types() -> Vec<Family> {
    // All different: what is the same is kept once.
    let numbered = |len: usize, first: bool| {
        move |wasm: &mut Wasm| {
            let number = wasm.types.count;
            let mut params: Vec<u8> = (0..len)
                .map(|at| {
                    if number >> (at % 16) & 1 == 0 {
                        I32
                    } else {
                        I64
                    }
                })
                .collect();
            if !first {
                params[..len - 16].fill(F32);
            }
            wasm.types.push(&function_type(&params, &[]));
        }
    };
    let same = function_type(&[I32; MANY], &[I32; MANY]);
    let groups = |inner: usize, wasm: &mut Wasm| {
        let types = times(&function_type(&[], &[]), inner);
        let count = number(u32::try_from(inner).expect("it is small"));
        wasm.types.push(&concat(&[&[0x4e], &count, &types]));
    };
    vec![
        Family::repeating("types of 16", Wasm::new(), numbered(16, true)),
        Family::repeating("types of 1000", Wasm::new(), numbered(1_000, true)),
        Family::repeating(
            "types of 1000 with the same beginning",
            Wasm::new(),
            numbered(1_000, false),
        ),
        Family::repeating("one type of 1000 to 1000", Wasm::new(), move |wasm| {
            wasm.types.push(&same)
        }),
        Family::repeating("empty groups of types", Wasm::new(), move |wasm| {
            groups(0, wasm)
        }),
        Family::repeating("groups of 10000 types", Wasm::new(), move |wasm| {
            groups(10_000, wasm)
        }),
        Family::new("one group of types", move |bytes| {
            let mut wasm = Wasm::new();
            groups((bytes / 3).min(1_000_000), &mut wasm);
            wasm.finish()
        }),
        Family::repeating(
            "types that are final subtypes of nothing",
            Wasm::new(),
            |wasm| {
                wasm.types
                    .push(&concat(&[&[0x4f, 0], &function_type(&[], &[])]));
            },
        ),
        Family::repeating("structures of 10000 fields", Wasm::new(), |wasm| {
            wasm.types.push(&concat(&[
                &[0x5f],
                &number(10_000),
                &times(&[I32, 0], 10_000),
            ]));
        }),
    ]
}

fn imports() -> Vec<Family> {
    // Functions would shift those that code calls.
    let import = |module: String, name: String, what: Vec<u8>| {
        let (module, name) = (sized(module.as_bytes()), sized(name.as_bytes()));
        move |wasm: &mut Wasm| {
            wasm.imports.push(&concat(&[&module, &name, &what]));
        }
    };
    let long = || "x".repeat(90_000);
    let mut without = Wasm::new();
    without.globals = Section::default();
    without.elements = Section::default();
    vec![
        Family::repeating(
            "imported functions",
            without.clone(),
            import("a".into(), "b".into(), vec![0, 6]),
        ),
        Family::repeating(
            "imports with long names",
            without.clone(),
            import(long(), long(), vec![0, 0]),
        ),
        Family::repeating(
            "imports that differ at their end",
            without.clone(),
            |wasm| {
                let name = format!("{}{}", "x".repeat(1_000), wasm.imports.count);
                wasm.imports
                    .push(&concat(&[&[0], &sized(name.as_bytes()), &[0, 0]]));
            },
        ),
        Family::repeating(
            "imported globals",
            without,
            import("a".into(), "b".into(), vec![3, I32, 0]),
        ),
    ]
}

fn definitions() -> Vec<Family> {
    let globals = |name: &str, entry: Vec<u8>| {
        Family::repeating(name, Wasm::new(), move |wasm| wasm.globals.push(&entry))
    };
    vec![
        globals("globals", vec![I32, 1, CONST, 0, END]),
        globals("constant globals", vec![I32, 0, CONST, 0, END]),
        globals(
            "globals of vectors",
            concat(&[&[V128, 1, 0xfd, 12], &[1; 16], &[END]]),
        ),
        globals("globals of functions", vec![FUNCREF, 0, 0xd2, 0, END]),
        globals("globals of null", vec![FUNCREF, 0, 0xd0, FUNCREF, END]),
        globals(
            "globals of sums",
            vec![I32, 0, CONST, 0, CONST, 1, ADD, END],
        ),
        Family::repeating("tables", Wasm::new(), |wasm| {
            wasm.tables.push(&[FUNCREF, 0, 0])
        }),
        Family::repeating("memories", Wasm::new(), |wasm| wasm.memories.push(&[0, 0])),
        Family::new("growths of many tables", |bytes| growing(bytes, true)),
        Family::new("growths of one memory", |bytes| growing(bytes, false)),
    ]
}

/// Code that grows all of 98 tables, or the memory.
fn growing(bytes: usize, tables: bool) -> Vec<u8> {
    let mut wasm = Wasm::new();
    if tables {
        (0..98).for_each(|_| wasm.tables.push(&[FUNCREF, 0, 0]));
    }
    let mut unit = Vec::new();
    for number in 0..100_u8 {
        if tables && number != 1 {
            unit.extend([0xd0, FUNCREF, CONST, 1, 0xfc, 15, number, DROP]);
        } else if !tables {
            unit.extend([CONST, 1, 0x40, 0, DROP]);
        }
    }
    Pattern::new("", unit).family_in(wasm).make(bytes)
}

fn exports() -> Vec<Family> {
    let named = |name: &str, index: u8, text: fn(u32) -> String| {
        Family::repeating(name, Wasm::new(), move |wasm| {
            let text = text(wasm.exports.count);
            wasm.exports
                .push(&concat(&[&sized(text.as_bytes()), &[0, index]]));
        })
    };
    let mut starting = Wasm::new();
    starting.start = Some(0);
    vec![
        named("exports", 0, |number| format!("{number:x}")),
        named("exports of 1000 to 1000", 6, |number| format!("{number:x}")),
        named("exports that differ at their end", 0, |number| {
            format!("{}{number:x}", "x".repeat(1_000))
        }),
        named("exports with long names", 0, |number| {
            format!("{number:060000x}")
        }),
        Family::repeating(
            "exports that take the names for a start",
            starting,
            |wasm| {
                let text = match wasm.exports.count {
                    0 => "fuelbox:start".to_owned(),
                    number => format!("fuelbox:start:{}", number - 1),
                };
                wasm.exports
                    .push(&concat(&[&sized(text.as_bytes()), &[0, 0]]));
            },
        ),
    ]
}

fn elements() -> Vec<Family> {
    let offset = [CONST, 0, END];
    // What stands before the items, by the number that the format gives each kind.
    let kinds: [(u8, Vec<u8>); 8] = [
        (0, offset.to_vec()),
        (1, vec![0]),
        (2, concat(&[&[0], &offset, &[0]])),
        (3, vec![0]),
        (4, offset.to_vec()),
        (5, vec![FUNCREF]),
        (6, concat(&[&[0], &offset, &[FUNCREF]])),
        (7, vec![FUNCREF]),
    ];
    let mut families = Vec::new();
    for (kind, head) in kinds {
        let head = concat(&[&[kind], &head]);
        let items: &[(&str, &[u8])] = if kind < 4 {
            &[("functions", &[0])]
        } else {
            &[
                ("nulls", &[0xd0, FUNCREF, END]),
                ("functions", &[0xd2, 0, END]),
            ]
        };
        for (what, item) in items {
            let (head, item) = (head.clone(), item.to_vec());
            let one = concat(&[&head, &[1], &item]);
            families.push(Family::new(
                format!("elements of kind {kind}: {what}"),
                move |bytes| {
                    let mut wasm = Wasm::new();
                    let count = (bytes / item.len()).min(900_000);
                    let number = number(u32::try_from(count).expect("it is small"));
                    wasm.elements
                        .push(&concat(&[&head, &number, &times(&item, count)]));
                    wasm.finish()
                },
            ));
            families.push(Family::repeating(
                format!("segments of kind {kind}: one of {what} each"),
                Wasm::new(),
                move |wasm| wasm.elements.push(&one),
            ));
        }
    }
    families.push(Family::repeating(
        "segments without elements",
        Wasm::new(),
        |wasm| {
            wasm.elements.push(&[1, 0, 0]);
        },
    ));
    families
}

fn data() -> Vec<Family> {
    let segment = |name: &str, entry: Vec<u8>| {
        Family::repeating(name, Wasm::new(), move |wasm| wasm.data.push(&entry))
    };
    vec![
        segment("data of kind 0", vec![0, CONST, 0, END, 0]),
        segment("data of kind 1", vec![1, 0]),
        segment("data of kind 1, a byte each", vec![1, 1, 0]),
        segment("data of kind 2", vec![2, 0, CONST, 0, END, 0]),
        segment(
            "data of kind 0, 1000 bytes each",
            concat(&[&[0, CONST, 0, END], &sized(&[7; 1_000])]),
        ),
        Family::new("one passive segment", |bytes| {
            let mut wasm = Wasm::new();
            wasm.data.push(&concat(&[&[1], &sized(&vec![7; bytes])]));
            wasm.finish()
        }),
    ]
}

fn customs() -> Vec<Family> {
    let names = |wasm: &mut Wasm| {
        let functions: Vec<u8> = (0..30_000_u32)
            .flat_map(|n| [&number(n)[..], &[1, b'f']].concat())
            .collect();
        let map = concat(&[&number(30_000), &functions]);
        wasm.custom
            .extend(custom("name", &concat(&[&[1], &sized(&map)])));
    };
    let small = custom("", &[]);
    vec![
        Family::repeating("custom sections", Wasm::new(), move |wasm| {
            wasm.custom.extend_from_slice(&small);
        }),
        Family::repeating("sections of names", Wasm::new(), names),
        Family::new("one custom section", |bytes| {
            let mut wasm = Wasm::new();
            wasm.custom = custom("x", &vec![7; bytes]);
            wasm.finish()
        }),
        Family::new("names of locals", |bytes| {
            let mut wasm = Wasm::new();
            let count = u32::try_from(bytes / 5).expect("it is small");
            let indirect = times(&[0, 1, 0, 1, b'x'], bytes / 5);
            let map = concat(&[&number(count), &indirect]);
            wasm.custom = custom("name", &concat(&[&[2], &sized(&map)]));
            wasm.finish()
        }),
    ]
}

/// Constant expressions that are long.
fn expressions() -> Vec<Family> {
    let sum = |terms: usize| concat(&[&[CONST, 0], &times(&[CONST, 1, ADD], terms), &[END]]);
    let deep = |terms: usize| {
        concat(&[
            &times(&[CONST, 1], terms),
            &[CONST, 0],
            &times(&[ADD], terms),
            &[END],
        ])
    };
    let mut families = vec![
        Family::new("one global with a long sum", move |bytes| {
            let mut wasm = Wasm::new();
            wasm.globals.push(&concat(&[&[I32, 0], &sum(bytes / 3)]));
            wasm.finish()
        }),
        Family::new("one global with a deep sum", move |bytes| {
            let mut wasm = Wasm::new();
            wasm.globals.push(&concat(&[&[I32, 0], &deep(bytes / 3)]));
            wasm.finish()
        }),
    ];
    // The limit allows 64 operators: 31 additions, and one constant more than these.
    for terms in [10, 31, 1_000] {
        families.push(Family::repeating(
            format!("globals with sums of {terms}"),
            Wasm::new(),
            move |wasm| wasm.globals.push(&concat(&[&[I32, 0], &sum(terms)])),
        ));
        families.push(Family::repeating(
            format!("data at sums of {terms}"),
            Wasm::new(),
            move |wasm| wasm.data.push(&concat(&[&[0], &sum(terms), &[0]])),
        ));
        families.push(Family::new(
            format!("global.get of a sum of {terms}"),
            move |bytes| {
                let mut wasm = Wasm::new();
                let global = u8::try_from(wasm.globals.count).expect("there are few");
                wasm.globals.push(&concat(&[&[I32, 0], &sum(terms)]));
                Pattern::new("", [GLOBAL_GET, global, DROP])
                    .family_in(wasm)
                    .make(bytes)
            },
        ));
    }
    families.push(Family::repeating(
        "globals with floats",
        Wasm::new(),
        |wasm| {
            wasm.globals
                .push(&concat(&[&[F64, 0, 0x44], &[1; 8], &[END]]));
        },
    ));
    families
}
