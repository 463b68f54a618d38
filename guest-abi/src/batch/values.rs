//! The values of a column, row by row.

use super::{
    layout::DataType,
    read::{bit, Column},
};
use core::{convert::TryInto, marker::PhantomData, mem::size_of, str};

/// A number that columns are made of.
///
/// ```
/// use fuelbox_guest::batch::{DataType, Primitive};
///
/// assert_eq!(<i16 as Primitive>::TYPE, DataType::Int16);
/// ```
pub trait Primitive: Copy + sealed::Sealed {
    /// The type of columns that have it.
    const TYPE: DataType;
    /// How it lies in memory.
    type Bytes: AsRef<[u8]>;
    #[doc(hidden)]
    fn to_bytes(self) -> Self::Bytes;
    #[doc(hidden)]
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! primitives {
    ($($number:ident $ty:ident $bytes:literal,)*) => {
        $(
            impl sealed::Sealed for $number {}
            impl Primitive for $number {
                const TYPE: DataType = DataType::$ty;
                type Bytes = [u8; $bytes];
                #[inline]
                fn to_bytes(self) -> Self::Bytes {
                    self.to_le_bytes()
                }
                #[inline]
                fn from_bytes(bytes: &[u8]) -> Option<Self> {
                    Some(Self::from_le_bytes(bytes.try_into().ok()?))
                }
            }
        )*
    };
}

primitives! {
    i8 Int8 1, i16 Int16 2, i32 Int32 4, i64 Int64 8,
    u8 UInt8 1, u16 UInt16 2, u32 UInt32 4, u64 UInt64 8,
    f32 Float32 4, f64 Float64 8,
}

/// The numbers of a column.
///
/// ```
/// use fuelbox_guest::batch::{Batch, BatchError};
///
/// /// The largest number of a column; none where all are null.
/// fn largest(batch: Batch<'_>) -> Result<Option<i64>, BatchError> {
///     let numbers = batch.column(0)?.values::<i64>()?;
///     Ok(batch.each_row().filter_map(|row| numbers.get(row)).max())
/// }
/// # let _ = largest;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Values<'a, T> {
    column: Column<'a>,
    of: PhantomData<T>,
}

impl<'a, T: Primitive> Values<'a, T> {
    pub(super) fn new(column: Column<'a>) -> Self {
        Self {
            column,
            of: PhantomData,
        }
    }

    /// The number of a row; `None` where it is null, and beyond the last row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<T> {
        let size = size_of::<T>();
        let at = row.checked_mul(size)?;
        let bytes = self.column.data.get(at..at.checked_add(size)?)?;
        match self.column.validity {
            Some(bits) if !bit(bits, row) => None,
            _ => T::from_bytes(bytes),
        }
    }
}

/// The truth values of a column.
///
/// ```
/// use fuelbox_guest::batch::{Batch, BatchError};
///
/// /// How many rows are true.
/// fn count(batch: Batch<'_>) -> Result<usize, BatchError> {
///     let flags = batch.column(0)?.bits()?;
///     Ok(batch.each_row().filter(|row| flags.get(*row) == Some(true)).count())
/// }
/// # let _ = count;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bits<'a> {
    column: Column<'a>,
}

impl<'a> Bits<'a> {
    pub(super) fn new(column: Column<'a>) -> Self {
        Self { column }
    }

    /// The value of a row; `None` where it is null, and beyond the last row.
    pub fn get(&self, row: usize) -> Option<bool> {
        let is_there = self.column.is_valid(row);
        is_there.then(|| bit(self.column.data, row))
    }
}

/// The texts or byte strings of a column.
///
/// ```
/// use fuelbox_guest::batch::{Batch, BatchError, Columns, NewBytes};
///
/// let mut names = NewBytes::texts();
/// names.push_text(Some("Zoë"));
/// let bytes = Columns::new().with("name", names).to_vec()?;
/// let names = Batch::read(&bytes)?.column(0)?.bytes()?;
/// assert_eq!((names.text(0), names.get(0).map(<[u8]>::len)), (Some("Zoë"), Some(4)));
/// # Ok::<(), BatchError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a> {
    column: Column<'a>,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(column: Column<'a>) -> Self {
        Self { column }
    }

    /// The bytes of a row; `None` where it is null, and beyond the last row.
    pub fn get(&self, row: usize) -> Option<&'a [u8]> {
        if !self.column.is_valid(row) {
            return None;
        }
        let (start, end) = self.column.span(row)?;
        self.column.data.get(start..end)
    }

    /// The same as a text; `None` also where it is not UTF-8, which never comes from a host.
    pub fn text(&self, row: usize) -> Option<&'a str> {
        str::from_utf8(self.get(row)?).ok()
    }
}
