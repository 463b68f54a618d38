//! How a batch lies in memory, version 1.
//!
//! All numbers are unsigned, of 32 bits and little-endian. Positions count bytes from the start of the batch. A batch
//! starts with a header of [`HEADER_BYTES`]:
//!
//! | at | header |
//! | --- | --- |
//! | 0 | [`MAGIC`] |
//! | 4 | [`VERSION`] |
//! | 8 | rows |
//! | 12 | columns, at most [`MOST_COLUMNS`] |
//! | 16 | bytes of the whole batch |
//! | 20 | 0 |
//!
//! Then follow the columns, [`COLUMN_BYTES`] each:
//!
//! | at | column |
//! | --- | --- |
//! | 0 | code of the type, see [`DataType`] |
//! | 4 | how many rows are null |
//! | 8 | position of the name, which is UTF-8 |
//! | 12 | bytes of the name |
//! | 16 | position of the validity bitmap; 0 where no row is null |
//! | 20 | position of the offsets; 0 for types without |
//! | 24 | position of the data |
//! | 28 | bytes of the data, without padding |
//!
//! Then follow the names and the buffers, in any order. Buffers are those of Arrow's columnar format: a bitmap has one
//! bit for each row, the lowest first, and 1 is valid; there is one offset more than there are rows. Each buffer starts
//! at a multiple of [`ALIGN_BYTES`]. No two ranges overlap.

/// What a batch starts with: the bytes `FBRB`.
pub const MAGIC: u32 = u32::from_le_bytes(*b"FBRB");

/// The version of the layout.
pub const VERSION: u32 = 1;

/// The length of the header in bytes.
pub const HEADER_BYTES: usize = 24;

/// The length of what describes a column, in bytes.
pub const COLUMN_BYTES: usize = 32;

/// Each buffer starts at a multiple of so many bytes, the size of the largest value.
pub const ALIGN_BYTES: usize = 8;

/// A batch has at most so many columns. Tables of engines have fewer, and what a host does for a batch stays bounded.
pub const MOST_COLUMNS: u32 = 4_096;

/// `fuelbox_batch_row() -> i32`: the address where the guest keeps the number of the row that it is at.
///
/// The number has 32 bits and is [`NO_ROW`] while it is at none. A guest need not export it.
pub const ROW_EXPORT: &str = "fuelbox_batch_row";

/// What a guest keeps as its row while it is at none.
pub const NO_ROW: u32 = u32::MAX;

/// The type of a column.
///
/// ```
/// use fuelbox_guest::batch::DataType;
///
/// assert_eq!(DataType::Utf8.code(), 20);
/// assert_eq!(DataType::from_code(20), Some(DataType::Utf8));
/// assert_eq!(DataType::from_code(99), None);
/// assert_eq!(DataType::from_arrow_format("tdD"), Some(DataType::Date32));
/// assert_eq!((DataType::LargeBinary.offset_bytes(), DataType::Bool.offset_bytes()), (Some(8), None));
/// assert!(DataType::Utf8.is_text() && !DataType::Binary.is_text());
/// assert_eq!((DataType::Bool.data_bytes(9), DataType::Int32.data_bytes(9)), (Some(2), Some(36)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataType {
    /// Bits, the lowest of a byte first. Code 1.
    Bool,
    /// Code 2.
    Int8,
    /// Code 3.
    Int16,
    /// Code 4.
    Int32,
    /// Code 5.
    Int64,
    /// Code 6.
    UInt8,
    /// Code 7.
    UInt16,
    /// Code 8.
    UInt32,
    /// Code 9.
    UInt64,
    /// Code 10.
    Float32,
    /// Code 11.
    Float64,
    /// Days since the Unix epoch, as [`Int32`](Self::Int32). Code 12.
    Date32,
    /// Milliseconds since the Unix epoch, as [`Int64`](Self::Int64). Code 13.
    Date64,
    /// Seconds since the Unix epoch without a time zone, as [`Int64`](Self::Int64). Code 14.
    TimestampSecond,
    /// Milliseconds, else as above. Code 15.
    TimestampMillisecond,
    /// Microseconds, else as above. Code 16.
    TimestampMicrosecond,
    /// Nanoseconds, else as above. Code 17.
    TimestampNanosecond,
    /// Texts with offsets of 32 bits. Code 20.
    Utf8,
    /// Texts with offsets of 64 bits. Code 21.
    LargeUtf8,
    /// Bytes with offsets of 32 bits. Code 22.
    Binary,
    /// Bytes with offsets of 64 bits. Code 23.
    LargeBinary,
}

/// How the values of a type are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storage {
    /// One bit each.
    Bits,
    /// So many bytes each.
    Fixed(usize),
    /// Any number of bytes each, and offsets of so many bytes.
    Offsets(usize),
}

impl DataType {
    /// The type that has this code.
    pub fn from_code(code: u32) -> Option<Self> {
        let of_code = TYPES.iter().find(|(its, ..)| *its == code)?;
        Some(of_code.1)
    }

    /// The number that stands for it in a batch.
    pub fn code(self) -> u32 {
        self.entry().0
    }

    /// Its name in the C data interface of Arrow.
    ///
    /// ```
    /// use fuelbox_guest::batch::DataType;
    ///
    /// assert_eq!(DataType::Float64.arrow_format(), "g");
    /// assert_eq!(DataType::from_arrow_format("tdD"), Some(DataType::Date32));
    /// assert_eq!(DataType::from_arrow_format("+s"), None);
    /// ```
    pub fn arrow_format(self) -> &'static str {
        self.entry().2
    }

    /// The type of this name in the C data interface of Arrow; `None` where no batch has it.
    pub fn from_arrow_format(format: &str) -> Option<Self> {
        let of_format = TYPES.iter().find(|(_, _, its)| *its == format)?;
        Some(of_format.1)
    }

    /// How many bytes an offset has; `None` for types without offsets.
    pub fn offset_bytes(self) -> Option<usize> {
        match self.storage() {
            Storage::Offsets(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Whether its values are texts.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Utf8 | Self::LargeUtf8)
    }

    /// How many bytes the data of `rows` rows have; `None` for types with offsets, and where there are too many.
    pub fn data_bytes(self, rows: usize) -> Option<usize> {
        match self.storage() {
            Storage::Bits => Some(bitmap_bytes(rows)),
            Storage::Fixed(bytes) => rows.checked_mul(bytes),
            Storage::Offsets(_) => None,
        }
    }

    /// The type whose values are stored in the same way.
    pub(super) fn stored_as(self) -> Self {
        match self {
            Self::Date32 => Self::Int32,
            Self::Date64
            | Self::TimestampSecond
            | Self::TimestampMillisecond
            | Self::TimestampMicrosecond
            | Self::TimestampNanosecond => Self::Int64,
            other => other,
        }
    }

    pub(super) fn storage(self) -> Storage {
        match self.stored_as() {
            Self::Bool => Storage::Bits,
            Self::Int8 | Self::UInt8 => Storage::Fixed(1),
            Self::Int16 | Self::UInt16 => Storage::Fixed(2),
            Self::Int32 | Self::UInt32 | Self::Float32 => Storage::Fixed(4),
            Self::Utf8 | Self::Binary => Storage::Offsets(4),
            Self::LargeUtf8 | Self::LargeBinary => Storage::Offsets(8),
            _ => Storage::Fixed(8),
        }
    }

    fn entry(self) -> (u32, Self, &'static str) {
        let entry = TYPES.iter().find(|(_, its, _)| *its == self);
        *entry.expect("every type is in the table")
    }
}

/// Where a column is described.
pub(super) fn place(column: usize) -> Option<usize> {
    column.checked_mul(COLUMN_BYTES)?.checked_add(HEADER_BYTES)
}

/// How many bytes a bitmap of `rows` rows has.
pub(super) fn bitmap_bytes(rows: usize) -> usize {
    (rows / 8).saturating_add((rows % 8 != 0).into())
}

/// A byte whose lowest bits are set, as many as `count`, which is below 8.
pub(super) fn first_bits(count: usize) -> u8 {
    !(u8::MAX << (count % 8))
}

/// `bytes`, and what has to follow so that the next buffer is aligned; `None` where there are too many.
pub(super) fn padded(bytes: usize) -> Option<usize> {
    Some(bytes.checked_add(ALIGN_BYTES - 1)? & !(ALIGN_BYTES - 1))
}

/// Code, type, and name in the C data interface.
const TYPES: [(u32, DataType, &str); 21] = [
    (1, DataType::Bool, "b"),
    (2, DataType::Int8, "c"),
    (3, DataType::Int16, "s"),
    (4, DataType::Int32, "i"),
    (5, DataType::Int64, "l"),
    (6, DataType::UInt8, "C"),
    (7, DataType::UInt16, "S"),
    (8, DataType::UInt32, "I"),
    (9, DataType::UInt64, "L"),
    (10, DataType::Float32, "f"),
    (11, DataType::Float64, "g"),
    (12, DataType::Date32, "tdD"),
    (13, DataType::Date64, "tdm"),
    (14, DataType::TimestampSecond, "tss:"),
    (15, DataType::TimestampMillisecond, "tsm:"),
    (16, DataType::TimestampMicrosecond, "tsu:"),
    (17, DataType::TimestampNanosecond, "tsn:"),
    (20, DataType::Utf8, "u"),
    (21, DataType::LargeUtf8, "U"),
    (22, DataType::Binary, "z"),
    (23, DataType::LargeBinary, "Z"),
];
