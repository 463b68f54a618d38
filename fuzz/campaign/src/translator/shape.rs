//! What a guest is made of beside the bodies of its functions.

use crate::proposals::Proposals;
use fuelbox_oracles::draw::Draw;
use std::collections::BTreeSet;
use wasm_encoder::{BlockType, ValType};

/// Parameters and results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) params: Vec<ValType>,
    pub(super) results: Vec<ValType>,
}

/// What a guest is made of beside the bodies of its functions.
pub(super) struct Shape {
    pub(super) proposals: Proposals,
    pub(super) types: Vec<Signature>,
    /// The type of each function: imports, then [`MIX`](Self::MIX), then those that are generated.
    pub(super) functions: Vec<u32>,
    pub(super) imports: u32,
    pub(super) globals: Vec<(ValType, bool)>,
    /// Of each memory, whether its addresses are 64 bits wide.
    pub(super) memories: Vec<bool>,
    /// Pages of the first memory.
    pub(super) pages: u64,
    /// The types that values have here: few in most guests, so that those that have the same meet often.
    pub(super) palette: Vec<ValType>,
    /// What functions do, beside computing and branching.
    pub(super) habits: Habits,
    /// What was used so far, so that it is worth a look in the end.
    pub(super) used: Used,
}

/// What functions do, beside computing and branching. No guest does all, for more of them run in the same time.
pub(super) struct Habits {
    pub(super) memory: bool,
    pub(super) bulk: bool,
    pub(super) tables: bool,
    pub(super) growth: bool,
}

/// What a guest uses.
#[derive(Default)]
pub(super) struct Used {
    pub(super) memory: bool,
    pub(super) tables: bool,
    pub(super) globals: BTreeSet<u32>,
    /// Functions that are referred to. Each of these costs wasmtime as much as another function.
    pub(super) functions: BTreeSet<u32>,
}

impl Shape {
    /// Elements of each table.
    pub(super) const ELEMENTS: u64 = 8;

    /// The table of functions, then that of what is outside.
    pub(super) const FUNCTIONS: u32 = 0;
    pub(super) const OUTSIDE: u32 = 1;

    /// The global that everything observed is mixed into.
    pub(super) const HASH: u32 = 0;

    /// A guest with so many functions, whose types are drawn.
    pub(super) fn draw(draw: &mut Draw, proposals: Proposals) -> Self {
        let count = if proposals.memories {
            1 + draw.below(2)
        } else {
            0
        };
        let memories = (0..=count)
            .map(|_| proposals.memory64 && draw.percent(70))
            .collect();
        let mut shape = Self {
            proposals,
            types: Vec::new(),
            functions: Vec::new(),
            imports: 0,
            globals: vec![(ValType::I64, true)],
            memories,
            pages: 1 + draw.below(4) / 3,
            palette: palette(draw),
            habits: Habits {
                memory: draw.percent(60),
                bulk: draw.percent(12),
                tables: draw.percent(20),
                growth: draw.percent(12),
            },
            used: Used::default(),
        };
        for ty in TYPES {
            shape.globals.push((ty, true));
        }
        for ty in TYPES {
            if draw.percent(30) {
                shape.globals.push((ty, draw.percent(40)));
            }
        }
        shape.declare(draw);
        shape
    }

    /// A global of this type that can be set.
    pub(super) fn of_type(ty: ValType) -> u32 {
        let at = TYPES.iter().position(|other| *other == ty);
        at.map_or(Self::HASH, |at| at as u32 + 1)
    }

    /// How many bytes of a memory are there from the start.
    pub(super) fn bytes(&self, memory: u32) -> u64 {
        match (memory, self.proposals.page_sizes) {
            (0, true) => SMALL_PAGES,
            (0, false) => self.pages * 65_536,
            _ => 65_536,
        }
    }

    /// The function that mixes an `i64` into [`HASH`](Self::HASH).
    pub(super) fn mix(&self) -> u32 {
        self.imports
    }

    /// The first function that is generated.
    pub(super) fn first(&self) -> u32 {
        self.imports.saturating_add(1)
    }

    pub(super) fn signature(&self, function: u32) -> &Signature {
        let ty = self.functions[function as usize];
        &self.types[ty as usize]
    }

    /// The index of a type, which is added where it is new.
    pub(super) fn ty(&mut self, params: &[ValType], results: &[ValType]) -> u32 {
        let same = |ty: &Signature| ty.params == params && ty.results == results;
        let at = self.types.iter().position(same).unwrap_or_else(|| {
            self.types.push(Signature {
                params: params.to_vec(),
                results: results.to_vec(),
            });
            self.types.len() - 1
        });
        at as u32
    }

    /// The type of a block, as short as it can be written.
    pub(super) fn block(&mut self, params: &[ValType], results: &[ValType]) -> BlockType {
        match (params, results) {
            ([], []) => BlockType::Empty,
            ([], [result]) => BlockType::Result(*result),
            _ => BlockType::FunctionType(self.ty(params, results)),
        }
    }

    /// One of the types of this guest.
    pub(super) fn any(&self, draw: &mut Draw) -> ValType {
        *draw.pick(&self.palette)
    }

    /// Fewer than so many of them.
    pub(super) fn few(&self, draw: &mut Draw, most: u64) -> Vec<ValType> {
        (0..draw.below(most)).map(|_| self.any(draw)).collect()
    }

    /// The type of addresses in a memory.
    pub(super) fn address(&self, memory: u32) -> ValType {
        if self.memories[memory as usize] {
            ValType::I64
        } else {
            ValType::I32
        }
    }

    fn declare(&mut self, draw: &mut Draw) {
        self.imports = u32::from(draw.percent(10)) * (1 + draw.below(2) as u32);
        for _ in 0..self.imports {
            let (params, results) = (self.few(draw, 4), self.few(draw, 3));
            let ty = self.ty(&params, &results);
            self.functions.push(ty);
        }
        let mix = self.ty(&[ValType::I64], &[]);
        self.functions.push(mix);
        // Alike, so that one can call another in its place.
        let shared = self.few(draw, 4);
        let count = if draw.percent(15) { 4 } else { 2 };
        for _ in 0..1 + draw.below(count) {
            let params = self.few(draw, 6);
            let results = if draw.percent(if self.proposals.tail_calls { 70 } else { 20 }) {
                shared.clone()
            } else {
                self.few(draw, 4)
            };
            let ty = self.ty(&params, &results);
            self.functions.push(ty);
        }
    }
}

/// Pages of a memory whose pages are bytes.
pub(super) const SMALL_PAGES: u64 = 8_192;

/// All types of values.
pub(super) const TYPES: [ValType; 7] = [
    ValType::I32,
    ValType::I64,
    ValType::F32,
    ValType::F64,
    ValType::V128,
    ValType::FUNCREF,
    ValType::EXTERNREF,
];

/// The types of a guest: an integer, and mostly few others.
fn palette(draw: &mut Draw) -> Vec<ValType> {
    if draw.percent(8) {
        return TYPES.to_vec();
    }
    let mut types = vec![TYPES[draw.below(2) as usize]];
    for _ in 0..draw.below(4) {
        types.push(match draw.below(12) {
            0..=1 => ValType::I32,
            2..=3 => ValType::I64,
            4..=5 => ValType::F32,
            6..=7 => ValType::F64,
            8..=9 => ValType::V128,
            10 => ValType::FUNCREF,
            _ => ValType::EXTERNREF,
        });
    }
    types
}
