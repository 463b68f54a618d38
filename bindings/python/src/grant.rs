//! What is granted by a word: those of the program's `--allow`.

use crate::{failure, function::Function, interpreter::OnTheWay, wasi::Wasi};
use fuelbox::{
    Sandbox,
    capability::{Abort, Clock, Input, Log, Output, Random},
    protocol,
};
use pyo3::{exceptions::PyTypeError, prelude::*};
use std::time::Duration;

/// The words, for whoever wrote another.
const KNOWN: &str = "protocol (log, input and output), log, input, output, clock (goes with fuel), \
                     clock=fuel:SECONDS, clock=system, clock=fixed:SECONDS, random=SEED, random=system, abort (of AssemblyScript), and objects of the \
                     classes Wasi and Function";

/// Grants what `object` stands for; functions are numbered in the order that they come in.
///
/// # Errors
/// `ValueError` for a word that is unknown, `TypeError` for what is no grant.
pub(crate) fn grant(
    sandbox: Sandbox,
    object: &Bound<'_, PyAny>,
    functions: &mut Vec<Py<Function>>,
) -> PyResult<Sandbox> {
    if let Ok(function) = object.cast::<Function>() {
        let granted = function.get().grant(functions.len());
        functions.push(function.clone().unbind());
        return Ok(sandbox.grant(granted));
    }
    if let Ok(wasi) = object.cast::<Wasi>() {
        return Ok(sandbox.grant(wasi.get().inner.clone()));
    }
    match object.extract::<String>() {
        Ok(word) => by_word(sandbox, &word),
        Err(_) => {
            let found = object.get_type().name()?;
            Err(PyTypeError::new_err(format!(
                "{found} is no grant; known are {KNOWN}"
            )))
        }
    }
}

fn by_word(sandbox: Sandbox, word: &str) -> PyResult<Sandbox> {
    Ok(match word {
        "protocol" => sandbox.grant(protocol()),
        "log" => sandbox.grant(Log),
        "input" => sandbox.grant(Input),
        "output" => sandbox.grant(Output),
        "abort" => sandbox.grant(Abort),
        _ if word.starts_with("clock") => sandbox.grant(clock(word)?),
        _ if word.starts_with("random") => sandbox.grant(random(word)?),
        _ => return Err(unknown(word)),
    })
}

/// `clock`, `clock=fuel:SECONDS`, `clock=system` or `clock=fixed:SECONDS`, the seconds since the Unix epoch.
///
/// # Errors
/// `ValueError`.
pub(crate) fn clock(word: &str) -> PyResult<Clock> {
    Ok(match word {
        "clock" | "clock=fuel" => Clock::by_fuel(Duration::ZERO),
        "clock=system" => Clock::system(),
        _ => {
            let by_fuel = word.strip_prefix("clock=fuel:");
            let seconds = by_fuel.or_else(|| word.strip_prefix("clock=fixed:"));
            let seconds = seconds.and_then(|seconds| seconds.parse().ok());
            let begin = Duration::from_secs(seconds.ok_or_else(|| unknown(word))?);
            match by_fuel {
                Some(_) => Clock::by_fuel(begin),
                None => Clock::fixed(begin),
            }
        }
    })
}

/// `random=SEED` or `random=system`.
///
/// # Errors
/// `ValueError`.
pub(crate) fn random(word: &str) -> PyResult<Random> {
    match word.strip_prefix("random=") {
        Some("system") => Ok(Random::from_source(of_system)),
        Some(seed) => seed.parse().map(Random::seeded).map_err(|_| unknown(word)),
        None => Err(unknown(word)),
    }
}

/// Random bytes as Python takes them from the system. A system that has none panics, which stops the run.
fn of_system(buffer: &mut [u8]) {
    let _way = OnTheWay::new();
    let bytes = Python::attach(|py| -> PyResult<Vec<u8>> {
        PyModule::import(py, "os")?
            .call_method1("urandom", (buffer.len(),))?
            .extract()
    });
    buffer.copy_from_slice(&bytes.expect("every system that Python runs on has random bytes"));
}

fn unknown(word: &str) -> PyErr {
    failure::value_error(format!("{word:?} is no grant; known are {KNOWN}"))
}
