//! Columns that become a batch.

use super::{
    error::{BatchError, Fault},
    layout::{padded, place, DataType, ALIGN_BYTES, MAGIC, MOST_COLUMNS, VERSION},
    read::Column,
};
use crate::Output;
use alloc::{borrow::Cow, string::String, vec::Vec};
use core::convert::TryFrom;

/// The columns of a batch that is written.
///
/// ```
/// use fuelbox_guest::batch::{Batch, BatchError, Columns};
///
/// /// Takes the second column away.
/// fn run(batch: Batch<'_>) -> Result<Columns<'_>, BatchError> {
///     let first = batch.column(0)?;
///     Ok(Columns::new().with(first.name(), first))
/// }
/// fuelbox_guest::entry!(batch run);
/// # fn main() -> Result<(), BatchError> {
/// # use fuelbox_guest::batch::NewValues;
/// # let new = || { let mut new = NewValues::<u8>::with_rows(1); new.push(Some(7)); new };
/// # let input = Columns::new().with("a", new()).with("b", new()).to_vec()?;
/// # let report = fuelbox_guest::mock::Host::new().input(input).run(execute);
/// # assert_eq!(Batch::read(&report.output)?.columns(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Columns<'a> {
    columns: Vec<(Cow<'a, str>, Buffers<'a>)>,
    /// Of a batch without columns.
    rows: usize,
}

/// The buffers of a column, as they are in Arrow's format.
#[derive(Clone, Debug)]
// Complete: whoever has them says all of them.
pub struct Buffers<'a> {
    /// The type.
    pub ty: DataType,
    /// How many rows there are.
    pub rows: usize,
    /// How many of them are null.
    pub null_count: usize,
    /// A bit for each row, 0 where it is null; `None` where none is.
    pub validity: Option<Cow<'a, [u8]>>,
    /// Where the values start, and where the last one ends; empty for types without offsets.
    pub offsets: Cow<'a, [u8]>,
    /// The values.
    pub data: Cow<'a, [u8]>,
}

impl<'a> Columns<'a> {
    /// No columns, and no rows.
    pub fn new() -> Self {
        Self::default()
    }

    /// No columns, but so many rows.
    ///
    /// ```
    /// use fuelbox_guest::batch::{Batch, Columns};
    ///
    /// let bytes = Columns::of_rows(7).to_vec()?;
    /// assert_eq!(Batch::read(&bytes)?.rows(), 7);
    /// # Ok::<(), fuelbox_guest::batch::BatchError>(())
    /// ```
    pub fn of_rows(rows: usize) -> Self {
        Self {
            columns: Vec::new(),
            rows,
        }
    }

    /// Adds a column: a new one, one of a batch, or buffers.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'a, str>>, column: impl Into<Buffers<'a>>) -> Self {
        self.columns.push((name.into(), column.into()));
        self
    }

    /// The batch.
    ///
    /// # Errors
    /// [`Fault::Rows`], [`Fault::Columns`], [`Fault::TooLarge`].
    pub fn to_vec(&self) -> Result<Vec<u8>, BatchError> {
        let (head, len) = self.head()?;
        let mut bytes = Vec::with_capacity(len);
        bytes.extend_from_slice(&head);
        self.each_buffer(|buffer| {
            bytes.extend_from_slice(buffer);
            bytes.extend_from_slice(padding(buffer.len()));
        });
        Ok(bytes)
    }

    /// Appends the batch to the output. A guest of `entry!(batch run)` need not call it.
    ///
    /// ```
    /// use fuelbox_guest::{batch::Columns, Failure, Input, Output};
    ///
    /// fn run(input: Input, output: Output) -> Result<(), Failure> {
    ///     Ok(Columns::of_rows(input.len()).write(output)?)
    /// }
    /// fuelbox_guest::entry!(stream run);
    /// # fn main() {
    /// # let report = fuelbox_guest::mock::Host::new().input("abc").run(execute);
    /// # assert_eq!(fuelbox_guest::batch::Batch::read(&report.output).unwrap().rows(), 3);
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`to_vec`](Self::to_vec); nothing is written then.
    pub fn write(&self, output: Output) -> Result<(), BatchError> {
        let (head, _) = self.head()?;
        output.write(&head);
        self.each_buffer(|buffer| {
            output.write(buffer);
            let padding = padding(buffer.len());
            if !padding.is_empty() {
                output.write(padding);
            }
        });
        Ok(())
    }

    /// Header, columns and names, and how long the whole batch is.
    fn head(&self) -> Result<(Vec<u8>, usize), BatchError> {
        let rows = self.columns.first().map_or(self.rows, |(_, of)| of.rows);
        let count = self.columns.len();
        if u32::try_from(count).map_or(true, |count| count > MOST_COLUMNS) {
            return Err(BatchError::new(Fault::Columns(count as u64)));
        }
        let names: String = self.columns.iter().map(|(name, _)| &**name).collect();
        let mut name_at = place(count).unwrap_or(usize::MAX);
        let mut at = next(name_at, names.len())?;
        let head_bytes = at;
        let mut columns = Vec::with_capacity(head_bytes);
        for (index, (name, of)) in self.columns.iter().enumerate() {
            if of.rows != rows {
                let fault = Fault::Rows {
                    found: of.rows,
                    needed: rows,
                };
                return Err(BatchError::of(index, fault));
            }
            // In Arrow an offset has a sign.
            if of.ty.offset_bytes() == Some(4) && i32::try_from(of.data.len()).is_err() {
                return Err(BatchError::of(index, Fault::TooLarge));
            }
            let mut place = |len| {
                let start = at;
                at = next(start, len)?;
                number(start)
            };
            let validity = of.validity.as_ref();
            let fields = [
                of.ty.code(),
                number(of.null_count)?,
                number(name_at)?,
                number(name.len())?,
                validity.map_or(Ok(0), |bits| place(bits.len()))?,
                if of.offsets.is_empty() {
                    0
                } else {
                    place(of.offsets.len())?
                },
                place(of.data.len())?,
                number(of.data.len())?,
            ];
            name_at = name_at.saturating_add(name.len());
            columns.extend(fields.iter().flat_map(|field| field.to_le_bytes()));
        }
        let header = [
            MAGIC,
            VERSION,
            number(rows)?,
            number(count)?,
            number(at)?,
            0,
        ];
        let mut head = Vec::with_capacity(head_bytes);
        head.extend(header.iter().flat_map(|field| field.to_le_bytes()));
        head.append(&mut columns);
        head.extend_from_slice(names.as_bytes());
        head.resize(head_bytes, 0);
        Ok((head, at))
    }

    /// Gives `to` the buffers in the order in which they lie in the batch.
    fn each_buffer(&self, mut to: impl FnMut(&[u8])) {
        for (_, of) in &self.columns {
            let validity = of.validity.as_deref().unwrap_or_default();
            let buffers = [validity, &*of.offsets, &*of.data];
            buffers
                .iter()
                .filter(|buffer| !buffer.is_empty())
                .for_each(|buffer| to(buffer));
        }
    }
}

impl<'a> From<Column<'a>> for Buffers<'a> {
    fn from(column: Column<'a>) -> Self {
        Self {
            ty: column.ty,
            rows: column.rows,
            null_count: column.null_count,
            validity: column.validity.map(Cow::Borrowed),
            offsets: Cow::Borrowed(column.offsets),
            data: Cow::Borrowed(column.data),
        }
    }
}

/// Where what follows `len` bytes at `start` begins.
fn next(start: usize, len: usize) -> Result<usize, BatchError> {
    let end = start.checked_add(len).and_then(padded);
    end.ok_or_else(|| BatchError::new(Fault::TooLarge))
}

fn number(number: usize) -> Result<u32, BatchError> {
    u32::try_from(number).map_err(|_| BatchError::new(Fault::TooLarge))
}

/// The zeros that follow a buffer of `len` bytes.
fn padding(len: usize) -> &'static [u8] {
    let used = len % ALIGN_BYTES;
    ZEROS.get(used..).filter(|_| used != 0).unwrap_or_default()
}

static ZEROS: [u8; ALIGN_BYTES] = [0; ALIGN_BYTES];
