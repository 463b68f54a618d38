//! Limits, values and outcomes, as a recording has them.

use super::{
    error::RecordingError,
    wire::{Reader, Wire, Writer, read_list, write_list},
};
use crate::{
    limits::{CallLimits, GrowthDenial, InstanceLimits, Limits},
    module_limits::ModuleLimits,
    proposal::{Proposal, Proposals},
    report::{LogLine, Outcome, Phase, Usage},
    stop::{HostError, Stop, Trap},
    value::{Reference, Value},
    worker_end::WorkerEnd,
};
use alloc::{borrow::Cow, string::String, string::ToString};

/// Types whose fields follow each other.
macro_rules! structs {
    ($($name:ty { $($field:ident),+ $(,)? })+) => { $(
        impl Wire for $name {
            fn write(&self, to: &mut Writer) {
                $(self.$field.write(to);)+
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
                Ok(Self { $($field: Wire::read(from)?),+ })
            }
        }
    )+ };
}

/// Types of which one case has a number and its fields.
macro_rules! enums {
    ($($name:ty, $what:literal { $($number:literal = $case:ident { $($field:tt: $bound:ident),* }),+ $(,)? })+) => { $(
        impl Wire for $name {
            fn write(&self, to: &mut Writer) {
                match self {
                    $(Self::$case { $($field: $bound),* } => {
                        to.push($number);
                        $($bound.write(to);)*
                    })+
                }
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
                Ok(match from.byte()? {
                    $($number => Self::$case { $($field: Wire::read(from)?),* },)+
                    _ => return Err(from.malformed($what)),
                })
            }
        }
    )+ };
}

structs! {
    Limits { call, instance }
    CallLimits {
        fuel, deadline, wait, wait_counts, input_bytes, output_bytes, stderr_bytes, log_bytes, log_lines, log_line_bytes,
    }
    InstanceLimits { memory_bytes, growth_denial, table_elements }
    LogLine { text, truncated }
    Usage {
        fuel, fuel_schedule, peak_memory_bytes, memory_growths_denied, peak_table_elements, table_growths_denied,
        host_calls, log_lines_lost, stderr_bytes_lost, names_left_out, time, overrun, waited, slices,
    }
}

/// Their fields, except the one that lets a guest reach faults of the interpreter: no file may ask for that.
macro_rules! module_limits {
    ($($field:ident),+ $(,)?) => {
        impl Wire for ModuleLimits {
            fn write(&self, to: &mut Writer) {
                $(self.$field.write(to);)+
            }

            fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
                Ok(Self { $($field: Wire::read(from)?,)+ ..Self::default() })
            }
        }
    };
}

module_limits! {
    module_bytes, function_bytes, types, imports, functions, tables, memories, globals, exports, element_segments,
    data_segments, elements, locals, carried_values, block_depth, constant_operators, stretch_operands, call_depth,
    stack_bytes, proposals, stretch_fuel,
}

enums! {
    GrowthDenial, "answer to a growth" { 0 = Stop {}, 1 = Refuse {} }
    Phase, "phase" { 0 = Start {}, 1 = Initialize {}, 2 = Entry {} }
    Outcome, "outcome" {
        0 = Finished { status: status },
        1 = Stopped { stop: stop, phase: phase },
    }
    Stop, "stop" {
        0 = OutOfFuel { limit: limit },
        1 = Deadline { limit: limit },
        2 = Wait { limit: limit },
        3 = Unanswered { module: module, name: name },
        4 = Cancelled {},
        5 = OutOfMemory { limit: limit, requested: requested },
        6 = OutOfTable { limit: limit, requested: requested },
        7 = OutputTooLarge { limit: limit },
        8 = Trapped { 0: trap },
        9 = Fault { function: function, ptr: ptr, len: len, memory_bytes: memory_bytes },
        10 = HostFunction { module: module, name: name, error: error },
        11 = SystemOutOfMemory {},
        12 = Engine { message: message },
        13 = Worker { how: how },
    }
    WorkerEnd, "end of a worker" {
        0 = Signal { number: number },
        1 = Exit { status: status },
        2 = Hang { limit: limit },
        3 = Protocol {},
        4 = Unknown {},
    }
    Trap, "trap" {
        0 = Unreachable {},
        1 = MemoryOutOfBounds {},
        2 = TableOutOfBounds {},
        3 = IndirectCallToNull {},
        4 = BadSignature {},
        5 = IntegerDivisionByZero {},
        6 = IntegerOverflow {},
        7 = BadConversionToInteger {},
        8 = StackOverflow {},
    }
    Reference, "reference" { 0 = Null {}, 1 = Opaque {} }
}

impl Wire for Value {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::I32(value) => {
                to.push(0);
                value.write(to);
            }
            Self::I64(value) => {
                to.push(1);
                value.cast_unsigned().write(to);
            }
            Self::F32(value) => {
                to.push(2);
                to.extend_from_slice(&value.to_bits().to_le_bytes());
            }
            Self::F64(value) => {
                to.push(3);
                to.extend_from_slice(&value.to_bits().to_le_bytes());
            }
            Self::V128(value) => {
                to.push(4);
                to.extend_from_slice(&value.to_le_bytes());
            }
            Self::FuncRef(reference) => {
                to.push(5);
                reference.write(to);
            }
            Self::ExternRef(reference) => {
                to.push(6);
                reference.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        Ok(match from.byte()? {
            0 => Self::I32(Wire::read(from)?),
            1 => Self::I64(u64::read(from)?.cast_signed()),
            2 => Self::F32(f32::from_bits(u32::from_le_bytes(array(from)?))),
            3 => Self::F64(f64::from_bits(u64::from_le_bytes(array(from)?))),
            4 => Self::V128(u128::from_le_bytes(array(from)?)),
            5 => Self::FuncRef(Wire::read(from)?),
            6 => Self::ExternRef(Wire::read(from)?),
            _ => return Err(from.malformed("value")),
        })
    }
}

fn array<const N: usize>(from: &mut Reader<'_>) -> Result<[u8; N], RecordingError> {
    let bytes = from.take(N)?;
    bytes
        .first_chunk()
        .copied()
        .ok_or_else(|| from.malformed("value"))
}

impl Wire for Proposals {
    fn write(&self, to: &mut Writer) {
        let names: alloc::vec::Vec<String> = self.iter().map(|one| one.name().into()).collect();
        write_list(to, &names);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        let names = read_list::<String>(from)?;
        let mut found = Self::empty();
        for name in names {
            let mut all = Proposal::ALL.into_iter();
            let proposal = all.find(|proposal| proposal.name() == name);
            found = found.with(proposal.ok_or_else(|| from.malformed("name of a proposal"))?);
        }
        Ok(found)
    }
}

impl Wire for HostError {
    fn write(&self, to: &mut Writer) {
        self.to_string().write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        String::read(from).map(Self::message)
    }
}

impl Wire for Cow<'static, str> {
    fn write(&self, to: &mut Writer) {
        super::wire::write_bytes(to, self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        String::read(from).map(Cow::Owned)
    }
}
