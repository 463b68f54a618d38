//! What a host checks of a batch before it gives it to anybody: all that the buffers hold.

use super::{
    error::{BatchError, Fault},
    layout::{first_bits, place},
    read::{Batch, Column},
};
use alloc::vec::Vec;
use core::str;

impl Batch<'_> {
    /// Checks what the buffers hold: null counts, offsets, texts, and that no two parts overlap.
    ///
    /// For a host, which trusts nothing that a guest wrote. Takes time in proportion to the bytes of the batch.
    ///
    /// ```
    /// use fuelbox_guest::batch::{Batch, Columns, Fault, NewBytes};
    ///
    /// let mut names = NewBytes::texts();
    /// names.push(Some(b"\xff"));
    /// let bytes = Columns::new().with("name", names).to_vec()?;
    /// let error = Batch::read(&bytes)?.check().unwrap_err();
    /// assert_eq!((error.column(), error.fault()), (Some(0), &Fault::NotUtf8 { row: 0 }));
    /// # Ok::<(), fuelbox_guest::batch::BatchError>(())
    /// ```
    ///
    /// # Errors
    /// The first fault that is found.
    pub fn check(&self) -> Result<(), BatchError> {
        self.check_overlaps()?;
        for number in 0..self.columns() {
            let column = self.column(number)?;
            check_column(&column).map_err(|fault| BatchError::of(number, fault))?;
        }
        Ok(())
    }

    /// Each byte belongs to one part at most, so that all checks together look at no more bytes than there are.
    fn check_overlaps(&self) -> Result<(), BatchError> {
        let columns = 0..self.columns();
        let mut ranges: Vec<_> = columns
            .flat_map(|number| {
                let ranges = self.ranges(number);
                (0..ranges.len()).filter_map(move |at| {
                    let (part, start, len) = *ranges.get(at)?;
                    (len != 0).then(|| (start, start.saturating_add(len), number, part))
                })
            })
            .collect();
        ranges.sort_unstable_by_key(|(start, ..)| *start);
        // Where one more column would be described.
        let mut taken = place(self.columns()).unwrap_or(usize::MAX);
        for (start, end, number, part) in ranges {
            if start < taken {
                return Err(BatchError::of(number, Fault::Overlap(part)));
            }
            taken = end;
        }
        Ok(())
    }
}

fn check_column(column: &Column<'_>) -> Result<(), Fault> {
    let found = column.validity.map_or(0, |bits| nulls(bits, column.rows));
    if found != column.null_count {
        let (stated, found) = (column.null_count as u64, found as u64);
        return Err(Fault::NullCount { stated, found });
    }
    if column.ty.offset_bytes().is_some() {
        check_values(column)?;
    }
    Ok(())
}

/// How many of the first `rows` bits are 0.
fn nulls(bits: &[u8], rows: usize) -> usize {
    let whole = bits.get(..rows / 8).unwrap_or_default();
    let ones: usize = whole.iter().map(|byte| byte.count_ones() as usize).sum();
    let last = bits.get(rows / 8).copied().unwrap_or_default() & first_bits(rows % 8);
    rows.saturating_sub(ones)
        .saturating_sub(last.count_ones() as usize)
}

/// Each value lies in the data, does not end before it starts, and is UTF-8 if it is a text.
fn check_values(column: &Column<'_>) -> Result<(), Fault> {
    for row in 0..column.rows {
        let span = column.span(row);
        let (start, end) = span.ok_or(Fault::Offset { row })?;
        if end < start || end > column.data.len() {
            return Err(Fault::Offset { row });
        }
    }
    if !column.ty.is_text() {
        return Ok(());
    }
    // Nearly always all of it is UTF-8, and only the boundaries are to be looked at.
    let whole = str::from_utf8(column.data).ok();
    for row in 0..column.rows {
        let (start, end) = column.span(row).ok_or(Fault::Offset { row })?;
        let is_text = match whole {
            Some(whole) => whole.get(start..end).is_some(),
            None => column
                .data
                .get(start..end)
                .map_or(false, |bytes| str::from_utf8(bytes).is_ok()),
        };
        if !is_text {
            return Err(Fault::NotUtf8 { row });
        }
    }
    Ok(())
}
