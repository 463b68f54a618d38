//! Guests put together into one module, so that wasmtime has the work for a module once for many of them.
//!
//! Bodies stay as they are but for the indices in them; types that are the same become one. Every guest keeps its own
//! memories, tables and globals, so that none sees what another did.

use std::convert::Infallible;
use wasm_encoder::{
    BlockType, CodeSection, DataCountSection, DataSection, ElementSection, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, ImportSection, Instruction,
    MemorySection, Module, TableSection, TypeSection,
    reencode::{Error, Reencode},
};
use wasmparser::{ExternalKind, FuncType, Parser, Payload, TypeRef};

/// These guests as one module, whose export `digest` takes the number of the guest, and whose memory of a guest is
/// exported as `memory` with its number; `None` where one of them cannot be joined with others.
#[must_use]
pub fn together(guests: &[&[u8]]) -> Option<Vec<u8>> {
    let parts: Option<Vec<_>> = guests.iter().map(|wasm| Part::read(wasm)).collect();
    Joined::of(&parts?).ok()
}

/// What is between the sections of a guest and its code.
#[derive(Default)]
struct Part<'a> {
    types: Vec<FuncType>,
    imports: Vec<wasmparser::Import<'a>>,
    functions: Vec<u32>,
    sections: Vec<Payload<'a>>,
    digest: u32,
    has_memory: bool,
    counts: Counts,
}

/// How many of what there are.
#[derive(Clone, Copy, Default)]
struct Counts {
    tables: u32,
    memories: u32,
    globals: u32,
    elements: u32,
    data: u32,
}

impl<'a> Part<'a> {
    fn read(wasm: &'a [u8]) -> Option<Self> {
        let mut part = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.ok()?;
            part.section(&payload)?;
            part.sections.push(payload);
        }
        Some(part)
    }

    fn section(&mut self, payload: &Payload<'a>) -> Option<()> {
        match payload {
            Payload::TypeSection(section) => {
                let types = section.clone().into_iter_err_on_gc_types();
                self.types = types.collect::<Result<_, _>>().ok()?;
            }
            Payload::ImportSection(section) => {
                self.imports = section.clone().into_iter().collect::<Result<_, _>>().ok()?;
                let is_function =
                    |import: &wasmparser::Import<'_>| matches!(import.ty, TypeRef::Func(_));
                self.imports.iter().all(is_function).then_some(())?;
            }
            Payload::FunctionSection(section) => {
                self.functions = section.clone().into_iter().collect::<Result<_, _>>().ok()?;
            }
            Payload::TableSection(section) => self.counts.tables = section.count(),
            Payload::MemorySection(section) => self.counts.memories = section.count(),
            Payload::GlobalSection(section) => self.counts.globals = section.count(),
            Payload::ElementSection(section) => self.counts.elements = section.count(),
            Payload::DataSection(section) => self.counts.data = section.count(),
            Payload::ExportSection(section) => {
                for export in section.clone() {
                    let export = export.ok()?;
                    match (export.name, export.kind, export.index) {
                        ("digest", ExternalKind::Func, index) => self.digest = index,
                        ("memory", ExternalKind::Memory, 0) => self.has_memory = true,
                        _ => return None,
                    }
                }
            }
            // Its trap would end them all.
            Payload::StartSection { .. } => return None,
            _ => {}
        }
        Some(())
    }
}

/// Where the indices of a guest lie among those of all.
#[derive(Default)]
struct Bases {
    types: Vec<u32>,
    imported: u32,
    /// How many functions of its own are imported.
    imports: u32,
    defined: u32,
    first: Counts,
}

impl Reencode for Bases {
    type Error = Infallible;

    fn type_index(&mut self, ty: u32) -> u32 {
        self.types[ty as usize]
    }

    fn function_index(&mut self, function: u32) -> u32 {
        match function.checked_sub(self.imports) {
            None => self.imported + function,
            Some(defined) => self.defined + defined,
        }
    }

    fn table_index(&mut self, table: u32) -> u32 {
        self.first.tables + table
    }

    fn memory_index(&mut self, memory: u32) -> u32 {
        self.first.memories + memory
    }

    fn global_index(&mut self, global: u32) -> u32 {
        self.first.globals + global
    }

    fn element_index(&mut self, element: u32) -> u32 {
        self.first.elements + element
    }

    fn data_index(&mut self, data: u32) -> u32 {
        self.first.data + data
    }
}

/// The sections of all.
#[derive(Default)]
struct Joined {
    types: Vec<FuncType>,
    imports: ImportSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    globals: GlobalSection,
    exports: ExportSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
    /// The functions that are called from outside.
    digests: Vec<u32>,
}

impl Joined {
    fn of(parts: &[Part<'_>]) -> Result<Vec<u8>, Error<Infallible>> {
        let mut joined = Self::default();
        let mut bases = Bases {
            defined: parts.iter().map(|part| part.imports.len() as u32).sum(),
            ..Bases::default()
        };
        for (number, part) in parts.iter().enumerate() {
            bases.types = part.types.iter().map(|ty| joined.ty(ty)).collect();
            bases.imports = part.imports.len() as u32;
            joined.part(number, part, &mut bases)?;
            let Counts {
                tables,
                memories,
                globals,
                elements,
                data,
            } = part.counts;
            bases.imported += bases.imports;
            bases.defined += part.functions.len() as u32;
            bases.first.tables += tables;
            bases.first.memories += memories;
            bases.first.globals += globals;
            bases.first.elements += elements;
            bases.first.data += data;
        }
        joined.entry(bases.defined);
        joined.write(bases.first.data)
    }

    fn ty(&mut self, ty: &FuncType) -> u32 {
        let at = self.types.iter().position(|other| other == ty);
        at.unwrap_or_else(|| {
            self.types.push(ty.clone());
            self.types.len() - 1
        }) as u32
    }

    fn part(
        &mut self,
        number: usize,
        part: &Part<'_>,
        bases: &mut Bases,
    ) -> Result<(), Error<Infallible>> {
        for import in &part.imports {
            let ty = match import.ty {
                TypeRef::Func(ty) => bases.type_index(ty),
                _ => 0,
            };
            self.imports
                .import(import.module, import.name, EntityType::Function(ty));
        }
        for ty in &part.functions {
            self.functions.function(bases.type_index(*ty));
        }
        self.digests.push(bases.function_index(part.digest));
        if part.has_memory {
            let name = format!("memory{number}");
            self.exports
                .export(&name, ExportKind::Memory, bases.memory_index(0));
        }
        for section in &part.sections {
            match section {
                Payload::TableSection(section) => {
                    bases.parse_table_section(&mut self.tables, section.clone())?;
                }
                Payload::MemorySection(section) => {
                    bases.parse_memory_section(&mut self.memories, section.clone())?;
                }
                Payload::GlobalSection(section) => {
                    bases.parse_global_section(&mut self.globals, section.clone())?;
                }
                Payload::ElementSection(section) => {
                    bases.parse_element_section(&mut self.elements, section.clone())?;
                }
                Payload::DataSection(section) => {
                    bases.parse_data_section(&mut self.data, section.clone())?;
                }
                Payload::CodeSectionEntry(body) => {
                    bases.parse_function_body(&mut self.code, body.clone())?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The function that is called from outside; it would be one for each guest otherwise.
    fn entry(&mut self, index: u32) {
        let ty = FuncType::new([wasmparser::ValType::I32], [wasmparser::ValType::I64]);
        let ty = self.ty(&ty);
        self.functions.function(ty);
        self.exports.export("digest", ExportKind::Func, index);
        let mut function = Function::new([]);
        for _ in &self.digests {
            function.instruction(&Instruction::Block(BlockType::Empty));
        }
        let targets: Vec<_> = (0..self.digests.len() as u32).collect();
        function.instruction(&Instruction::LocalGet(0));
        function.instruction(&Instruction::BrTable(targets.into(), 0));
        for digest in &self.digests {
            function.instruction(&Instruction::End);
            function.instruction(&Instruction::Call(*digest));
            function.instruction(&Instruction::Return);
        }
        function.instruction(&Instruction::Unreachable);
        function.instruction(&Instruction::End);
        self.code.function(&function);
    }

    fn write(&self, data: u32) -> Result<Vec<u8>, Error<Infallible>> {
        let mut types = TypeSection::new();
        for ty in &self.types {
            types
                .ty()
                .func_type(&Bases::default().func_type(ty.clone())?);
        }
        let mut module = Module::new();
        module.section(&types);
        module.section(&self.imports);
        module.section(&self.functions);
        module.section(&self.tables);
        module.section(&self.memories);
        module.section(&self.globals);
        module.section(&self.exports);
        module.section(&self.elements);
        module.section(&DataCountSection { count: data });
        module.section(&self.code);
        module.section(&self.data);
        Ok(module.finish())
    }
}
