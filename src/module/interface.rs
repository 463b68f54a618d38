//! The interface of a module: what it needs from its host, and what it offers.

use super::{Module, convert};
use crate::{
    error::Error,
    extern_type::{ExternType, FunctionType, GlobalType, MemoryType, TableType},
    text::Name,
    value::ValueType,
};
use alloc::{
    boxed::Box,
    collections::BTreeMap,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::fmt;
use fuelbox_guest::protocol;
use wasmparser::{
    TypeRef,
    types::{CoreTypeId, EntityType, TypesRef},
};

/// Something a module needs from its host.
///
/// Shown with `{}`, names are escaped and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Import {
    /// The first part of its name.
    pub module: String,
    /// The second part of its name.
    pub name: String,
    /// The type that the module imports it with.
    pub ty: ExternType,
}

impl Import {
    /// With the types of its module, as far as it was read; none for a tag, which no proposal that is supported has.
    pub(super) fn new(import: &wasmparser::Import<'_>, types: TypesRef<'_>) -> Option<Self> {
        let ty = match import.ty {
            TypeRef::Func(ty) => {
                let ty = function_type(types, types.core_type_at_in_module(ty));
                ExternType::Function(ty)
            }
            TypeRef::Memory(ty) => ExternType::Memory(convert::declared_memory(ty)),
            TypeRef::Table(ty) => ExternType::Table(convert::declared_table(ty)),
            TypeRef::Global(ty) => ExternType::Global(convert::declared_global(ty)),
            TypeRef::Tag(_) => return None,
        };
        Some(Self {
            module: import.module.to_string(),
            name: import.name.to_string(),
            ty,
        })
    }
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{}: {}",
            Name(&self.module),
            Name(&self.name),
            self.ty
        )
    }
}

/// Something a module offers to its host.
///
/// Shown with `{}`, the name is escaped and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Export<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub ty: ExternType,
}

impl fmt::Display for Export<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Name(self.name), self.ty)
    }
}

/// Where the memory is that capabilities read and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemoryExport<'a> {
    /// Where they look for it.
    Reachable,
    /// Only under this name.
    Elsewhere(&'a str),
    /// Nowhere.
    Absent,
}

/// What a module needs from its host, and what it offers: before anything was rewritten.
pub(super) struct Interface {
    pub(super) imports: Box<[Import]>,
    /// Sorted by name.
    exports: Box<[Exported]>,
}

struct Exported {
    name: Box<str>,
    ty: ExportedType,
}

enum ExportedType {
    /// Shared, since a short module can export many functions of one long type.
    Function(Arc<FunctionType>),
    Memory(MemoryType),
    Table(TableType),
    Global(GlobalType),
}

fn function_type(types: TypesRef<'_>, id: CoreTypeId) -> FunctionType {
    let ty = types.get(id).expect("the validator found it");
    convert::function_type(ty.unwrap_func())
}

impl ExportedType {
    fn widen(&self) -> ExternType {
        match self {
            Self::Function(ty) => ExternType::Function((**ty).clone()),
            Self::Memory(ty) => ExternType::Memory(*ty),
            Self::Table(ty) => ExternType::Table(*ty),
            Self::Global(ty) => ExternType::Global(*ty),
        }
    }
}

impl Interface {
    /// That of a valid module: its imports in order, and what its types say.
    pub(super) fn new(imports: Vec<Import>, types: TypesRef<'_>) -> Self {
        let mut functions = BTreeMap::new();
        let mut typed = |ty| match ty {
            EntityType::Func(id) => {
                let ty = functions.entry(id);
                let ty = ty.or_insert_with(|| Arc::new(function_type(types, id)));
                ExportedType::Function(ty.clone())
            }
            EntityType::Memory(ty) => ExportedType::Memory(convert::declared_memory(ty)),
            EntityType::Table(ty) => ExportedType::Table(convert::declared_table(ty)),
            EntityType::Global(ty) => ExportedType::Global(convert::declared_global(ty)),
            EntityType::Tag(_) => unreachable!("no proposal that is supported has tags"),
        };
        let exports = types.core_exports().into_iter().flatten();
        let mut exports: Box<[_]> = exports
            .map(|(name, ty)| Exported {
                name: name.into(),
                ty: typed(ty),
            })
            .collect();
        exports.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Self {
            imports: imports.into(),
            exports,
        }
    }

    pub(super) fn exports(&self) -> impl Iterator<Item = Export<'_>> {
        self.exports.iter().map(|export| Export {
            name: &export.name,
            ty: export.ty.widen(),
        })
    }

    pub(super) fn export(&self, name: &str) -> Option<ExternType> {
        self.find(name).map(|(_, ty)| ty.widen())
    }

    /// The place of an export among all, by name, and its type.
    fn find(&self, name: &str) -> Option<(usize, &ExportedType)> {
        let place = self
            .exports
            .binary_search_by(|export| (*export.name).cmp(name));
        let place = place.ok()?;
        Some((place, &self.exports.get(place)?.ty))
    }

    /// The place among all exports of the function `name`, and its type.
    ///
    /// # Errors
    /// [`Error::ExportMissing`]; [`Error::ExportType`] where it is no function, and `expected` one.
    fn function(
        &self,
        name: &str,
        expected: impl FnOnce() -> FunctionType,
    ) -> Result<(usize, &FunctionType), Error> {
        match self.find(name) {
            Some((place, ExportedType::Function(ty))) => Ok((place, ty)),
            Some((_, found)) => Err(wrong_type(name, expected(), found.widen())),
            None => Err(Error::ExportMissing { name: name.into() }),
        }
    }

    /// The place among all exports of the function `name`, which has just these types.
    ///
    /// # Errors
    /// [`Error::ExportMissing`], [`Error::ExportType`].
    pub(super) fn function_of(
        &self,
        name: &str,
        params: &[ValueType],
        results: &[ValueType],
    ) -> Result<usize, Error> {
        let expected = || FunctionType::new(params, results);
        let (place, found) = self.function(name, expected)?;
        if *found.params == *params && *found.results == *results {
            return Ok(place);
        }
        let found = ExternType::Function(found.clone());
        Err(wrong_type(name, expected(), found))
    }
}

/// An export whose type is not the one that is needed.
pub(crate) fn wrong_type(name: &str, expected: FunctionType, found: ExternType) -> Error {
    Error::ExportType {
        name: name.into(),
        expected: ExternType::Function(expected),
        found,
    }
}

impl Module {
    /// The place among all exports of the function `name`, and its type.
    ///
    /// # Errors
    /// [`Error::ExportMissing`]; [`Error::ExportType`] where the export is no function.
    pub(crate) fn function(&self, name: &str) -> Result<(usize, &FunctionType), Error> {
        self.facts().interface.function(name, FunctionType::default)
    }

    /// The place of the function `name`, which has just these types. To see it nothing is allocated.
    ///
    /// # Errors
    /// [`Error::ExportMissing`], [`Error::ExportType`].
    pub(crate) fn function_of(
        &self,
        name: &str,
        params: &[ValueType],
        results: &[ValueType],
    ) -> Result<usize, Error> {
        self.facts().interface.function_of(name, params, results)
    }

    /// Under which name a memory is exported; capabilities reach the one called `memory`.
    pub(crate) fn memory_export(&self) -> MemoryExport<'_> {
        let is_memory = |export: &&Exported| matches!(export.ty, ExportedType::Memory(_));
        let mut memories = self.facts().interface.exports.iter().filter(is_memory);
        let mut other = None;
        for Exported { name, .. } in &mut memories {
            if **name == *protocol::MEMORY_EXPORT {
                return MemoryExport::Reachable;
            }
            other = other.or(Some(&**name));
        }
        other.map_or(MemoryExport::Absent, MemoryExport::Elsewhere)
    }
}
