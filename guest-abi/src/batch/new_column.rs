//! Columns that are made row by row.

use super::{
    columns::Buffers,
    layout::{bitmap_bytes, first_bits, DataType},
    values::Primitive,
};
use alloc::{borrow::Cow, vec::Vec};
use core::{convert::TryFrom, iter::repeat, marker::PhantomData, mem::size_of};

/// A new column of numbers or truth values.
///
/// ```
/// use fuelbox_guest::batch::{Batch, Columns, NewValues};
///
/// let mut flags = NewValues::<bool>::with_rows(2);
/// flags.push(Some(true));
/// flags.push(None);
/// let bytes = Columns::new().with("flag", flags).to_vec()?;
/// let batch = Batch::read(&bytes)?;
/// assert_eq!(batch.column(0)?.bits()?.get(0), Some(true));
/// assert_eq!(batch.column(0)?.bits()?.get(1), None);
/// # Ok::<(), fuelbox_guest::batch::BatchError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NewValues<T> {
    data: Vec<u8>,
    validity: Validity,
    of: PhantomData<T>,
}

impl<T: Primitive> NewValues<T> {
    /// An empty column with room for `rows` rows.
    pub fn with_rows(rows: usize) -> Self {
        let bytes = T::TYPE.data_bytes(rows).unwrap_or_default();
        Self {
            data: Vec::with_capacity(bytes),
            validity: Validity::default(),
            of: PhantomData,
        }
    }

    /// Adds a row, null where `value` is `None`.
    #[inline]
    pub fn push(&mut self, value: Option<T>) {
        self.validity.push(value.is_some());
        match value {
            Some(value) => self.data.extend_from_slice(value.to_bytes().as_ref()),
            None => self.data.extend(repeat(0).take(size_of::<T>())),
        }
    }
}

impl NewValues<bool> {
    /// An empty column with room for `rows` rows.
    pub fn with_rows(rows: usize) -> Self {
        Self {
            data: Vec::with_capacity(bitmap_bytes(rows)),
            validity: Validity::default(),
            of: PhantomData,
        }
    }

    /// Adds a row, null where `value` is `None`.
    pub fn push(&mut self, value: Option<bool>) {
        let row = self.validity.rows;
        self.validity.push(value.is_some());
        set_bit(&mut self.data, row, value == Some(true));
    }
}

impl<T: Primitive> From<NewValues<T>> for Buffers<'_> {
    fn from(new: NewValues<T>) -> Self {
        new.validity.buffers(T::TYPE, Vec::new(), new.data)
    }
}

impl From<NewValues<bool>> for Buffers<'_> {
    fn from(new: NewValues<bool>) -> Self {
        new.validity.buffers(DataType::Bool, Vec::new(), new.data)
    }
}

/// A new column of texts or byte strings, of less than 2 GiB together.
///
/// ```
/// use fuelbox_guest::batch::{Batch, Columns, NewBytes};
///
/// let mut names = NewBytes::texts();
/// names.push_text(Some("Ada"));
/// names.push(None);
/// let bytes = Columns::new().with("name", names).to_vec()?;
/// assert_eq!(Batch::read(&bytes)?.named("name")?.bytes()?.text(0), Some("Ada"));
/// # Ok::<(), fuelbox_guest::batch::BatchError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NewBytes {
    ty: DataType,
    offsets: Vec<u8>,
    data: Vec<u8>,
    validity: Validity,
}

impl NewBytes {
    /// An empty column of texts.
    pub fn texts() -> Self {
        Self::of(DataType::Utf8)
    }

    /// An empty column of byte strings.
    pub fn bytes() -> Self {
        Self::of(DataType::Binary)
    }

    /// Adds a row, null where `text` is `None`.
    pub fn push_text(&mut self, text: Option<&str>) {
        self.push(text.map(str::as_bytes));
    }

    /// Adds a row, null where `bytes` is `None`. In a column of texts they have to be UTF-8.
    pub fn push(&mut self, bytes: Option<&[u8]>) {
        self.validity.push(bytes.is_some());
        self.data.extend_from_slice(bytes.unwrap_or_default());
        self.note_end();
    }

    fn of(ty: DataType) -> Self {
        let mut new = Self {
            ty,
            offsets: Vec::new(),
            data: Vec::new(),
            validity: Validity::default(),
        };
        new.note_end();
        new
    }

    fn note_end(&mut self) {
        // Data beyond 2 GiB are refused when the batch is written.
        let end = u32::try_from(self.data.len()).unwrap_or(u32::MAX);
        self.offsets.extend_from_slice(&end.to_le_bytes());
    }
}

impl From<NewBytes> for Buffers<'_> {
    fn from(new: NewBytes) -> Self {
        new.validity.buffers(new.ty, new.offsets, new.data)
    }
}

/// Which rows are not null, a bitmap from the first that is.
#[derive(Clone, Debug, Default)]
struct Validity {
    rows: usize,
    nulls: usize,
    bits: Vec<u8>,
}

impl Validity {
    #[inline]
    fn push(&mut self, is_valid: bool) {
        if !is_valid && self.nulls == 0 {
            self.bits = Vec::with_capacity(bitmap_bytes(self.rows.wrapping_add(1)));
            self.bits.resize(self.rows / 8, u8::MAX);
            if self.rows % 8 != 0 {
                self.bits.push(first_bits(self.rows % 8));
            }
        }
        self.nulls = self.nulls.wrapping_add((!is_valid).into());
        if self.nulls != 0 {
            set_bit(&mut self.bits, self.rows, is_valid);
        }
        self.rows = self.rows.wrapping_add(1);
    }

    fn buffers<'a>(self, ty: DataType, offsets: Vec<u8>, data: Vec<u8>) -> Buffers<'a> {
        Buffers {
            ty,
            rows: self.rows,
            null_count: self.nulls,
            validity: (self.nulls != 0).then_some(Cow::Owned(self.bits)),
            offsets: Cow::Owned(offsets),
            data: Cow::Owned(data),
        }
    }
}

/// Sets the bit of `row`, which is the last one so far or the one after it.
fn set_bit(bits: &mut Vec<u8>, row: usize, is_set: bool) {
    if row % 8 == 0 {
        bits.push(0);
    }
    if let Some(last) = bits.last_mut() {
        *last |= u8::from(is_set) << (row % 8);
    }
}
