//! How much fuel the interpreter charges in one go, and where to cut code so that it is never too much.
//!
//! It charges for code where that is entered: at a function, a `loop` or an arm of an `if`, with all blocks in it.
//! Nothing stops a guest between two such places. So where more would be charged in one go than
//! `ModuleLimits::stretch_fuel`, places are found at which a `loop` that nobody branches to makes it charge for the
//! rest by itself.

use super::weight::count;
use alloc::{boxed::Box, vec::Vec};
use wasmparser::ValType;

/// What is charged in the bodies that are read, one after another.
pub(super) struct Stretches {
    /// The most fuel in one go.
    most: u64,
    /// From how much on code is cut.
    half: u64,
    /// The most operands at a cut.
    most_operands: u64,
    /// The blocks that are open, the function not counted.
    blocks: Vec<Block>,
    now: Charge,
    /// What operands are surely no constants for the interpreter, the topmost in the lowest bit.
    computed: u64,
    /// How many blocks are open in which nothing is reached, with the one where that begins; 0 where code is reached.
    dead: u64,
    /// The most that is charged in one go as the body is written, and in normal form.
    longest: u64,
    longest_lowered: u64,
    cuts: Vec<Cut>,
    /// The fewest operands at any place since a cut is due.
    fewest: Option<u64>,
    /// The same, of the stretch that has the most and no place for a cut.
    overfull: Option<u64>,
}

/// A place between two operators where code is cut.
pub(super) struct Cut {
    /// Where the operator behind it stands in the module.
    pub(super) at: usize,
    /// What the innermost block has on the stack there, the topmost last.
    pub(super) operands: Box<[ValType]>,
}

/// What is charged in one go so far.
#[derive(Clone, Copy, Default)]
struct Charge {
    /// As the body is written.
    written: u64,
    /// What normal form adds to that.
    added: u64,
    /// All of it since the last cut.
    since: u64,
}

/// An open block.
#[derive(Clone, Copy, Default)]
struct Block {
    /// The charge that is gone on with after its end, if it has one of its own.
    around: Option<Charge>,
    /// Else what was charged since the last cut when it was cut first: its cuts end where it does.
    before_cut: Option<u64>,
}

/// Why a body cannot be cut: so many operands are everywhere on the stack.
pub(super) struct Overfull(pub(super) u64);

impl Stretches {
    /// With at most `most` fuel in one go, cut at places with at most `most_operands`.
    pub(super) fn new(most: u64, most_operands: u64) -> Self {
        Self {
            most,
            half: most / 2,
            most_operands,
            blocks: Vec::new(),
            now: Charge::default(),
            computed: 0,
            dead: 0,
            longest: 0,
            longest_lowered: 0,
            cuts: Vec::new(),
            fewest: None,
            overfull: None,
        }
    }

    /// Begins a body.
    pub(super) fn begin(&mut self) {
        self.blocks.clear();
        self.cuts.clear();
        *self = Self {
            blocks: core::mem::take(&mut self.blocks),
            cuts: core::mem::take(&mut self.cuts),
            now: Charge::ENTERED,
            ..Self::new(self.most, self.most_operands)
        };
    }

    /// Ends a body; returns where it is cut, or `None` where nothing of it is too long.
    ///
    /// # Errors
    /// [`Overfull`].
    pub(super) fn finish(&mut self, is_normal: bool) -> Result<Option<Vec<Cut>>, Overfull> {
        self.note_longest();
        let longest = if is_normal {
            self.longest
        } else {
            self.longest_lowered
        };
        match self.overfull {
            _ if longest <= self.most => Ok(None),
            Some(fewest) => Err(Overfull(fewest)),
            None => Ok(Some(core::mem::take(&mut self.cuts))),
        }
    }

    /// Adds the price of an operator.
    #[inline]
    pub(super) fn add(&mut self, fuel: u8) {
        let fuel = u64::from(fuel);
        // The interpreter charges for it also where it is never reached. No module is long enough to overflow.
        self.now.written = self.now.written.wrapping_add(fuel);
        if self.dead == 0 {
            self.now.since = self.now.since.wrapping_add(fuel);
        }
    }

    /// Adds what normal form takes for `values` that are set, read, or both.
    #[inline]
    pub(super) fn add_moves(&mut self, values: u64) {
        self.now.added = self.now.added.saturating_add(values);
        if self.dead == 0 {
            self.now.since = self.now.since.saturating_add(values);
        }
    }

    /// Whether code shall be cut at the next place where it can be: from half of the most on, so that there are many.
    #[inline]
    pub(super) fn is_cut_due(&self) -> bool {
        self.now.since >= self.half
    }

    /// Whether nothing is reached here, so that nothing can be cut.
    pub(super) fn is_dead(&self) -> bool {
        self.dead > 0
    }

    /// Whether code can be cut where the innermost block has so many operands; notes it where not.
    pub(super) fn can_cut(&mut self, operands: u64) -> bool {
        if operands <= self.most_operands {
            return true;
        }
        let fewest = self.fewest.map_or(operands, |fewest| fewest.min(operands));
        self.fewest = Some(fewest);
        if self.now.since > self.most {
            self.overfull = self.overfull.max(Some(fewest));
        }
        false
    }

    pub(super) fn cut(&mut self, cut: Cut) {
        let operands = count(cut.operands.len());
        if let Some(block) = self.blocks.last_mut() {
            block.before_cut.get_or_insert(self.now.since);
        }
        self.now.since = operands.saturating_add(Charge::ENTERED.since);
        self.fewest = None;
        self.cuts.push(cut);
    }

    /// Opens a block that is paid for with what is around it.
    pub(super) fn open(&mut self) {
        if !self.opens_in_dead_code() {
            self.blocks.push(Block::default());
        }
        self.computed = 0;
    }

    /// Opens a block that is paid for by itself.
    pub(super) fn open_entered(&mut self) {
        if !self.opens_in_dead_code() {
            let around = core::mem::replace(&mut self.now, Charge::ENTERED);
            self.blocks.push(Block {
                around: Some(around),
                before_cut: None,
            });
        }
        self.computed = 0;
    }

    /// Opens an `if`: the interpreter leaves out the arm that is not taken where the condition is constant for it,
    /// and pays for the other one with what is around.
    pub(super) fn open_if(&mut self) {
        if self.computed & 1 == 1 {
            self.open_entered();
        } else {
            self.open();
        }
    }

    /// Ends the first arm of an `if`.
    pub(super) fn begin_else(&mut self) {
        if self.dead > 1 {
            return;
        }
        self.end();
        self.open_entered();
    }

    /// Ends a block, or the function.
    pub(super) fn end(&mut self) {
        self.computed = 0;
        if self.dead > 1 {
            self.dead = self.dead.saturating_sub(1);
            return;
        }
        self.dead = 0;
        let Some(block) = self.blocks.pop() else {
            return;
        };
        if let Some(around) = block.around {
            self.note_longest();
            self.now = around;
        } else if let Some(since) = block.before_cut {
            self.now.since = since;
        }
    }

    /// Notes that nothing is reached until the innermost block ends.
    pub(super) fn leave(&mut self) {
        self.dead = self.dead.max(1);
    }

    /// Notes an operator of so many operands that pushes so many, whose results are constant only if those are.
    #[inline]
    pub(super) fn replace(&mut self, operands: u32, results: u32) {
        let low = |bits: u32| 1_u64.checked_shl(bits).unwrap_or(0).wrapping_sub(1);
        let is_computed = self.computed & low(operands) != 0;
        self.computed = self.computed.checked_shr(operands).unwrap_or(0);
        self.computed = self.computed.checked_shl(results).unwrap_or(0);
        if is_computed && results == 1 {
            self.computed |= 1;
        }
    }

    /// Notes that so many results are computed.
    #[inline]
    pub(super) fn push_computed(&mut self, results: u64) {
        for _ in 0..results.min(u64::from(u64::BITS)) {
            self.computed = self.computed << 1 | 1;
        }
    }

    /// Notes that nothing is known about the operands.
    pub(super) fn forget(&mut self) {
        self.computed = 0;
    }

    fn opens_in_dead_code(&mut self) -> bool {
        if self.dead == 0 {
            return false;
        }
        self.dead = self.dead.saturating_add(1);
        true
    }

    fn note_longest(&mut self) {
        let Charge { written, added, .. } = self.now;
        self.longest = self.longest.max(written);
        self.longest_lowered = self.longest_lowered.max(written.saturating_add(added));
    }
}

impl Charge {
    /// On entry.
    const ENTERED: Self = Self {
        written: 1,
        added: 0,
        since: 1,
    };
}

/// What an operator that takes and gives so many operands makes of what is known about them. Those that follow no
/// such rule say so themselves, or know nothing.
macro_rules! operands {
    ($reading:ident, LocalGet, $($arity:tt)*) => {};
    ($reading:ident, $op:ident, arity 0 -> 0) => {};
    ($reading:ident, $op:ident, arity 0 -> 1) => {
        $reading.stretches.replace(0, 1)
    };
    ($reading:ident, $op:ident, arity 1 -> 0) => {
        $reading.stretches.replace(1, 0)
    };
    ($reading:ident, $op:ident, arity 1 -> 1) => {};
    ($reading:ident, $op:ident, arity 2 -> 0) => {
        $reading.stretches.replace(2, 0)
    };
    ($reading:ident, $op:ident, arity 2 -> 1) => {
        $reading.stretches.replace(2, 1)
    };
    ($reading:ident, BrIf, $($arity:tt)*) => {
        $reading.stretches.replace(1, 0)
    };
    ($reading:ident, If, $($arity:tt)*) => {};
    ($reading:ident, $op:ident, $($arity:tt)*) => {
        $reading.stretches.forget()
    };
}
pub(super) use operands;

#[cfg(test)]
mod tests {
    use crate::module::schedule::{PRICES, USUAL_FUEL, fuel_of, is_same};
    use alloc::vec::Vec;

    macro_rules! names {
        ($( @$tag:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($arity:tt)*) )*) => {
            [$(stringify!($op)),*]
        };
    }

    #[test]
    fn every_price_is_that_of_an_operator() {
        let mut operators = Vec::from(wasmparser::for_each_visit_operator!(names));
        #[cfg(feature = "simd")]
        operators.extend(wasmparser::for_each_visit_simd_operator!(names));
        for (fuel, names) in PRICES.iter().copied().flatten() {
            for name in *names {
                let mut same = operators.iter().filter(|operator| is_same(name, operator));
                let operator = same.next().unwrap_or_else(|| panic!("{name} is none"));
                assert_eq!(fuel_of(operator), *fuel, "{name}");
                assert_eq!(same.next(), None, "{name}");
            }
        }
        assert_eq!(fuel_of("I32Add"), USUAL_FUEL);
    }
}
