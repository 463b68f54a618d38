//! Go's own table of its functions, `runtime.pclntab`: their names, and their files and lines by its program counter.
//!
//! A program of Go carries it in its memory, for the traces of its panics, and nothing but its first bytes says where. A
//! record of where its parts are points to it, `runtime.moduledata`.

use super::{memory::Memory, pieces::COUNT_BITS};

/// The table, as it is in memory. Whatever is wrong in it has no names and no lines.
pub(super) struct Table {
    names: Vec<u8>,
    /// By unit of compilation, where in `files` its files are.
    units: Vec<u8>,
    files: Vec<u8>,
    /// Values by count, of all functions.
    values: Vec<u8>,
    functions: Vec<u8>,
    /// By the place of a function, where in `functions` it is.
    index: Vec<(u32, u32)>,
    /// The value of the function that places count from.
    first: u64,
    /// How far places are shifted.
    place_bits: u32,
    /// What places of inlined functions count from.
    inlined: u64,
}

/// What the table has of one function.
#[derive(Clone, Copy)]
pub(super) struct Function {
    /// Where in the table it is.
    at: usize,
}

/// A value that holds for counts up to this one, which is not among them.
pub(super) type Step = (u32, i32);

/// The magic of Go 1.20 and later; then two zeros, the least length of an instruction, and the size of an address.
const MAGIC: u64 = 0x0801_0000_ffff_fff1;

/// So many places that begin like a table are looked at: a program that reads such tables has more than one.
const MOST_TABLES: usize = 8;

/// A longer path or name is none.
const MOST_NAME_BYTES: usize = 4_096;

impl Table {
    /// That of a program, whose parts together are no longer than this. None where there is no whole one.
    pub(super) fn new(memory: &Memory<'_>, most_bytes: usize) -> Option<Self> {
        let words = memory.words();
        let headers = words.filter(|(_, word)| *word == MAGIC).take(MOST_TABLES);
        let mut records = headers.filter_map(|(header, _)| Record::new(memory, header));
        records.find_map(|record| record.table(most_bytes))
    }

    /// The function of this value.
    pub(super) fn function(&self, value: u64) -> Option<Function> {
        let place = value
            .checked_sub(self.first)?
            .checked_shl(self.place_bits)?;
        let place = u32::try_from(place).ok()?;
        let found = self.index.binary_search_by_key(&place, |(place, _)| *place);
        let (_, at) = self.index.get(found.ok()?)?;
        let at = usize::try_from(*at).ok()?;
        (number(&self.functions, at)? == place).then_some(Function { at })
    }

    /// What the function is called.
    pub(super) fn name(&self, function: Function) -> Option<String> {
        self.name_at(self.field(function, 1)?)
    }

    /// The name at a place among the names.
    pub(super) fn name_at(&self, at: u32) -> Option<String> {
        text(&self.names, at)
    }

    /// The numbers of its files by count, up to so many.
    pub(super) fn file_steps(&self, function: Function, most: usize) -> Vec<Step> {
        self.steps(self.field(function, 5), most)
    }

    /// Its lines by count, up to so many.
    pub(super) fn line_steps(&self, function: Function, most: usize) -> Vec<Step> {
        self.steps(self.field(function, 6), most)
    }

    /// The numbers of the functions that were inlined into it by count, up to so many; -1 is the function itself.
    pub(super) fn inlined_steps(&self, function: Function, most: usize) -> Vec<Step> {
        /// Which of its further values by count they are.
        const WHICH: u32 = 2;

        let at = || {
            let count = self.field(function, 7)?;
            (WHICH < count).then_some(())?;
            self.field(function, FIELDS.checked_add(WHICH)?)
        };
        self.steps(at(), most)
    }

    /// Where in memory the functions are that were inlined into it.
    pub(super) fn inlined(&self, function: Function) -> Option<u64> {
        /// Which of its parts outside of the table they are.
        const WHICH: u32 = 3;

        let count = self.field(function, FIELDS.checked_sub(1)?)? >> 24;
        (WHICH < count).then_some(())?;
        let values = self.field(function, 7)?;
        let field = FIELDS.checked_add(values)?.checked_add(WHICH)?;
        let at = self.field(function, field)?;
        (at != u32::MAX).then_some(())?;
        self.inlined.checked_add(at.into())
    }

    /// Where among the files that is which has this number in a function.
    pub(super) fn file(&self, function: Function, number_of: i32) -> Option<u32> {
        let unit = self.field(function, 8)?;
        let unit = unit.checked_add(u32::try_from(number_of).ok()?)?;
        number(&self.units, usize::try_from(unit).ok()?.checked_mul(4)?)
    }

    /// The path of a file.
    pub(super) fn path(&self, at: u32) -> Option<String> {
        text(&self.files, at)
    }

    /// A number in the record of a function.
    fn field(&self, function: Function, which: u32) -> Option<u32> {
        let behind = usize::try_from(which).ok()?.checked_mul(4)?;
        number(&self.functions, function.at.checked_add(behind)?)
    }

    fn steps(&self, at: Option<u32>, most: usize) -> Vec<Step> {
        // At zero is no table.
        let at = at
            .filter(|at| *at > 0)
            .and_then(|at| usize::try_from(at).ok());
        let bytes = at.and_then(|at| self.values.get(at..));
        let steps = Steps {
            bytes: bytes.unwrap_or_default(),
            step: None,
        };
        steps.take(most).collect()
    }
}

/// How many numbers the record of a function has before those that not all have.
const FIELDS: u32 = 11;

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

/// The value at a count; that of the last one behind it.
pub(super) fn at(steps: &[Step], count: u32) -> Option<i32> {
    let found = steps.partition_point(|(end, _)| *end <= count);
    let (_, value) = steps.get(found).or(steps.last())?;
    Some(*value)
}

/// The record of where the parts of a table are.
struct Record<'a> {
    memory: &'a Memory<'a>,
    at: u64,
}

impl<'a> Record<'a> {
    /// That of the table with this header.
    fn new(memory: &'a Memory<'a>, header: u64) -> Option<Self> {
        /// Where in the header the place of the names is, the first part.
        const NAMES: u64 = 32;

        let names = memory.word(header.checked_add(NAMES)?);
        let names = header.checked_add(names)?;
        let mut records = memory.words().map(|(at, _)| Self { memory, at });
        records.find(|record| record.word(0) == header && record.word(1) == names)
    }

    fn table(&self, most_bytes: usize) -> Option<Table> {
        let mut left = most_bytes;
        let names = self.part(1, 1, &mut left)?;
        let units = self.part(4, 4, &mut left)?;
        let files = self.part(7, 1, &mut left)?;
        let values = self.part(10, 1, &mut left)?;
        let functions = self.part(13, 1, &mut left)?;
        let index: Vec<_> = self
            .part(16, 8, &mut left)?
            .chunks_exact(8)
            .map_while(|entry| Some((number(entry, 0)?, number(entry, 4)?)))
            .collect();
        // Go 1.25 and before have counts in places too.
        let (second, _) = index.get(1)?;
        let place_bits = if *second >> COUNT_BITS > 0 {
            COUNT_BITS
        } else {
            0
        };
        Some(Table {
            names,
            units,
            files,
            values,
            functions,
            index,
            first: self.word(22) >> COUNT_BITS,
            place_bits,
            inlined: self.inlined()?,
        })
    }

    /// What places of inlined functions count from. It follows the start of what is only read, whose place depends on
    /// the version.
    fn inlined(&self) -> Option<u64> {
        /// Of Go 1.26 and before, of Go 1.27.
        const BEHIND: [u64; 2] = [39, 42];

        let mut pairs = BEHIND
            .map(|at| (self.word(at), self.word(at.saturating_add(1))))
            .into_iter();
        let (_, inlined) = pairs.find(|(start, inlined)| *start > 0 && start <= inlined)?;
        Some(inlined)
    }

    /// A part, whose address and number of elements are in the record.
    fn part(&self, at: u64, element_bytes: usize, left: &mut usize) -> Option<Vec<u8>> {
        let elements = usize::try_from(self.word(at.checked_add(1)?)).ok()?;
        let bytes = elements.checked_mul(element_bytes)?;
        *left = left.checked_sub(bytes)?;
        let mut part = vec![0; bytes];
        self.memory.read(self.word(at), &mut part);
        Some(part)
    }

    /// A word of it.
    fn word(&self, at: u64) -> u64 {
        self.memory
            .word(self.at.saturating_add(at.saturating_mul(8)))
    }
}

/// The number at a place.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let (number, _) = bytes.get(at..)?.split_first_chunk()?;
    Some(u32::from_le_bytes(*number))
}

/// The text at a place, up to a zero. One that begins within another is none, so that all of them together are no
/// longer than their bytes.
fn text(bytes: &[u8], at: u32) -> Option<String> {
    let at = usize::try_from(at).ok()?;
    let is_first = match at.checked_sub(1) {
        Some(before) => bytes.get(before) == Some(&0),
        None => true,
    };
    is_first.then_some(())?;
    let bytes = bytes.get(at..)?;
    let text = bytes
        .iter()
        .take(MOST_NAME_BYTES)
        .position(|byte| *byte == 0);
    let text = String::from_utf8_lossy(bytes.get(..text?)?).into_owned();
    (!text.is_empty()).then_some(text)
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
