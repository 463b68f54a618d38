//! `--allow`: the capabilities of the library, by word.

use crate::nearest::nearest;
use fuelbox::{
    ImportStatus, Preflight, Sandbox,
    capability::{Abort, Clock, Input, Log, Output, Random, Wasi},
    protocol,
};
use std::time::Duration;

/// What one `--allow` names.
#[derive(Debug, PartialEq)]
pub(crate) struct Allowed(Vec<Grant>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Grant {
    Protocol,
    Log,
    Input,
    Output,
    ClockByFuel,
    ClockSystem,
    ClockFixed(Duration),
    Random(u64),
    Abort,
    Wasi,
}

impl Grant {
    fn clock(self) -> Option<Clock> {
        Some(match self {
            Self::ClockByFuel => Clock::by_fuel(Duration::ZERO),
            Self::ClockSystem => Clock::system(),
            Self::ClockFixed(time) => Clock::fixed(time),
            _ => return None,
        })
    }
}

/// The known words, for a user who wrote another.
const KNOWN: &str = "protocol (log, input and output), log, input, output, clock (goes with fuel), clock=system, \
                     clock=fixed:SECONDS, random=SEED, abort (of AssemblyScript), wasi";

/// Reads a list of words with commas.
///
/// # Errors
/// A text for the user that lists the known words.
pub(crate) fn parse(list: &str) -> Result<Allowed, String> {
    list.split(',')
        .map(|word| {
            let word = word.trim();
            grant(word).ok_or_else(|| match meant(word) {
                Some(meant) => {
                    format!("{word:?} is unknown: did you mean {meant}? Known are {KNOWN}")
                }
                None => format!("{word:?} is unknown; known are {KNOWN}"),
            })
        })
        .collect::<Result<_, _>>()
        .map(Allowed)
}

/// The word that somebody may have meant.
fn meant(word: &str) -> Option<&'static str> {
    const WORDS: [&str; 9] = [
        "protocol",
        "log",
        "input",
        "output",
        "clock",
        "clock=system",
        "random=SEED",
        "abort",
        "wasi",
    ];
    let name = word.split('=').next().unwrap_or(word);
    nearest(word, WORDS.into_iter()).or_else(|| {
        let names = WORDS.map(|known| known.split('=').next().unwrap_or(known));
        let near = nearest(name, names.into_iter())?;
        WORDS.into_iter().find(|known| known.starts_with(near))
    })
}

fn grant(word: &str) -> Option<Grant> {
    Some(match word.split_once('=') {
        None => match word {
            // `env` is the module that guests import the protocol from.
            "protocol" | "env" => Grant::Protocol,
            "log" => Grant::Log,
            "input" => Grant::Input,
            "output" => Grant::Output,
            "clock" => Grant::ClockByFuel,
            "abort" => Grant::Abort,
            "wasi" => Grant::Wasi,
            _ => return None,
        },
        Some(("random", seed)) => Grant::Random(seed.parse().ok()?),
        Some(("clock", "fuel")) => Grant::ClockByFuel,
        Some(("clock", "system")) => Grant::ClockSystem,
        Some(("clock", fixed)) => Grant::ClockFixed(Duration::from_secs(
            fixed.strip_prefix("fixed:")?.parse().ok()?,
        )),
        Some(_) => return None,
    })
}

/// Grants everything that is allowed. `wasi` is what a WASI guest is given; the clock and the random
/// bytes that are allowed beside it are its own, too.
pub(crate) fn grant_all(sandbox: Sandbox, allowed: &[Allowed], wasi: Wasi) -> Sandbox {
    let wasi = grants(allowed).fold(wasi, |wasi, grant| match (grant.clock(), grant) {
        (Some(clock), _) => wasi.clock(clock),
        (None, Grant::Random(seed)) => wasi.random(Random::seeded(seed)),
        _ => wasi,
    });
    grants(allowed).fold(sandbox, |sandbox, grant| match grant {
        Grant::Protocol => sandbox.grant(protocol()),
        Grant::Log => sandbox.grant(Log),
        Grant::Input => sandbox.grant(Input),
        Grant::Output => sandbox.grant(Output),
        Grant::ClockByFuel | Grant::ClockSystem | Grant::ClockFixed(_) => {
            grant.clock().into_iter().fold(sandbox, Sandbox::grant)
        }
        Grant::Random(seed) => sandbox.grant(Random::seeded(seed)),
        Grant::Abort => sandbox.grant(Abort),
        Grant::Wasi => sandbox.grant(wasi.clone()),
    })
}

/// Whether the guest may speak WASI.
pub(crate) fn wasi(allowed: &[Allowed]) -> bool {
    grants(allowed).any(|grant| grant == Grant::Wasi)
}

/// Whether the guest may write the output.
pub(crate) fn output(allowed: &[Allowed]) -> bool {
    grants(allowed).any(|grant| matches!(grant, Grant::Protocol | Grant::Output | Grant::Wasi))
}

fn grants(allowed: &[Allowed]) -> impl Iterator<Item = Grant> {
    allowed
        .iter()
        .flat_map(|Allowed(grants)| grants.iter().copied())
}

/// The flag that grants everything a module lacks, `None` where it lacks nothing that could be granted.
pub(crate) fn missing(preflight: &Preflight) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for check in &preflight.imports {
        if let ImportStatus::Denied { capability } = &check.status
            && let Some(word) = word_of(capability)
            && !words.contains(&word)
        {
            words.push(word);
        }
    }
    let protocol = ["log", "input", "output"];
    if protocol.iter().all(|word| words.contains(word)) {
        words.retain(|word| !protocol.contains(word));
        words.insert(0, "protocol");
    }
    (!words.is_empty()).then(|| format!("--allow {}", words.join(",")))
}

/// The word for a capability, by its name in the library.
pub(crate) fn word_of(capability: &str) -> Option<&'static str> {
    Some(match capability {
        "Log" => "log",
        "Input" => "input",
        "Output" => "output",
        "Clock" => "clock",
        "Random" => "random=7",
        "Abort" => "abort",
        "Wasi" => "wasi",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_for_capabilities() {
        assert_eq!(
            parse("log,clock=fixed:5,random=7"),
            Ok(Allowed(vec![
                Grant::Log,
                Grant::ClockFixed(Duration::from_secs(5)),
                Grant::Random(7)
            ]))
        );
        assert_eq!(parse("env"), parse("protocol"));
        assert_eq!(parse("clock"), parse("clock=fuel"));
    }

    #[test]
    fn other_words_are_answered_with_the_known_ones() {
        for list in [
            "", "logs", "log,", "random", "random=x", "clock=", "log=1", "LOG",
        ] {
            assert!(
                parse(list).is_err_and(|text| text.contains("random=SEED")),
                "{list}"
            );
        }
        for (word, meant) in [
            ("wasii", "wasi"),
            ("randm=7", "random=SEED"),
            ("logs", "log"),
        ] {
            let meant = format!("did you mean {meant}?");
            assert!(
                parse(word).is_err_and(|text| text.contains(&meant)),
                "{word}"
            );
        }
        assert!(parse("files").is_err_and(|text| !text.contains("did you mean")));
    }
}
