//! What must hold of a guest: it does the same interpreted and compiled, and in slices of every size.

use fuelbox::{Error, Module};
use fuelbox_differential::{in_wasmtime, is_valid};
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
    /// The same everywhere; whether it came to its end rather than trapped.
    Same {
        /// Whether it was not ended by a trap.
        is_finished: bool,
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
    // What is not listed, or panics, is a difference, too.
    catch_unwind(AssertUnwindSafe(|| compare(guest, seed)))
        .unwrap_or_else(|panic| Verdict::Different(format!("panic: {}", words(&*panic))))
}

fn compare(guest: &Guest, seed: u64) -> Verdict {
    let module = match guest.admit() {
        Ok(module) => module,
        Err(error @ Error::InvalidModule { .. }) if is_valid(guest.wasm()) => {
            return Verdict::Different(format!("only fuelbox finds it invalid: {error}"));
        }
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    let Some(whole) = effects::in_slices(&module, || u64::MAX) else {
        return Verdict::Refused("it cannot start".to_string());
    };
    // By fours, for every fourth guest is of another generator.
    if (seed / 4).is_multiple_of(SLICED_EVERY)
        && let Some(words) = sliced(&module, &whole, seed)
    {
        return Verdict::Different(words);
    }
    let Run {
        effects: Some(boxed),
        ..
    } = whole
    else {
        return Verdict::Limited;
    };
    let is_finished = matches!(boxed.end, End::Finished(_));
    match in_wasmtime(guest.wasm()) {
        None => Verdict::Limited,
        Some(compiled) if compiled == boxed => Verdict::Same { is_finished },
        Some(compiled) => Verdict::Different(difference(&boxed, &compiled)),
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
const SLICED_EVERY: u64 = 4;

/// How many slices a guest is cut into at most, about.
const MOST_SLICES: u64 = 1_000;
