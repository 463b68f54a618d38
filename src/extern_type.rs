//! Types of what a module imports and exports.

use crate::value::ValueType;
use alloc::boxed::Box;
use core::fmt;

/// The type of an import or an export.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ExternType {
    /// A function.
    Function(FunctionType),
    /// A linear memory.
    Memory(MemoryType),
    /// A table of references.
    Table(TableType),
    /// A global variable.
    Global(GlobalType),
}

impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(ty) => write!(f, "function {ty}"),
            Self::Memory(ty) => write!(f, "memory {ty}"),
            Self::Table(ty) => write!(f, "table {ty}"),
            Self::Global(ty) => write!(f, "global {ty}"),
        }
    }
}

/// Parameters and results of a function, written `(i32, i64) -> f32`.
///
/// ```
/// use fuelbox::{FunctionType, ValueType};
///
/// let ty = FunctionType::new(&[ValueType::I32, ValueType::I64], &[ValueType::F32]);
/// assert_eq!(ty.to_string(), "(i32, i64) -> f32");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FunctionType {
    /// Types of the parameters, at most 1,000.
    pub params: Box<[ValueType]>,
    /// Types of the results, at most 1,000.
    pub results: Box<[ValueType]>,
}

impl FunctionType {
    /// A function type of these parameters and results.
    #[must_use]
    pub fn new(params: &[ValueType], results: &[ValueType]) -> Self {
        Self {
            params: params.into(),
            results: results.into(),
        }
    }
}

impl fmt::Display for FunctionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.params)?;
        f.write_str(" -> ")?;
        match &*self.results {
            [one] => write!(f, "{one}"),
            several => write_list(f, several),
        }
    }
}

/// Size of a linear memory.
///
/// ```
/// # let wasm = wat::parse_bytes(b"(module (memory 3))")?;
/// let module = fuelbox::Module::new(&wasm)?;
/// assert_eq!(module.memories()[0].minimum_bytes(), 3 * 65_536);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct MemoryType {
    /// Size at the start, in pages.
    pub minimum_pages: u64,
    /// Size it may grow to, in pages; `None` leaves it to the sandbox.
    pub maximum_pages: Option<u64>,
    /// Size of a page in bytes; 65,536 unless the module uses custom page sizes.
    pub page_bytes: u64,
}

impl MemoryType {
    /// Size at the start in bytes, `u64::MAX` where that does not hold it.
    #[must_use]
    pub fn minimum_bytes(&self) -> u64 {
        self.minimum_pages.saturating_mul(self.page_bytes)
    }
}

impl fmt::Display for MemoryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_range(f, self.minimum_pages, self.maximum_pages)?;
        write!(f, " pages of {} bytes", self.page_bytes)
    }
}

/// Size and elements of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TableType {
    /// What the elements are: [`ValueType::FuncRef`] or [`ValueType::ExternRef`].
    pub element: ValueType,
    /// Size at the start, in elements.
    pub minimum: u64,
    /// Size it may grow to, in elements; `None` leaves it to the sandbox.
    pub maximum: Option<u64>,
}

impl fmt::Display for TableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_range(f, self.minimum, self.maximum)?;
        write!(f, " {}", self.element)
    }
}

/// Type of a global variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct GlobalType {
    /// What it holds.
    pub content: ValueType,
    /// Whether the guest can change it.
    pub mutable: bool,
}

impl fmt::Display for GlobalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}",
            if self.mutable { "mut " } else { "" },
            self.content
        )
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, types: &[ValueType]) -> fmt::Result {
    f.write_str("(")?;
    for (index, ty) in types.iter().enumerate() {
        write!(f, "{}{ty}", if index == 0 { "" } else { ", " })?;
    }
    f.write_str(")")
}

fn write_range(f: &mut fmt::Formatter<'_>, minimum: u64, maximum: Option<u64>) -> fmt::Result {
    match maximum {
        Some(maximum) => write!(f, "{minimum} to {maximum}"),
        None => write!(f, "{minimum} or more"),
    }
}
