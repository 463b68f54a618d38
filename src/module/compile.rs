//! Compilation: from valid bytes to code of the interpreter.

#[cfg(feature = "observe")]
use super::rewrite::observe;
#[cfg(feature = "fuzz")]
use super::rewrite::trace;
use super::{ModuleBuilder, proposals, schedule};
use crate::{error::Error, guard::guard};
use alloc::string::ToString;
use wasmi_core::CustomFuelCosts;

/// Compiles `wasm`, which is valid, into an engine of its own.
///
/// An engine of its own, because an engine never frees the code of a module.
pub(super) fn compile(wasm: &[u8], builder: &ModuleBuilder) -> Result<wasmi::Module, Error> {
    let mut config = config(builder);
    if builder.snapshots {
        proposals::configure_for_snapshots(&mut config);
    }
    #[cfg(feature = "observe")]
    if builder.told.is_some() {
        observe(&mut config, &builder.limits, observe::price::change);
    }
    #[cfg(feature = "fuzz")]
    if builder.traced.is_some() {
        observe(&mut config, &builder.limits, trace::price::change);
    }
    let engine = wasmi::Engine::new(&config);
    guarded(|| wasmi::Module::new(&engine, wasm))?.map_err(|error| Error::Unsupported {
        message: error.to_string(),
    })
}

/// What the interpreter's compiler gives back; its panic is an error of the engine.
fn guarded<T>(compile: impl FnOnce() -> T) -> Result<T, Error> {
    guard(compile).map_err(|message| Error::Engine { message })
}

fn config(builder: &ModuleBuilder) -> wasmi::Config {
    /// The interpreter starts with a stack of this size.
    const LEAST_STACK_BYTES: usize = 1_000;

    let ModuleBuilder { limits, lazy, .. } = builder;
    let mut config = wasmi::Config::default();
    proposals::configure(&mut config, limits.proposals);
    config
        .consume_fuel(true)
        .operator_cost(schedule::costs())
        .compilation_mode(if *lazy {
            wasmi::CompilationMode::Lazy
        } else {
            wasmi::CompilationMode::Eager
        })
        .fuel_cost(CustomFuelCosts {
            bytes_copied_per_fuel: schedule::BYTES_COPIED_PER_FUEL,
            // What is translated at a function's first call would be charged to the run that comes first.
            fuel_per_bytes_translated: 0,
            fuel_per_bytes_validated: 0,
        })
        .ignore_custom_sections(true)
        .allow_start_fn(false)
        .set_max_recursion_depth(clamp(limits.call_depth))
        .set_max_stack_height(clamp(limits.stack_bytes).max(LEAST_STACK_BYTES));
    config
}

/// Lets the interpreter take what tells where a module is, which costs nothing and takes room on the stack.
#[cfg(feature = "observe")]
fn observe(
    config: &mut wasmi::Config,
    limits: &crate::module_limits::ModuleLimits,
    change: impl FnOnce(&mut wasmi::OperatorCost),
) {
    /// By how many bytes a frame of the interpreter may be larger than before.
    const MORE_BYTES: u64 = 256;

    let mut costs = schedule::costs();
    change(&mut costs);
    let depth = limits.call_depth.min(observe::MOST_FRAMES);
    let more = depth.saturating_add(1).saturating_mul(MORE_BYTES);
    config
        .operator_cost(costs)
        .wasm_mutable_global(true)
        .wasm_multi_memory(true)
        .wasm_reference_types(true)
        .set_max_recursion_depth(clamp(depth))
        .set_max_stack_height(clamp(limits.stack_bytes.saturating_add(more)));
}

fn clamp(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_compiler_is_an_error_of_the_engine() {
        let error = guarded(|| -> wasmi::Module { panic!("translation went wrong") })
            .expect_err("it panics");
        assert_eq!(
            error,
            Error::Engine {
                message: "translation went wrong".into()
            }
        );
    }
}
