//! What a hostile guest may write in place of a batch, and batches at their edges.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use fuelbox_guest::batch::{
    Batch, BatchError, Buffers, Columns, DataType, Fault, NewBytes, NewValues, Part,
};
use std::borrow::Cow;

/// Where the fields of the first two columns lie.
const FIRST: usize = 24;
const SECOND: usize = 56;
const TYPE: usize = 0;
const NULLS: usize = 4;
const NAME: usize = 8;
const NAME_BYTES: usize = 12;
const VALIDITY: usize = 16;
const OFFSETS: usize = 20;
const DATA: usize = 24;
const DATA_BYTES: usize = 28;

/// A column of numbers with a null, and one of texts.
fn batch() -> Vec<u8> {
    let mut numbers = NewValues::<i64>::with_rows(10);
    let mut texts = NewBytes::texts();
    for row in 0..10 {
        numbers.push((row != 4).then_some(row));
        texts.push_text(Some(&"é".repeat(usize::try_from(row).unwrap())));
    }
    let columns = Columns::new().with("number", numbers).with("text", texts);
    columns.to_vec().unwrap()
}

fn fault(bytes: &[u8]) -> Option<(Option<usize>, Fault)> {
    let error = Batch::read(bytes).and_then(|batch| batch.check()).err()?;
    Some((error.column(), error.fault().clone()))
}

fn field(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// What is wrong once the number at `at` is another one.
fn forged(at: usize, number: u32) -> Option<(Option<usize>, Fault)> {
    let mut bytes = batch();
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
    fault(&bytes)
}

#[test]
fn what_was_written_is_read() -> Result<(), BatchError> {
    let bytes = batch();
    let batch = Batch::read(&bytes)?;
    batch.check()?;
    assert_eq!((batch.rows(), batch.columns()), (10, 2));
    let numbers = batch.named("number")?;
    assert_eq!((numbers.null_count(), numbers.is_valid(4)), (1, false));
    let values = numbers.values::<i64>()?;
    let read: Vec<_> = batch.each_row().map(|row| values.get(row)).collect();
    let written: Vec<_> = (0..10).map(|row| (row != 4).then_some(row)).collect();
    assert_eq!(read, written);
    assert_eq!(values.get(10), None);
    let texts = batch.named("text")?.bytes()?;
    assert_eq!((texts.text(0), texts.text(2)), (Some(""), Some("éé")));
    let wrong = numbers.values::<i32>().unwrap_err();
    assert_eq!(wrong.fault(), &Fault::WrongType(DataType::Int64));
    assert_eq!(wrong.column(), Some(0));
    Ok(())
}

#[test]
fn edges_are_batches() {
    let empty = Columns::new().with("a", NewValues::<u8>::with_rows(0));
    let no_text = Columns::new().with("", NewBytes::texts());
    for columns in [Columns::new(), Columns::of_rows(7), empty, no_text] {
        let bytes = columns.to_vec().unwrap();
        assert_eq!(fault(&bytes), None);
    }
    let mut flags = NewValues::<bool>::with_rows(17);
    (0..17).for_each(|row| flags.push((row % 3 != 0).then_some(row % 2 == 0)));
    let bytes = Columns::new().with("flag", flags).to_vec().unwrap();
    assert_eq!(fault(&bytes), None);
    let bits = Batch::read(&bytes)
        .unwrap()
        .column(0)
        .unwrap()
        .bits()
        .unwrap();
    let read: Vec<_> = (0..17).map(|row| bits.get(row)).collect();
    let written: Vec<_> = (0..17)
        .map(|row| (row % 3 != 0).then_some(row % 2 == 0))
        .collect();
    assert_eq!(read, written);
}

#[test]
fn a_forged_header_is_no_batch() {
    assert_eq!(forged(0, 7), Some((None, Fault::NoBatch)));
    assert_eq!(forged(4, 2), Some((None, Fault::Version(2))));
    for columns in [3, 1_000, u32::MAX] {
        assert!(forged(12, columns).is_some(), "{columns}");
    }
    assert_eq!(forged(12, 5_000), Some((None, Fault::Columns(5_000))));
    let (stated, found) = (7, batch().len() as u64);
    assert_eq!(forged(16, 7), Some((None, Fault::Length { stated, found })));
    for rows in [9, 11, 1 << 20, 1 << 29, u32::MAX] {
        assert!(forged(8, rows).is_some(), "{rows}");
    }
    for len in 0..batch().len() {
        assert!(fault(&batch()[..len]).is_some(), "{len}");
    }
}

#[test]
fn no_batch_has_more_columns_than_are_allowed() {
    // Empty columns of bytes, whose data all start where the batch ends.
    for (count, is_fine) in [(4_096_u32, true), (4_097, false)] {
        let len = 24 + 32 * count;
        let column = [6, 0, 0, 0, 0, 0, len, 0];
        let header = [u32::from_le_bytes(*b"FBRB"), 1, 0, count, len, 0];
        let columns = std::iter::repeat(column).take(count as usize).flatten();
        let numbers = header.into_iter().chain(columns);
        let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
        let too_many = Some((None, Fault::Columns(count.into())));
        assert_eq!(fault(&bytes), too_many.filter(|_| !is_fine));
    }
}

#[test]
fn a_forged_column_is_named() {
    let of = |column, fault| Some((Some(column), fault));
    assert_eq!(forged(FIRST + TYPE, 99), of(0, Fault::UnknownType(99)));
    assert_eq!(forged(SECOND + TYPE, 0), of(1, Fault::UnknownType(0)));
    for (at, part) in [(VALIDITY, Part::Validity), (DATA, Part::Data)] {
        let start = field(&batch(), FIRST + at);
        assert_eq!(
            forged(FIRST + at, start + 4),
            of(0, Fault::Misaligned(part))
        );
        for far in [batch().len() as u32, 1 << 30, u32::MAX - 7] {
            assert_eq!(
                forged(FIRST + at, far),
                of(0, Fault::Outside(part)),
                "{far}"
            );
        }
    }
    assert_eq!(
        forged(SECOND + OFFSETS, u32::MAX - 7),
        of(1, Fault::Outside(Part::Offsets))
    );
    assert_eq!(
        forged(SECOND + OFFSETS, 0),
        of(1, Fault::Unexpected(Part::Offsets))
    );
    assert_eq!(
        forged(FIRST + OFFSETS, 64),
        of(0, Fault::Unexpected(Part::Offsets))
    );
    assert_eq!(
        forged(FIRST + DATA, 0),
        of(0, Fault::Unexpected(Part::Data))
    );
    assert_eq!(
        forged(FIRST + NAME, u32::MAX),
        of(0, Fault::Outside(Part::Name))
    );
    assert_eq!(
        forged(FIRST + NAME_BYTES, u32::MAX),
        of(0, Fault::Outside(Part::Name))
    );
    let (stated, needed) = (79, 80);
    assert_eq!(
        forged(FIRST + DATA_BYTES, 79),
        of(0, Fault::DataBytes { stated, needed })
    );
    assert_eq!(
        forged(SECOND + DATA_BYTES, u32::MAX),
        of(1, Fault::Outside(Part::Data))
    );
}

#[test]
fn a_count_of_nulls_that_the_bitmap_does_not_have_is_refused() {
    for (stated, at) in [
        (0, FIRST),
        (2, FIRST),
        (10, FIRST),
        (u64::from(u32::MAX), FIRST),
    ] {
        let found = 1;
        let fault = Fault::NullCount { stated, found };
        assert_eq!(
            forged(at + NULLS, u32::try_from(stated).unwrap()),
            Some((Some(0), fault))
        );
    }
    // Without a bitmap nothing is null.
    let fault = Fault::NullCount {
        stated: 1,
        found: 0,
    };
    assert_eq!(forged(FIRST + VALIDITY, 0), Some((Some(0), fault)));
}

#[test]
fn parts_that_overlap_are_refused() {
    let data = field(&batch(), FIRST + DATA);
    assert_eq!(
        forged(SECOND + DATA, data),
        Some((Some(1), Fault::Overlap(Part::Data)))
    );
    assert_eq!(
        forged(FIRST + VALIDITY, 24),
        Some((Some(0), Fault::Overlap(Part::Validity)))
    );
    assert_eq!(
        forged(FIRST + NAME, 0),
        Some((Some(0), Fault::Overlap(Part::Name)))
    );
    let name = field(&batch(), FIRST + NAME);
    assert!(matches!(
        forged(SECOND + NAME, name),
        Some((_, Fault::Overlap(Part::Name)))
    ));
}

#[test]
fn forged_offsets_name_the_row() {
    let offsets = field(&batch(), SECOND + OFFSETS) as usize;
    let at = |row: usize| offsets + 4 * row;
    for (row, end) in [(3, 0), (3, 1_000), (3, u32::MAX), (9, 91)] {
        let fault = Fault::Offset { row };
        assert_eq!(
            forged(at(row + 1), end),
            Some((Some(1), fault)),
            "{row} {end}"
        );
    }
    // Within the data, but in the middle of a character, for the row that ends there.
    assert_eq!(forged(at(3), 5), Some((Some(1), Fault::NotUtf8 { row: 2 })));
    let mut bytes = batch();
    let data = field(&bytes, SECOND + DATA) as usize;
    bytes[data + 2] = 0xff;
    assert_eq!(fault(&bytes), Some((Some(1), Fault::NotUtf8 { row: 2 })));
}

#[test]
fn large_offsets_do_not_wrap() {
    let offsets =
        |ends: [u64; 2]| -> Vec<u8> { ends.iter().flat_map(|end| end.to_le_bytes()).collect() };
    for (ends, is_fine) in [
        ([0, 3], true),
        ([0, 1 << 32 | 3], false),
        ([u64::MAX, 3], false),
        ([3, 0], false),
    ] {
        let text = Buffers {
            ty: DataType::LargeUtf8,
            rows: 1,
            null_count: 0,
            validity: None,
            offsets: offsets(ends).into(),
            data: Cow::Borrowed(b"abc"),
        };
        let bytes = Columns::new().with("a", text).to_vec().unwrap();
        assert_eq!(fault(&bytes).is_none(), is_fine, "{ends:?}");
    }
}

#[test]
fn columns_of_a_batch_have_the_same_rows() {
    let mut one = NewValues::<u8>::with_rows(1);
    one.push(Some(1));
    let columns = Columns::new()
        .with("a", NewValues::<u8>::with_rows(0))
        .with("b", one);
    let error = columns.to_vec().unwrap_err();
    assert_eq!(
        (error.column(), error.fault()),
        (
            Some(1),
            &Fault::Rows {
                found: 1,
                needed: 0
            }
        )
    );
}

#[test]
fn whatever_single_byte_is_wrong_nothing_panics() {
    let bytes = batch();
    for at in 0..bytes.len() {
        for wrong in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[at] = wrong;
            fault(&bytes);
        }
    }
}
