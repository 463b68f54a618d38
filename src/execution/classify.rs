//! Classification of errors of the interpreter: by their kind, never by their words.

use crate::{
    host::{Meter, Raised, Signal},
    stop::{Stop, Trap},
};
use alloc::string::ToString;
use wasmi::TrapCode;

/// Why a call ended that cannot be resumed. `fuel` is the run's limit.
pub(super) fn stop(mut error: wasmi::Error, meter: &Meter, fuel: u64) -> Stop {
    if let Some(raised) = error.downcast_mut::<Raised>() {
        return raised.stop().clone();
    }
    let Some(code) = error.as_trap_code() else {
        return Stop::Engine {
            message: error.to_string(),
        };
    };
    Stop::Trapped(match code {
        TrapCode::UnreachableCodeReached => Trap::Unreachable,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::IndirectCallToNull,
        TrapCode::IntegerDivisionByZero => Trap::IntegerDivisionByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::BadConversionToInteger => Trap::BadConversionToInteger,
        TrapCode::StackOverflow => Trap::StackOverflow,
        TrapCode::BadSignature => Trap::BadSignature,
        TrapCode::OutOfFuel => return Stop::OutOfFuel { limit: fuel },
        TrapCode::GrowthOperationLimited => {
            return meter.stop().unwrap_or_else(|| Stop::Engine {
                message: error.to_string(),
            });
        }
        TrapCode::OutOfSystemMemory => return Stop::SystemOutOfMemory,
    })
}

/// What a host function of ours signalled, if the error is no failure.
pub(super) fn signal(error: &wasmi::Error) -> Option<Signal> {
    error.downcast_ref::<Signal>().copied()
}
