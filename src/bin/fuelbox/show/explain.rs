//! Explanations of errors and stops, in flags of this program where the library names its limits.

use crate::{
    explanation::Explanation,
    failure::Failure,
    grant::{module_limits::DEFAULT_MODULE_BYTES, proposals},
    units,
};
use fuelbox::{Error, ExternType, ModuleLimits, Outcome, Phase, SnapshotError, Stop, Trap};
use std::time::Duration;

/// Explains how a run ended.
pub(crate) fn outcome(outcome: &Outcome, limits: &ModuleLimits) -> Explanation {
    let Outcome::Stopped { stop, phase } = outcome else {
        return Explanation::only(outcome.to_string());
    };
    let mut explanation = of_stop(stop, limits);
    if *phase != Phase::Entry {
        explanation.what.push_str(&format!(" (during {phase})"));
    }
    explanation
}

fn of_stop(stop: &Stop, limits: &ModuleLimits) -> Explanation {
    match stop {
        Stop::OutOfFuel { limit } => Explanation::new(
            format!("out of fuel after {}", units::grouped(*limit)),
            format!("--fuel {}", units::show_count(twice(*limit, LEAST_FUEL))),
        ),
        Stop::Deadline { limit } => Explanation::new(
            format!(
                "the deadline of {} has passed",
                units::show_duration(*limit)
            ),
            format!("--deadline {}", units::show_duration(longer(*limit))),
        ),
        Stop::Cancelled => Explanation::only("cancelled by Ctrl-C, SIGTERM or SIGHUP"),
        Stop::OutOfMemory { limit, requested } => Explanation::new(
            format!(
                "out of memory: {} asked for, {} are allowed",
                units::show_size(*requested),
                units::show_size(*limit)
            ),
            format!(
                "--memory {}, or --growth-denial refuse to let the guest cope",
                enough_bytes(*requested)
            ),
        ),
        Stop::OutOfTable { limit, requested } => Explanation::new(
            format!(
                "out of table: {} elements asked for, {} are allowed",
                units::grouped(*requested),
                units::grouped(*limit)
            ),
            format!(
                "--table-limit {}, or --growth-denial refuse to let the guest cope",
                units::show_count(*requested)
            ),
        ),
        Stop::OutputTooLarge { limit } => Explanation::new(
            format!("more than {} of output", units::show_size(*limit)),
            format!("--output-limit {}", more_bytes(*limit)),
        ),
        Stop::Trapped(Trap::StackOverflow) => Explanation::new(
            "the guest trapped: stack overflow",
            format!(
                "--call-depth {} --stack {}, unless it calls itself for ever",
                units::show_count(limits.call_depth.saturating_mul(2)),
                units::show_size(limits.stack_bytes.saturating_mul(2))
            ),
        ),
        // No flag of the program changes the others.
        _ => Explanation::of_library(stop.to_string(), stop.advice()),
    }
}

/// Explains why there is no report.
pub(crate) fn failure(failure: &Failure, limits: &ModuleLimits) -> Explanation {
    match failure {
        Failure::Refused {
            error,
            file,
            missing,
        } => {
            let mut explanation = refusal(error, missing.as_deref(), limits);
            if let Some(file) = file {
                explanation.what = format!("{file}: {}", explanation.what);
            }
            explanation
        }
        Failure::Snapshot(SnapshotError::Refused(error)) => refusal(error, None, limits),
        Failure::TwoInputs => Explanation::new(failure.to_string(), "leave one of them out"),
        Failure::TwoFromStdin => {
            Explanation::new(failure.to_string(), "name a file for one of them")
        }
        Failure::NoExport(_) => Explanation::new(
            failure.to_string(),
            "--invoke NAME, or --allow wasi if it is for a WASI guest",
        ),
        Failure::WithoutWasi(_) => Explanation::new(failure.to_string(), "--allow wasi"),
        Failure::SystemDirectory { .. } => Explanation::new(failure.to_string(), "--force-dir"),
        Failure::DirectoryBytes { limit, .. } => Explanation::new(
            failure.to_string(),
            format!("--dir-limit {}", units::show_size(limit.saturating_mul(2))),
        ),
        _ => Explanation::only(failure.to_string()),
    }
}

/// Explains why the library refused to start. `missing` grants all that the module lacks.
pub(crate) fn refusal(error: &Error, missing: Option<&str>, limits: &ModuleLimits) -> Explanation {
    match error {
        Error::TextModule => Explanation::new(
            "this is text, not a binary module",
            "give the file a name that ends in .wat",
        ),
        Error::Proposal { proposal } if proposal.is_supported() => Explanation::new(
            format!("the module uses {proposal}, which is off"),
            format!("--proposal {}", proposals::word_of(*proposal)),
        ),
        Error::ModuleLimit {
            limit,
            allowed,
            found,
        } => too_large(limit, *allowed, *found, limits),
        Error::InvalidText { message } => {
            Explanation::only(format!("invalid text: {}", start_of_message(message)))
        }
        Error::ImportUnknown {
            module,
            name,
            found,
        } => Explanation {
            what: format!("unknown import {}.{} ({found})", shown(module), shown(name)),
            change: instead(error, module, found),
        },
        Error::ImportNotGranted { module, name, .. } => Explanation {
            what: format!("import {}.{} is not granted", shown(module), shown(name)),
            change: missing.map(str::to_owned),
        },
        Error::ExportMissing { .. } | Error::ExportType { .. } => Explanation::new(
            error.to_string(),
            "--invoke NAME, for one of the names that `fuelbox inspect` lists",
        ),
        Error::InputTooLarge { limit, .. } => Explanation::new(
            format!("more than {} of input", units::show_size(*limit)),
            format!("--input-limit {}", more_bytes(*limit)),
        ),
        Error::InitialMemory { limit, requested } => Explanation::new(
            format!(
                "the module starts with {} of memory, {} are allowed",
                units::show_size(*requested),
                units::show_size(*limit)
            ),
            format!("--memory {}", enough_bytes(*requested)),
        ),
        Error::InitialTable { limit, requested } => Explanation::new(
            format!(
                "the module starts with {} table elements, {} are allowed",
                units::grouped(*requested),
                units::grouped(*limit)
            ),
            format!("--table-limit {}", units::show_count(*requested)),
        ),
        // No flag of the program changes the others.
        _ => Explanation::of_library(error.to_string(), error.advice()),
    }
}

/// What to do about an import that nobody offers.
fn instead(error: &Error, module: &str, found: &ExternType) -> Option<String> {
    let change = match found {
        ExternType::Function(_) if module.starts_with("wasi") => {
            "build the guest for WASI preview 1 (wasm32-wasip1), the one that is offered here; or --stub-unknown, if it \
             is never called"
        }
        ExternType::Function(_) => {
            "--stub-unknown, if it is never called; this program offers the functions of `env` and WASI, others take a \
             host of your own"
        }
        _ => return error.advice().map(|advice| advice.to_string()),
    };
    Some(change.into())
}

fn too_large(limit: &str, allowed: u64, found: u64, limits: &ModuleLimits) -> Explanation {
    if limit == "module_bytes" {
        return Explanation::new(
            format!("the module is larger than {}", units::show_size(allowed)),
            format!("--module-limit {}", more_bytes(allowed)),
        );
    }
    // From the default on, every other bound grows as the size does.
    let whole = limits.module_bytes.max(DEFAULT_MODULE_BYTES);
    let times = found
        .checked_div(allowed)
        .map_or(2, |times| times.saturating_add(1));
    Explanation::new(
        format!(
            "the module has {} {}, {} are allowed",
            units::grouped(found),
            limit.replace('_', " "),
            units::grouped(allowed)
        ),
        format!(
            "--module-limit {}",
            enough_bytes(whole.saturating_mul(times))
        ),
    )
}

/// A guest's name, on one line and not too long.
fn shown(name: &str) -> String {
    name.escape_debug().take(SHOWN_CHARS).collect()
}

/// What the parser of the text format says and where; the lines after show the place.
fn start_of_message(message: &str) -> String {
    let lines: Vec<&str> = message.lines().take(2).map(str::trim).collect();
    lines.join(" ")
}

fn twice(limit: u64, least: u64) -> u64 {
    limit.saturating_mul(2).max(least)
}

fn longer(deadline: Duration) -> Duration {
    deadline.saturating_mul(2).max(LEAST_DEADLINE)
}

/// The next round size above `bytes`.
fn more_bytes(bytes: u64) -> String {
    enough_bytes(bytes.saturating_add(1))
}

/// The first round size that is not below `bytes`.
fn enough_bytes(bytes: u64) -> String {
    units::show_size(bytes.checked_next_power_of_two().unwrap_or(u64::MAX))
}

/// Longest name that is shown, in characters.
const SHOWN_CHARS: usize = 96;

/// Least fuel that is worth advising: less does not load a page of input.
const LEAST_FUEL: u64 = 10_000;

/// Least deadline that is worth advising.
const LEAST_DEADLINE: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grant::module_limits::module_limits;

    fn change(explanation: Explanation) -> String {
        explanation.change.expect("there is something to change")
    }

    #[test]
    fn a_stop_names_a_flag_and_a_value_that_is_larger() {
        let limits = ModuleLimits::default();
        let advice = |stop| change(of_stop(&stop, &limits));
        assert_eq!(advice(Stop::OutOfFuel { limit: 10_000_000 }), "--fuel 20M");
        assert_eq!(
            advice(Stop::Deadline {
                limit: Duration::from_millis(750)
            }),
            "--deadline 1.5s"
        );
        assert_eq!(
            advice(Stop::OutputTooLarge { limit: 1 << 20 }),
            "--output-limit 2MiB"
        );
        let memory = advice(Stop::OutOfMemory {
            limit: 16 << 20,
            requested: (16 << 20) + (64 << 10),
        });
        assert!(memory.starts_with("--memory 32MiB"), "{memory}");
        let stack = advice(Stop::Trapped(Trap::StackOverflow));
        assert!(stack.starts_with("--call-depth 20k"), "{stack}");
    }

    #[test]
    fn a_limit_of_nothing_or_of_everything_gives_an_advice_that_can_be_followed() {
        let limits = ModuleLimits::default();
        let advice = |stop| change(of_stop(&stop, &limits));
        assert_eq!(advice(Stop::OutOfFuel { limit: 0 }), "--fuel 10k");
        assert_eq!(
            advice(Stop::Deadline {
                limit: Duration::ZERO
            }),
            "--deadline 1ms"
        );
        assert_eq!(
            advice(Stop::OutputTooLarge { limit: u64::MAX }),
            format!("--output-limit {}B", u64::MAX)
        );
        assert_eq!(
            advice(Stop::Deadline {
                limit: Duration::MAX
            }),
            format!("--deadline {}", units::show_duration(Duration::MAX))
        );
    }

    #[test]
    fn a_part_that_is_too_large_asks_for_as_much_more_of_the_whole() {
        let limits = module_limits(16 << 20, &[]);
        let found = limits.locals * 3 + 1;
        let error = Error::ModuleLimit {
            limit: "locals".into(),
            allowed: limits.locals,
            found,
        };
        let explanation = refusal(&error, None, &limits);
        assert_eq!(
            explanation.what,
            "the module has 6,000,001 locals, 2,000,000 are allowed"
        );
        assert_eq!(change(explanation), "--module-limit 1GiB");
        assert!(module_limits(1 << 30, &[]).locals >= found);
    }

    #[test]
    fn inspect_advises_only_flags_that_it_has() {
        /// Flags of linkers.
        const OF_OTHERS: [&str; 4] = ["import-memory", "export-memory", "import-table", "pie"];
        let unknown = |text: &str| Error::ImportUnknown {
            module: "env".into(),
            name: "it".into(),
            found: serde_json::from_str(text).expect("it is a type"),
        };
        let (limit, requested) = (1, 2);
        let errors = [
            unknown(r#"{"memory":{"minimum_pages":1,"maximum_pages":null,"page_bytes":65536}}"#),
            unknown(r#"{"table":{"element":"funcref","minimum":1,"maximum":null}}"#),
            unknown(r#"{"global":{"content":"i32","mutable":true}}"#),
            unknown(r#"{"function":{"params":[],"results":[]}}"#),
            Error::ExportMissing { name: "it".into() },
            Error::Proposal {
                proposal: fuelbox::Proposal::TailCall,
            },
            Error::InitialMemory { limit, requested },
            Error::InitialTable { limit, requested },
            Error::ModuleLimit {
                limit: "locals".into(),
                allowed: limit,
                found: requested,
            },
        ];
        let inspect = crate::args::COMMANDS[2];
        for error in errors {
            let advice = change(refusal(&error, None, &ModuleLimits::default()));
            for flag in advice.split("--").skip(1) {
                let name = flag.split([' ', ',', ';']).next().unwrap_or_default();
                let is_known = inspect.flags().any(|flag| flag.name == name);
                assert!(is_known || OF_OTHERS.contains(&name), "{advice}");
            }
        }
    }

    #[test]
    fn a_name_of_the_guest_cannot_forge_a_line() {
        let error = Error::ImportNotGranted {
            module: "env".into(),
            name: format!("x\nfuelbox: finished{}", "y".repeat(1_000)).into(),
            capability: "Log".into(),
        };
        let explanation = refusal(&error, Some("--allow log"), &ModuleLimits::default());
        assert_eq!(explanation.what.lines().count(), 1);
        assert!(explanation.what.len() < 200);
        assert_eq!(change(explanation), "--allow log");
    }
}
