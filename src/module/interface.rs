//! What a module needs from its host, and what it offers.

use super::{Module, convert};
use crate::{
    error::Error,
    extern_type::{ExternType, FunctionType, MemoryType},
    text::Name,
    value::ValueType,
};
use alloc::string::{String, ToString};
use core::fmt;
use fuelbox_guest::protocol;

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
    /// What the module wants it to be.
    pub ty: ExternType,
}

impl Import {
    /// With the imported memories that are left, in their order.
    pub(super) fn new(
        import: &wasmi::ImportType<'_>,
        memories: &mut impl Iterator<Item = MemoryType>,
    ) -> Self {
        let memory = match import.ty() {
            wasmi::ExternType::Memory(_) => memories.next(),
            _ => None,
        };
        Self {
            module: import.module().to_string(),
            name: import.name().to_string(),
            ty: convert::extern_type(import.ty(), memory),
        }
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

impl Module {
    /// The type of the function exported as `name`.
    ///
    /// # Errors
    /// [`Error::ExportMissing`]; [`Error::ExportType`] where the export is no function.
    pub(crate) fn function(&self, name: &str) -> Result<FunctionType, Error> {
        match self.export(name) {
            Some(ExternType::Function(ty)) => Ok(ty),
            Some(found) => Err(Error::ExportType {
                name: name.into(),
                expected: ExternType::Function(FunctionType::default()),
                found,
            }),
            None => Err(Error::ExportMissing { name: name.into() }),
        }
    }

    /// Whether a function of just these types is exported as `name`. To see it nothing is allocated.
    pub(crate) fn has_function(
        &self,
        name: &str,
        params: &[ValueType],
        results: &[ValueType],
    ) -> bool {
        if self.inner.added(name) {
            return false;
        }
        let Some(wasmi::ExternType::Func(ty)) = self.inner.code.get_export(name) else {
            return false;
        };
        let are = |found: &[wasmi::ValType], expected: &[ValueType]| {
            found
                .iter()
                .copied()
                .map(convert::value_type)
                .eq(expected.iter().copied())
        };
        are(ty.params(), params) && are(ty.results(), results)
    }

    /// Under which name a memory is exported; capabilities reach the one called `memory`.
    pub(crate) fn memory_export(&self) -> MemoryExport<'_> {
        let exported = &self.inner.exported_memories;
        if exported.contains_key(protocol::MEMORY_EXPORT) {
            return MemoryExport::Reachable;
        }
        let other = exported.keys().next();
        other.map_or(MemoryExport::Absent, |name| MemoryExport::Elsewhere(name))
    }
}
