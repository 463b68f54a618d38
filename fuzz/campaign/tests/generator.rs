//! Guests of the generator that aims at the translator: valid, always the same, and of all kinds.

use fuelbox_campaign::{Generator, Proposals, contents::Contents};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{
    BlockType, FuncType, FuncValidatorAllocations, Operator, Parser, Payload, ValidPayload,
    Validator, WasmFeatures,
};

const GUESTS: u64 = 1_000;

const PROPOSALS: [&str; 8] = [
    "default",
    "tail-call",
    "multi-memory",
    "memory64",
    "custom-page-sizes",
    "wide-arithmetic",
    "relaxed-simd",
    "tail-call,multi-memory,memory64,custom-page-sizes,wide-arithmetic,relaxed-simd",
];

#[test]
fn guests_are_valid_with_all_proposals() {
    for proposals in PROPOSALS {
        for number in 0..GUESTS {
            let wasm = guest(number, proposals);
            let mut validator = Validator::new_with_features(WasmFeatures::all());
            if let Err(error) = validator.validate_all(&wasm) {
                let text = wasmprinter::print_bytes(&wasm).unwrap_or_default();
                panic!("guest {number} of {proposals}: {error}\n{text}");
            }
        }
    }
}

#[test]
fn guests_use_no_proposal_that_is_off() {
    for number in 0..GUESTS {
        let guest = Generator::Translator
            .guest(number, Proposals::default())
            .expect("guests are valid");
        assert_eq!(guest.admit().map(drop), Ok(()), "{number}");
    }
}

#[test]
fn a_number_makes_the_same_guest_each_time() {
    let all = || {
        (0..50)
            .map(|number| guest(number, "default"))
            .collect::<Vec<_>>()
    };
    assert_eq!(all(), all());
    let distinct: BTreeSet<_> = all().into_iter().collect();
    assert_eq!(distinct.len(), 50);
}

fn guest(number: u64, proposals: &str) -> Vec<u8> {
    let proposals = proposals.parse().expect("there are such proposals");
    let guest = Generator::Translator
        .guest(number, proposals)
        .expect("guests are valid");
    guest.wasm().to_vec()
}

#[test]
fn operators_of_all_families_appear() {
    let mut seen = Seen::default();
    // More of them, since some operators are rare.
    for number in 0..4 * GUESTS {
        seen.look(&guest(number, PROPOSALS[PROPOSALS.len() - 1]));
    }
    for operator in [
        "BrTable",
        "BrIf",
        "Br",
        "Return",
        "Unreachable",
        "Select",
        "TypedSelect",
        "Call",
        "CallIndirect",
        "ReturnCall",
        "ReturnCallIndirect",
        "LocalTee",
        "LocalSet",
        "GlobalSet",
        "I32Eqz",
        "I64Eqz",
        "F32Lt",
        "F64Ge",
        "I32DivS",
        "I64RemU",
        "I32TruncF64S",
        "I64TruncSatF32U",
        "F32DemoteF64",
        "I32WrapI64",
        "I32Load8S",
        "I64Store32",
        "F32Load",
        "F64Store",
        "V128Load",
        "V128Store8Lane",
        "V128Load64Lane",
        "MemorySize",
        "MemoryGrow",
        "MemoryFill",
        "MemoryCopy",
        "MemoryInit",
        "TableGet",
        "TableSet",
        "TableSize",
        "TableGrow",
        "TableFill",
        "RefIsNull",
        "RefFunc",
        "RefNull",
        "V128Const",
        "I8x16Shuffle",
        "I32x4ReplaceLane",
        "V128Bitselect",
        "I64Add128",
        "I64MulWideU",
        "F32x4RelaxedMadd",
        "I8x16RelaxedSwizzle",
    ] {
        assert!(
            seen.operators.contains(operator),
            "{operator} in {:?}",
            seen.operators
        );
    }
}

#[test]
fn blocks_and_branches_of_all_signatures_appear() {
    let mut seen = Seen::default();
    for number in 0..GUESTS {
        seen.look(&guest(number, "default"));
    }
    for kind in ["block", "loop", "if"] {
        for ty in ["i32", "i64", "f32", "f64", "v128", "funcref", "externref"] {
            for of in ["takes", "puts"] {
                let block = format!("{kind} {of} {ty}");
                assert!(seen.blocks.contains(&block), "{block}");
            }
        }
    }
    for carried in 0..4 {
        assert!(seen.carried.contains(&carried), "{:?}", seen.carried);
    }
    assert!(seen.heights.len() > 10, "{:?}", seen.heights);
}

#[test]
fn constructs_that_the_interpreter_gets_wrong_appear_often() {
    let mut counts = BTreeMap::new();
    for number in 0..GUESTS {
        for construct in Contents::of(&guest(number, "default")).constructs {
            *counts.entry(construct).or_insert(0) += 1;
        }
    }
    for (construct, least) in [
        ("block with parameters", 100),
        ("loop with parameters", 100),
        ("if with parameters and else", 100),
        ("if with parameters and no else", 50),
        ("block with several results", 100),
        ("branch with several values", 100),
        ("br_table with several values", 50),
        ("br_table with a vector", 3),
        ("comparison before select", 100),
    ] {
        let count = counts.get(construct).copied().unwrap_or(0);
        assert!(count >= least, "{construct}: {counts:?}");
    }
}

/// What appears in guests.
#[derive(Default)]
struct Seen {
    operators: BTreeSet<String>,
    /// Kinds of blocks, and types of what they take or put.
    blocks: BTreeSet<String>,
    /// How many values blocks put.
    carried: BTreeSet<usize>,
    /// How many operands lie at the start of a block.
    heights: BTreeSet<u32>,
}

impl Seen {
    fn look(&mut self, wasm: &[u8]) {
        let mut types = Vec::new();
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.expect("guests are valid");
            if let Payload::TypeSection(section) = &payload {
                types = (section.clone().into_iter_err_on_gc_types())
                    .collect::<Result<_, _>>()
                    .expect("guests are valid");
            }
            if let ValidPayload::Func(function, body) =
                validator.payload(&payload).expect("guests are valid")
            {
                let mut function = function.into_validator(FuncValidatorAllocations::default());
                let mut reader = body.get_binary_reader();
                function.read_locals(&mut reader).expect("guests are valid");
                let mut operators = body.get_operators_reader().expect("guests are valid");
                while !operators.eof() {
                    let (operator, at) = operators.read_with_offset().expect("guests are valid");
                    self.operator(&operator, &types, function.operand_stack_height());
                    function.op(at, &operator).expect("guests are valid");
                }
            }
        }
    }

    fn operator(&mut self, operator: &Operator<'_>, types: &[FuncType], height: u32) {
        let name = format!("{operator:?}");
        let end = name.find([' ', '{', '(']).unwrap_or(name.len());
        self.operators.insert(name[..end].to_string());
        let (kind, ty) = match operator {
            Operator::Block { blockty } => ("block", blockty),
            Operator::Loop { blockty } => ("loop", blockty),
            Operator::If { blockty } => ("if", blockty),
            _ => return,
        };
        self.heights.insert(height);
        let (params, results) = match ty {
            BlockType::Empty => (&[][..], vec![]),
            BlockType::Type(ty) => (&[][..], vec![*ty]),
            BlockType::FuncType(index) => {
                let ty = types.get(*index as usize).expect("guests are valid");
                (ty.params(), ty.results().to_vec())
            }
        };
        self.carried.insert(results.len());
        for ty in params {
            self.blocks.insert(format!("{kind} takes {ty}"));
        }
        for ty in results {
            self.blocks.insert(format!("{kind} puts {ty}"));
        }
    }
}
