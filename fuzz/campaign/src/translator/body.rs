//! The body of a function, written operator by operator beside a model of the operand stack.

use super::{
    operators::{DIVISIONS, Family, TRAPPING},
    shape::Shape,
};
use fuelbox_oracles::draw::Draw;
use wasm_encoder::{Encode, HeapType, Instruction, ValType};

/// A block that is open.
pub(super) struct Frame {
    /// What a branch to it carries.
    pub(super) label: Vec<ValType>,
    /// How many operands lie below it.
    pub(super) height: usize,
    pub(super) is_loop: bool,
    /// Whether its end cannot be reached from here, so that any operand may be taken.
    pub(super) is_unreachable: bool,
}

/// The body of a function, as far as it is written.
pub(super) struct Body<'a> {
    pub(super) shape: &'a mut Shape,
    pub(super) draw: &'a mut Draw,
    pub(super) families: &'a [&'static Family],
    /// Its own index; it calls functions below that.
    pub(super) function: u32,
    /// Types of parameters, then of locals; the last one counts what is left of all loops together.
    pub(super) locals: Vec<ValType>,
    pub(super) code: Vec<u8>,
    pub(super) stack: Vec<ValType>,
    pub(super) frames: Vec<Frame>,
    /// How many more steps there may be.
    pub(super) budget: u64,
}

impl Body<'_> {
    pub(super) fn emit(&mut self, instruction: &Instruction<'_>) {
        instruction.encode(&mut self.code);
    }

    pub(super) fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the function's own is there")
    }

    /// The operands of the innermost block.
    pub(super) fn operands(&self) -> &[ValType] {
        let height = self.frames.last().map_or(0, |frame| frame.height);
        &self.stack[height..]
    }

    pub(super) fn push(&mut self, ty: ValType) {
        self.stack.push(ty);
    }

    /// Takes so many operands, or all where code is unreachable and some are made up.
    pub(super) fn take(&mut self, count: usize) {
        let left = self.operands().len().saturating_sub(count);
        let height = self.frame().height;
        self.stack.truncate(height + left);
    }

    /// Emits an instruction that takes `params`, which are there, and puts `results`.
    pub(super) fn apply(
        &mut self,
        instruction: &Instruction<'_>,
        params: &[ValType],
        results: &[ValType],
    ) {
        self.emit(instruction);
        self.take(params.len());
        self.stack.extend_from_slice(results);
    }

    /// Makes these types lie on top of the stack; what lies there already is used.
    pub(super) fn want(&mut self, types: &[ValType]) {
        let operands = self.operands();
        let most = types.len().min(operands.len());
        let fits = |count: &usize| operands.ends_with(&types[..*count]);
        let mut there = (0..=most).rev().find(fits).unwrap_or_default();
        let is_bare = operands.is_empty();
        if is_bare && self.frame().is_unreachable {
            there = self.draw.below(types.len() as u64 + 1) as usize;
        } else if self.draw.percent(20) {
            there = 0;
        }
        for ty in &types[there..] {
            self.produce(*ty, 2);
        }
    }

    /// Puts a value of this type on the stack, and takes none that is there.
    pub(super) fn produce(&mut self, ty: ValType, depth: u32) {
        match self.draw.below(100) {
            0..=39 => self.get_local(ty),
            40..=62 => self.constant(ty),
            63..=67 => self.get_global(ty),
            68..=71 if depth > 0 => {
                self.produce(ty, depth - 1);
                if let Some(local) = self.local(ty) {
                    self.emit(&Instruction::LocalTee(local));
                }
            }
            72..=77 if depth > 0 && self.shape.habits.memory => self.load(ty),
            78.. if depth > 0 => self.compute(ty, depth - 1),
            _ => self.get_local(ty),
        }
    }

    /// The same by an operator.
    fn compute(&mut self, ty: ValType, depth: u32) {
        let families = self.families;
        let fitting: Vec<_> = (families.iter())
            .filter(|family| family.results == [ty])
            .collect();
        if fitting.is_empty() {
            return self.get_local(ty);
        }
        let family = **self.draw.pick(&fitting);
        for param in family.params {
            self.produce(*param, depth);
        }
        let operator = self.draw.pick(family.operators);
        self.apply(operator, family.params, family.results);
    }

    /// Any operator, on what is there.
    pub(super) fn operate(&mut self) {
        let family = *self.draw.pick(self.families);
        self.want(family.params);
        let operator = self.draw.pick(family.operators);
        self.apply(operator, family.params, family.results);
    }

    /// An operator that would trap at some numbers, mostly at none of those it gets.
    pub(super) fn divide(&mut self) {
        if self.draw.percent(4) {
            let family = self.draw.pick(TRAPPING);
            self.want(family.params);
            let operator = self.draw.pick(family.operators);
            return self.apply(operator, family.params, family.results);
        }
        let (ty, operators) = self.draw.pick(&DIVISIONS);
        self.want(&[*ty, *ty]);
        if *ty == ValType::I32 {
            self.emit(&Instruction::I32Const(1));
            self.emit(&Instruction::I32Or);
        } else {
            self.emit(&Instruction::I64Const(1));
            self.emit(&Instruction::I64Or);
        }
        let operator = self.draw.pick(operators);
        self.apply(operator, &[*ty, *ty], &[*ty]);
    }

    /// A local of this type, but not the counter.
    pub(super) fn local(&mut self, ty: ValType) -> Option<u32> {
        let locals = &self.locals[..self.locals.len() - 1];
        let fitting: Vec<_> = (0..)
            .zip(locals)
            .filter(|(_, other)| **other == ty)
            .map(|(index, _)| index)
            .collect();
        (!fitting.is_empty()).then(|| *self.draw.pick(&fitting))
    }

    pub(super) fn get_local(&mut self, ty: ValType) {
        match self.local(ty) {
            Some(local) => {
                self.emit(&Instruction::LocalGet(local));
                self.push(ty);
            }
            None => self.constant(ty),
        }
    }

    /// Sets or tees a local of any type while others of its values may lie on the stack.
    pub(super) fn set_local(&mut self, is_tee: bool) {
        let ty = (self.operands().last().copied())
            .filter(|_| self.draw.percent(50))
            .unwrap_or_else(|| self.shape.any(self.draw));
        let Some(local) = self.local(ty) else { return };
        if self.draw.percent(35) {
            self.emit(&Instruction::LocalGet(local));
            self.push(ty);
            self.produce(ty, 2);
        } else {
            self.want(&[ty]);
        }
        if is_tee {
            self.apply(&Instruction::LocalTee(local), &[ty], &[ty]);
        } else {
            self.apply(&Instruction::LocalSet(local), &[ty], &[]);
        }
    }

    pub(super) fn constant(&mut self, ty: ValType) {
        let number = self.draw.edge();
        let instruction = match ty {
            ValType::I32 => Instruction::I32Const((number as u32).cast_signed()),
            ValType::I64 => Instruction::I64Const(number.cast_signed()),
            ValType::F32 if number < 64 => Instruction::F32Const(number as f32 - 8.0),
            ValType::F32 => Instruction::F32Const(f32::from_bits(number as u32)),
            ValType::F64 if number < 64 => Instruction::F64Const(number as f64 - 8.0),
            ValType::F64 => Instruction::F64Const(f64::from_bits(number)),
            ValType::V128 => {
                let high = u128::from(self.draw.edge()) << 64;
                Instruction::V128Const((high | u128::from(number)).cast_signed())
            }
            ValType::FUNCREF if number.is_multiple_of(2) => {
                self.shape.used.reference = true;
                Instruction::RefFunc(0)
            }
            ValType::FUNCREF => Instruction::RefNull(HeapType::FUNC),
            _ => Instruction::RefNull(HeapType::EXTERN),
        };
        self.emit(&instruction);
        self.push(ty);
    }

    /// Mixes the operand on top into what is compared.
    pub(super) fn observe(&mut self) {
        let Some(ty) = self.operands().last().copied() else {
            return;
        };
        self.observation(ty);
        self.take(1);
    }

    /// The same for a value of this type, which the model does not know.
    pub(super) fn observation(&mut self, ty: ValType) {
        match ty {
            ValType::I32 => self.emit(&Instruction::I64ExtendI32U),
            ValType::I64 => {}
            ValType::F32 => {
                self.emit(&Instruction::I32ReinterpretF32);
                self.emit(&Instruction::I64ExtendI32U);
            }
            ValType::F64 => self.emit(&Instruction::I64ReinterpretF64),
            ValType::V128 => return self.observe_vector(),
            _ => {
                self.emit(&Instruction::RefIsNull);
                self.emit(&Instruction::I64ExtendI32U);
            }
        }
        self.mix();
    }

    /// Mixes the `i64` on top into the global for it.
    fn mix(&mut self) {
        for instruction in [
            Instruction::GlobalGet(Shape::HASH),
            Instruction::I64Const(5),
            Instruction::I64Rotl,
            Instruction::I64Xor,
            // The golden ratio, as hash functions have it: odd, with bits everywhere.
            Instruction::I64Const(0x9e37_79b9_7f4a_7c15_u64.cast_signed()),
            Instruction::I64Mul,
            Instruction::GlobalSet(Shape::HASH),
        ] {
            self.emit(&instruction);
        }
    }

    /// Both halves, through a global, so that no local is needed.
    fn observe_vector(&mut self) {
        let global = Shape::of_type(ValType::V128);
        self.emit(&Instruction::GlobalSet(global));
        for lane in 0..2 {
            self.emit(&Instruction::GlobalGet(global));
            self.emit(&Instruction::I64x2ExtractLane(lane));
            self.mix();
        }
    }

    /// Takes the operand on top away, mostly so that it still can be seen.
    pub(super) fn discard(&mut self) {
        let Some(ty) = self.operands().last().copied() else {
            return;
        };
        let local = self.local(ty);
        match (self.draw.below(10), local) {
            (0..=5, Some(local)) => self.emit(&Instruction::LocalSet(local)),
            (6..=7, _) => return self.observe(),
            _ => self.emit(&Instruction::Drop),
        }
        self.take(1);
    }
}
