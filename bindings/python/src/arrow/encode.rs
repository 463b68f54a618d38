//! The guest's input, made of a record batch of another library. One copy of each buffer.

use super::{
    c_data::{Array, Schema},
    source::Source,
};
use fuelbox_guest::batch::{Buffers, Columns, DataType};
use std::borrow::Cow;

/// Why a batch cannot go to a guest: what is wrong, and in which column.
pub(super) struct Unfit {
    pub(super) column: Option<usize>,
    pub(super) message: String,
}

/// The rows of a batch, and the input that it becomes.
///
/// An array that is no record batch becomes one of a single column.
///
/// # Errors
/// Columns of other types than [`DataType`] has.
pub(super) fn encode(source: &Source) -> Result<(usize, Vec<u8>), Unfit> {
    let (schema, array) = (&*source.schema, &source.array);
    let unfit = |message: &str| Unfit {
        column: None,
        message: message.to_owned(),
    };
    let (Some(rows), Some(skipped)) = (array.length(), array.offset()) else {
        return Err(unfit("the batch has a negative number of rows"));
    };
    let is_batch = schema.format() == "+s";
    if is_batch && nulls_of(array, skipped, rows) != 0 {
        return Err(unfit("rows of the batch are null as a whole"));
    }
    let pairs: Vec<_> = if is_batch {
        schema.children().zip(array.children()).collect()
    } else {
        vec![(schema, array)]
    };
    // The offset of a batch counts beside those of its columns.
    let skipped = if is_batch { skipped } else { 0 };
    let mut columns = Columns::of_rows(rows);
    for (number, (schema, array)) in pairs.into_iter().enumerate() {
        let name = schema.name();
        let column = column(schema, array, skipped, rows).map_err(|what| Unfit {
            column: Some(number),
            message: format!("column {number} ({name:?}): {what}"),
        })?;
        columns = columns.with(name, column);
    }
    let input = columns.to_vec().map_err(|error| Unfit {
        column: error.column(),
        message: error.to_string(),
    })?;
    Ok((rows, input))
}

/// The `rows` rows after `skipped` ones of an array.
fn column<'a>(
    schema: &Schema,
    array: &'a Array,
    skipped: usize,
    rows: usize,
) -> Result<Buffers<'a>, String> {
    if schema.has_dictionary() {
        return Err("it is encoded by a dictionary: decode it first".to_owned());
    }
    let format = schema.format();
    let offset = array
        .offset()
        .and_then(|offset| offset.checked_add(skipped));
    let start = offset.ok_or("its offset is negative")?;
    let end = start.checked_add(rows).ok_or("it has too many rows")?;
    let null_count = nulls_of(array, start, rows);
    let bits = array.buffer(0, bytes_of_bits(end));
    let validity = bits.filter(|_| null_count != 0);
    let (ty, offsets, data) = match format {
        "vu" => views(array, DataType::Utf8, start, rows)?,
        "vz" => views(array, DataType::Binary, start, rows)?,
        _ => plain(array, of_format(format)?, start, rows)?,
    };
    Ok(Buffers {
        ty,
        rows,
        null_count,
        validity: validity.map(|bits| bits_from(bits, start, rows)),
        offsets,
        data,
    })
}

type Parts<'a> = (DataType, Cow<'a, [u8]>, Cow<'a, [u8]>);

fn of_format(format: &str) -> Result<DataType, String> {
    DataType::from_arrow_format(format).ok_or_else(|| {
        let why = match format.as_bytes() {
            [b'+', ..] => "it is nested",
            [b't', b's', ..] => {
                "timestamps with a time zone are not taken: cast them to ones without"
            }
            _ => "its type is none that guests take",
        };
        format!("{why} ({format:?} in Arrow's C data interface)")
    })
}

/// The parts of a column that has the buffers of a batch.
fn plain(array: &Array, ty: DataType, start: usize, rows: usize) -> Result<Parts<'_>, String> {
    const TOO_MANY: &str = "it has too many rows";
    let Some(offset_bytes) = ty.offset_bytes() else {
        let end = start.checked_add(rows).ok_or(TOO_MANY)?;
        let len = ty.data_bytes(end).ok_or(TOO_MANY)?;
        let data = present(array.buffer(1, len), len)?;
        let data = if ty == DataType::Bool {
            bits_from(data, start, rows)
        } else {
            let skipped = ty.data_bytes(start).ok_or(TOO_MANY)?;
            Cow::Borrowed(data.get(skipped..).unwrap_or_default())
        };
        return Ok((ty, Cow::default(), data));
    };
    let count = rows.checked_add(1).ok_or(TOO_MANY)?;
    let place = |at: usize| at.checked_mul(offset_bytes).ok_or(TOO_MANY);
    let len = place(start.checked_add(count).ok_or(TOO_MANY)?)?;
    // An array of no rows may have no offsets.
    let offsets = match array.buffer(1, len) {
        Some(offsets) => Cow::Borrowed(offsets.get(place(start)?..).unwrap_or_default()),
        None => Cow::Owned(vec![0; place(count)?]),
    };
    let numbers = || offsets.chunks_exact(offset_bytes).map(number);
    let (first, last) = (numbers().next(), numbers().next_back());
    let (first, last) = first.zip(last).ok_or("its offsets are missing")?;
    let range = usize::try_from(first).ok().zip(usize::try_from(last).ok());
    let (from, to) = range
        .filter(|(from, to)| from <= to)
        .ok_or("its offsets decrease")?;
    let data = present(array.buffer(2, to), to)?;
    let data = Cow::Borrowed(data.get(from..).unwrap_or_default());
    if first == 0 {
        return Ok((ty, offsets, data));
    }
    let moved = numbers().flat_map(|number| {
        let number = number.wrapping_sub(first).to_le_bytes();
        number.into_iter().take(offset_bytes)
    });
    Ok((ty, Cow::Owned(moved.collect()), data))
}

/// A buffer of `len` bytes; one of none may be absent.
fn present(buffer: Option<&[u8]>, len: usize) -> Result<&[u8], String> {
    match buffer {
        None if len != 0 => Err("its data are missing".to_owned()),
        buffer => Ok(buffer.unwrap_or_default()),
    }
}

/// An offset of 4 or 8 bytes.
fn number(bytes: &[u8]) -> i64 {
    match (bytes.try_into(), bytes.try_into()) {
        (Ok(short), _) => i32::from_le_bytes(short).into(),
        (_, Ok(long)) => i64::from_le_bytes(long),
        _ => 0,
    }
}

/// The parts of a column of views, each 16 bytes: a length, then the value, or its start, its buffer and its place there.
fn views(array: &Array, ty: DataType, start: usize, rows: usize) -> Result<Parts<'_>, String> {
    const VIEW_BYTES: usize = 16;
    const INLINE_BYTES: usize = 12;
    const WRONG: &str = "its views do not lie in its buffers";
    let at = |row: usize| row.checked_mul(VIEW_BYTES);
    let end = start.checked_add(rows).and_then(at).ok_or(WRONG)?;
    let views = array.buffer(1, end).unwrap_or_default();
    let views = at(start)
        .and_then(|start| views.get(start..))
        .unwrap_or_default();
    // Beside the bitmap, the views, and last the lengths of what is between.
    let shared = array.buffers().saturating_sub(3);
    let lengths = array.buffer(shared.saturating_add(2), shared.saturating_mul(8));
    let lengths: Vec<i64> = lengths
        .unwrap_or_default()
        .chunks_exact(8)
        .map(number)
        .collect();
    let (mut offsets, mut data) = (vec![0; 4], Vec::new());
    for view in views.chunks_exact(VIEW_BYTES) {
        let field = |at: usize| {
            let bytes = view.get(at..at.saturating_add(4)).unwrap_or_default();
            usize::try_from(number(bytes)).map_err(|_| WRONG)
        };
        let len = field(0)?;
        if len <= INLINE_BYTES {
            data.extend_from_slice(view.get(4..4_usize.saturating_add(len)).unwrap_or_default());
        } else {
            let (buffer, from) = (field(8)?, field(12)?);
            let whole = lengths
                .get(buffer)
                .and_then(|len| usize::try_from(*len).ok());
            let bytes = whole.and_then(|whole| array.buffer(buffer.checked_add(2)?, whole));
            let bytes = bytes.and_then(|bytes| bytes.get(from..from.checked_add(len)?));
            data.extend_from_slice(bytes.ok_or(WRONG)?);
        }
        let end = i32::try_from(data.len()).map_err(|_| "its texts have more than 2 GiB")?;
        offsets.extend_from_slice(&end.to_le_bytes());
    }
    Ok((ty, Cow::Owned(offsets), Cow::Owned(data)))
}

/// How many of the `rows` rows after `start` ones are null. What an array says is of all its rows, or unknown.
fn nulls_of(array: &Array, start: usize, rows: usize) -> usize {
    let end = start.saturating_add(rows);
    let Some(bits) = array
        .buffer(0, bytes_of_bits(end))
        .filter(|_| array.null_count() != 0)
    else {
        return 0;
    };
    let bits = bits_from(bits, start, rows);
    let ones: usize = bits.iter().map(|byte| byte.count_ones() as usize).sum();
    rows.saturating_sub(ones)
}

/// The `rows` bits after `start` ones; those behind the last are 0.
fn bits_from(bits: &[u8], start: usize, rows: usize) -> Cow<'_, [u8]> {
    let (skipped, shift) = (start / 8, start % 8);
    let len = bytes_of_bits(rows);
    let from = bits.get(skipped..).unwrap_or_default();
    if shift == 0 && rows.is_multiple_of(8) {
        return Cow::Borrowed(from.get(..len).unwrap_or_default());
    }
    let above = from.iter().skip(1).chain([&0]);
    let pairs = from.iter().zip(above).take(len);
    let shifted = pairs.map(|(byte, above)| {
        let pair = u16::from_le_bytes([*byte, *above]) >> shift;
        pair.to_le_bytes()[0]
    });
    let mut bits: Vec<u8> = shifted.collect();
    if let Some(last) = bits.last_mut().filter(|_| !rows.is_multiple_of(8)) {
        *last &= !(u8::MAX << (rows % 8));
    }
    Cow::Owned(bits)
}

fn bytes_of_bits(bits: usize) -> usize {
    bits.div_ceil(8)
}
