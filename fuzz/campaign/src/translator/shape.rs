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
    /// All of them, of blocks too. Each costs wasmtime a compiled function, so there are few: see
    /// [`drawn`](Self::drawn).
    pub(super) types: Vec<Signature>,
    /// The type of each function: imports, then those that are generated.
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
    /// Whether a segment fills the memory, which costs wasmtime two more functions than stores do.
    pub(super) segment: bool,
}

/// What a guest uses.
#[derive(Default)]
pub(super) struct Used {
    pub(super) memory: bool,
    pub(super) tables: bool,
    pub(super) globals: BTreeSet<u32>,
    /// Whether the first function is referred to. Each that is costs wasmtime as much as another function.
    pub(super) reference: bool,
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
    pub(super) fn draw(family: &mut Draw, draw: &mut Draw, proposals: Proposals) -> Self {
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
            pages: 1 + draw.below(8) / 7,
            palette: palette(family),
            habits: Habits {
                memory: draw.percent(45),
                bulk: draw.percent(8),
                tables: draw.percent(15),
                growth: draw.percent(8),
                segment: draw.percent(10),
            },
            used: Used::default(),
        };
        shape.declare_globals(draw);
        shape.declare_functions(family, draw);
        shape
    }

    /// A variable one of each type, so that they are where they can be found, then some more.
    fn declare_globals(&mut self, draw: &mut Draw) {
        for ty in TYPES {
            // One of Wasmtime's compilers has no references to what is outside.
            if ty != ValType::EXTERNREF || self.has_outside() {
                self.globals.push((ty, true));
            }
        }
        for ty in self.palette.clone() {
            if draw.percent(30) {
                self.globals.push((ty, draw.percent(40)));
            }
        }
    }

    /// Whether references to what is outside take part.
    pub(super) fn has_outside(&self) -> bool {
        self.palette.contains(&ValType::EXTERNREF)
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

    /// The first function that is generated.
    pub(super) fn first(&self) -> u32 {
        self.imports
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

    /// Whether a block of this type costs no new one.
    pub(super) fn has(&self, params: &[ValType], results: &[ValType]) -> bool {
        let same = |ty: &Signature| ty.params == params && ty.results == results;
        params.is_empty() && results.len() <= 1 || self.types.iter().any(same)
    }

    /// The type of a block, as short as it can be written.
    pub(super) fn block(&mut self, params: &[ValType], results: &[ValType]) -> BlockType {
        match (params, results) {
            ([], []) => BlockType::Empty,
            ([], [result]) => BlockType::Result(*result),
            _ => BlockType::FunctionType(self.ty(params, results)),
        }
    }

    /// One of the signatures that functions have, for a block; `None` for a block without.
    ///
    /// `is_same` where it must leave what it takes.
    pub(super) fn drawn(&self, draw: &mut Draw, is_same: bool) -> Option<Signature> {
        let drawn = |ty: &&Signature| match is_same {
            true => !ty.params.is_empty() && ty.params == ty.results,
            false => !ty.params.is_empty() || ty.results.len() > 1,
        };
        let fitting: Vec<_> = self.types.iter().filter(drawn).collect();
        if fitting.is_empty() {
            return None;
        }
        Some((*draw.pick(&fitting)).clone())
    }

    /// What a block leaves that takes nothing and leaves several values.
    pub(super) fn without_params(&self, draw: &mut Draw) -> Option<Vec<ValType>> {
        let fits = |ty: &&Signature| ty.params.is_empty() && ty.results.len() > 1;
        let fitting: Vec<_> = self.types.iter().filter(fits).collect();
        if fitting.is_empty() {
            return None;
        }
        Some(draw.pick(&fitting).results.clone())
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

    /// Functions have signatures that blocks have too.
    fn declare_functions(&mut self, family: &mut Draw, draw: &mut Draw) {
        let mut signatures = self.signatures(family);
        // Each guest begins with another one, and has not all.
        let first = draw.below(signatures.len() as u64) as usize;
        signatures.rotate_left(first);
        signatures.truncate(3);
        self.imports = u32::from(draw.percent(8));
        // Alike where one shall call another in its place.
        let shared = draw.percent(if self.proposals.tail_calls { 70 } else { 10 });
        let count = if draw.percent(15) { 4 } else { 2 };
        for index in 0..u64::from(self.imports) + 1 + draw.below(count) {
            let pool = if shared {
                &signatures[..1]
            } else {
                &signatures
            };
            let drawn = if index < pool.len() as u64 {
                &pool[index as usize]
            } else {
                draw.pick(pool)
            };
            let ty = self.ty(&drawn.params, &drawn.results);
            self.functions.push(ty);
        }
        for Signature { params, results } in &signatures {
            self.ty(params, results);
        }
    }

    /// Some that are worth a block: that carry several values, or take some.
    fn signatures(&self, draw: &mut Draw) -> Vec<Signature> {
        let mut signatures: Vec<_> = (0..5)
            .map(|_| {
                let params = self.few(draw, 4);
                let results = match draw.below(10) {
                    0..=3 => params.clone(),
                    4..=6 => vec![self.any(draw), self.any(draw)],
                    _ => self.few(draw, 4),
                };
                Signature { params, results }
            })
            .collect();
        // For an `if` without `else`, and for a switch.
        signatures[1].params = vec![self.any(draw)];
        signatures[1].results = signatures[1].params.clone();
        signatures[2] = Signature {
            params: Vec::new(),
            results: vec![self.any(draw), self.any(draw)],
        };
        // Branches to blocks with the same results can be in one table.
        signatures[4].results = signatures[0].results.clone();
        signatures
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
    if draw.percent(4) {
        return TYPES.to_vec();
    }
    let mut types = vec![TYPES[draw.below(2) as usize]];
    for _ in 0..draw.below(4) {
        types.push(match draw.below(24) {
            0..=3 => ValType::I32,
            4..=7 => ValType::I64,
            8..=11 => ValType::F32,
            12..=15 => ValType::F64,
            16..=20 => ValType::V128,
            21..=22 => ValType::FUNCREF,
            // Rarely, since Winch has no such references; a `funcref` is the same to the interpreter.
            _ => ValType::EXTERNREF,
        });
    }
    types
}
