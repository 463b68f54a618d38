//! Go's own table of its functions, `runtime.pclntab`: their names, and their files and lines by its program counter.
//!
//! A program of Go carries it in its memory, for the traces of its panics, and nothing but its first bytes says where. A
//! record of where its parts are points to it, `runtime.moduledata`.

use super::{
    memory::Memory,
    pieces::COUNT_BITS,
    steps::{self, Step},
};

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
        self.name_at(self.field(function, NAME)?)
    }

    /// The name at a place among the names.
    pub(super) fn name_at(&self, at: u32) -> Option<String> {
        text(&self.names, at)
    }

    /// The numbers of its files by count, up to so many.
    pub(super) fn file_steps(&self, function: Function, most: usize) -> Vec<Step> {
        self.steps(self.field(function, FILE_STEPS), most)
    }

    /// Its lines by count, up to so many.
    pub(super) fn line_steps(&self, function: Function, most: usize) -> Vec<Step> {
        self.steps(self.field(function, LINE_STEPS), most)
    }

    /// The numbers of the functions that were inlined into it by count, up to so many; -1 is the function itself.
    pub(super) fn inlined_steps(&self, function: Function, most: usize) -> Vec<Step> {
        /// Which of its further values by count they are.
        const WHICH: u32 = 2;

        let at = || {
            let count = self.field(function, FURTHER_STEPS)?;
            (WHICH < count).then_some(())?;
            self.field(function, FIELDS.checked_add(WHICH)?)
        };
        self.steps(at(), most)
    }

    /// Where in memory the functions are that were inlined into it.
    pub(super) fn inlined(&self, function: Function) -> Option<u64> {
        /// Which of its parts outside of the table they are.
        const WHICH: u32 = 3;

        let further = self.field(function, FURTHER_STEPS)?;
        let field = FIELDS.checked_add(further)?.checked_add(WHICH)?;
        let at = self.field(function, field)?;
        self.inlined.checked_add(at.into())
    }

    /// Where among the files the one is that has this number in the unit of a function.
    pub(super) fn file(&self, function: Function, file: i32) -> Option<u32> {
        let unit = self.field(function, UNIT)?;
        let unit = unit.checked_add(u32::try_from(file).ok()?)?;
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
        let at = at.and_then(|at| usize::try_from(at).ok());
        steps::read(&self.values, at.unwrap_or(0), most)
    }
}

/// Which numbers in the record of a function these are: where its name is, where its files and lines by count are, and
/// how many further values by count there are.
const NAME: u32 = 1;
const FILE_STEPS: u32 = 5;
const LINE_STEPS: u32 = 6;
const FURTHER_STEPS: u32 = 7;

/// Where the files of its unit of compilation are.
const UNIT: u32 = 8;

/// How many numbers each has. Then come the places of further values, and of parts outside of the table.
const FIELDS: u32 = 11;

/// Which words of the record of a table have the addresses of its parts. Behind each is the number of its elements.
const NAMES: u64 = 1;
const UNITS: u64 = 4;
const FILES: u64 = 7;
const VALUES: u64 = 10;
const FUNCTIONS: u64 = 13;
const INDEX: u64 = 16;

/// Which word has the value of the first function, with a count.
const CODE: u64 = 22;

/// The record of where the parts of a table are.
struct Record<'a> {
    memory: &'a Memory<'a>,
    at: u64,
}

impl<'a> Record<'a> {
    /// That of the table with this header.
    fn new(memory: &'a Memory<'a>, header: u64) -> Option<Self> {
        /// Where in the header the place of the first part is, the names.
        const PLACE: u64 = 32;

        let names = memory.word(header.checked_add(PLACE)?);
        let names = header.checked_add(names)?;
        let mut records = memory.words().map(|(at, _)| Self { memory, at });
        records.find(|record| record.word(0) == header && record.word(NAMES) == names)
    }

    fn table(&self, most_bytes: usize) -> Option<Table> {
        let mut left = most_bytes;
        let names = self.part(NAMES, 1, &mut left)?;
        let units = self.part(UNITS, 4, &mut left)?;
        let files = self.part(FILES, 1, &mut left)?;
        let values = self.part(VALUES, 1, &mut left)?;
        let functions = self.part(FUNCTIONS, 1, &mut left)?;
        let index: Vec<_> = self
            .part(INDEX, 8, &mut left)?
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
            first: self.word(CODE) >> COUNT_BITS,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_begins_within_another_is_none() {
        let texts = [
            b"\0main.run\0\xff\0",
            &[b'x'; MOST_NAME_BYTES + 1][..],
            b"\0",
        ]
        .concat();
        let found = [1, 10, 12, 2, 0, 5_000].map(|at| text(&texts, at));
        let expected = [Some("main.run".to_owned()), Some("\u{fffd}".to_owned())];
        assert_eq!(found[..2], expected);
        assert!(found[2..].iter().all(Option::is_none), "{found:?}");
    }
}
