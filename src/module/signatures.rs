//! What blocks and calls take and give, in numbers.

use super::weight::count;
use alloc::vec::Vec;
use wasmparser::{BinaryReaderError, BlockType, CompositeInnerType, Payload, TypeRef};

/// Numbers of parameters and results.
pub(super) type Signature = (u64, u64);

/// What blocks and calls refer to.
#[derive(Default)]
pub(super) struct Signatures {
    types: Vec<Signature>,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
    imported: usize,
}

impl Signatures {
    /// Notes what `payload` adds.
    ///
    /// # Errors
    /// The parser's.
    pub(super) fn read(&mut self, payload: &Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types.clone() {
                    let types = group?.into_types();
                    self.types
                        .extend(types.map(|ty| match &ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => {
                                (count(ty.params().len()), count(ty.results().len()))
                            }
                            _ => (0, 0),
                        }));
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.clone() {
                    if let TypeRef::Func(ty) = import?.ty {
                        self.functions.push(ty);
                    }
                }
                self.imported = self.functions.len();
            }
            Payload::FunctionSection(functions) => {
                for ty in functions.clone() {
                    self.functions.push(ty?);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The most values in one list of parameters or results.
    pub(super) fn widest(&self) -> u64 {
        let widths = self
            .types
            .iter()
            .map(|(params, results)| *params.max(results));
        widths.max().unwrap_or_default()
    }

    pub(super) fn of(&self, ty: u32) -> Signature {
        at(&self.types, ty)
    }

    pub(super) fn of_function(&self, function: u32) -> Signature {
        self.of(at(&self.functions, function))
    }

    /// That of a function with a body, counted without imported ones.
    pub(super) fn of_own_function(&self, number: usize) -> Signature {
        let ty = self.functions.get(self.index_of_own(number));
        self.of(ty.copied().unwrap_or_default())
    }

    /// Index of a function with a body, which is counted without imported ones.
    pub(super) fn index_of_own(&self, number: usize) -> usize {
        self.imported.saturating_add(number)
    }

    pub(super) fn of_block(&self, ty: BlockType) -> Signature {
        match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(ty) => self.of(ty),
        }
    }
}

/// What stands at an index, or nothing worth counting: the validator refuses an index that leads nowhere.
fn at<T: Copy + Default>(list: &[T], index: u32) -> T {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    list.get(index).copied().unwrap_or_default()
}
