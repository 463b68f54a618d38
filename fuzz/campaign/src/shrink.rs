//! A guest made small while it still shows what it showed.

use std::ops::Range;
use wasmparser::{CodeSectionReader, FunctionBody, Parser, Payload, Validator, WasmFeatures};

/// The smallest guest found that is `still` interesting, with so many trials at most.
#[must_use]
pub fn shrink(wasm: &[u8], most: usize, still: &mut dyn FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut trials = Trials { left: most, still };
    let Some(mut best) = Code::read(wasm) else {
        return wasm.to_vec();
    };
    loop {
        let before = best.operators();
        best.empty_bodies(&mut trials);
        best.cut(&mut trials);
        best.simplify(&mut trials);
        best.cut_pairs(&mut trials);
        if best.operators() >= before || trials.left == 0 {
            return best.write();
        }
    }
}

/// What decides about a candidate, as often as it is left.
struct Trials<'a> {
    left: usize,
    still: &'a mut dyn FnMut(&[u8]) -> bool,
}

impl Trials<'_> {
    fn accept(&mut self, wasm: &[u8]) -> bool {
        if self.left == 0
            || Validator::new_with_features(WasmFeatures::all())
                .validate_all(wasm)
                .is_err()
        {
            return false;
        }
        self.left -= 1;
        (self.still)(wasm)
    }
}

/// A module whose bodies are lists of operators.
#[derive(Clone)]
struct Code {
    before: Vec<u8>,
    bodies: Vec<Body>,
    after: Vec<u8>,
}

/// The locals as they are written, and the operators but for the last `end`.
#[derive(Clone)]
struct Body {
    locals: Vec<u8>,
    operators: Vec<Vec<u8>>,
}

impl Code {
    fn read(wasm: &[u8]) -> Option<Self> {
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::CodeSectionStart { range, .. } = payload.ok()? {
                return Self::of(wasm, range);
            }
        }
        None
    }

    fn of(wasm: &[u8], range: Range<usize>) -> Option<Self> {
        let section = wasmparser::BinaryReader::new(&wasm[range.clone()], range.start);
        let bodies = CodeSectionReader::new(section).ok()?;
        let bodies = bodies.into_iter().map(|body| Body::read(wasm, &body.ok()?));
        Some(Self {
            bodies: bodies.collect::<Option<_>>()?,
            before: wasm[..header(wasm, range.start)?].to_vec(),
            after: wasm[range.end..].to_vec(),
        })
    }

    fn operators(&self) -> usize {
        self.bodies.iter().map(|body| body.operators.len()).sum()
    }

    fn write(&self) -> Vec<u8> {
        let mut section = wasm_encoder::CodeSection::new();
        for body in &self.bodies {
            section.raw(&body.write());
        }
        let mut wasm = self.before.clone();
        wasm_encoder::Section::append_to(&section, &mut wasm);
        wasm.extend_from_slice(&self.after);
        wasm
    }

    /// Replaces the operators of a range, if the result is still interesting.
    fn replace(
        &mut self,
        body: usize,
        range: Range<usize>,
        by: &[Vec<u8>],
        trials: &mut Trials<'_>,
    ) -> bool {
        let mut candidate = self.clone();
        let operators = &mut candidate.bodies[body].operators;
        operators.splice(range, by.iter().cloned());
        let accepted = trials.accept(&candidate.write());
        if accepted {
            *self = candidate;
        }
        accepted
    }

    /// Lets whole functions trap at once.
    fn empty_bodies(&mut self, trials: &mut Trials<'_>) {
        for body in 0..self.bodies.len() {
            let len = self.bodies[body].operators.len();
            if len > 1 {
                self.replace(body, 0..len, &[vec![UNREACHABLE]], trials);
            }
        }
    }

    /// Leaves out ranges of operators, long ones first.
    fn cut(&mut self, trials: &mut Trials<'_>) {
        for body in 0..self.bodies.len() {
            let mut size = self.bodies[body].operators.len();
            while size > 0 {
                let mut end = self.bodies[body].operators.len();
                while end >= size && end > 0 {
                    if !self.replace(body, end - size..end, &[], trials) {
                        end -= 1.max(size / 3);
                    } else {
                        end = end
                            .saturating_sub(size)
                            .min(self.bodies[body].operators.len());
                    }
                }
                // Each short length, since what puts a value and what takes it must go together.
                size = if size > 12 { size / 2 } else { size - 1 };
            }
        }
    }

    /// Leaves out two operators that belong together though others lie between them.
    fn cut_pairs(&mut self, trials: &mut Trials<'_>) {
        for body in 0..self.bodies.len() {
            let mut first = self.bodies[body].operators.len();
            while first > 0 {
                first -= 1;
                let len = self.bodies[body].operators.len();
                (first + 1..len.min(first + MOST_APART)).any(|second| {
                    let between = self.bodies[body].operators[first + 1..second].to_vec();
                    self.replace(body, first..second + 1, &between, trials)
                });
            }
        }
    }

    /// Puts what is simpler in place of operators and of ranges.
    fn simplify(&mut self, trials: &mut Trials<'_>) {
        for body in 0..self.bodies.len() {
            let mut at = self.bodies[body].operators.len();
            while at > 0 {
                at -= 1;
                self.simplify_at(body, at, trials);
            }
        }
    }

    fn simplify_at(&mut self, body: usize, at: usize, trials: &mut Trials<'_>) {
        for constant in CONSTANTS {
            for size in [7, 5, 3, 2, 1] {
                let end = at + size;
                let operators = &self.bodies[body].operators;
                if end <= operators.len()
                    && !(size == 1 && CONSTANTS.contains(&&operators[at][..]))
                    && self.replace(body, at..end, &[constant.to_vec()], trials)
                {
                    return;
                }
            }
        }
        // A block without its start and end.
        if let Some(end) = self.bodies[body].end_of_block(at) {
            let inner = self.bodies[body].operators[at + 1..end].to_vec();
            self.replace(body, at..end + 1, &inner, trials);
        }
    }
}

impl Body {
    fn read(wasm: &[u8], body: &FunctionBody<'_>) -> Option<Self> {
        let range = body.range();
        let mut reader = body.get_operators_reader().ok()?;
        let mut starts = Vec::new();
        while !reader.eof() {
            starts.push(reader.original_position());
            reader.read().ok()?;
        }
        let first = *starts.first()?;
        let operators = starts
            .windows(2)
            .map(|pair| wasm[pair[0]..pair[1]].to_vec());
        Some(Self {
            locals: wasm[range.start..first].to_vec(),
            operators: operators.collect(),
        })
    }

    fn write(&self) -> Vec<u8> {
        let operators = self.operators.iter().flatten();
        let mut bytes = self.locals.clone();
        bytes.extend(operators);
        bytes.push(END);
        bytes
    }

    /// Where the block that starts here ends.
    fn end_of_block(&self, at: usize) -> Option<usize> {
        let is_start = |operator: &[u8]| matches!(operator[0], 2..=4);
        if !is_start(&self.operators[at]) {
            return None;
        }
        let mut depth = 0_usize;
        for (index, operator) in self.operators.iter().enumerate().skip(at) {
            if is_start(operator) {
                depth += 1;
            } else if operator[0] == END {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
        }
        None
    }
}

/// Where the header of the section is whose contents start here: an id, and a length of any size.
fn header(wasm: &[u8], contents: usize) -> Option<usize> {
    const CODE: u8 = 10;
    let last = contents.checked_sub(1)?;
    (2..=6).map(|back| contents.checked_sub(back)).find(|at| {
        at.is_some_and(|at| {
            wasm[at] == CODE
                && wasm[at + 1..last].iter().all(|byte| byte & 0x80 != 0)
                && wasm[last] & 0x80 == 0
        })
    })?
}

/// How far operators lie apart that are tried together.
const MOST_APART: usize = 60;

const UNREACHABLE: u8 = 0;
const END: u8 = 0x0b;

/// The simplest operators that put a value, by type; the last one puts none.
const CONSTANTS: [&[u8]; 8] = [
    // i32.const 0, i64.const 0
    &[0x41, 0],
    &[0x42, 0],
    &[0x43, 0, 0, 0, 0],
    &[0x44, 0, 0, 0, 0, 0, 0, 0, 0],
    // ref.null func, ref.null extern
    &[0xd0, 0x70],
    &[0xd0, 0x6f],
    // drop
    &[0x1a],
    &[UNREACHABLE],
];
