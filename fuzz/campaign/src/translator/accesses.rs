//! Reads and writes of memory, globals and tables.

use super::{
    body::Body,
    shape::{Shape, TYPES},
};
use wasm_encoder::{
    Instruction::{self, *},
    MemArg, ValType,
};

/// Addresses that are computed lie below this.
const REACHED: u64 = 512;

type Access = fn(MemArg) -> Instruction<'static>;

const LOADS: &[(ValType, &[Access])] = &[
    (
        ValType::I32,
        &[I32Load, I32Load8S, I32Load8U, I32Load16S, I32Load16U],
    ),
    (
        ValType::I64,
        &[
            I64Load, I64Load8S, I64Load8U, I64Load16S, I64Load16U, I64Load32S, I64Load32U,
        ],
    ),
    (ValType::F32, &[F32Load]),
    (ValType::F64, &[F64Load]),
    (
        ValType::V128,
        &[
            V128Load,
            V128Load8x8S,
            V128Load16x4U,
            V128Load32x2S,
            V128Load8Splat,
            V128Load16Splat,
            V128Load32Splat,
            V128Load64Splat,
            V128Load32Zero,
            V128Load64Zero,
        ],
    ),
];

const STORES: &[(ValType, &[Access])] = &[
    (ValType::I32, &[I32Store, I32Store8, I32Store16]),
    (ValType::I64, &[I64Store, I64Store8, I64Store16, I64Store32]),
    (ValType::F32, &[F32Store]),
    (ValType::F64, &[F64Store]),
    (ValType::V128, &[V128Store]),
];

/// Loads and stores of a lane.
const LANES: [(Access, bool); 8] = [
    (|memarg| V128Load8Lane { memarg, lane: 15 }, true),
    (|memarg| V128Load16Lane { memarg, lane: 1 }, true),
    (|memarg| V128Load32Lane { memarg, lane: 3 }, true),
    (|memarg| V128Load64Lane { memarg, lane: 0 }, true),
    (|memarg| V128Store8Lane { memarg, lane: 0 }, false),
    (|memarg| V128Store16Lane { memarg, lane: 7 }, false),
    (|memarg| V128Store32Lane { memarg, lane: 2 }, false),
    (|memarg| V128Store64Lane { memarg, lane: 1 }, false),
];

impl Body<'_> {
    /// Puts a value of this type on the stack, from memory if it can lie there.
    pub(super) fn load(&mut self, ty: ValType) {
        let Some((_, loads)) = LOADS.iter().find(|(other, _)| *other == ty) else {
            return self.get_global(ty);
        };
        let memory = self.memory();
        let load = *self.draw.pick(loads);
        self.address(memory);
        let memarg = self.memarg(memory);
        self.apply(&load(memarg), &[self.shape.address(memory)], &[ty]);
    }

    pub(super) fn store(&mut self) {
        let memory = self.memory();
        let at = self.shape.address(memory);
        let memarg = self.memarg(memory);
        if self.draw.percent(12) && self.shape.palette.contains(&ValType::V128) {
            let (access, is_load) = *self.draw.pick(&LANES);
            self.address(memory);
            self.produce(ValType::V128, 1);
            let results: &[_] = if is_load { &[ValType::V128] } else { &[] };
            return self.apply(&access(memarg), &[at, ValType::V128], results);
        }
        let any = self.shape.any(self.draw);
        let found = STORES.iter().find(|(ty, _)| *ty == any);
        let (ty, stores) = found.unwrap_or(&STORES[0]);
        let store = *self.draw.pick(stores);
        self.address(memory);
        self.produce(*ty, 2);
        self.apply(&store(memarg), &[at, *ty], &[]);
    }

    /// Puts an address within the first bytes of the memory on the stack.
    fn address(&mut self, memory: u32) {
        let wide = self.shape.address(memory) == ValType::I64;
        let at = self.draw.below(REACHED);
        let ty = self.shape.address(memory);
        if self.draw.percent(30) {
            self.number(at, wide);
            return;
        }
        self.produce(ty, 1);
        self.emit(&if wide {
            I64Const((REACHED - 1) as i64)
        } else {
            I32Const((REACHED - 1) as i32)
        });
        self.emit(if wide { &I64And } else { &I32And });
    }

    fn memarg(&mut self, memory: u32) -> MemArg {
        let last = self.shape.bytes(memory) - REACHED - 16;
        let offset = match self.draw.below(10) {
            0..=4 => self.draw.below(9),
            5..=6 => self.draw.below(last.min(600)),
            7 => self.draw.below(last),
            8 => last - self.draw.below(32),
            // Outside, rarely, for it ends the guest.
            _ if self.draw.percent(3) => 0xffff_0000 + self.draw.below(0x1_0000),
            _ => 0,
        };
        MemArg {
            offset,
            align: 0,
            memory_index: memory,
        }
    }

    fn memory(&mut self) -> u32 {
        self.shape.used.memory = true;
        self.draw.below(self.shape.memories.len() as u64) as u32
    }

    fn number(&mut self, number: u64, is_wide: bool) {
        self.emit(&if is_wide {
            I64Const(number.cast_signed())
        } else {
            I32Const(number as i32)
        });
        self.push(if is_wide { ValType::I64 } else { ValType::I32 });
    }

    pub(super) fn get_global(&mut self, ty: ValType) {
        let fitting: Vec<_> = (0..)
            .zip(&self.shape.globals)
            .filter(|(_, (other, _))| *other == ty)
            .map(|(index, _)| index)
            .collect();
        let global = *self.draw.pick(&fitting);
        self.emit(&GlobalGet(global));
        self.push(ty);
    }

    pub(super) fn set_global(&mut self) {
        let ty = self.shape.any(self.draw);
        let fitting: Vec<_> = (1..)
            .zip(&self.shape.globals[1..])
            .filter(|(_, global)| **global == (ty, true))
            .map(|(index, _)| index)
            .collect();
        let global = *self.draw.pick(&fitting);
        self.shape.used.globals.insert(global);
        self.want(&[ty]);
        self.apply(&GlobalSet(global), &[ty], &[]);
    }

    /// Grows a memory or a table by little, or asks for its size.
    pub(super) fn grow(&mut self) {
        let memory = self.memory();
        let ty = self.shape.address(memory);
        match self.draw.below(6) {
            0..=1 => self.apply(&MemorySize(memory), &[], &[ty]),
            2..=3 => {
                let by = self.draw.below(2);
                self.number(by, ty == ValType::I64);
                self.apply(&MemoryGrow(memory), &[ty], &[ty]);
            }
            4 => {
                let (table, _) = self.any_table();
                self.apply(&TableSize(table), &[], &[ValType::I32]);
            }
            _ => {
                let (table, element) = self.any_table();
                self.want(&[element]);
                let by = self.draw.below(3);
                self.number(by, false);
                self.apply(&TableGrow(table), &[element, ValType::I32], &[ValType::I32]);
            }
        }
    }

    fn any_table(&mut self) -> (u32, ValType) {
        self.shape.used.tables = true;
        let [.., function, outside] = TYPES;
        let tables = [(Shape::FUNCTIONS, function), (Shape::OUTSIDE, outside)];
        let count = 1 + usize::from(self.shape.has_outside());
        *self.draw.pick(&tables[..count])
    }

    /// Reads or writes an element that no call goes through, or looks at a reference.
    pub(super) fn table(&mut self) {
        let (table, element) = self.any_table();
        let at = Shape::ELEMENTS - 1 - self.draw.below(3);
        match self.draw.below(4) {
            0 => {
                self.number(at, false);
                self.apply(&TableGet(table), &[ValType::I32], &[element]);
            }
            1..=2 => {
                self.number(at, false);
                self.produce(element, 1);
                self.apply(&TableSet(table), &[ValType::I32, element], &[]);
            }
            _ => {
                self.want(&[element]);
                self.apply(&RefIsNull, &[element], &[ValType::I32]);
            }
        }
    }

    /// Operators on ranges of memories and tables.
    pub(super) fn bulk(&mut self) {
        let (memory, other) = (self.memory(), self.memory());
        let (to, from) = (self.shape.address(memory), self.shape.address(other));
        let length = self.draw.below(40);
        let at = Shape::ELEMENTS - 1 - self.draw.below(3);
        match self.draw.below(6) {
            0..=1 => {
                self.address(memory);
                self.produce(ValType::I32, 1);
                self.number(length, to == ValType::I64);
                self.apply(&MemoryFill(memory), &[to, ValType::I32, to], &[]);
            }
            2..=3 => {
                let is_wide = to == ValType::I64 && from == ValType::I64;
                let count = if is_wide { ValType::I64 } else { ValType::I32 };
                self.address(memory);
                self.address(other);
                self.number(length, is_wide);
                let copy = MemoryCopy {
                    src_mem: other,
                    dst_mem: memory,
                };
                self.apply(&copy, &[to, from, count], &[]);
            }
            4 => {
                self.address(memory);
                self.number(length / 4, false);
                self.number(length / 2, false);
                let init = MemoryInit {
                    mem: memory,
                    data_index: 0,
                };
                self.apply(&init, &[to, ValType::I32, ValType::I32], &[]);
            }
            _ => {
                let (table, element) = self.any_table();
                self.number(at, false);
                self.produce(element, 1);
                self.number(1, false);
                let params = [ValType::I32, element, ValType::I32];
                self.apply(&TableFill(table), &params, &[]);
            }
        }
    }
}
