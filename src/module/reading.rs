//! The reading of one body, operator by operator: each is noted, then validated.

use super::{
    bodies::Growing,
    labels::Labels,
    needs::{Needs, proposal_of},
    schedule::{CALL_FUEL, fuel_of},
    signatures::{Signature, Signatures},
    stretches::{Cut, Stretches, operands},
    weight::count,
};
use crate::proposal::Proposal;
use alloc::{boxed::Box, collections::BTreeSet};
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
    pub(super) stretches: &'a mut Stretches,
    /// What the function returns.
    pub(super) results: Signature,
    /// What all bodies carry so far.
    pub(super) carried: &'a mut u64,
    pub(super) most_carried: u64,
    pub(super) most_depth: u64,
    /// Whether more is carried or nested than may be: then nothing is validated, which would take as long.
    pub(super) is_only_counted: bool,
    pub(super) growing: &'a mut BTreeSet<Growing>,
    pub(super) needs: &'a mut Needs,
    pub(super) grows: bool,
    /// Whether no block has parameters, and none and no branch has more than one result or a vector.
    pub(super) is_normal: bool,
    /// Where a comparison with zero may stand, or the last of the `nop`s after it.
    pub(super) compared_at: Option<usize>,
    /// Whether a `select` comes right after such a comparison.
    pub(super) has_selects: bool,
    pub(super) has_tail_calls: bool,
    /// Whether it makes a reference to an imported function, or ends in a call of one.
    pub(super) leads_to_imports: bool,
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

    fn carry(&mut self, values: u64) {
        *self.carried = self.carried.saturating_add(values);
        self.is_only_counted |= *self.carried > self.most_carried;
    }

    /// Opens a block, a branch to which carries so much.
    fn open_label(&mut self, carried: u64) {
        self.labels.open(carried);
        self.is_only_counted |= self.labels.deepest() > self.most_depth;
    }

    /// Notes what normal form adds where so many values are carried: once set, often read too.
    fn move_all(&mut self, values: u64, times: u64) {
        if values > 0 {
            // One more for a condition that has to step aside.
            let moves = values.saturating_mul(times).saturating_add(2);
            self.stretches.add_moves(moves);
        }
    }

    /// Cuts the code before the operator, if there is room for what is on the stack.
    #[cold]
    fn cut(&mut self) {
        if self.is_only_counted || self.stretches.is_dead() {
            return;
        }
        let Some(block) = self.validator.get_control_frame(0) else {
            return;
        };
        let height = usize::try_from(self.validator.operand_stack_height()).unwrap_or(usize::MAX);
        let operands = height.saturating_sub(block.height);
        if !self.stretches.can_cut(count(operands)) {
            return;
        }
        let types = (0..operands).rev();
        let types = types.map(|depth| self.validator.get_operand_type(depth).flatten());
        if let Some(operands) = types.collect::<Option<Box<_>>>() {
            self.carry(count(operands.len()));
            let at = self.offset;
            self.stretches.cut(Cut { at, operands });
        }
    }

    fn open_block(&mut self, ty: BlockType) {
        self.stretches.open();
        self.open(ty, false);
    }

    fn open_loop(&mut self, ty: BlockType) {
        self.stretches.open_entered();
        self.open(ty, true);
    }

    fn open_if(&mut self, ty: BlockType) {
        self.stretches.open_if();
        self.open(ty, false);
    }

    fn begin_else(&mut self) {
        self.move_all(self.labels.at(0), 1);
        self.branch(0);
        self.stretches.begin_else();
    }

    /// Notes what a block carries: a branch to it its results, or, where it is a loop, its parameters.
    fn open(&mut self, ty: BlockType, is_loop: bool) {
        match ty {
            BlockType::Empty => {
                return self.open_label(0);
            }
            BlockType::Type(ty) => self.needs.note_value_type(ty),
            BlockType::FuncType(_) => self.needs.note(Proposal::MultiValue),
        }
        let signature = self.signatures.of_block(ty);
        self.is_normal &= signature.params == 0 && signature.is_simple;
        self.carry(signature.params);
        self.move_all(signature.params, 2);
        if is_loop {
            // Its end gives the results, whatever a branch to it carries.
            self.carry(signature.results);
            self.open_label(signature.params);
        } else {
            self.open_label(signature.results);
        }
    }

    fn end(&mut self) {
        let values = self.labels.close();
        self.carry(values);
        self.move_all(values, 4);
        self.stretches.end();
    }

    fn branch_always(&mut self, depth: u32) {
        self.move_all(self.labels.at(depth), 1);
        self.branch(depth);
        self.stretches.leave();
    }

    fn branch_if(&mut self, depth: u32) {
        self.move_all(self.labels.at(depth), 2);
        self.branch(depth);
    }

    fn branch(&mut self, depth: u32) {
        if !self.results.is_simple && self.labels.is_outermost(depth) {
            self.is_normal = false;
        }
        self.carry(self.labels.at(depth));
    }

    fn branch_by(&mut self, table: &BrTable<'_>) {
        self.branch_always(table.default());
        // They were read before, or there would be no table.
        for depth in table.targets().map_while(Result::ok) {
            self.branch(depth);
        }
    }

    fn call(&mut self, signature: Signature) {
        self.carry(signature.params.saturating_add(signature.results));
        self.stretches.push_computed(signature.results);
    }

    fn return_values(&mut self) {
        self.carry(self.results.results);
        self.stretches.leave();
    }

    fn tail_call_of(&mut self, function: u32) {
        self.tail_call(self.signatures.of_function(function));
        self.lead_to(function);
    }

    /// Notes a reference to `function`, or a call of it in tail position.
    fn lead_to(&mut self, function: u32) {
        self.leads_to_imports |= self.signatures.is_imported(function);
    }

    fn tail_call(&mut self, signature: Signature) {
        self.has_tail_calls = true;
        self.carry(signature.params);
        self.stretches.leave();
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
        // It becomes a call.
        self.stretches.add(CALL_FUEL);
    }
}

/// What an operator with these operands does to `$reading`, before it is validated; most do nothing.
macro_rules! note {
    ($reading:ident, Block, $ty:ident) => {
        $reading.open_block($ty)
    };
    ($reading:ident, If, $ty:ident) => {
        $reading.open_if($ty)
    };
    ($reading:ident, Loop, $ty:ident) => {
        $reading.open_loop($ty)
    };
    ($reading:ident, Else) => {
        $reading.begin_else()
    };
    ($reading:ident, End) => {
        $reading.end()
    };
    ($reading:ident, Br, $depth:ident) => {
        $reading.branch_always($depth)
    };
    ($reading:ident, BrIf, $depth:ident) => {
        $reading.branch_if($depth)
    };
    ($reading:ident, BrTable, $table:ident) => {
        $reading.branch_by(&$table)
    };
    ($reading:ident, Unreachable) => {
        $reading.stretches.leave()
    };
    ($reading:ident, Return) => {
        $reading.return_values()
    };
    ($reading:ident, LocalGet, $local:ident) => {
        $reading.stretches.push_computed(1)
    };
    ($reading:ident, Call, $function:ident) => {
        $reading.call($reading.signatures.of_function($function))
    };
    ($reading:ident, CallIndirect, $ty:ident, $table:ident) => {
        $reading.call($reading.signatures.of($ty))
    };
    ($reading:ident, ReturnCall, $function:ident) => {
        $reading.tail_call_of($function)
    };
    ($reading:ident, ReturnCallIndirect, $ty:ident, $table:ident) => {
        $reading.tail_call($reading.signatures.of($ty))
    };
    ($reading:ident, RefFunc, $function:ident) => {
        $reading.lead_to($function)
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

/// Whether code can be cut before an operator.
macro_rules! is_place {
    (Else) => {
        false
    };
    (End) => {
        false
    };
    ($op:ident) => {
        true
    };
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
                const FUEL: u8 = fuel_of(stringify!($op));
                if is_place!($op) && self.stretches.is_cut_due() {
                    self.cut();
                }
                self.stretches.add(FUEL);
                operands!(self, $op, $($arity)*);
                note!(self, $op $($(, $arg)*)?);
                if self.is_only_counted {
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
