//! What must hold of a guest: it does the same interpreted and compiled, and in slices of every size.

use crate::{generator::SMITH_EVERY, together::together};
use fuelbox::{Error, Module};
use fuelbox_differential::{in_wasmtime, in_wasmtime_quickly, is_valid, together_in_wasmtime};
use fuelbox_oracles::{
    draw::Draw,
    effects::{self, Effects, End, Guest, Run},
};
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What was found of a guest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The same everywhere.
    Same {
        /// Whether it came to its end rather than trapped.
        is_finished: bool,
        /// Whether Winch was enough, which compiles in a fraction of the time.
        is_quick: bool,
    },
    /// Nothing was compared, since a limit ended it.
    Limited,
    /// Nothing was compared, since fuelbox does not take it, with what it has against it.
    Refused(String),
    /// Not the same, in words.
    Different(String),
}

/// Runs a guest everywhere. `seed` draws the sizes of slices.
#[must_use]
pub fn judge(guest: &Guest, seed: u64) -> Verdict {
    caught(|| match interpreted(guest, seed) {
        Ok(boxed) => compiled(guest, &boxed),
        Err(verdict) => verdict,
    })
}

/// The same of guests that can be put together into one module, in less time.
#[must_use]
pub fn judge_together(guests: &[(Guest, u64)]) -> Vec<Verdict> {
    let interpreted: Vec<_> = (guests.iter())
        .map(|(guest, seed)| {
            let run = AssertUnwindSafe(|| interpreted(guest, *seed));
            catch_unwind(run).unwrap_or_else(|panic| Err(Verdict::panicked(&*panic)))
        })
        .collect();
    let comparable = || (guests.iter().zip(&interpreted)).filter(|(_, boxed)| boxed.is_ok());
    let modules: Vec<_> = comparable().map(|((guest, _), _)| guest.wasm()).collect();
    let seen = together(&modules).and_then(|wasm| together_in_wasmtime(&wasm, modules.len()));
    let is_quick = seen.as_ref().is_some_and(|seen| seen.is_quick);
    let mut seen = seen.into_iter().flat_map(|seen| seen.effects);
    let verdicts = guests.iter().zip(interpreted).map(|((guest, _), boxed)| {
        let boxed = match boxed {
            Ok(boxed) => boxed,
            Err(verdict) => return verdict,
        };
        if seen.next().flatten().as_ref() == Some(&boxed) {
            return Verdict::same(&boxed, is_quick);
        }
        caught(|| compiled(guest, &boxed))
    });
    verdicts.collect()
}

/// What is not listed, or panics, is a difference, too.
fn caught(verdict: impl FnOnce() -> Verdict) -> Verdict {
    catch_unwind(AssertUnwindSafe(verdict)).unwrap_or_else(|panic| Verdict::panicked(&*panic))
}

/// What it does in fuelbox, if it can be compared.
fn interpreted(guest: &Guest, seed: u64) -> Result<Effects, Verdict> {
    let module = match guest.admit() {
        Ok(module) => module,
        Err(error @ Error::InvalidModule { .. }) if is_valid(guest.wasm()) => {
            let words = format!("only fuelbox finds it invalid: {error}");
            return Err(Verdict::Different(words));
        }
        Err(error) => return Err(Verdict::Refused(error.to_string())),
    };
    let Some(whole) = effects::in_slices(&module, || u64::MAX) else {
        return Err(Verdict::Refused("it cannot start".to_string()));
    };
    // Of all generators, for each has every so many numbers.
    if (seed / SMITH_EVERY).is_multiple_of(SLICED_EVERY)
        && let Some(words) = sliced(&module, &whole, seed)
    {
        return Err(Verdict::Different(words));
    }
    whole.effects.ok_or(Verdict::Limited)
}

/// Whether it does the same in wasmtime.
fn compiled(guest: &Guest, boxed: &Effects) -> Verdict {
    // Of a difference, Cranelift has to judge: Winch has faults of its own, and cannot do all.
    if in_wasmtime_quickly(guest.wasm()).as_ref() == Some(boxed) {
        return Verdict::same(boxed, true);
    }
    match in_wasmtime(guest.wasm()) {
        None => Verdict::Limited,
        Some(compiled) if compiled == *boxed => Verdict::same(boxed, false),
        Some(compiled) => Verdict::Different(difference(boxed, &compiled)),
    }
}

impl Verdict {
    fn same(boxed: &Effects, is_quick: bool) -> Self {
        Self::Same {
            is_finished: matches!(boxed.end, End::Finished(_)),
            is_quick,
        }
    }

    fn panicked(panic: &(dyn Any + Send)) -> Self {
        Self::Different(format!("panic: {}", words(panic)))
    }
}

/// What differs in slices, in words; their sizes are drawn.
fn sliced(module: &Module, whole: &Run, seed: u64) -> Option<String> {
    let mut draw = Draw::new(seed);
    let smallest = *draw.pick(&[1, 7]);
    [smallest, 1 + draw.below(1_000)]
        .into_iter()
        .find_map(|size| {
            // Not too many of them.
            let size = size.max(whole.fuel / MOST_SLICES);
            let run = effects::in_slices(module, || size);
            (run.as_ref() != Some(whole))
                .then(|| format!("whole: {whole:?}, in slices of {size}: {run:?}"))
        })
}

/// What differs, without what is the same.
fn difference(boxed: &Effects, compiled: &Effects) -> String {
    if boxed.end != compiled.end {
        return format!("fuelbox: {:?}, wasmtime: {:?}", boxed.end, compiled.end);
    }
    let at = (boxed.calls.iter().zip(&compiled.calls))
        .position(|(boxed, compiled)| boxed != compiled)
        .unwrap_or(boxed.calls.len().min(compiled.calls.len()));
    let call = |effects: &Effects| effects.calls.get(at).cloned().unwrap_or_default();
    format!(
        "call {at} in fuelbox: {:?}, in wasmtime: {:?}",
        call(boxed),
        call(compiled)
    )
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("of no words").to_string()
}

/// One guest of so many runs in slices too.
const SLICED_EVERY: u64 = 8;

/// How many slices a guest is cut into at most, about.
const MOST_SLICES: u64 = 250;
