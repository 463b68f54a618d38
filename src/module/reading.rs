//! One body, operator by operator: each is noted, then validated.

use super::{
    bodies::Growing,
    labels::Labels,
    needs::{Needs, proposal_of},
    signatures::{Signature, Signatures},
};
use crate::proposal::Proposal;
use alloc::collections::BTreeSet;
use wasmparser::{
    BinaryReader, BinaryReaderError, BlockType, BrTable, FuncValidator, ValidatorResources,
    VisitOperator,
};

/// What is known in the middle of a body.
pub(super) struct Reading<'a> {
    pub(super) validator: FuncValidator<ValidatorResources>,
    /// Where the operator stands.
    pub(super) offset: usize,
    pub(super) signatures: &'a Signatures,
    pub(super) labels: &'a mut Labels,
    /// What the function returns.
    pub(super) results: Signature,
    /// What all bodies carry so far.
    pub(super) carried: &'a mut u64,
    pub(super) most_carried: u64,
    pub(super) most_depth: u64,
    pub(super) growing: &'a mut BTreeSet<Growing>,
    pub(super) needs: &'a mut Needs,
    pub(super) grows: bool,
    /// Whether no block has parameters, and none and no branch has more than one result or a vector.
    pub(super) is_normal: bool,
    /// Where a comparison with zero may stand, or the last of the `nop`s behind it.
    pub(super) compared_at: Option<usize>,
    /// Whether a `select` stands right behind such a comparison.
    pub(super) has_selects: bool,
    pub(super) has_tail_calls: bool,
}

impl Reading<'_> {
    /// Reads the locals, which stand before the operators.
    pub(super) fn read_locals(
        &mut self,
        reader: &mut BinaryReader<'_>,
    ) -> Result<(), BinaryReaderError> {
        for _ in 0..reader.read_var_u32()? {
            let offset = reader.original_position();
            let (number, ty) = (reader.read()?, reader.read()?);
            self.needs.note_value_type(ty);
            self.validator.define_locals(offset, number, ty)?;
        }
        Ok(())
    }

    /// Whether more is carried or nested than may be: then nothing is validated, which would take as long.
    pub(super) fn is_only_counted(&self) -> bool {
        *self.carried > self.most_carried || self.labels.deepest() > self.most_depth
    }

    fn carry(&mut self, values: u64) {
        *self.carried = self.carried.saturating_add(values);
    }

    /// Opens a block; a branch to it carries its results, or, where it is a loop, its parameters.
    fn open(&mut self, ty: BlockType, is_loop: bool) {
        match ty {
            BlockType::Empty => {
                return self.labels.open(0);
            }
            BlockType::Type(ty) => self.needs.note_value_type(ty),
            BlockType::FuncType(_) => self.needs.note(Proposal::MultiValue),
        }
        let signature = self.signatures.of_block(ty);
        self.is_normal &= signature.params == 0 && signature.is_simple;
        self.carry(signature.params);
        if is_loop {
            // Its end gives the results, whatever a branch to it carries.
            self.carry(signature.results);
            self.labels.open(signature.params);
        } else {
            self.labels.open(signature.results);
        }
    }

    fn end(&mut self) {
        let values = self.labels.close();
        self.carry(values);
    }

    fn branch(&mut self, depth: u32) {
        if !self.results.is_simple && self.labels.is_outermost(depth) {
            self.is_normal = false;
        }
        self.carry(self.labels.at(depth));
    }

    fn branch_by(&mut self, table: &BrTable<'_>) {
        self.branch(table.default());
        // They were read before, or there would be no table.
        for depth in table.targets().map_while(Result::ok) {
            self.branch(depth);
        }
    }

    fn call(&mut self, signature: Signature) {
        self.carry(signature.params.saturating_add(signature.results));
    }

    fn tail_call(&mut self, signature: Signature) {
        self.has_tail_calls = true;
        self.carry(signature.params);
    }

    /// Whether the operator before, which takes one byte, was a comparison with zero.
    fn is_compared(&self) -> bool {
        self.compared_at
            .is_some_and(|at| at.saturating_add(1) == self.offset)
    }

    fn compare(&mut self) {
        self.compared_at = Some(self.offset);
    }

    fn nop(&mut self) {
        if self.is_compared() {
            self.compare();
        }
    }

    fn select(&mut self) {
        self.has_selects |= self.is_compared();
    }

    fn grow(&mut self, what: Growing) {
        self.grows = true;
        self.growing.insert(what);
    }
}

/// What an operator with these operands does to `$reading`, before it is validated; most do nothing.
macro_rules! note {
    ($reading:ident, Block, $ty:ident) => {
        $reading.open($ty, false)
    };
    ($reading:ident, If, $ty:ident) => {
        $reading.open($ty, false)
    };
    ($reading:ident, Loop, $ty:ident) => {
        $reading.open($ty, true)
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
        $reading.carry($reading.results.results)
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
    ($reading:ident, I32Eqz) => {
        $reading.compare()
    };
    ($reading:ident, I32Eq) => {
        $reading.compare()
    };
    ($reading:ident, I32Ne) => {
        $reading.compare()
    };
    ($reading:ident, Nop) => {
        $reading.nop()
    };
    ($reading:ident, Select) => {
        $reading.select()
    };
    ($reading:ident, TypedSelect, $ty:ident) => {
        $reading.select()
    };
    ($reading:ident, MemoryGrow, $memory:ident) => {
        $reading.grow(Growing::Memory($memory))
    };
    ($reading:ident, TableGrow, $table:ident) => {
        $reading.grow(Growing::Table($table))
    };
    ($($other:tt)*) => {};
}

/// The methods of a visitor, as wasmparser lists them.
macro_rules! visit {
    ($validator:ident: $( @$tag:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*) )*) => {
        $(
            #[inline]
            fn $visit(&mut self $($(, $arg: $ty)*)?) -> Self::Output {
                if let Some(proposal) = proposal_of!($tag) {
                    self.needs.note(proposal);
                }
                note!(self, $op $($(, $arg)*)?);
                if self.is_only_counted() {
                    return Ok(());
                }
                self.validator.$validator(self.offset).$visit($($($arg),*)?)
            }
        )*
    };
}

macro_rules! visit_operators {
    ($($all:tt)*) => {
        visit!(visitor: $($all)*);
    };
}

impl<'a> VisitOperator<'a> for Reading<'_> {
    type Output = Result<(), BinaryReaderError>;

    #[cfg(feature = "simd")]
    fn simd_visitor(
        &mut self,
    ) -> Option<&mut dyn wasmparser::VisitSimdOperator<'a, Output = Self::Output>> {
        Some(self)
    }

    wasmparser::for_each_visit_operator!(visit_operators);
}

#[cfg(feature = "simd")]
macro_rules! visit_simd_operators {
    ($($all:tt)*) => {
        visit!(simd_visitor: $($all)*);
    };
}

#[cfg(feature = "simd")]
impl<'a> wasmparser::VisitSimdOperator<'a> for Reading<'_> {
    wasmparser::for_each_visit_simd_operator!(visit_simd_operators);
}
