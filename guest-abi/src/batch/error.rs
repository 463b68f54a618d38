//! What is wrong with a batch.

use super::layout::{DataType, MOST_COLUMNS, VERSION};
use core::fmt;

/// A batch that cannot be read or written, and in which column.
///
/// ```
/// use fuelbox_guest::batch::{Batch, Fault};
///
/// let error = Batch::read(b"no batch").unwrap_err();
/// assert_eq!(error.to_string(), "this is no batch: it does not start with a header");
/// assert_eq!((error.column(), error.fault()), (None, &Fault::NoBatch));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchError {
    column: Option<usize>,
    fault: Fault,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// There is no header.
    NoBatch,
    /// The layout has another version.
    Version(u32),
    /// The header states another length than the batch has.
    Length {
        /// By the header, in bytes.
        stated: u64,
        /// In bytes.
        found: u64,
    },
    /// There are more columns than a batch may have, or than there is room for.
    Columns(u64),
    /// The code of the type stands for none.
    UnknownType(u32),
    /// A part lies outside of the batch, or does not end within it.
    Outside(Part),
    /// A part does not start at a multiple of 8.
    Misaligned(Part),
    /// The part is there although the type has none, or is not although it has one.
    Unexpected(Part),
    /// The part lies where another one does.
    Overlap(Part),
    /// The data have another length than the rows need.
    DataBytes {
        /// By what describes the column, in bytes.
        stated: u64,
        /// In bytes.
        needed: u64,
    },
    /// As many rows are null as the bitmap does not say.
    NullCount {
        /// By what describes the column.
        stated: u64,
        /// By the bitmap.
        found: u64,
    },
    /// The value of this row ends before it starts, or outside of the data.
    Offset {
        /// Its number, from 0.
        row: usize,
    },
    /// The text of this row is not UTF-8.
    NotUtf8 {
        /// Its number, from 0.
        row: usize,
    },
    /// The name is not UTF-8.
    Name,
    /// The column has this type, and another one is needed.
    WrongType(DataType),
    /// There is no column of this number or name.
    NoColumn,
    /// The columns of a batch have different numbers of rows.
    Rows {
        /// Of this column.
        found: usize,
        /// Of the first one.
        needed: usize,
    },
    /// The batch would be larger than 4 GiB, or a column of texts or byte strings than 2 GiB.
    TooLarge,
}

/// A part of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The name.
    Name,
    /// The bitmap of the rows that are not null.
    Validity,
    /// Where the values start and end.
    Offsets,
    /// The values.
    Data,
}

impl BatchError {
    pub(super) fn new(fault: Fault) -> Self {
        Self {
            column: None,
            fault,
        }
    }

    pub(super) fn of(column: usize, fault: Fault) -> Self {
        Self {
            column: Some(column),
            fault,
        }
    }

    /// The number of the column, from 0, where it is about one.
    pub fn column(&self) -> Option<usize> {
        self.column
    }

    /// What is wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(column) = self.column {
            write!(f, "column {column}: ")?;
        }
        self.fault.fmt(f)
    }
}

#[cfg(feature = "std")]
impl std::error::Error for BatchError {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBatch => f.write_str("this is no batch: it does not start with a header"),
            Self::Version(found) => write!(f, "the layout has version {found}, not {VERSION}"),
            Self::Length { stated, found } => {
                write!(f, "the header states {stated} bytes, the batch has {found}")
            }
            Self::Columns(count) => write!(
                f,
                "{count} columns are more than there is room for, or more than {MOST_COLUMNS}"
            ),
            Self::UnknownType(code) => write!(f, "there is no type of code {code}"),
            Self::Outside(part) => write!(f, "{part} does not lie within the batch"),
            Self::Misaligned(part) => write!(f, "{part} does not start at a multiple of 8"),
            Self::Unexpected(part) => {
                write!(f, "{part} is missing, or the type has no such part")
            }
            Self::Overlap(part) => write!(f, "{part} lies where something else does"),
            Self::DataBytes { stated, needed } => {
                write!(f, "the data have {stated} bytes, the rows need {needed}")
            }
            Self::NullCount { stated, found } => {
                write!(
                    f,
                    "{stated} rows are stated to be null, the bitmap has {found}"
                )
            }
            Self::Offset { row } => {
                write!(f, "the value of row {row} does not lie within the data")
            }
            Self::NotUtf8 { row } => write!(f, "the text of row {row} is not UTF-8"),
            Self::Name => f.write_str("the name is not UTF-8"),
            Self::WrongType(found) => write!(f, "the type is {found:?}"),
            Self::NoColumn => f.write_str("there is no such column"),
            Self::Rows { found, needed } => {
                write!(f, "{found} rows, while the first column has {needed}")
            }
            Self::TooLarge => f.write_str(
                "the batch would be too large: more than 4 GiB, or 2 GiB of texts in a column",
            ),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the name",
            Self::Validity => "the validity bitmap",
            Self::Offsets => "the buffer of offsets",
            Self::Data => "the buffer of data",
        })
    }
}
