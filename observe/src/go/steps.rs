//! Values by Go's program counter, as its table has them.

/// A value that holds for counts up to this one, which is not among them.
pub(super) type Step = (u32, i32);

/// Those at a place in the table, up to so many.
pub(super) fn read(table: &[u8], at: usize, most: usize) -> Vec<Step> {
    // At zero are none.
    let bytes = table.get(at..).filter(|_| at > 0);
    let steps = Steps {
        bytes: bytes.unwrap_or_default(),
        step: None,
    };
    steps.take(most).collect()
}

/// The value at a count; that of the last one behind it.
pub(super) fn at(steps: &[Step], count: u32) -> Option<i32> {
    let found = steps.partition_point(|(end, _)| *end <= count);
    let (_, value) = steps.get(found).or(steps.last())?;
    Some(*value)
}

/// Reads values by count: each the difference to the one before, then for how many counts it holds.
struct Steps<'a> {
    bytes: &'a [u8],
    /// The last one.
    step: Option<Step>,
}

impl Iterator for Steps<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let difference = varint(&mut self.bytes)?;
        let (end, value) = match self.step {
            Some(_) if difference == 0 => return None,
            Some(last) => last,
            None => (0, -1),
        };
        let size = (difference >> 1).cast_signed();
        let difference = if difference & 1 == 1 { !size } else { size };
        let step = (
            end.checked_add(varint(&mut self.bytes)?)?,
            value.checked_add(difference)?,
        );
        self.step = Some(step);
        Some(step)
    }
}

/// Takes a number of seven bits a byte, the lowest first.
fn varint(bytes: &mut &[u8]) -> Option<u32> {
    let (mut number, mut shift) = (0_u32, 0_u32);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let bits = u32::from(byte & 0x7f);
        number |= bits.checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift = shift.saturating_add(7);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_hold_up_to_a_count() {
        // From -1 on: 21 more for two counts, 130 less for 300, 1 more for one; the rest belongs to another function.
        let table = [9, 42, 2, 0x83, 2, 0xac, 2, 2, 1, 0, 8, 8];
        let steps = read(&table, 1, 9);
        assert_eq!(steps, [(2, 20), (302, -110), (303, -109)]);
        let values = [0, 1, 2, 301, 302, 303, u32::MAX].map(|count| at(&steps, count));
        let expected = [20, 20, -110, -110, -109, -109, -109].map(Some);
        assert_eq!(values, expected);
        assert_eq!(read(&table, 1, 2), steps[..2]);
        assert_eq!(at(&read(&table, 0, 9), 0), None);
    }

    #[test]
    fn values_that_are_no_numbers_end_the_table() {
        for table in [
            // Cut off, longer than a number, and more than fits into one.
            &[0, 2, 1, 2][..],
            &[0, 2, 1, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
            &[0, 2, 1, 2, 0xff, 0xff, 0xff, 0xff, 0xf],
        ] {
            assert_eq!(read(table, 1, 9), [(1, 0)], "{table:?}");
        }
    }
}
