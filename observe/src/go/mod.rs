//! Lines of programs of Go, whose linker writes no DWARF for WebAssembly: by the table that Go's own traces use.

mod memory;
mod pieces;
mod steps;
mod table;

use crate::{lines::LineRange, place::Line};
use memory::Memory;
use pieces::Pieces;
use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, OnceLock},
};
use steps::Step;
use table::{Function, Table};
use wasmparser::{FunctionBody, Parser, Payload, TypeRef};

/// What a program of Go says of itself.
pub(crate) struct Go<'a> {
    memory: Memory<'a>,
    table: Table,
    /// How many functions are imported.
    imported: u32,
    bodies: Vec<FunctionBody<'a>>,
    /// By body, once it is asked for: it is read once, however often.
    counted: Vec<OnceLock<Option<Counted>>>,
}

/// A function of the program.
struct Counted {
    function: Function,
    pieces: Pieces,
    files: Vec<Step>,
    lines: Vec<Step>,
    inlined: Vec<Step>,
}

/// The value of the first function that is not imported.
const FIRST_VALUE: u64 = 0x1000;

/// The code of a count takes at least so many bytes. So no more is kept of a table than in proportion to the code.
const COUNT_BYTES: usize = 4;

/// How many inlined functions one place is shown in.
const MOST_INLINED: usize = 64;

impl<'a> Go<'a> {
    /// That of a module. None where it is no program of Go.
    pub(crate) fn new(wasm: &'a [u8]) -> Option<Self> {
        let (mut imported, mut bodies, mut segments) = (0_u32, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.ok()? {
                Payload::ImportSection(imports) => {
                    let imports = imports.into_iter().map_while(Result::ok);
                    let functions = imports.filter(|import| matches!(import.ty, TypeRef::Func(_)));
                    imported = u32::try_from(functions.count()).ok()?;
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                Payload::DataSection(data) => {
                    segments.extend(data.into_iter().map_while(Result::ok));
                }
                _ => {}
            }
        }
        let memory = Memory::new(segments.into_iter())?;
        Some(Self {
            table: Table::new(&memory, wasm.len())?,
            memory,
            imported,
            counted: bodies.iter().map(|_| OnceLock::new()).collect(),
            bodies,
        })
    }

    /// What a function is called in the source.
    pub(crate) fn name(&self, function: u32) -> Option<String> {
        let own = function.checked_sub(self.imported)?;
        let function = self.table.function(FIRST_VALUE.checked_add(own.into())?)?;
        self.table.name(function)
    }

    /// The lines of a place in a function, with those of the functions that it was inlined into, the innermost first.
    pub(crate) fn at(&self, function: u32, offset: u64) -> Vec<Line> {
        let lines = || {
            let own = function.checked_sub(self.imported)?;
            let counted = self.counted(usize::try_from(own).ok()?)?;
            Some(self.lines(counted, counted.pieces.at(offset)?))
        };
        lines().unwrap_or_default()
    }

    /// All stretches of code that have a line.
    pub(crate) fn ranges(&self) -> Vec<LineRange> {
        let mut paths = BTreeMap::new();
        let functions = (0..self.bodies.len()).filter_map(|own| self.counted(own));
        let pieces = functions.flat_map(|counted| {
            let pieces = counted.pieces.all();
            pieces.map(move |(range, count)| (counted, range, count))
        });
        pieces
            .filter_map(|(counted, range, count)| self.range(counted, range, count, &mut paths))
            .collect()
    }

    fn range(
        &self,
        counted: &Counted,
        range: Range<u64>,
        count: u32,
        paths: &mut BTreeMap<u32, Option<Arc<str>>>,
    ) -> Option<LineRange> {
        let file = self.file(counted, count)?;
        let path = paths
            .entry(file)
            .or_insert_with(|| Some(self.table.path(file)?.into()));
        Some(LineRange {
            start: range.start,
            end: range.end,
            file: path.clone()?,
            line: line(counted, count)?,
        })
    }

    /// A function by its number among those that are not imported.
    fn counted(&self, own: usize) -> Option<&Counted> {
        let counted = self.counted.get(own)?.get_or_init(|| {
            let body = self.bodies.get(own)?;
            let value = FIRST_VALUE.checked_add(u64::try_from(own).ok()?)?;
            let function = self.table.function(value)?;
            let most = body.range().len().checked_div(COUNT_BYTES)?;
            let lines = self.table.line_steps(function, most);
            let (end, _) = lines.last()?;
            Some(Counted {
                function,
                pieces: Pieces::new(body, value, end.checked_sub(1)?)?,
                files: self.table.file_steps(function, most),
                lines,
                inlined: self.table.inlined_steps(function, most),
            })
        });
        counted.as_ref()
    }

    fn lines(&self, counted: &Counted, mut count: u32) -> Vec<Line> {
        let mut lines = Vec::new();
        while lines.len() < MOST_INLINED {
            let inlined = self.inlined(counted, count);
            let name = match &inlined {
                Some(inlined) => self.table.name_at(inlined.name),
                None => self.table.name(counted.function),
            };
            let file = self.file(counted, count);
            lines.push(Line {
                function: name,
                file: file.and_then(|file| self.table.path(file)),
                line: line(counted, count),
                column: None,
            });
            let Some(inlined) = inlined else { break };
            count = inlined.caller;
        }
        lines
    }

    fn file(&self, counted: &Counted, count: u32) -> Option<u32> {
        let number = steps::at(&counted.files, count)?;
        self.table.file(counted.function, number)
    }

    /// The function that was inlined at a count, if any.
    fn inlined(&self, counted: &Counted, count: u32) -> Option<Inlined> {
        let number = steps::at(&counted.inlined, count)?;
        let number = u64::try_from(number).ok()?;
        let start = self.table.inlined(counted.function)?;
        let at = start.checked_add(number.checked_mul(INLINED_BYTES)?)?;
        let word = self.memory.word(at.checked_add(4)?);
        let [name, caller] = [word, word >> 32].map(|half| u32::try_from(half & 0xffff_ffff));
        Some(Inlined {
            name: name.ok()?,
            caller: caller.ok()?,
        })
    }
}

/// How many bytes the record of an inlined function has.
const INLINED_BYTES: u64 = 16;

/// A function that was inlined into another.
struct Inlined {
    /// Where among the names its own is.
    name: u32,
    /// The count of its call.
    caller: u32,
}

/// The line at a count.
fn line(counted: &Counted, count: u32) -> Option<u32> {
    let line = u32::try_from(steps::at(&counted.lines, count)?).ok()?;
    (line > 0).then_some(line)
}
