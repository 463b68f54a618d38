//! The bodies of functions: each operator is validated and looked at in one pass.
//!
//! What is looked for only reading every operator can tell. A branch can carry as many values as a type names, which
//! is short to write and expensive to validate and to compile, so all that is carried is counted before that. And
//! what the interpreter cannot run as it is written is noted, so that it is rewritten: growths, and control flow
//! that it miscompiles.

use super::{
    labels::Labels,
    needs::Needs,
    reading::Reading,
    signatures::Signatures,
    stretches::{Cut, Overfull, Stretches},
    weight::above,
};
use crate::{error::Error, module_limits::ModuleLimits};
use alloc::{collections::BTreeSet, vec::Vec};
use core::ops::Range;
use wasmparser::{
    BinaryReaderError, FuncToValidate, FuncValidatorAllocations, FunctionBody, ValidatorResources,
};

/// What is in all bodies read so far.
pub(super) struct Bodies {
    labels: Labels,
    stretches: Stretches,
    allocations: FuncValidatorAllocations,
    /// How many values all branches, calls and blocks carry.
    pub(super) carried: u64,
    /// Whether more is carried or nested than may be.
    is_only_counted: bool,
    /// The memories and tables that grow.
    pub(super) growing: BTreeSet<Growing>,
    /// Those that are rewritten, in order.
    pub(super) rewritten: Vec<Rewritten>,
    /// Whether one ends in a call that takes its place.
    pub(super) have_tail_calls: bool,
}

/// A memory or a table that grows, by its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Growing {
    Memory(u32),
    Table(u32),
}

/// A body that is rewritten.
pub(super) struct Rewritten {
    /// The index of its function.
    pub(super) function: u32,
    /// Where it stands in the module, without its length.
    pub(super) range: Range<usize>,
    /// Whether a memory or a table grows in it.
    grows: bool,
    /// Whether its control flow is brought into normal form.
    pub(super) is_lowered: bool,
    /// Whether comparisons and the `select`s that they decide are kept apart.
    pub(super) has_selects: bool,
    /// Whether it makes a reference to an imported function, or ends in a call of one. It is rewritten for that alone
    /// only in a module with tail calls.
    pub(super) leads_to_imports: bool,
    /// Where it is cut, because more fuel would be charged in one go than may be. It is lowered too then.
    pub(super) cuts: Option<Vec<Cut>>,
}

impl Rewritten {
    /// Whether it has what the interpreter miscompiles, or charges too much for in one go.
    pub(super) fn is_repaired(&self) -> bool {
        self.is_lowered || self.has_selects
    }

    /// Whether anything of it changes in a module that has tail calls, or none.
    fn is_changed(&self, has_tail_calls: bool) -> bool {
        self.grows || self.is_repaired() || (self.leads_to_imports && has_tail_calls)
    }
}

/// Why a body is not admitted.
pub(super) enum Refusal {
    Invalid(BinaryReaderError),
    /// With the place of the operator that could not be read.
    Unreadable(BinaryReaderError, usize),
    Limit(Error),
}

impl Bodies {
    pub(super) fn new(limits: &ModuleLimits) -> Self {
        Self {
            labels: Labels::default(),
            stretches: Stretches::new(limits.stretch_fuel, limits.stretch_operands),
            allocations: FuncValidatorAllocations::default(),
            carried: 0,
            is_only_counted: false,
            growing: BTreeSet::new(),
            rewritten: Vec::new(),
            have_tail_calls: false,
        }
    }

    /// Forgets those of which nothing changes, once all are read.
    pub(super) fn finish(&mut self) {
        let have_tail_calls = self.have_tail_calls;
        self.rewritten
            .retain(|body| body.is_changed(have_tail_calls));
    }

    /// The most blocks within blocks of any of them.
    pub(super) fn deepest(&self) -> u64 {
        self.labels.deepest()
    }

    /// Validates a body, and notes what it has.
    ///
    /// Once they carry or nest more than `limits` allow, the rest is only counted: the module is refused, with what
    /// it has in all.
    ///
    /// # Errors
    /// The validator's; [`Error::ModuleLimit`] where a stretch that is too long cannot be cut.
    pub(super) fn read(
        &mut self,
        function: FuncToValidate<ValidatorResources>,
        body: &FunctionBody<'_>,
        signatures: &Signatures,
        limits: &ModuleLimits,
        needs: &mut Needs,
    ) -> Result<(), Refusal> {
        let index = function.index;
        let results = signatures.of_function(index);
        self.labels.begin(results.results);
        self.stretches.begin();
        let mut reader = body.get_binary_reader();
        reader.set_features(function.features);
        let allocations = core::mem::take(&mut self.allocations);
        let mut reading = Reading {
            validator: function.into_validator(allocations),
            offset: 0,
            signatures,
            labels: &mut self.labels,
            stretches: &mut self.stretches,
            results,
            carried: &mut self.carried,
            most_carried: limits.carried_values,
            most_depth: limits.block_depth,
            is_only_counted: self.is_only_counted,
            growing: &mut self.growing,
            needs,
            grows: false,
            is_normal: true,
            compared_at: None,
            has_selects: false,
            has_tail_calls: false,
            leads_to_imports: false,
        };
        reading.read_locals(&mut reader)?;
        while !reader.eof() {
            reading.offset = reader.original_position();
            match reader.visit_operator(&mut reading) {
                Ok(valid) => valid?,
                Err(error) => return Err(Refusal::Unreadable(error, reading.offset)),
            }
        }
        if !reading.is_only_counted {
            reading.validator.finish(reader.original_position())?;
        }
        self.have_tail_calls |= reading.has_tail_calls && !limits.keeps_faults;
        self.is_only_counted = reading.is_only_counted;
        let mut rewritten = Rewritten {
            function: index,
            range: body.range(),
            is_lowered: !reading.is_normal && !limits.keeps_faults,
            has_selects: reading.has_selects && !limits.keeps_faults,
            grows: reading.grows,
            leads_to_imports: reading.leads_to_imports,
            cuts: None,
        };
        if !limits.keeps_faults {
            let cuts = reading.stretches.finish(reading.is_normal);
            rewritten.cuts = cuts.map_err(|Overfull(operands)| {
                Refusal::Limit(above("stretch_operands", limits.stretch_operands, operands))
            })?;
            rewritten.is_lowered |= rewritten.cuts.is_some();
        }
        if rewritten.is_changed(true) {
            self.rewritten.push(rewritten);
        }
        self.allocations = reading.validator.into_allocations();
        Ok(())
    }
}

impl From<BinaryReaderError> for Refusal {
    fn from(error: BinaryReaderError) -> Self {
        Self::Invalid(error)
    }
}

#[cfg(all(test, feature = "wat"))]
mod tests {
    use super::*;
    use crate::{
        module::outline::{Outline, outline},
        proposal::Proposal,
    };
    use alloc::format;

    fn read(text: &str) -> Outline {
        let wasm = wat::parse_str(text).expect("the text is readable");
        let limits = ModuleLimits::default().allow(Proposal::TailCall);
        outline(&wasm, &limits).expect("the module is valid")
    }

    /// Whether the only function of a module, with this head and body, is brought into normal form.
    fn is_lowered(function: &str) -> bool {
        let outline = read(&format!(
            "(module (type $ii (func (param i32) (result i32))) (func {function}))"
        ));
        outline.bodies.rewritten.iter().any(|body| body.is_lowered)
    }

    #[test]
    fn what_one_body_has_stays_when_the_next_has_none() {
        let outline = read(
            r#"(module
                (memory 1)
                (func (drop (memory.grow (i32.const 0))))
                (func $two (result i32 i32) (i32.const 0) (i32.const 0))
                (func (result i32 i32) (return_call $two))
                (func))"#,
        );
        assert!(outline.bodies.growing.contains(&Growing::Memory(0)));
        assert!(outline.bodies.have_tail_calls);
        // The ends of the two functions that return two.
        assert_eq!(outline.bodies.carried, 4);
        let rewritten: Vec<_> = outline
            .bodies
            .rewritten
            .iter()
            .map(|body| body.function)
            .collect();
        assert_eq!(rewritten, [0]);
    }

    #[test]
    fn nothing_is_seen_where_there_is_nothing() {
        let bodies = read("(module (memory 1) (func (drop (memory.size))))").bodies;
        assert!(bodies.growing.is_empty() && bodies.rewritten.is_empty());
        assert!(!bodies.have_tail_calls);
        assert_eq!(bodies.carried, 0);
    }

    #[test]
    fn both_kinds_of_growth_are_seen() {
        let outline = read(
            r#"(module (table 1 funcref) (memory 1)
                (func (drop (table.grow (ref.null func) (i32.const 1))))
                (func (drop (memory.grow (i32.const 1)))))"#,
        );
        let both = BTreeSet::from([Growing::Memory(0), Growing::Table(0)]);
        assert!(outline.bodies.growing == both);
    }

    #[test]
    fn own_functions_come_after_imported_ones() {
        let outline = read(
            r#"(module
                (import "a" "b" (func (param i32) (result i32 i32 i32)))
                (func (result i32) (i32.const 0)))"#,
        );
        assert_eq!(outline.bodies.carried, 1);
    }

    #[test]
    fn blocks_that_the_interpreter_miscompiles_are_lowered() {
        for function in [
            "(i32.const 0) (block (param i32) (drop))",
            "(i32.const 0) (loop (param i32) (drop))",
            "(i32.const 0) (i32.const 0) (if (param i32) (then (drop)) (else (drop)))",
            "(i32.const 0) (i32.const 0) (if (type $ii) (then)) (drop)",
            "(block (result i32 i32) (i32.const 0) (i32.const 0)) (drop) (drop)",
            "(result i32 i32) (i32.const 0) (i32.const 0) (br 0)",
            "(result i32 i32) (i32.const 0) (i32.const 0) (br_table 0 0 (i32.const 0))",
            "(unreachable) (loop (param i32) (drop))",
        ] {
            assert!(is_lowered(function), "{function}");
        }
    }

    #[test]
    #[cfg(all(feature = "simd", target_endian = "little"))]
    fn a_vector_is_as_much_as_several_values() {
        for (function, lowered) in [
            ("(block (result v128) (v128.const i64x2 0 0)) (drop)", true),
            (
                "(result v128) (v128.const i64x2 0 0) (br_if 0 (i32.const 0))",
                true,
            ),
            ("(result v128) (v128.const i64x2 0 0)", false),
        ] {
            assert_eq!(is_lowered(function), lowered, "{function}");
        }
    }

    #[test]
    fn selects_right_behind_a_comparison_with_zero_are_found() {
        let has_selects = |operators: &str| {
            let before = "(local i32) i32.const 1 i32.const 2 local.get 0";
            let outline = read(&format!("(module (func {before} {operators} drop))"));
            outline.bodies.rewritten.iter().any(|body| body.has_selects)
        };
        for operators in [
            "i32.eqz select",
            "i32.eqz nop nop select",
            "i32.const 0 i32.eq select",
            "i32.const 7 i32.ne (select (result i32))",
            "i32.clz i32.eqz nop select",
        ] {
            assert!(has_selects(operators), "{operators}");
        }
        for operators in [
            "select",
            "i32.eqz i32.clz select",
            "i32.const 0 i32.lt_u select",
            "i32.eqz drop drop",
        ] {
            assert!(!has_selects(operators), "{operators}");
        }
    }

    #[test]
    fn what_compilers_emit_stays_as_it_is() {
        for function in [
            "(block (br 0))",
            "(loop (br_if 0 (i32.const 0)))",
            "(drop (block (result i32) (i32.const 0) (br 0)))",
            "(drop (if (result i64) (i32.const 0) (then (i64.const 0)) (else (i64.const 1))))",
            "(result i32) (i32.const 0) (br_table 0 0 (i32.const 0))",
            // Several values at the end of a function and after `return` are not a branch.
            "(result i32 i32) (i32.const 0) (i32.const 0) (return)",
        ] {
            assert!(!is_lowered(function), "{function}");
        }
    }
}
