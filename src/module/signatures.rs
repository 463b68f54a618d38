//! Signatures: how many values blocks and calls take and give.

use super::{
    needs::Needs,
    weight::{allow, count},
};
use crate::{error::Error, module_limits::ModuleLimits};
use alloc::vec::Vec;
use wasmparser::{
    BinaryReader, BinaryReaderError, BlockType, CompositeInnerType, Payload, SubType, TypeRef,
    ValType,
};

/// Parameters and results of a block or a function.
#[derive(Clone, Copy, Default)]
pub(super) struct Signature {
    pub(super) params: u64,
    pub(super) results: u64,
    /// Whether there is at most one result, and that is no vector.
    pub(super) is_simple: bool,
}

/// What blocks and calls refer to.
#[derive(Default)]
pub(super) struct Signatures {
    types: Vec<Signature>,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
    /// How many functions are imported.
    imported: u32,
}

impl Signatures {
    /// Reads a type section, one type at a time: a group of types is one entry, however many it holds, and the
    /// parser makes room for all that a group claims.
    ///
    /// # Errors
    /// [`Error::ModuleLimit`]. What cannot be read is left to the validator.
    pub(super) fn read_types(
        &mut self,
        section: &[u8],
        limits: &ModuleLimits,
        needs: &mut Needs,
    ) -> Result<(), Error> {
        const GROUP: u8 = 0x4e;

        let mut reader = BinaryReader::new(section, 0);
        let entries = reader.read_var_u32().unwrap_or_default();
        for _ in 0..entries {
            let is_group = reader.clone().read_u8().is_ok_and(|byte| byte == GROUP);
            let mut members = 1;
            if is_group {
                needs.note_group();
                let claimed = reader.read_u8().and_then(|_| reader.read_var_u32());
                members = claimed.unwrap_or_default();
            }
            let found = count(self.types.len()).saturating_add(u64::from(members));
            allow("types", limits.types, found)?;
            for _ in 0..members {
                let Ok(ty) = reader.read::<SubType>() else {
                    return Ok(());
                };
                needs.note_type(&ty);
                self.types.push(Signature::of_type(&ty));
            }
        }
        Ok(())
    }

    /// Notes the functions that `payload` adds.
    ///
    /// # Errors
    /// The parser's.
    pub(super) fn read_functions(
        &mut self,
        payload: &Payload<'_>,
    ) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone() {
                    if let TypeRef::Func(ty) = import?.ty {
                        self.functions.push(ty);
                        self.imported = self.imported.saturating_add(1);
                    }
                }
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
        let widths = self.types.iter().map(|ty| ty.params.max(ty.results));
        widths.max().unwrap_or_default()
    }

    pub(super) fn of(&self, ty: u32) -> Signature {
        at(&self.types, ty)
    }

    pub(super) fn of_function(&self, function: u32) -> Signature {
        self.of(at(&self.functions, function))
    }

    pub(super) fn is_imported(&self, function: u32) -> bool {
        function < self.imported
    }

    pub(super) fn of_block(&self, ty: BlockType) -> Signature {
        match ty {
            BlockType::Empty => Signature::with_results(&[]),
            BlockType::Type(ty) => Signature::with_results(&[ty]),
            BlockType::FuncType(ty) => self.of(ty),
        }
    }
}

impl Signature {
    fn of_type(ty: &SubType) -> Self {
        match &ty.composite_type.inner {
            CompositeInnerType::Func(ty) => Self {
                params: count(ty.params().len()),
                ..Self::with_results(ty.results())
            },
            _ => Self::default(),
        }
    }

    fn with_results(results: &[ValType]) -> Self {
        Self {
            params: 0,
            results: count(results.len()),
            is_simple: match results {
                [] => true,
                [only] => *only != ValType::V128,
                _ => false,
            },
        }
    }
}

/// What is at an index, or nothing worth counting: the validator refuses an index that leads nowhere.
fn at<T: Copy + Default>(list: &[T], index: u32) -> T {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    list.get(index).copied().unwrap_or_default()
}
