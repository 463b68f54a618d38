//! The sections of a module, to add to.

use super::rewrite::{Definition, Definitions, constant_bytes};
use std::{collections::BTreeMap, ops::Range};
use wasm_encoder::{Encode, ExportKind, Function, Instruction, RawSection, SectionId};
use wasmparser::{
    BinaryReader, BinaryReaderError, ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind,
    Operator, Parser, Payload, TypeRef, ValType,
};

/// A module, as far as it runs, in the parts that something can be added to.
#[derive(Default)]
pub(super) struct Sections {
    vectors: BTreeMap<u8, Vector>,
    /// Sections that are no vectors.
    whole: BTreeMap<u8, Vec<u8>>,
    /// Values of the imported globals that are definitions now.
    values: Vec<Vec<u8>>,
    imported_functions: u32,
    functions: BTreeMap<String, u32>,
    global_types: Vec<ValType>,
    globals: BTreeMap<String, u32>,
}

/// An exported global.
pub(super) struct Global {
    pub(super) index: u32,
    pub(super) ty: ValType,
}

/// The entries of a section.
#[derive(Default)]
struct Vector {
    count: u32,
    entries: Vec<u8>,
}

/// Bytes to put in the place of others.
type Patches = Vec<(Range<usize>, Vec<u8>)>;

impl Sections {
    /// Takes a valid module apart.
    ///
    /// # Errors
    /// The parser's, which a valid module does not cause.
    pub(super) fn read(wasm: &[u8], definitions: &Definitions) -> Result<Self, BinaryReaderError> {
        let mut sections = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Payload::ImportSection(imports) = payload {
                for import in imports.into_iter_with_offsets() {
                    let (_, import) = import?;
                    sections.import(import, definitions)?;
                }
                continue;
            }
            let patches = sections.look(&payload)?;
            if let Some((id, range)) = payload.as_section() {
                sections.take(id, wasm, range, &patches)?;
            }
        }
        Ok(sections)
    }

    /// The exported globals, by name.
    pub(super) fn exported_globals(&self) -> BTreeMap<String, Global> {
        let global = |index: u32| Global {
            index,
            ty: self.global_types[usize::try_from(index).expect("globals are few")],
        };
        let globals = self.globals.iter();
        globals
            .map(|(name, index)| (name.clone(), global(*index)))
            .collect()
    }

    /// The number of an exported function.
    pub(super) fn exported_function(&self, name: &str) -> u32 {
        self.functions[name]
    }

    /// Adds an exported function without parameters.
    pub(super) fn add_function(
        &mut self,
        name: &str,
        result: Option<ValType>,
        body: &[Instruction<'_>],
    ) {
        const FUNCTION: u8 = 0x60;
        let mut ty = vec![FUNCTION, 0];
        result.map(byte).as_slice().encode(&mut ty);
        let ty = self.add(SectionId::Type, &ty);

        let mut bytes = Vec::new();
        ty.encode(&mut bytes);
        let index = self.imported_functions + self.add(SectionId::Function, &bytes);

        let mut bytes = Vec::new();
        name.encode(&mut bytes);
        ExportKind::Func.encode(&mut bytes);
        index.encode(&mut bytes);
        self.add(SectionId::Export, &bytes);

        let mut function = Function::new([]);
        for instruction in body {
            function.instruction(instruction);
        }
        function.instruction(&Instruction::End);
        let mut bytes = Vec::new();
        function.encode(&mut bytes);
        self.add(SectionId::Code, &bytes);
    }

    pub(super) fn into_module(self) -> Vec<u8> {
        let mut module = wasm_encoder::Module::new();
        for id in ORDER.map(u8::from) {
            let data = match (self.vectors.get(&id), self.whole.get(&id)) {
                (Some(vector), _) => {
                    let mut data = Vec::new();
                    vector.count.encode(&mut data);
                    data.extend_from_slice(&vector.entries);
                    data
                }
                (None, Some(whole)) => whole.clone(),
                (None, None) => continue,
            };
            module.section(&RawSection { id, data: &data });
        }
        module.finish()
    }

    /// Appends an entry to a section; returns its number there.
    fn add(&mut self, section: SectionId, entry: &[u8]) -> u32 {
        let vector = self.vectors.entry(section.into()).or_default();
        vector.entries.extend_from_slice(entry);
        vector.count += 1;
        vector.count - 1
    }

    /// Keeps an import, or puts in its place what stands for it: before all that the module defines.
    fn import(
        &mut self,
        import: wasmparser::Import<'_>,
        definitions: &Definitions,
    ) -> Result<(), BinaryReaderError> {
        let names = (import.module.to_string(), import.name.to_string());
        let mut entry = Vec::new();
        let section = match (import.ty, definitions.get(&names)) {
            (TypeRef::Global(ty), Some(Definition::Global(value))) => {
                let value = constant_bytes(value);
                entry.extend([byte(ty.content_type), u8::from(ty.mutable)]);
                entry.extend_from_slice(&value);
                entry.push(END);
                self.global_types.push(ty.content_type);
                self.values.push(value);
                SectionId::Global
            }
            (TypeRef::Memory(_), Some(Definition::Memory)) => {
                entry.extend([WITH_MAXIMUM, 1, 2]);
                SectionId::Memory
            }
            (TypeRef::Table(_), Some(Definition::Table { table64 })) => {
                let flags = if *table64 {
                    WITH_MAXIMUM | WITH_64_BITS
                } else {
                    WITH_MAXIMUM
                };
                entry.extend([byte(ValType::FUNCREF), flags, 10, 20]);
                SectionId::Table
            }
            (TypeRef::Func(ty), _) => {
                import.module.encode(&mut entry);
                import.name.encode(&mut entry);
                entry.push(0);
                ty.encode(&mut entry);
                self.imported_functions += 1;
                SectionId::Import
            }
            (ty, _) => panic!("nothing stands for an import of {ty:?}"),
        };
        self.add(section, &entry);
        Ok(())
    }

    /// Notes what is asked for later; returns what has to be changed in constant expressions.
    fn look(&mut self, payload: &Payload<'_>) -> Result<Patches, BinaryReaderError> {
        let mut patches = Vec::new();
        match payload {
            Payload::GlobalSection(globals) => {
                for global in globals.clone() {
                    let global = global?;
                    self.global_types.push(global.ty.content_type);
                    self.inline(&global.init_expr, &mut patches)?;
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports.clone() {
                    let export = export?;
                    match export.kind {
                        ExternalKind::Func => {
                            self.functions.insert(export.name.into(), export.index)
                        }
                        ExternalKind::Global => {
                            self.globals.insert(export.name.into(), export.index)
                        }
                        _ => None,
                    };
                }
            }
            Payload::ElementSection(elements) => {
                for element in elements.clone() {
                    let element = element?;
                    if let ElementKind::Active { offset_expr, .. } = &element.kind {
                        self.inline(offset_expr, &mut patches)?;
                    }
                    if let ElementItems::Expressions(_, items) = element.items {
                        for item in items {
                            self.inline(&item?, &mut patches)?;
                        }
                    }
                }
            }
            Payload::DataSection(data) => {
                for data in data.clone() {
                    if let DataKind::Active { offset_expr, .. } = &data?.kind {
                        self.inline(offset_expr, &mut patches)?;
                    }
                }
            }
            _ => {}
        }
        Ok(patches)
    }

    /// Puts the values of imported globals where a constant expression names them: it may name imported
    /// ones only, and there are none any more.
    fn inline(
        &self,
        expression: &ConstExpr<'_>,
        patches: &mut Patches,
    ) -> Result<(), BinaryReaderError> {
        let mut operators = expression.get_operators_reader();
        while !operators.eof() {
            let from = operators.original_position();
            let operator = operators.read()?;
            if let Operator::GlobalGet { global_index } = operator {
                let index = usize::try_from(global_index).expect("globals are few");
                if let Some(value) = self.values.get(index) {
                    patches.push((from..operators.original_position(), value.clone()));
                }
            }
        }
        Ok(())
    }

    /// Takes a section over, patched, after what is there already.
    fn take(
        &mut self,
        id: u8,
        wasm: &[u8],
        range: Range<usize>,
        patches: &Patches,
    ) -> Result<(), BinaryReaderError> {
        if !ORDER.map(u8::from).contains(&id) {
            return Ok(());
        }
        if [SectionId::Start, SectionId::DataCount]
            .map(u8::from)
            .contains(&id)
        {
            self.whole.insert(id, wasm[range].to_vec());
            return Ok(());
        }
        let mut reader = BinaryReader::new(&wasm[range.clone()], range.start);
        let count = reader.read_var_u32()?;
        let vector = self.vectors.entry(id).or_default();
        vector.count += count;
        let mut from = reader.original_position();
        for (place, bytes) in patches {
            vector.entries.extend_from_slice(&wasm[from..place.start]);
            vector.entries.extend_from_slice(bytes);
            from = place.end;
        }
        vector.entries.extend_from_slice(&wasm[from..range.end]);
        Ok(())
    }
}

/// The sections in the order of the binary format.
const ORDER: [SectionId; 12] = [
    SectionId::Type,
    SectionId::Import,
    SectionId::Function,
    SectionId::Table,
    SectionId::Memory,
    SectionId::Global,
    SectionId::Export,
    SectionId::Start,
    SectionId::Element,
    SectionId::DataCount,
    SectionId::Code,
    SectionId::Data,
];

const WITH_MAXIMUM: u8 = 1;
const WITH_64_BITS: u8 = 4;
const END: u8 = 0x0b;

fn byte(ty: ValType) -> u8 {
    match ty {
        ValType::I32 => 0x7f,
        ValType::I64 => 0x7e,
        ValType::F32 => 0x7d,
        ValType::F64 => 0x7c,
        ValType::V128 => 0x7b,
        ValType::FUNCREF => 0x70,
        ValType::EXTERNREF => 0x6f,
        ValType::Ref(ty) => panic!("{ty:?} never runs here"),
    }
}
