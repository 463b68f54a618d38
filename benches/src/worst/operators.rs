//! Every operator, found by trying: which immediates and operands it takes, and whether it gives a value.

use super::{
    Family,
    code::{CONST, DROP, GET, GLOBAL_GET, concat, times},
    pattern::Pattern,
    wasm::{
        CONSTANT, CONSTANT_FUNCTION, EXTERNREF, F32, F64, FUNCREF, I32, I64, UNREACHABLE, V128,
        Wasm, body,
    },
};
use fuelbox::Module;

/// Types of operands, each with a local of that number.
const TYPES: [u8; 7] = [I32, I64, F32, F64, V128, FUNCREF, EXTERNREF];

pub(super) fn families() -> Vec<Family> {
    let found = opcodes()
        .into_iter()
        .filter_map(|opcode| Operator::find(&opcode));
    let mut families: Vec<Family> = found
        .flat_map(|operator| operator.patterns())
        .map(|pattern| Family {
            sizes: &[256 << 10],
            ..pattern.family()
        })
        .collect();
    families.extend(values().into_iter().map(Pattern::family));
    families
}

fn opcodes() -> Vec<Vec<u8>> {
    let plain = (0x1b..=0xc4_u8)
        .chain(0xd0..=0xd2)
        .filter(|op| !matches!(op, 0x20..=0x22));
    let prefixed = |prefix: u8, last: u32| {
        (0..=last).map(move |op| concat(&[&[prefix], &super::wasm::number(op)]))
    };
    plain
        .map(|op| vec![op])
        .chain(prefixed(0xfc, 17))
        .chain(prefixed(0xfd, 255))
        .collect()
}

struct Operator {
    /// With its immediates.
    code: Vec<u8>,
    /// Locals that hold its operands.
    operands: Vec<u8>,
    gives_value: bool,
}

impl Operator {
    fn find(opcode: &[u8]) -> Option<Self> {
        let immediates: [&[u8]; 6] = [&[], &[0], &[0, 0], &[0, 0, 0], &[FUNCREF], &[0; 16]];
        let operands = operands();
        for immediates in immediates {
            for operands in &operands {
                for gives_value in [false, true] {
                    let operator = Self {
                        code: concat(&[opcode, immediates]),
                        operands: operands.clone(),
                        gives_value,
                    };
                    if operator.is_valid() {
                        return Some(operator);
                    }
                }
            }
        }
        None
    }

    fn is_valid(&self) -> bool {
        let mut wasm = small();
        wasm.function(
            0,
            &body(&all_locals(), &self.once(&self.operands_in_locals())),
        );
        Module::new(wasm.finish()).is_ok()
    }

    fn operands_in_locals(&self) -> Vec<u8> {
        self.operands
            .iter()
            .flat_map(|local| [GET, *local])
            .collect()
    }

    fn once(&self, operands: &[u8]) -> Vec<u8> {
        let drop: &[u8] = if self.gives_value { &[DROP] } else { &[] };
        concat(&[operands, &self.code, drop])
    }

    fn constants(&self) -> Vec<u8> {
        self.operands
            .iter()
            .flat_map(|local| constant(TYPES[usize::from(*local)]))
            .collect()
    }

    fn patterns(&self) -> Vec<Pattern> {
        let name: String = self.code.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut patterns = vec![
            Pattern::new(
                format!("op {name} of locals"),
                self.once(&self.operands_in_locals()),
            )
            .locals(all_locals()),
        ];
        if !self.operands.is_empty() {
            patterns.push(Pattern::new(
                format!("op {name} of constants"),
                self.once(&self.constants()),
            ));
        }
        patterns.push(
            Pattern::new(format!("op {name}, unreachable"), self.code.clone())
                .before([UNREACHABLE])
                .after([UNREACHABLE]),
        );
        patterns
    }
}

fn operands() -> Vec<Vec<u8>> {
    let mut lists = vec![vec![]];
    let all = 0..7_u8;
    lists.extend(all.clone().map(|ty| vec![ty]));
    lists.extend(all.clone().map(|ty| vec![ty; 2]));
    lists.extend(all.clone().map(|ty| vec![0, ty]));
    lists.extend(all.clone().map(|ty| vec![4, ty]));
    lists.extend(all.clone().map(|ty| vec![ty, 0]));
    lists.extend([0, 4].map(|ty| vec![ty; 3]));
    lists.extend(all.map(|ty| vec![0, ty, 0]));
    lists
}

fn all_locals() -> Vec<(u32, u8)> {
    TYPES.iter().map(|ty| (1, *ty)).collect()
}

fn constant(ty: u8) -> Vec<u8> {
    match ty {
        I32 => vec![CONST, 1],
        I64 => vec![0x42, 1],
        F32 => concat(&[&[0x43], &[1; 4]]),
        F64 => concat(&[&[0x44], &[1; 8]]),
        V128 => concat(&[&[0xfd, 12], &[1; 16]]),
        reference => vec![0xd0, reference],
    }
}

/// What operators may refer to, and no more, since thousands of it are made.
fn small() -> Wasm {
    let mut wasm = Wasm::new();
    let types = super::wasm::function_type(&[], &[]);
    wasm.types = super::wasm::Section::default();
    wasm.types.push(&types);
    wasm.functions = super::wasm::Section::default();
    wasm.code = super::wasm::Section::default();
    wasm.function(0, &body(&[], &[]));
    wasm
}

/// Values in ways that an operator on its own does not show.
fn values() -> Vec<Pattern> {
    let vector = constant(V128);
    let mut patterns = vec![
        Pattern::new("global.get of a constant", [GLOBAL_GET, CONSTANT, DROP]),
        Pattern::new(
            "global.get of a constant function",
            [GLOBAL_GET, CONSTANT_FUNCTION, DROP],
        ),
        Pattern::new(
            "vectors to a local",
            concat(&[&vector, &[super::code::SET, 0]]),
        )
        .locals([(1, V128)]),
        Pattern::new(
            "vectors in piles",
            [times(&vector, 30_000), times(&[DROP], 30_000)].concat(),
        ),
        Pattern::new("nops", [0x01]),
        Pattern::new("unreachables", [UNREACHABLE]),
        Pattern::new("drops that are unreachable", [DROP]).before([UNREACHABLE]),
    ];
    for (name, ty, chain) in [
        ("i32.clz", 0, &[0x67][..]),
        ("i32.eqz", 0, &[0x45]),
        ("i64.clz", 1, &[0x79]),
        ("f32.neg", 2, &[0x8c]),
        ("f64.sqrt", 3, &[0x9f]),
        ("i32.extend8_s", 0, &[0xc0]),
        ("v128.not", 4, &[0xfd, 77]),
        ("i32.add of a local", 0, &[GET, 0, 0x6a]),
        ("i32.load", 0, &[0x28, 0, 0]),
        ("i64 and i32 in turn", 0, &[0xac, 0xa7]),
        ("f64 and i64 in turn", 1, &[0xbf, 0xbd]),
    ] {
        patterns.push(
            Pattern::new(format!("chain of {name}"), chain)
                .locals(all_locals())
                .before([GET, ty])
                .after([DROP]),
        );
    }
    patterns
}
