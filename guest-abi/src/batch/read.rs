//! A batch that is read in place.

use super::{
    error::{BatchError, Fault, Part},
    layout::{bitmap_bytes, place, DataType, Storage, ALIGN_BYTES, MAGIC, MOST_COLUMNS, VERSION},
    row::Rows,
    values::{Bits, Bytes, Primitive, Values},
};
use core::{
    convert::{TryFrom, TryInto},
    str,
};

/// A batch, in the bytes that it was read from.
///
/// Every range was checked to lie in these bytes. What the buffers hold was not: see [`check`](Self::check).
///
/// ```
/// use fuelbox_guest::batch::{Batch, BatchError, Columns, Fault, NewValues};
///
/// let mut ages = NewValues::<u8>::with_rows(2);
/// ages.push(Some(7));
/// ages.push(Some(9));
/// let bytes = Columns::new().with("age", ages).to_vec()?;
///
/// let batch = Batch::read(&bytes)?;
/// assert_eq!((batch.rows(), batch.columns()), (2, 1));
/// let ages = batch.named("age")?.values::<u8>()?;
/// let sum: u32 = batch.each_row().filter_map(|row| ages.get(row)).map(u32::from).sum();
/// assert_eq!(sum, 16);
/// assert_eq!(batch.column(1).unwrap_err().fault(), &Fault::NoColumn);
/// # Ok::<(), BatchError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    bytes: &'a [u8],
    rows: usize,
    columns: usize,
}

/// A column of a batch.
///
/// ```
/// use fuelbox_guest::batch::{Batch, BatchError, Columns, DataType, NewBytes, NewValues};
///
/// let mut names = NewBytes::texts();
/// names.push_text(Some("Ada"));
/// let mut flags = NewValues::<bool>::with_rows(1);
/// flags.push(None);
/// let bytes = Columns::new().with("name", names).with("flag", flags).to_vec()?;
/// let batch = Batch::read(&bytes)?;
///
/// let name = batch.column(0)?;
/// assert_eq!((name.number(), name.name(), name.data_type()), (0, "name", DataType::Utf8));
/// assert_eq!(name.bytes()?.text(0), Some("Ada"));
/// let (validity, offsets, data) = name.buffers();
/// assert_eq!((validity, offsets.len(), data), (None, 8, &b"Ada"[..]));
///
/// let flag = batch.column(1)?;
/// assert_eq!((flag.null_count(), flag.is_valid(0)), (1, false));
/// assert_eq!(flag.bits()?.get(0), None);
/// assert!(flag.values::<u8>().is_err());
/// # Ok::<(), BatchError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    pub(super) number: usize,
    pub(super) ty: DataType,
    pub(super) rows: usize,
    pub(super) null_count: usize,
    name: &'a str,
    pub(super) validity: Option<&'a [u8]>,
    pub(super) offsets: &'a [u8],
    pub(super) data: &'a [u8],
}

impl<'a> Batch<'a> {
    /// Reads the header, and where every part of every column lies.
    ///
    /// # Errors
    /// A batch of another version, or one of whose parts does not lie in `bytes`, at a multiple of 8.
    pub fn read(bytes: &'a [u8]) -> Result<Self, BatchError> {
        let number = |at| number(bytes, at).ok_or_else(|| BatchError::new(Fault::NoBatch));
        if number(0)? != MAGIC {
            return Err(BatchError::new(Fault::NoBatch));
        }
        let version = number(4)?;
        if version != VERSION {
            return Err(BatchError::new(Fault::Version(version)));
        }
        let (rows, columns, stated) = (number(8)?, number(12)?, number(16)?);
        number(20)?;
        let found = bytes.len() as u64;
        if u64::from(stated) != found {
            let stated = u64::from(stated);
            return Err(BatchError::new(Fault::Length { stated, found }));
        }
        // `usize` has at least 32 bits wherever there is an allocator.
        let batch = Self {
            bytes,
            rows: rows as usize,
            columns: columns as usize,
        };
        if columns > MOST_COLUMNS || place(batch.columns).map_or(true, |end| end > bytes.len()) {
            return Err(BatchError::new(Fault::Columns(columns.into())));
        }
        for number in 0..batch.columns {
            batch.column(number)?;
        }
        Ok(batch)
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The numbers of its rows, each noted where the host sees it as the loop comes to it.
    pub fn each_row(&self) -> Rows {
        Rows::new(self.rows)
    }

    /// The column of a number, from 0.
    ///
    /// # Errors
    /// [`Fault::NoColumn`].
    pub fn column(&self, number: usize) -> Result<Column<'a>, BatchError> {
        self.find(number)
            .map_err(|fault| BatchError::of(number, fault))
    }

    /// The first column of a name.
    ///
    /// # Errors
    /// [`Fault::NoColumn`].
    pub fn named(&self, name: &str) -> Result<Column<'a>, BatchError> {
        for number in 0..self.columns {
            let column = self.column(number)?;
            if column.name == name {
                return Ok(column);
            }
        }
        Err(BatchError::new(Fault::NoColumn))
    }

    /// Where the parts of a column lie that are not empty.
    pub(super) fn ranges(&self, number: usize) -> [(Part, usize, usize); 4] {
        let column = self.column(number).ok();
        let place = |part, at: usize, len: Option<usize>| {
            let start = self.field(number, at).unwrap_or_default();
            (part, start, len.unwrap_or_default())
        };
        let validity = column.and_then(|column| column.validity);
        [
            place(Part::Name, 8, column.map(|column| column.name.len())),
            place(Part::Validity, 16, validity.map(<[u8]>::len)),
            place(Part::Offsets, 20, column.map(|column| column.offsets.len())),
            place(Part::Data, 24, column.map(|column| column.data.len())),
        ]
    }

    fn find(&self, number: usize) -> Result<Column<'a>, Fault> {
        if number >= self.columns {
            return Err(Fault::NoColumn);
        }
        let field = |at| self.field(number, at).ok_or(Fault::NoColumn);
        let code = u32::try_from(field(0)?).unwrap_or(u32::MAX);
        let ty = DataType::from_code(code).ok_or(Fault::UnknownType(code))?;
        let name = self.range(Part::Name, field(8)?, Some(field(12)?))?;
        let validity = match field(16)? {
            0 => None,
            at => Some(self.buffer(Part::Validity, at, Some(bitmap_bytes(self.rows)))?),
        };
        let (at, data_bytes) = (field(20)?, field(28)?);
        let offsets = match ty.storage() {
            Storage::Offsets(bytes) => {
                let bytes = self.rows.checked_add(1).and_then(|n| n.checked_mul(bytes));
                self.buffer(Part::Offsets, at, bytes)?
            }
            _ if at != 0 => return Err(Fault::Unexpected(Part::Offsets)),
            _ => &[],
        };
        if let Some(needed) = ty.data_bytes(self.rows) {
            if needed != data_bytes {
                let (stated, needed) = (data_bytes as u64, needed as u64);
                return Err(Fault::DataBytes { stated, needed });
            }
        } else if offsets.is_empty() {
            return Err(Fault::TooLarge);
        }
        Ok(Column {
            number,
            ty,
            rows: self.rows,
            null_count: field(4)?,
            name: str::from_utf8(name).map_err(|_| Fault::Name)?,
            validity,
            offsets,
            data: self.buffer(Part::Data, field(24)?, Some(data_bytes))?,
        })
    }

    fn field(&self, column: usize, at: usize) -> Option<usize> {
        number(self.bytes, place(column)?.checked_add(at)?).map(|number| number as usize)
    }

    /// A buffer of `len` bytes; too many where that is `None`.
    fn buffer(&self, part: Part, at: usize, len: Option<usize>) -> Result<&'a [u8], Fault> {
        if at == 0 {
            return Err(Fault::Unexpected(part));
        }
        if at % ALIGN_BYTES != 0 {
            return Err(Fault::Misaligned(part));
        }
        self.range(part, at, len)
    }

    fn range(&self, part: Part, at: usize, len: Option<usize>) -> Result<&'a [u8], Fault> {
        len.and_then(|len| self.bytes.get(at..at.checked_add(len)?))
            .ok_or(Fault::Outside(part))
    }
}

impl<'a> Column<'a> {
    /// Its number, from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Its type.
    pub fn data_type(&self) -> DataType {
        self.ty
    }

    /// How many of its rows are null, as it is stated.
    pub fn null_count(&self) -> usize {
        self.null_count
    }

    /// Whether a row is not null.
    pub fn is_valid(&self, row: usize) -> bool {
        row < self.rows && self.validity.map_or(true, |bits| bit(bits, row))
    }

    /// Its numbers: `values::<i64>()`. Dates and timestamps are the numbers that they are stored as.
    ///
    /// # Errors
    /// [`Fault::WrongType`].
    pub fn values<T: Primitive>(&self) -> Result<Values<'a, T>, BatchError> {
        if self.ty.stored_as() == T::TYPE {
            Ok(Values::new(*self))
        } else {
            Err(self.wrong_type())
        }
    }

    /// Its truth values.
    ///
    /// # Errors
    /// [`Fault::WrongType`].
    pub fn bits(&self) -> Result<Bits<'a>, BatchError> {
        match self.ty {
            DataType::Bool => Ok(Bits::new(*self)),
            _ => Err(self.wrong_type()),
        }
    }

    /// Its texts or byte strings.
    ///
    /// # Errors
    /// [`Fault::WrongType`].
    pub fn bytes(&self) -> Result<Bytes<'a>, BatchError> {
        match self.ty.offset_bytes() {
            Some(_) => Ok(Bytes::new(*self)),
            None => Err(self.wrong_type()),
        }
    }

    /// The validity bitmap, the offsets and the data as they lie in the batch.
    pub fn buffers(&self) -> (Option<&'a [u8]>, &'a [u8], &'a [u8]) {
        (self.validity, self.offsets, self.data)
    }

    /// Where the value of a row starts and ends in the data, as its offsets say.
    pub(super) fn span(&self, row: usize) -> Option<(usize, usize)> {
        let next = row.checked_add(1)?;
        Some((self.offset(row)?, self.offset(next)?))
    }

    fn offset(&self, at: usize) -> Option<usize> {
        if self.ty.offset_bytes() == Some(4) {
            let offset = number(self.offsets, at.checked_mul(4)?)?;
            // In Arrow an offset has a sign.
            return i32::try_from(offset).ok()?.try_into().ok();
        }
        let at = at.checked_mul(8)?;
        let bytes = self.offsets.get(at..at.checked_add(8)?)?;
        u64::from_le_bytes(bytes.try_into().ok()?).try_into().ok()
    }

    fn wrong_type(&self) -> BatchError {
        BatchError::of(self.number, Fault::WrongType(self.ty))
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

pub(super) fn bit(bits: &[u8], row: usize) -> bool {
    bits.get(row / 8)
        .map_or(false, |byte| byte >> (row % 8) & 1 == 1)
}
