//! The self-check of the dispatch: whether the interpreter of this build uses the native stack.
//!
//! Its fast dispatch relies on the compiler turning calls into jumps. Where that fails, as with debug
//! assertions at `opt-level` 2 or more, every instruction leaves a frame behind, and a guest that
//! loops overflows the native stack: the host aborts. So once per process, before the first run, a
//! small guest goes through every kind of operation in loops, and a host function compares the native
//! stack from round to round. The first drift ends the probe, long before a stack is full.

use crate::error::Error;
use core::sync::atomic::{AtomicU8, Ordering};
use wasmi::{Caller, Engine, Instance, Module, Store};

/// The guests, made from `dispatch.wat` and `dispatch_simd.wat`.
const PROBES: &[&[u8]] = &[
    include_bytes!("dispatch.wasm"),
    #[cfg(feature = "simd")]
    include_bytes!("dispatch_simd.wasm"),
];

/// Drift that is put down to how host calls are laid out. A dispatch that is not flat was measured
/// to leave 430 to 1,000 bytes in every round.
const ALLOWED_DRIFT_BYTES: usize = 256;

/// Rounds of each of the probe's loops, enough that 16 bytes lost in each would show.
const ROUNDS: i32 = 300;

/// Checks once per process that dispatch is flat.
///
/// # Errors
/// [`Error::UnsafeBuild`].
pub(crate) fn check() -> Result<(), Error> {
    const UNKNOWN: u8 = 0;
    const FLAT: u8 = 1;
    static VERDICT: AtomicU8 = AtomicU8::new(UNKNOWN);

    // Miri gives every local an address at random, which says nothing about a stack.
    if cfg!(miri) || VERDICT.load(Ordering::Relaxed) == FLAT {
        return Ok(());
    }
    // Two threads may both probe; they come to the same verdict.
    PROBES.iter().try_for_each(|wasm| probe(wasm))?;
    VERDICT.store(FLAT, Ordering::Relaxed);
    Ok(())
}

/// The native stack as the probe's host function sees it.
#[derive(Default)]
struct Watch {
    /// Its address in the first round of the loop in progress.
    first: Option<usize>,
    rounds: u64,
    drift: usize,
}

fn probe(wasm: &[u8]) -> Result<(), Error> {
    let engine_error = |error: wasmi::Error| Error::Engine {
        message: alloc::format!("the self-check failed: {error}"),
    };
    let mut config = wasmi::Config::default();
    config
        .consume_fuel(true)
        .compilation_mode(wasmi::CompilationMode::Eager);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, wasm).map_err(engine_error)?;
    let mut store = Store::new(&engine, Watch::default());
    store.set_fuel(u64::MAX).map_err(engine_error)?;
    let mark = wasmi::Func::wrap(&mut store, mark);
    let begin = wasmi::Func::wrap(&mut store, |mut caller: Caller<'_, Watch>| {
        caller.data_mut().first = None;
    });
    let instance =
        Instance::new(&mut store, &module, &[begin.into(), mark.into()]).map_err(engine_error)?;
    let run = instance
        .get_typed_func::<i32, ()>(&store, "run")
        .map_err(engine_error)?;
    let outcome = run.call(&mut store, ROUNDS);
    let Watch { rounds, drift, .. } = *store.data();
    if drift > ALLOWED_DRIFT_BYTES {
        return Err(Error::UnsafeBuild {
            bytes: u64::try_from(drift).unwrap_or(u64::MAX),
            steps: rounds,
        });
    }
    outcome.map_err(engine_error)
}

/// Called by the probe once in every round.
#[inline(never)]
fn mark(mut caller: Caller<'_, Watch>) -> Result<(), wasmi::Error> {
    let here = 0_u8;
    let address = core::ptr::from_ref(core::hint::black_box(&here)).addr();
    let watch = caller.data_mut();
    watch.rounds = watch.rounds.saturating_add(1);
    watch.drift = watch
        .drift
        .max(address.abs_diff(*watch.first.get_or_insert(address)));
    if watch.drift > ALLOWED_DRIFT_BYTES {
        return Err(wasmi::Error::new("the native stack drifts"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_build_is_flat() {
        assert_eq!(PROBES.iter().try_for_each(|wasm| probe(wasm)), Ok(()));
    }

    #[test]
    #[cfg(feature = "wat")]
    fn the_probes_are_made_from_their_sources() {
        let sources = [
            include_str!("dispatch.wat"),
            include_str!("dispatch_simd.wat"),
        ];
        for (source, probe) in sources.into_iter().zip(PROBES) {
            let wasm = wat::parse_str(source).expect("the source is valid");
            assert!(
                wasm == *probe,
                "stale: make it again, see the head of dispatch.wat"
            );
        }
    }
}
