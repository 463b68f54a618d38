//! A guest that is a list of calls: each host function with the arguments given, one after another.

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, ImportSection, Instruction, MemorySection, MemoryType, Module, TypeSection,
    ValType,
};

/// The import that is told what each call returned.
pub(crate) const ANSWER: (&str, &str) = ("host", "answer");

/// A function that a program may call; it returns one `i32` or nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callee {
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
    /// Its parameters: whether each is an `i64`.
    pub(crate) wide: &'static [bool],
    pub(crate) has_result: bool,
}

/// A guest that is a list of calls.
#[derive(Default)]
pub(crate) struct Program {
    calls: Vec<(Callee, Vec<u64>)>,
    data: Vec<(u32, Vec<u8>)>,
}

impl Program {
    /// Calls a function with these arguments.
    pub(crate) fn call(&mut self, callee: Callee, arguments: &[u64]) {
        assert_eq!(callee.wide.len(), arguments.len(), "{}", callee.name);
        self.calls.push((callee, arguments.to_vec()));
    }

    /// How many calls there are.
    pub(crate) fn len(&self) -> usize {
        self.calls.len()
    }

    /// Puts bytes into memory before the first call.
    pub(crate) fn data(&mut self, at: u32, bytes: &[u8]) {
        self.data.push((at, bytes.to_vec()));
    }

    /// The module, with so many pages of memory; none is exported where that is `None`.
    pub(crate) fn module(&self, pages: Option<u64>) -> Vec<u8> {
        let mut types = TypeSection::new();
        let mut imports = ImportSection::new();
        let mut code = Function::new([]);
        types.ty().function([], []);
        types.ty().function([ValType::I32], []);
        imports.import(ANSWER.0, ANSWER.1, EntityType::Function(1));
        for (index, (callee, arguments)) in (0_u32..).zip(&self.calls) {
            // An import for each call: the same may stand there twice.
            let params = callee
                .wide
                .iter()
                .map(|wide| if *wide { ValType::I64 } else { ValType::I32 });
            types
                .ty()
                .function(params, callee.has_result.then_some(ValType::I32));
            imports.import(callee.module, callee.name, EntityType::Function(index + 2));
            for (wide, argument) in callee.wide.iter().zip(arguments) {
                code.instruction(&if *wide {
                    Instruction::I64Const(argument.cast_signed())
                } else {
                    Instruction::I32Const((*argument as u32).cast_signed())
                });
            }
            code.instruction(&Instruction::Call(index + 1));
            if callee.has_result {
                code.instruction(&Instruction::Call(0));
            }
        }
        code.instruction(&Instruction::End);
        self.assemble(&types, &imports, &code, pages)
    }

    fn assemble(
        &self,
        types: &TypeSection,
        imports: &ImportSection,
        code: &Function,
        pages: Option<u64>,
    ) -> Vec<u8> {
        let mut module = Module::new();
        module.section(types).section(imports);
        module.section(FunctionSection::new().function(0));
        if let Some(minimum) = pages {
            module.section(MemorySection::new().memory(MemoryType {
                minimum,
                maximum: None,
                memory64: false,
                shared: false,
                page_size_log2: None,
            }));
        }
        let mut exports = ExportSection::new();
        exports.export("_start", ExportKind::Func, self.calls.len() as u32 + 1);
        if pages.is_some() {
            exports.export("memory", ExportKind::Memory, 0);
        }
        module.section(&exports);
        module.section(CodeSection::new().function(code));
        if pages.is_some() {
            let mut data = DataSection::new();
            for (at, bytes) in &self.data {
                data.active(
                    0,
                    &ConstExpr::i32_const(at.cast_signed()),
                    bytes.iter().copied(),
                );
            }
            module.section(&data);
        }
        module.finish()
    }
}
