//! Modules written byte by byte, whatever they hold: also what no encoder would write.

/// A section that is a vector: how many entries, and their bytes.
#[derive(Clone, Default)]
pub(super) struct Section {
    pub(super) count: u32,
    pub(super) entries: Vec<u8>,
}

impl Section {
    pub(super) fn push(&mut self, entry: &[u8]) {
        self.count += 1;
        self.entries.extend_from_slice(entry);
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// A module while it is written, with a little of everything that code may refer to.
#[derive(Clone, Default)]
pub(super) struct Wasm {
    /// Custom sections before all others, as they are.
    pub(super) custom: Vec<u8>,
    pub(super) types: Section,
    pub(super) imports: Section,
    pub(super) functions: Section,
    pub(super) tables: Section,
    pub(super) memories: Section,
    pub(super) globals: Section,
    pub(super) exports: Section,
    pub(super) start: Option<u32>,
    pub(super) elements: Section,
    pub(super) code: Section,
    pub(super) data: Section,
}

// Numbers of value types in the binary format.
pub(super) const I32: u8 = 0x7f;
pub(super) const I64: u8 = 0x7e;
pub(super) const F32: u8 = 0x7d;
pub(super) const F64: u8 = 0x7c;
pub(super) const V128: u8 = 0x7b;
pub(super) const FUNCREF: u8 = 0x70;
pub(super) const EXTERNREF: u8 = 0x6f;

// Types, by their place in the first section; a function of each stands at the same place.
pub(super) const NOTHING: u8 = 0;
pub(super) const TO_I32: u8 = 1;
pub(super) const I32_TO_I32: u8 = 2;
// 3 takes an i32 and gives nothing: no body here names it.
pub(super) const FROM_MANY: u8 = 4;
pub(super) const TO_MANY: u8 = 5;
pub(super) const MANY_TO_MANY: u8 = 6;
pub(super) const FROM_16: u8 = 7;
pub(super) const TO_16: u8 = 8;
pub(super) const SIXTEEN_TO_16: u8 = 9;
pub(super) const TO_64: u8 = 10;
pub(super) const TO_2: u8 = 11;
pub(super) const TO_16_V128: u8 = 12;
pub(super) const TO_MANY_MIXED: u8 = 13;

/// The most parameters or results that a type may have.
pub(super) const MANY: usize = 1_000;

// Globals, by their place; those before are mutable and of all seven types.
pub(super) const CONSTANT: u8 = 7;
pub(super) const CONSTANT_FUNCTION: u8 = 8;

impl Wasm {
    pub(super) fn new() -> Self {
        let mut wasm = Self::default();
        let mixed: Vec<u8> = [I32, F32, F64, I64].repeat(MANY / 4);
        for (params, results) in [
            (vec![], vec![]),
            (vec![], vec![I32]),
            (vec![I32], vec![I32]),
            (vec![I32], vec![]),
            (vec![I32; MANY], vec![]),
            (vec![], vec![I32; MANY]),
            (vec![I32; MANY], vec![I32; MANY]),
            (vec![I32; 16], vec![]),
            (vec![], vec![I32; 16]),
            (vec![I32; 16], vec![I32; 16]),
            (vec![], vec![I32; 64]),
            (vec![], vec![I32; 2]),
            (vec![], vec![V128; 16]),
            (vec![], mixed),
        ] {
            wasm.types.push(&function_type(&params, &results));
        }
        for ty in 0..wasm.types.count {
            wasm.function(ty, &body(&[], &[UNREACHABLE]));
        }
        wasm.tables.push(&[FUNCREF, 0, 1]);
        wasm.tables.push(&[EXTERNREF, 0, 1]);
        wasm.memories.push(&[0, 1]);
        for (ty, constant) in [
            (I32, vec![0x41, 0]),
            (I64, vec![0x42, 0]),
            (F32, [[0x43].as_slice(), &[0; 4]].concat()),
            (F64, [[0x44].as_slice(), &[0; 8]].concat()),
            (V128, [[0xfd, 12].as_slice(), &[0; 16]].concat()),
            (FUNCREF, vec![0xd0, FUNCREF]),
            (EXTERNREF, vec![0xd0, EXTERNREF]),
        ] {
            wasm.globals
                .push(&[[ty, 1].as_slice(), &constant, &[END]].concat());
        }
        wasm.globals.push(&[I32, 0, 0x41, 7, END]);
        wasm.globals.push(&[FUNCREF, 0, 0xd2, 0, END]);
        // Declares the first function, so that code may refer to it.
        wasm.elements.push(&[3, 0, 1, 0]);
        wasm.data.push(&[1, 0]);
        wasm
    }

    /// Adds a function with a body that has its length before it.
    pub(super) fn function(&mut self, ty: u32, body: &[u8]) {
        self.functions.push(&number(ty));
        self.code.push(body);
    }

    /// The module. Its last function uses two proposals, so that without these it is invalid only there.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let proposals = [&[0x41, 0, 0xc0, 0x1a, 0x43][..], &[0; 4], &[0xfc, 0, 0x1a]].concat();
        self.function(0, &body(&[], &proposals));
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend_from_slice(&self.custom);
        for (id, section) in [
            (1, &self.types),
            (2, &self.imports),
            (3, &self.functions),
            (4, &self.tables),
            (5, &self.memories),
            (6, &self.globals),
            (7, &self.exports),
        ] {
            write(&mut wasm, id, section);
        }
        if let Some(start) = self.start {
            write_bytes(&mut wasm, 8, &number(start));
        }
        write(&mut wasm, 9, &self.elements);
        if self.data.count > 0 {
            write_bytes(&mut wasm, 12, &number(self.data.count));
        }
        write(&mut wasm, 10, &self.code);
        write(&mut wasm, 11, &self.data);
        wasm
    }

    /// About how long the module will be.
    pub(super) fn len(&self) -> usize {
        [
            &self.types,
            &self.imports,
            &self.functions,
            &self.tables,
            &self.memories,
            &self.globals,
            &self.exports,
            &self.elements,
            &self.code,
            &self.data,
        ]
        .iter()
        .map(|section| section.len())
        .sum::<usize>()
            + self.custom.len()
    }
}

pub(super) const UNREACHABLE: u8 = 0;
pub(super) const END: u8 = 0x0b;

/// A body with its length before it. Locals are groups of a count and a type.
pub(super) fn body(locals: &[(u32, u8)], code: &[u8]) -> Vec<u8> {
    let mut content = number(u32::try_from(locals.len()).expect("there are few"));
    for (count, ty) in locals {
        content.extend_from_slice(&number(*count));
        content.push(*ty);
    }
    content.extend_from_slice(code);
    content.push(END);
    sized(&content)
}

pub(super) fn function_type(params: &[u8], results: &[u8]) -> Vec<u8> {
    [&[0x60][..], &sized(params), &sized(results)].concat()
}

/// Bytes with their length before them.
pub(super) fn sized(bytes: &[u8]) -> Vec<u8> {
    let len = u32::try_from(bytes.len()).expect("modules are shorter than 4 GiB");
    [&number(len), bytes].concat()
}

/// A number as unsigned LEB128.
pub(super) fn number(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A custom section.
pub(super) fn custom(name: &str, content: &[u8]) -> Vec<u8> {
    [
        &[0][..],
        &sized(&[&sized(name.as_bytes())[..], content].concat()),
    ]
    .concat()
}

fn write(wasm: &mut Vec<u8>, id: u8, section: &Section) {
    if section.count > 0 {
        write_bytes(
            wasm,
            id,
            &[&number(section.count)[..], &section.entries].concat(),
        );
    }
}

fn write_bytes(wasm: &mut Vec<u8>, id: u8, content: &[u8]) {
    wasm.push(id);
    wasm.extend_from_slice(&sized(content));
}
