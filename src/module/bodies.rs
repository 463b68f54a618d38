//! The bodies of functions, read once before anything is compiled.
//!
//! Two things are looked for that only reading every operator can tell. A branch can carry as many values
//! as a type names, which is cheap to write and dear to compile, so all that is carried is counted. And
//! operators behind the end of a body, which are invalid, must not reach the interpreter: wasmi 2.0.0
//! translates each operator as it is validated, is told of these only after the last one, and panics at
//! the end of a block among them.

use super::signatures::{Signature, Signatures};
use alloc::vec::Vec;
use wasmparser::{BinaryReaderError, BlockType, BrTable, FunctionBody, Payload, VisitOperator};

/// What is in all bodies read so far.
#[derive(Default)]
pub(super) struct Bodies {
    signatures: Signatures,
    labels: Labels,
    /// How many values all branches, calls and blocks carry.
    pub(super) carried: u64,
    /// Whether one grows a memory or a table.
    pub(super) grow: bool,
    /// Whether one ends in a call that takes its place.
    pub(super) have_tail_calls: bool,
    /// Where the first operator stands that cannot be read, or is behind the end of its body.
    pub(super) malformed: Option<usize>,
    /// How many were read.
    number: usize,
}

impl Bodies {
    /// Reads the body that `payload` has, or what bodies refer to. Once one is malformed, no more is read.
    pub(super) fn read(&mut self, payload: &Payload<'_>) {
        if self.malformed.is_some() {
            return;
        }
        let read = if let Payload::CodeSectionEntry(body) = payload {
            self.read_body(body)
        } else {
            self.signatures.read(payload)
        };
        if let Err(error) = read {
            self.malformed = Some(error.offset());
        }
    }

    /// The most values that a call or a branch to any block could carry.
    pub(super) fn most_carried(&self) -> u64 {
        self.signatures.widest()
    }

    /// Index of the function whose body was read last, counted with imported ones.
    pub(super) fn last(&self) -> Option<u32> {
        let own = self.number.checked_sub(1)?;
        u32::try_from(self.signatures.index_of_own(own)).ok()
    }

    fn read_body(&mut self, body: &FunctionBody<'_>) -> Result<(), BinaryReaderError> {
        let mut operators = body.get_operators_reader()?;
        let (_, results) = self.signatures.of_own_function(self.number);
        self.number = self.number.saturating_add(1);
        self.labels.0.clear();
        self.labels.open(results);
        let mut reading = Reading {
            signatures: &self.signatures,
            labels: &mut self.labels,
            results,
            carried: 0,
            grows: false,
            has_tail_calls: false,
        };
        while !operators.eof() && reading.labels.are_open() {
            operators.visit_operator(&mut reading)?;
        }
        self.carried = self.carried.saturating_add(reading.carried);
        self.grow |= reading.grows;
        self.have_tail_calls |= reading.has_tail_calls;
        if !operators.eof() {
            self.malformed = Some(operators.original_position());
        }
        Ok(())
    }
}

/// What is known of a body amid it.
struct Reading<'a> {
    signatures: &'a Signatures,
    labels: &'a mut Labels,
    /// How many values the function returns.
    results: u64,
    carried: u64,
    grows: bool,
    has_tail_calls: bool,
}

impl Reading<'_> {
    fn carry(&mut self, values: u64) {
        self.carried = self.carried.saturating_add(values);
    }

    fn open_block(&mut self, ty: BlockType) {
        let (params, results) = self.signatures.of_block(ty);
        self.carry(params);
        self.labels.open(results);
    }

    fn open_loop(&mut self, ty: BlockType) {
        let (params, _) = self.signatures.of_block(ty);
        self.carry(params);
        self.labels.open(params);
    }

    fn end(&mut self) {
        let values = self.labels.close();
        self.carry(values);
    }

    fn branch(&mut self, depth: u32) {
        self.carry(self.labels.at(depth));
    }

    fn branch_by(&mut self, table: &BrTable<'_>) {
        self.branch(table.default());
        // They were read before, or there would be no table.
        for depth in table.targets().map_while(Result::ok) {
            self.branch(depth);
        }
    }

    fn call(&mut self, (params, results): Signature) {
        self.carry(params.saturating_add(results));
    }

    fn tail_call(&mut self, (params, _): Signature) {
        self.has_tail_calls = true;
        self.carry(params);
    }
}

/// What an operator with these operands does to `$reading`; most do nothing.
macro_rules! note {
    ($reading:ident, Block, $ty:ident) => {
        $reading.open_block($ty)
    };
    ($reading:ident, If, $ty:ident) => {
        $reading.open_block($ty)
    };
    ($reading:ident, Loop, $ty:ident) => {
        $reading.open_loop($ty)
    };
    ($reading:ident, Else) => {
        $reading.branch(0)
    };
    ($reading:ident, End) => {
        $reading.end()
    };
    ($reading:ident, Br, $depth:ident) => {
        $reading.branch($depth)
    };
    ($reading:ident, BrIf, $depth:ident) => {
        $reading.branch($depth)
    };
    ($reading:ident, BrTable, $table:ident) => {
        $reading.branch_by(&$table)
    };
    ($reading:ident, Return) => {
        $reading.carry($reading.results)
    };
    ($reading:ident, Call, $function:ident) => {
        $reading.call($reading.signatures.of_function($function))
    };
    ($reading:ident, CallIndirect, $ty:ident, $table:ident) => {
        $reading.call($reading.signatures.of($ty))
    };
    ($reading:ident, ReturnCall, $function:ident) => {
        $reading.tail_call($reading.signatures.of_function($function))
    };
    ($reading:ident, ReturnCallIndirect, $ty:ident, $table:ident) => {
        $reading.tail_call($reading.signatures.of($ty))
    };
    ($reading:ident, MemoryGrow, $memory:ident) => {
        $reading.grows = true
    };
    ($reading:ident, TableGrow, $table:ident) => {
        $reading.grows = true
    };
    ($($other:tt)*) => {};
}

/// The methods of a visitor, as wasmparser lists them.
macro_rules! visit {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*) )*) => {
        $(
            #[inline]
            fn $visit(&mut self $($(, $arg: $ty)*)?) {
                $( $( let _ = &$arg; )* )?
                note!(self, $op $($(, $arg)*)?);
            }
        )*
    };
}

impl<'a> VisitOperator<'a> for Reading<'_> {
    type Output = ();

    #[cfg(feature = "simd")]
    fn simd_visitor(&mut self) -> Option<&mut dyn wasmparser::VisitSimdOperator<'a, Output = ()>> {
        Some(self)
    }

    wasmparser::for_each_visit_operator!(visit);
}

#[cfg(feature = "simd")]
impl<'a> wasmparser::VisitSimdOperator<'a> for Reading<'_> {
    wasmparser::for_each_visit_simd_operator!(visit);
}

/// What a branch to each open block carries, outermost first.
#[derive(Default)]
struct Labels(Vec<u64>);

impl Labels {
    fn open(&mut self, carried: u64) {
        self.0.push(carried);
    }

    fn close(&mut self) -> u64 {
        self.0.pop().unwrap_or_default()
    }

    fn are_open(&self) -> bool {
        !self.0.is_empty()
    }

    /// What a branch to the block at `depth` carries, the innermost at 0.
    fn at(&self, depth: u32) -> u64 {
        let depth = usize::try_from(depth).unwrap_or(usize::MAX);
        self.0.iter().nth_back(depth).copied().unwrap_or_default()
    }
}

#[cfg(all(test, feature = "wat"))]
mod tests {
    use super::*;
    use wasmparser::Parser;

    fn read(wasm: &[u8]) -> Bodies {
        let mut bodies = Bodies::default();
        for payload in Parser::new(0).parse_all(wasm) {
            bodies.read(&payload.expect("its sections can be told apart"));
        }
        bodies
    }

    fn read_text(text: &str) -> Bodies {
        read(&wat::parse_str(text).expect("the text is valid"))
    }

    #[test]
    fn what_one_body_has_stays_when_the_next_has_none() {
        let bodies = read_text(
            r#"(module
                (memory 1)
                (func (drop (memory.grow (i32.const 0))))
                (func $two (result i32 i32) (i32.const 0) (i32.const 0))
                (func (result i32 i32) (return_call $two))
                (func))"#,
        );
        assert!(bodies.grow);
        assert!(bodies.have_tail_calls);
        // The ends of the two functions that return two.
        assert_eq!(bodies.carried, 4);
        assert_eq!(bodies.malformed, None);
    }

    #[test]
    fn nothing_is_seen_where_there_is_nothing() {
        let bodies = read_text("(module (memory 1) (func (drop (memory.size))))");
        assert!(!bodies.grow);
        assert!(!bodies.have_tail_calls);
        assert_eq!(bodies.carried, 0);
    }

    #[test]
    fn both_kinds_of_growth_are_seen() {
        let table =
            "(module (table 1 funcref) (func (drop (table.grow (ref.null func) (i32.const 1)))))";
        assert!(read_text(table).grow);
        let memory = "(module (memory 1) (func (drop (memory.grow (i32.const 1)))))";
        assert!(read_text(memory).grow);
    }

    #[test]
    fn own_functions_come_after_imported_ones() {
        let bodies = read_text(
            r#"(module
                (import "a" "b" (func (param i32) (result i32 i32 i32)))
                (func (result i32) (i32.const 0)))"#,
        );
        assert_eq!(bodies.carried, 1);
    }

    #[test]
    fn what_cannot_be_read_is_told_by_where_it_stands() {
        const UNKNOWN: u8 = 0xff;
        let mut wasm = wat::parse_str("(module (func nop))").expect("the text is valid");
        let nop = wasm.len() - 2;
        wasm[nop] = UNKNOWN;
        assert_eq!(read(&wasm).malformed, Some(nop));
    }
}
