//! Each `memory.grow` and `table.grow`, moved into a function of its own that is dear in fuel.
//!
//! Two reasons, both in how wasmi 2.0.0 dispatches them. They leave about 175 bytes of native stack
//! behind each time, until the slice ends; so a slice must not hold many of them, and a price of
//! [`GROWTH_FUEL`] sees to that. And when `table.grow` runs out of the slice's fuel, wasmi does not
//! save where it was: on resume the function goes on from where it was last saved, and code before
//! the growth runs again. In a function that does nothing else there is nothing before it to be run
//! twice, save the fuel for entering the function, which the execution gives back.

use super::{reach::Reach, section};
use crate::proposal::{Proposal, Proposals};
use alloc::{collections::BTreeMap, vec::Vec};
use core::ops::Range;
use wasmparser::{BinaryReaderError, FunctionBody, Operator, Parser, Payload};

/// What one growth costs beside its bytes. Slices have at most 16,000,000 fuel, so at most 320
/// growths, which leave 55 KB of native stack behind.
///
/// A growth of memory by one page takes from 2 us to some milliseconds, as all of it may have to be
/// moved, so this is no more than what it takes.
const GROWTH_FUEL: u64 = NOPS as u64 * NOP_FUEL as u64;

/// What entering the function costs, and so what each resume of a growth pays again.
pub(crate) const REPLAY_FUEL: u64 = GROWTH_FUEL + 4;

/// Fuel of a `nop`: the most that the interpreter can be told an instruction costs. Compilers do not
/// leave any in their code, and it takes no time.
pub(in crate::module) const NOP_FUEL: u8 = 255;

/// How many stand in the function.
const NOPS: u8 = 200;

/// First byte of the opcode of `table.grow`.
const PREFIX: u8 = 0xfc;
/// Second byte of the opcode, a number in LEB128.
const TABLE_GROW: u8 = 0x0f;
/// Opcode of `memory.grow`; the number of the memory follows.
const MEMORY_GROW: u8 = 0x40;

/// Whether a body may hold a growth: cheap, and never wrong when it says no.
fn may_be_in(body: &[u8], several_memories: bool) -> bool {
    // A number in LEB128 may be written longer than it has to be.
    const LONGER: u8 = 0x80;
    body.windows(2).any(|pair| match pair {
        [PREFIX, second] => *second & !LONGER == TABLE_GROW,
        [MEMORY_GROW, memory] => several_memories || *memory & !LONGER == 0,
        _ => false,
    })
}

/// What a module has to do with growing.
#[derive(Default)]
struct Found<'a> {
    types: u32,
    imported_functions: u32,
    functions: u32,
    tables: Vec<wasmparser::TableType>,
    memories: Vec<wasmparser::MemoryType>,
    bodies: Vec<(&'a [u8], Vec<Site>)>,
}

/// A growth within a body.
struct Site {
    range: Range<usize>,
    what: Growing,
}

impl Site {
    /// Whether the memory is a number written longer than it has to be. Without multi-memory a zero
    /// byte stands there and nothing else; such a site is left as it is, for the validator.
    fn names_memory_by_long_number(&self) -> bool {
        const OPCODE_AND_ZERO: usize = 2;
        matches!(self.what, Growing::Memory(0)) && self.range.len() > OPCODE_AND_ZERO
    }
}

/// What grows, by its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Growing {
    Memory(u32),
    Table(u32),
}

/// Rewrites `wasm`; `None` where nothing grows. What is invalid stays invalid.
///
/// # Errors
/// The parser's, which a valid module does not cause.
pub(super) fn rewrite(
    wasm: &[u8],
    proposals: Proposals,
) -> Result<Option<Vec<u8>>, BinaryReaderError> {
    let found = find(wasm, proposals)?;
    let helpers = helpers(&found);
    if helpers.is_empty() {
        return Ok(None);
    }
    let more = u32::try_from(helpers.len()).unwrap_or(u32::MAX);
    let mut rewritten = section::header(wasm).to_vec();
    for section in section::sections(wasm) {
        let section = section?;
        let (count, entries) = match section.id {
            section::TYPE | section::FUNCTION | section::CODE => {
                section::read_vector(section.content)?
            }
            _ => {
                rewritten.extend_from_slice(section.whole);
                continue;
            }
        };
        let mut added = Vec::new();
        let kept = match section.id {
            section::TYPE => {
                helpers
                    .values()
                    .for_each(|helper| helper.write_type(&mut added));
                entries
            }
            section::FUNCTION => {
                helpers
                    .values()
                    .for_each(|helper| section::write_u32(&mut added, helper.type_index));
                entries
            }
            _ => {
                found
                    .bodies
                    .iter()
                    .for_each(|(body, sites)| write_body(&mut added, body, sites, &helpers));
                helpers
                    .values()
                    .for_each(|helper| helper.write_body(&mut added));
                &[]
            }
        };
        section::write_vector(
            &mut rewritten,
            section.id,
            count.saturating_add(more),
            &[kept, &added],
        );
    }
    Ok(Some(rewritten))
}

fn find(wasm: &[u8], proposals: Proposals) -> Result<Found<'_>, BinaryReaderError> {
    let memory_is_number = proposals.contains(Proposal::MultiMemory);
    let mut found = Found::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(types) => found.types = types.count(),
            Payload::FunctionSection(functions) => found.functions = functions.count(),
            Payload::ImportSection(imports) => {
                for import in imports {
                    match import?.ty {
                        wasmparser::TypeRef::Func(_) => {
                            found.imported_functions = found.imported_functions.saturating_add(1);
                        }
                        wasmparser::TypeRef::Table(ty) => found.tables.push(ty),
                        wasmparser::TypeRef::Memory(ty) => found.memories.push(ty),
                        _ => {}
                    }
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    found.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    found.memories.push(memory?);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut sites = sites(&body, found.memories.len() > 1)?;
                sites.retain(|site| memory_is_number || !site.names_memory_by_long_number());
                found.bodies.push((body.as_bytes(), sites));
            }
            _ => {}
        }
    }
    Ok(found)
}

fn sites(body: &FunctionBody<'_>, several_memories: bool) -> Result<Vec<Site>, BinaryReaderError> {
    let mut sites = Vec::new();
    if !may_be_in(body.as_bytes(), several_memories) {
        return Ok(sites);
    }
    let start = body.range().start;
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        let from = operators.original_position().saturating_sub(start);
        let what = match operators.read()? {
            Operator::MemoryGrow { mem } => Growing::Memory(mem),
            Operator::TableGrow { table } => Growing::Table(table),
            _ => continue,
        };
        let range = from..operators.original_position().saturating_sub(start);
        sites.push(Site { range, what });
    }
    Ok(sites)
}

/// The function that grows one memory or table.
struct Helper {
    what: Growing,
    /// Types of its parameters, as the binary format numbers them.
    params: Vec<u8>,
    /// The type of its result.
    result: u8,
    /// What is asked for at the most.
    reach: Option<Reach>,
    type_index: u32,
    function_index: u32,
}

fn helpers(found: &Found<'_>) -> BTreeMap<Growing, Helper> {
    let mut helpers = BTreeMap::new();
    for site in found.bodies.iter().flat_map(|(_, sites)| sites) {
        // One that grows what there is not is left as it is, for the validator.
        if let Some((params, result)) = found.signature(site.what) {
            let helper = Helper {
                what: site.what,
                params,
                result,
                reach: found.reach(site.what),
                type_index: 0,
                function_index: 0,
            };
            helpers.entry(site.what).or_insert(helper);
        }
    }
    // The sections list them in the order of the map.
    let own = found.imported_functions.saturating_add(found.functions);
    for (helper, number) in helpers.values_mut().zip(0_u32..) {
        helper.type_index = found.types.saturating_add(number);
        helper.function_index = own.saturating_add(number);
    }
    helpers
}

impl Found<'_> {
    fn reach(&self, what: Growing) -> Option<Reach> {
        match what {
            Growing::Memory(number) => Reach::of(self.memories.get(usize::try_from(number).ok()?)?),
            Growing::Table(_) => None,
        }
    }

    /// Parameters and result of a growth.
    fn signature(&self, what: Growing) -> Option<(Vec<u8>, u8)> {
        const I32: u8 = 0x7f;
        const I64: u8 = 0x7e;
        const FUNCREF: u8 = 0x70;
        const EXTERNREF: u8 = 0x6f;

        let index = |is_64: bool| if is_64 { I64 } else { I32 };
        match what {
            Growing::Memory(number) => {
                let index = index(self.memories.get(usize::try_from(number).ok()?)?.memory64);
                Some((Vec::from([index]), index))
            }
            Growing::Table(number) => {
                let table = self.tables.get(usize::try_from(number).ok()?)?;
                let element = if table.element_type.is_func_ref() {
                    FUNCREF
                } else {
                    EXTERNREF
                };
                let index = index(table.table64);
                Some((Vec::from([element, index]), index))
            }
        }
    }
}

impl Helper {
    fn write_type(&self, wasm: &mut Vec<u8>) {
        const FUNCTION: u8 = 0x60;
        wasm.push(FUNCTION);
        section::write_len(wasm, &self.params);
        wasm.extend_from_slice(&self.params);
        wasm.extend_from_slice(&[1, self.result]);
    }

    /// Pays, passes its parameters on, and grows.
    fn write_body(&self, wasm: &mut Vec<u8>) {
        const NO_LOCALS: u8 = 0;
        const NOP: u8 = 0x01;
        const LOCAL_GET: u8 = 0x20;
        const END: u8 = 0x0b;

        let mut body = Vec::from([NO_LOCALS]);
        body.extend(core::iter::repeat_n(NOP, NOPS.into()));
        if let (Some(reach), Growing::Memory(number)) = (&self.reach, self.what) {
            reach.write(number, &mut body);
        }
        for (_, local) in self.params.iter().zip(0_u8..) {
            body.extend_from_slice(&[LOCAL_GET, local]);
        }
        match self.what {
            Growing::Memory(number) => {
                body.push(MEMORY_GROW);
                section::write_u32(&mut body, number);
            }
            Growing::Table(number) => {
                body.extend_from_slice(&[PREFIX, TABLE_GROW]);
                section::write_u32(&mut body, number);
            }
        }
        body.push(END);
        section::write_len(wasm, &body);
        wasm.extend_from_slice(&body);
    }
}

/// Appends a body with a call in place of each site.
fn write_body(
    wasm: &mut Vec<u8>,
    body: &[u8],
    sites: &[Site],
    helpers: &BTreeMap<Growing, Helper>,
) {
    const CALL: u8 = 0x10;

    let mut rewritten = Vec::with_capacity(body.len());
    let mut from = 0;
    for site in sites {
        let Some(helper) = helpers.get(&site.what) else {
            continue;
        };
        rewritten.extend_from_slice(body.get(from..site.range.start).unwrap_or_default());
        rewritten.push(CALL);
        section::write_u32(&mut rewritten, helper.function_index);
        from = site.range.end;
    }
    rewritten.extend_from_slice(body.get(from..).unwrap_or_default());
    section::write_len(wasm, &rewritten);
    wasm.extend_from_slice(&rewritten);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opcode_written_longer_than_needed_is_seen() {
        assert!(may_be_in(&[0x0b, 0xfc, 0x0f, 0x00], false));
        assert!(may_be_in(&[0xfc, 0x8f, 0x80, 0x00, 0x00], false));
        assert!(may_be_in(&[0x41, 0x01, 0x40, 0x80, 0x00], false));
        assert!(may_be_in(&[0x41, 0x01, 0x40, 0x01], true));
        assert!(!may_be_in(&[0xfc, 0x0e, 0x0f], false));
        assert!(!may_be_in(&[0x02, 0x40, 0x0b], false));
    }
}
