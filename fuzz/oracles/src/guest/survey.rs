//! What a module has that a digest can be made of.

use wasmparser::{BinaryReaderError, FuncType, GlobalType, MemoryType, Parser, Payload, TypeRef};

/// What a module has, imports first, as its indices count.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) types: Vec<FuncType>,
    /// The type of each function.
    pub(super) functions: Vec<u32>,
    pub(super) memories: Vec<MemoryType>,
    pub(super) globals: Vec<GlobalType>,
    pub(super) tables: Vec<wasmparser::TableType>,
    pub(super) exports: Vec<String>,
}

impl Survey {
    /// Looks at a valid module without types of garbage collection.
    pub(super) fn read(wasm: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut survey = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            survey.add(payload?)?;
        }
        Ok(survey)
    }

    pub(super) fn exports(&self, name: &str) -> bool {
        self.exports.iter().any(|other| other == name)
    }

    fn add(&mut self, payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(types) => {
                for ty in types.into_iter_err_on_gc_types() {
                    self.types.push(ty?);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports {
                    self.import(import?.ty);
                }
            }
            Payload::FunctionSection(functions) => {
                for ty in functions {
                    self.functions.push(ty?);
                }
            }
            Payload::MemorySection(memories) => {
                for ty in memories {
                    self.memories.push(ty?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(global?.ty);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table?.ty);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    self.exports.push(export?.name.to_string());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, ty: TypeRef) {
        match ty {
            TypeRef::Func(ty) => self.functions.push(ty),
            TypeRef::Memory(ty) => self.memories.push(ty),
            TypeRef::Global(ty) => self.globals.push(ty),
            TypeRef::Table(ty) => self.tables.push(ty),
            TypeRef::Tag(_) => {}
        }
    }
}
