//! The needs of a module: the proposals that it cannot do without, noted while it is read.
//!
//! The validator says that something is off, in words, and stops there. What stands where it stops is not always
//! what is missing, so each thing in a module is asked which proposal brought it.

use super::proposals;
use crate::proposal::{Proposal, Proposals};
use alloc::vec::Vec;
use wasmparser::{
    AbstractHeapType, CompositeInnerType, ConstExpr, ElementItems, ElementKind, ExternalKind,
    HeapType, MemoryType, Operator, Parser, Payload, RefType, SubType, TableInit, TableType,
    TypeRef, ValType,
};

/// The proposal that brought an operator, by the name that the parser gives it; none for the first version.
macro_rules! proposal_of {
    (mvp) => {
        None::<Proposal>
    };
    (sign_extension) => {
        Some(Proposal::SignExtension)
    };
    (saturating_float_to_int) => {
        Some(Proposal::SaturatingFloatToInt)
    };
    (bulk_memory) => {
        Some(Proposal::BulkMemory)
    };
    (reference_types) => {
        Some(Proposal::ReferenceTypes)
    };
    (simd) => {
        Some(Proposal::Simd)
    };
    (tail_call) => {
        Some(Proposal::TailCall)
    };
    (relaxed_simd) => {
        Some(Proposal::RelaxedSimd)
    };
    (wide_arithmetic) => {
        Some(Proposal::WideArithmetic)
    };
    (threads) => {
        Some(Proposal::Threads)
    };
    (exceptions) => {
        Some(Proposal::Exceptions)
    };
    (legacy_exceptions) => {
        Some(Proposal::Exceptions)
    };
    (function_references) => {
        Some(Proposal::FunctionReferences)
    };
    (gc) => {
        Some(Proposal::GarbageCollection)
    };
    (stack_switching) => {
        Some(Proposal::StackSwitching)
    };
    (memory_control) => {
        Some(Proposal::MemoryControl)
    };
    (shared_everything_threads) => {
        Some(Proposal::SharedEverythingThreads)
    };
}
pub(super) use proposal_of;

/// The proposals that the sections of a module cannot do without, as far as they can be read; nothing is validated.
///
/// Nothing is allocated for what is only claimed to be there.
pub(super) fn of_sections(wasm: &[u8]) -> Proposals {
    let mut needs = Needs::default();
    let mut parser = Parser::new(0);
    parser.set_features(proposals::everything());
    for payload in parser.parse_all(wasm).map_while(Result::ok) {
        if let Payload::TypeSection(types) = &payload {
            for group in types.clone().into_iter().map_while(Result::ok) {
                if group.is_explicit_rec_group() {
                    needs.note_group();
                }
                group.types().for_each(|ty| needs.note_type(ty));
            }
        }
        needs.note_section(&payload);
    }
    needs.found()
}

/// What was noted so far.
#[derive(Default)]
pub(super) struct Needs {
    found: Proposals,
    tables: u64,
    memories: u64,
    /// How many globals are imported.
    imported_globals: u32,
    /// Whether each global can be changed, imported ones first.
    mutable: Vec<bool>,
    /// Whether a reference names the type that it leads to.
    names_types: bool,
}

impl Needs {
    pub(super) fn found(&self) -> Proposals {
        // These bring them along.
        let bring_them = [Proposal::GarbageCollection, Proposal::StackSwitching];
        if self.names_types && !bring_them.iter().any(|one| self.found.contains(*one)) {
            return self.found.with(Proposal::FunctionReferences);
        }
        self.found
    }

    pub(super) fn note(&mut self, proposal: Proposal) {
        self.found = self.found.with(proposal);
    }

    /// Notes a group of types.
    pub(super) fn note_group(&mut self) {
        self.note(Proposal::GarbageCollection);
    }

    pub(super) fn note_type(&mut self, ty: &SubType) {
        if !ty.is_final || ty.supertype_idx.is_some() {
            self.note(Proposal::GarbageCollection);
        }
        if ty.composite_type.shared {
            self.note(Proposal::SharedEverythingThreads);
        }
        match &ty.composite_type.inner {
            CompositeInnerType::Func(ty) => {
                if ty.results().len() > 1 {
                    self.note(Proposal::MultiValue);
                }
                let both = ty.params().iter().chain(ty.results());
                both.for_each(|ty| self.note_value_type(*ty));
            }
            CompositeInnerType::Array(_) | CompositeInnerType::Struct(_) => {
                self.note(Proposal::GarbageCollection);
            }
            CompositeInnerType::Cont(_) => self.note(Proposal::StackSwitching),
        }
    }

    pub(super) fn note_value_type(&mut self, ty: ValType) {
        match ty {
            ValType::V128 => self.note(Proposal::Simd),
            ValType::Ref(ty) => self.note_reference_type(ty),
            ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 => {}
        }
    }

    /// Notes what a valid section needs. What cannot be read is left to the validator.
    pub(super) fn note_section(&mut self, payload: &Payload<'_>) {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_iter().map_while(Result::ok) {
                    self.note_import(import.ty);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables.clone().into_iter().map_while(Result::ok) {
                    self.note_table(&table.ty);
                    if let TableInit::Expr(constant) = &table.init {
                        self.note(Proposal::FunctionReferences);
                        self.note_constant(constant);
                    }
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories.clone().into_iter().map_while(Result::ok) {
                    self.note_memory(&memory);
                }
            }
            Payload::TagSection(_) => self.note(Proposal::Exceptions),
            Payload::GlobalSection(globals) => {
                for global in globals.clone().into_iter().map_while(Result::ok) {
                    self.note_global(global.ty);
                    self.note_constant(&global.init_expr);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports.clone().into_iter().map_while(Result::ok) {
                    let index = usize::try_from(export.index).unwrap_or(usize::MAX);
                    if export.kind == ExternalKind::Global && self.mutable.get(index) == Some(&true)
                    {
                        self.note(Proposal::MutableGlobal);
                    }
                }
            }
            Payload::ElementSection(segments) => {
                for segment in segments.clone().into_iter().map_while(Result::ok) {
                    self.note_elements(&segment);
                }
            }
            Payload::DataSection(segments) => {
                for segment in segments.clone().into_iter().map_while(Result::ok) {
                    if let wasmparser::DataKind::Active { offset_expr, .. } = &segment.kind {
                        self.note_constant(offset_expr);
                    }
                }
            }
            _ => {}
        }
    }

    fn note_import(&mut self, ty: TypeRef) {
        match ty {
            TypeRef::Func(_) => {}
            TypeRef::Table(ty) => self.note_table(&ty),
            TypeRef::Memory(ty) => self.note_memory(&ty),
            TypeRef::Global(ty) => {
                if ty.mutable {
                    self.note(Proposal::MutableGlobal);
                }
                self.imported_globals = self.imported_globals.saturating_add(1);
                self.note_global(ty);
            }
            TypeRef::Tag(_) => self.note(Proposal::Exceptions),
        }
    }

    fn note_table(&mut self, ty: &TableType) {
        self.tables = self.tables.saturating_add(1);
        if self.tables > 1 {
            self.note(Proposal::ReferenceTypes);
        }
        // The one kind of table that the first version had.
        if ty.element_type != RefType::FUNCREF {
            self.note_reference_type(ty.element_type);
        }
        if ty.table64 {
            self.note(Proposal::Memory64);
        }
        if ty.shared {
            self.note(Proposal::SharedEverythingThreads);
        }
    }

    fn note_memory(&mut self, ty: &MemoryType) {
        self.memories = self.memories.saturating_add(1);
        if self.memories > 1 {
            self.note(Proposal::MultiMemory);
        }
        if ty.memory64 {
            self.note(Proposal::Memory64);
        }
        if ty.page_size_log2.is_some() {
            self.note(Proposal::CustomPageSizes);
        }
        if ty.shared {
            self.note(Proposal::Threads);
        }
    }

    fn note_global(&mut self, ty: wasmparser::GlobalType) {
        self.mutable.push(ty.mutable);
        self.note_value_type(ty.content_type);
        if ty.shared {
            self.note(Proposal::SharedEverythingThreads);
        }
    }

    fn note_elements(&mut self, segment: &wasmparser::Element<'_>) {
        match &segment.kind {
            ElementKind::Active { offset_expr, .. } => self.note_constant(offset_expr),
            ElementKind::Passive | ElementKind::Declared => self.note(Proposal::BulkMemory),
        }
        if let ElementItems::Expressions(ty, items) = &segment.items {
            self.note_reference_type(*ty);
            for item in items.clone().into_iter().map_while(Result::ok) {
                self.note_constant(&item);
            }
        }
    }

    fn note_constant(&mut self, constant: &ConstExpr<'_>) {
        let operators = constant.get_operators_reader().into_iter();
        for operator in operators.map_while(Result::ok) {
            match operator {
                Operator::I32Add
                | Operator::I32Sub
                | Operator::I32Mul
                | Operator::I64Add
                | Operator::I64Sub
                | Operator::I64Mul => self.note(Proposal::ExtendedConst),
                Operator::GlobalGet { global_index } if global_index >= self.imported_globals => {
                    self.note(Proposal::GarbageCollection);
                }
                Operator::RefNull { hty } => self.note_heap_type(hty, true),
                other => self.note_operator(&other),
            }
        }
    }

    fn note_operator(&mut self, operator: &Operator<'_>) {
        macro_rules! proposal {
            ($( @$tag:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*) )*) => {
                match operator {
                    $( Operator::$op { .. } => proposal_of!($tag), )*
                    _ => None,
                }
            };
        }
        if let Some(proposal) = wasmparser::for_each_operator!(proposal) {
            self.note(proposal);
        }
    }

    fn note_reference_type(&mut self, ty: RefType) {
        self.note_heap_type(ty.heap_type(), ty.is_nullable());
    }

    fn note_heap_type(&mut self, ty: HeapType, is_nullable: bool) {
        use AbstractHeapType::{Cont, Exn, Extern, Func, NoCont, NoExn};

        self.note(Proposal::ReferenceTypes);
        let HeapType::Abstract { shared, ty } = ty else {
            self.names_types = true;
            return;
        };
        if shared {
            self.note(Proposal::SharedEverythingThreads);
        }
        match ty {
            Func | Extern if is_nullable => {}
            Func | Extern => self.note(Proposal::FunctionReferences),
            Exn | NoExn => self.note(Proposal::Exceptions),
            Cont | NoCont => self.note(Proposal::StackSwitching),
            _ => self.note(Proposal::GarbageCollection),
        }
    }
}
