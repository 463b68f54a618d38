//! A module whose code is damaged is a module or a typed error, as any bytes are.
//!
//! Operators are left out, taken from elsewhere and put where others were, each of them whole. So what is wrong
//! is wrong in its types, its blocks or its end, and the validator finds it in the middle of what is being compiled, or
//! behind it.

use crate::{draw::Draw, guest::grow, module_bytes, plan::Plan};
use wasm_encoder::{CodeSection, Module, RawSection, SectionId};
use wasmparser::{BinaryReaderError, FunctionBody, Parser, Payload};

/// How many places change at most.
const MOST_CHANGES: u64 = 3;

/// How many operators are put in at most, and one more.
const MOST_MORE: u64 = 3;

/// Operators that open, close or leave blocks, and some that only take or give a value.
const PLAIN: [&[u8]; 12] = [
    &[0x00],       // unreachable
    &[0x02, 0x40], // block
    &[0x03, 0x40], // loop
    &[0x04, 0x40], // if
    &[0x05],       // else
    &[0x0b],       // end
    &[0x0c, 0x00], // br
    &[0x0f],       // return
    &[0x10, 0x00], // call
    &[0x1a],       // drop
    &[0x40, 0x00], // memory.grow
    &[0x41, 0x00], // i32.const
];

/// Damages the module that `data` makes, and admits it.
///
/// # Panics
/// Where a law is broken.
pub(crate) fn check(data: &[u8]) {
    let (plan, bytes) = Plan::split(data);
    let Some(wasm) = grow::module(&plan, bytes) else {
        return;
    };
    if let Ok(Some(damaged)) = damaged(&wasm, &mut plan.draw()) {
        module_bytes::check(&damaged);
    }
}

/// `None` where there is no code.
fn damaged(wasm: &[u8], draw: &mut Draw) -> Result<Option<Vec<u8>>, BinaryReaderError> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload? {
            bodies.push(Body::read(wasm, &body)?);
        }
    }
    if bodies.is_empty() {
        return Ok(None);
    }
    for _ in 0..=draw.below(MOST_CHANGES) {
        change(&mut bodies, draw);
    }
    let mut code = CodeSection::new();
    bodies.iter().for_each(|body| _ = code.raw(&body.bytes()));
    let mut damaged = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload?.as_section() {
            Some((id, _)) if id == u8::from(SectionId::Code) => damaged.section(&code),
            Some((id, range)) => damaged.section(&RawSection {
                id,
                data: &wasm[range],
            }),
            None => &mut damaged,
        };
    }
    Ok(Some(damaged.finish()))
}

/// A body, cut into its operators.
struct Body<'a> {
    locals: &'a [u8],
    operators: Vec<&'a [u8]>,
}

impl<'a> Body<'a> {
    fn read(wasm: &'a [u8], body: &FunctionBody<'_>) -> Result<Self, BinaryReaderError> {
        let mut reader = body.get_operators_reader()?;
        let mut from = reader.original_position();
        let locals = &wasm[body.range().start..from];
        let mut operators = Vec::new();
        while !reader.eof() {
            reader.read()?;
            let to = reader.original_position();
            operators.push(&wasm[from..to]);
            from = to;
        }
        Ok(Self { locals, operators })
    }

    fn bytes(&self) -> Vec<u8> {
        [self.locals, &self.operators.concat()].concat()
    }
}

/// Some operators more, one less, or another one in its place.
fn change(bodies: &mut [Body<'_>], draw: &mut Draw) {
    let donor = bodies[pick(draw, bodies.len())].operators.clone();
    let changed = pick(draw, bodies.len());
    let operators = &mut bodies[changed].operators;
    let at = pick(draw, operators.len() + 1);
    let is_there = at < operators.len();
    match draw.below(4) {
        0 if is_there => _ = operators.remove(at),
        1 if is_there => operators[at] = operator(&donor, draw),
        kind => {
            // Behind the end as often as before it.
            let at = if kind == 2 { operators.len() } else { at };
            let more: Vec<_> = (0..=draw.below(MOST_MORE))
                .map(|_| operator(&donor, draw))
                .collect();
            operators.splice(at..at, more);
        }
    }
}

/// One of `donor`, or a plain one.
fn operator<'a>(donor: &[&'a [u8]], draw: &mut Draw) -> &'a [u8] {
    if donor.is_empty() || draw.below(4) > 0 {
        PLAIN[pick(draw, PLAIN.len())]
    } else {
        donor[pick(draw, donor.len())]
    }
}

/// Which of `number`.
fn pick(draw: &mut Draw, number: usize) -> usize {
    draw.below(number as u64) as usize
}
