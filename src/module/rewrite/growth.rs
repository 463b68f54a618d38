//! Each `memory.grow` and `table.grow`, moved into a function of its own that costs much fuel.
//!
//! Two reasons, both in how wasmi 2.0.0 dispatches them. They leave about 175 bytes of native stack
//! behind each time, until the slice ends; so a slice must not hold many of them, and a price of
//! [`GROWTH_FUEL`] sees to that. And when `table.grow` runs out of the slice's fuel, wasmi does not
//! save where it was: on resume the function goes on from where it was last saved, and code before
//! the growth runs again. In a function that does nothing else there is nothing before it to be run
//! twice, except the fuel for entering the function, which the execution gives back.

use super::reach::Reach;
use crate::module::{
    bodies::Growing,
    opcode::{
        BULK, CALL, END, EXTERNREF, FUNCREF, FUNCTION_TYPE, I32, I64, LOCAL_GET, MEMORY_GROW, NOP,
        TABLE_GROW,
    },
    outline::Outline,
    schedule::NOP_FUEL,
    section,
};
use alloc::{collections::BTreeMap, vec::Vec};
use wasmparser::{Operator, types::TypesRef};

/// What one growth costs beside its bytes. Slices have at most 16,000,000 fuel, so at most 313
/// growths, which leave 55 KB of native stack behind.
///
/// A growth of memory by one page takes from 2 us to some milliseconds, as all of it may have to be
/// moved, so this is no more than what it takes.
const GROWTH_FUEL: u64 = NOPS as u64 * NOP_FUEL as u64;

/// What entering the function costs, and so what each resume of a growth pays again.
pub(crate) const REPLAY_FUEL: u64 = GROWTH_FUEL + 4;

/// How many stand in the function.
const NOPS: u8 = 200;

/// The functions that grow, one for each memory and table that does.
pub(super) struct Helpers {
    helpers: BTreeMap<Growing, Helper>,
    /// The numbers of the first type and of the first function behind them.
    end: (u32, u32),
}

/// The function that grows one memory or table.
struct Helper {
    what: Growing,
    /// Types of its parameters, as the binary format numbers them.
    params: Vec<u8>,
    /// The type of its result.
    result: u8,
    /// What is asked for at the most.
    reach: Option<Reach>,
    type_index: u32,
    function_index: u32,
}

impl Helpers {
    /// Those that a module needs.
    pub(super) fn of(outline: &Outline) -> Self {
        let types = outline.types.as_ref();
        // They come after all that the module has, in the order of the map.
        let (first_type, first_function) =
            (types.core_type_count_in_module(), types.function_count());
        let helper = |(what, number): (&Growing, u32)| {
            let (params, result) = signature(types, *what);
            let helper = Helper {
                what: *what,
                params,
                result,
                reach: match *what {
                    Growing::Memory(memory) => Reach::of(&types.memory_at(memory)),
                    Growing::Table(_) => None,
                },
                type_index: first_type.saturating_add(number),
                function_index: first_function.saturating_add(number),
            };
            (*what, helper)
        };
        let growing = &outline.bodies.growing;
        let count = u32::try_from(growing.len()).unwrap_or(u32::MAX);
        Self {
            helpers: growing.iter().zip(0..).map(helper).collect(),
            end: (
                first_type.saturating_add(count),
                first_function.saturating_add(count),
            ),
        }
    }

    /// The numbers of the first type and of the first function behind them.
    pub(super) fn end(&self) -> (u32, u32) {
        self.end
    }

    /// Their types, as entries of a section, and how many.
    pub(super) fn types(&self) -> (u32, Vec<u8>) {
        self.entries(Helper::write_type)
    }

    /// The numbers of their types, as entries of a section.
    pub(super) fn type_indices(&self) -> (u32, Vec<u8>) {
        self.entries(|helper, wasm| section::write_u32(wasm, helper.type_index))
    }

    /// Their bodies, as entries of a section.
    pub(super) fn bodies(&self) -> (u32, Vec<u8>) {
        self.entries(Helper::write_body)
    }

    /// Writes a call in place of an operator that grows; says whether it is one.
    pub(super) fn write_call(&self, operator: &Operator<'_>, code: &mut Vec<u8>) -> bool {
        let what = match *operator {
            Operator::MemoryGrow { mem } => Growing::Memory(mem),
            Operator::TableGrow { table } => Growing::Table(table),
            _ => return false,
        };
        let Some(helper) = self.helpers.get(&what) else {
            return false;
        };
        code.push(CALL);
        section::write_u32(code, helper.function_index);
        true
    }

    fn entries(&self, write: impl Fn(&Helper, &mut Vec<u8>)) -> (u32, Vec<u8>) {
        let mut entries = Vec::new();
        self.helpers
            .values()
            .for_each(|helper| write(helper, &mut entries));
        let count = u32::try_from(self.helpers.len()).unwrap_or(u32::MAX);
        (count, entries)
    }
}

/// Parameters and result of a growth, as the binary format numbers their types.
fn signature(types: TypesRef<'_>, what: Growing) -> (Vec<u8>, u8) {
    let index = |is_64: bool| if is_64 { I64 } else { I32 };
    match what {
        Growing::Memory(number) => {
            let index = index(types.memory_at(number).memory64);
            (Vec::from([index]), index)
        }
        Growing::Table(number) => {
            let table = types.table_at(number);
            let element = if table.element_type.is_func_ref() {
                FUNCREF
            } else {
                EXTERNREF
            };
            let index = index(table.table64);
            (Vec::from([element, index]), index)
        }
    }
}

impl Helper {
    fn write_type(&self, wasm: &mut Vec<u8>) {
        wasm.push(FUNCTION_TYPE);
        section::write_len(wasm, &self.params);
        wasm.extend_from_slice(&self.params);
        wasm.extend_from_slice(&[1, self.result]);
    }

    /// Pays, passes its parameters on, and grows.
    fn write_body(&self, wasm: &mut Vec<u8>) {
        const NO_LOCALS: u8 = 0;

        let mut body = Vec::from([NO_LOCALS]);
        body.extend(core::iter::repeat_n(NOP, NOPS.into()));
        if let (Some(reach), Growing::Memory(number)) = (&self.reach, self.what) {
            reach.write(number, &mut body);
        }
        for (_, local) in self.params.iter().zip(0_u8..) {
            body.extend_from_slice(&[LOCAL_GET, local]);
        }
        match self.what {
            Growing::Memory(number) => {
                body.push(MEMORY_GROW);
                section::write_u32(&mut body, number);
            }
            Growing::Table(number) => {
                body.extend_from_slice(&[BULK, TABLE_GROW]);
                section::write_u32(&mut body, number);
            }
        }
        body.push(END);
        section::write_len(wasm, &body);
        wasm.extend_from_slice(&body);
    }
}
