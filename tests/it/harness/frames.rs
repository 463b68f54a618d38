//! What must hold for the functions that a guest was in when it stopped.

use fuelbox::{Frame, Observation, Stop, Trap};
use std::collections::BTreeMap;
use wasmparser::{KnownCustom, Name, Parser, Payload};

// Opcodes, as the specification numbers them.
const CALLS: [u8; 2] = [0x10, 0x11];
const TAIL_CALLS: [u8; 2] = [0x12, 0x13];

/// A guest that trapped was at an operator that can trap, by way of calls; and each of its functions has the name that
/// the module gives it.
///
/// # Errors
/// What does not hold.
pub(crate) fn are_located(wasm: &[u8], observation: &Observation) -> Result<(), String> {
    let stop = observation
        .replay
        .reports
        .last()
        .and_then(|report| report.stop());
    let frames = &observation.frames;
    if let (Some(Stop::Trapped(trap)), true) = (stop, frames.is_empty()) {
        return Err(format!("{trap:?} has no frames"));
    }
    let opcode = |frame: &Frame| {
        let at = usize::try_from(frame.offset).ok()?;
        wasm.get(at).copied()
    };
    for (number, frame) in frames.iter().enumerate() {
        let found = opcode(frame).ok_or("a frame is outside the module")?;
        let is_call = CALLS.contains(&found);
        let fits = match stop {
            _ if number > 0 => is_call,
            Some(Stop::Trapped(trap)) => may_cause(found, trap),
            _ => true,
        };
        if !fits {
            return Err(format!(
                "{frame:?} is at {found:#x}, number {number} of {frames:?}"
            ));
        }
    }
    #[cfg(feature = "cli")]
    are_named(wasm, frames)?;
    Ok(())
}

/// Whether an operator can be where this trap came from.
fn may_cause(opcode: u8, trap: &Trap) -> bool {
    const DIVISIONS: [u8; 8] = [0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82];
    let is_one_of = |opcodes: &[u8]| opcodes.contains(&opcode);
    match trap {
        Trap::Unreachable => opcode == 0x00,
        Trap::IntegerDivisionByZero => is_one_of(&DIVISIONS),
        // Divisions, and truncations of floats.
        Trap::IntegerOverflow => is_one_of(&DIVISIONS) || (0xa8..=0xb1).contains(&opcode),
        Trap::StackOverflow => is_one_of(&CALLS) || is_one_of(&TAIL_CALLS),
        // What reaches for memory, tables and functions.
        _ => !is_one_of(&[0x00, 0x10, 0x12]),
    }
}

/// Each function has the name that the module gives it.
#[cfg(feature = "cli")]
fn are_named(wasm: &[u8], frames: &[Frame]) -> Result<(), String> {
    let names = names(wasm);
    let symbols = fuelbox_observe::Symbols::new(wasm);
    for frame in frames {
        let Some(name) = names.get(&frame.function) else {
            continue;
        };
        let shown = symbols.place(frame.function, frame.offset);
        // Names of Rust and C++ are shown as in the source.
        let is_as_it_stands = !name.starts_with("_Z") && !name.starts_with("_R");
        let is_named = match shown.name.as_deref() {
            Some(shown) => !is_as_it_stands || shown == name.as_str(),
            None => false,
        };
        if !is_named {
            return Err(format!("{name} is shown as {shown}"));
        }
    }
    Ok(())
}

/// The names that a module gives its functions.
pub(crate) fn names(wasm: &[u8]) -> BTreeMap<u32, String> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        let Payload::CustomSection(custom) = payload else {
            continue;
        };
        let KnownCustom::Name(all) = custom.as_known() else {
            continue;
        };
        for kind in all.into_iter().map_while(Result::ok) {
            if let Name::Function(functions) = kind {
                let functions = functions.into_iter().map_while(Result::ok);
                names.extend(functions.map(|naming| (naming.index, naming.name.to_owned())));
            }
        }
    }
    names
}
