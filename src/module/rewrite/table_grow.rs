//! Each `table.grow`, moved into a function of its own.
//!
//! When `table.grow` runs out of the slice's fuel, wasmi 2.0.0 does not save where it was; on resume
//! the function goes on from where it was last saved, and code before the growth runs again. In a
//! function that does nothing else there is nothing before it to be run twice, save the fuel for
//! entering the function: [`REPLAY_FUEL`], which the execution gives back.

use super::section;
use alloc::{collections::BTreeMap, vec::Vec};
use core::ops::Range;
use wasmparser::{BinaryReaderError, FunctionBody, Operator, Parser, Payload};

/// What entering the function costs, and so what each resume of a growth pays again.
pub(crate) const REPLAY_FUEL: u64 = 4;

/// First byte of the opcode.
const PREFIX: u8 = 0xfc;
/// Second byte of the opcode, a number in LEB128.
const TABLE_GROW: u8 = 0x0f;

/// Whether a body may hold a `table.grow`: cheap, and never wrong when it says no.
pub(in crate::module) fn may_be_in(body: &[u8]) -> bool {
    // A number in LEB128 may be written longer than it has to be.
    const LONGER: u8 = 0x80;
    body.windows(2)
        .any(|pair| matches!(pair, [PREFIX, second] if *second & !LONGER == TABLE_GROW))
}

/// What a valid module has to do with tables growing.
#[derive(Default)]
struct Found<'a> {
    types: u32,
    imported_functions: u32,
    functions: u32,
    tables: Vec<wasmparser::TableType>,
    bodies: Vec<(&'a [u8], Vec<Site>)>,
}

/// A `table.grow` within a body.
struct Site {
    range: Range<usize>,
    table: u32,
}

/// Rewrites a valid `wasm`; `None` where it has no `table.grow`.
///
/// # Errors
/// The parser's, which a valid module does not cause.
pub(super) fn rewrite(wasm: &[u8]) -> Result<Option<Vec<u8>>, BinaryReaderError> {
    let found = find(wasm)?;
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

fn find(wasm: &[u8]) -> Result<Found<'_>, BinaryReaderError> {
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
                        _ => {}
                    }
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    found.tables.push(table?.ty);
                }
            }
            Payload::CodeSectionEntry(body) => found.bodies.push((body.as_bytes(), sites(&body)?)),
            _ => {}
        }
    }
    Ok(found)
}

fn sites(body: &FunctionBody<'_>) -> Result<Vec<Site>, BinaryReaderError> {
    let mut sites = Vec::new();
    if !may_be_in(body.as_bytes()) {
        return Ok(sites);
    }
    let start = body.range().start;
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        let from = operators.original_position().saturating_sub(start);
        if let Operator::TableGrow { table } = operators.read()? {
            let range = from..operators.original_position().saturating_sub(start);
            sites.push(Site { range, table });
        }
    }
    Ok(sites)
}

/// The function that grows one table.
struct Helper {
    table: u32,
    ty: wasmparser::TableType,
    type_index: u32,
    function_index: u32,
}

fn helpers(found: &Found<'_>) -> BTreeMap<u32, Helper> {
    let mut helpers = BTreeMap::new();
    let own = found.imported_functions.saturating_add(found.functions);
    for site in found.bodies.iter().flat_map(|(_, sites)| sites) {
        let number = u32::try_from(helpers.len()).unwrap_or(u32::MAX);
        let Some(ty) = usize::try_from(site.table)
            .ok()
            .and_then(|index| found.tables.get(index))
        else {
            continue;
        };
        helpers.entry(site.table).or_insert_with(|| Helper {
            table: site.table,
            ty: *ty,
            type_index: found.types.saturating_add(number),
            function_index: own.saturating_add(number),
        });
    }
    // Sections list them by table, so their numbers have to follow.
    for (helper, number) in helpers.values_mut().zip(0_u32..) {
        helper.type_index = found.types.saturating_add(number);
        helper.function_index = own.saturating_add(number);
    }
    helpers
}

impl Helper {
    /// `(func (param <element> <index>) (result <index>))`
    fn write_type(&self, wasm: &mut Vec<u8>) {
        const FUNCTION: u8 = 0x60;
        const I32: u8 = 0x7f;
        const I64: u8 = 0x7e;
        const FUNCREF: u8 = 0x70;
        const EXTERNREF: u8 = 0x6f;

        let element = if self.ty.element_type.is_func_ref() {
            FUNCREF
        } else {
            EXTERNREF
        };
        let index = if self.ty.table64 { I64 } else { I32 };
        wasm.extend_from_slice(&[FUNCTION, 2, element, index, 1, index]);
    }

    /// `(table.grow <table> (local.get 0) (local.get 1))`
    fn write_body(&self, wasm: &mut Vec<u8>) {
        const NO_LOCALS: u8 = 0;
        const LOCAL_GET: u8 = 0x20;
        const END: u8 = 0x0b;

        let mut body = Vec::from([NO_LOCALS, LOCAL_GET, 0, LOCAL_GET, 1, PREFIX, TABLE_GROW]);
        section::write_u32(&mut body, self.table);
        body.push(END);
        section::write_len(wasm, &body);
        wasm.extend_from_slice(&body);
    }
}

/// Appends a body with a call in place of each site.
fn write_body(wasm: &mut Vec<u8>, body: &[u8], sites: &[Site], helpers: &BTreeMap<u32, Helper>) {
    const CALL: u8 = 0x10;

    let mut rewritten = Vec::with_capacity(body.len());
    let mut from = 0;
    for site in sites {
        let Some(helper) = helpers.get(&site.table) else {
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
        assert!(may_be_in(&[0x0b, 0xfc, 0x0f, 0x00]));
        assert!(may_be_in(&[0xfc, 0x8f, 0x80, 0x00, 0x00]));
        assert!(!may_be_in(&[0xfc, 0x0e, 0x0f]));
    }
}
