//! Codes, blame and transience are promises to whoever matches on them.

use fuelbox::{Advice, Blame, Error, HostError, Outcome, Phase, Proposal, Stop, Trap, WorkerEnd};
use std::time::Duration;

#[test]
fn stops_keep_their_codes() {
    let stops = stops();
    let words = stops
        .each_ref()
        .map(|stop| words(stop.code(), stop.blame(), stop.is_transient()));
    assert_eq!(
        words,
        [
            "out-of-fuel: Limit, lasts",
            "deadline: Limit, passes",
            "wait: Limit, passes",
            "unanswered: Host, lasts",
            "cancelled: Host, passes",
            "out-of-memory: Limit, lasts",
            "out-of-table: Limit, lasts",
            "output-too-large: Limit, lasts",
            "trap-unreachable: Guest, lasts",
            "fault: Guest, lasts",
            "host-function: Host, lasts",
            "system-out-of-memory: Host, passes",
            "engine: Engine, lasts",
            "worker: Engine, lasts",
        ]
    );
    for stop in stops {
        is_a_sentence(&stop.to_string());
        let code = stop.code();
        let outcome = Outcome::Stopped {
            stop,
            phase: Phase::Start,
        };
        assert_eq!(outcome.code(), code);
        assert!(outcome.to_string().ends_with("(during the start function)"));
    }
}

#[test]
fn errors_keep_their_codes() {
    let errors = errors();
    let words = errors
        .each_ref()
        .map(|error| words(error.code(), error.blame(), error.is_transient()));
    assert_eq!(
        words,
        [
            "text-module: Host, lasts",
            "proposal: Limit, lasts",
            "module-limit: Limit, lasts",
            "unsupported: Guest, lasts",
            "import-not-granted: Host, lasts",
            "memory-not-exported: Guest, lasts",
            "export-missing: Host, lasts",
            "argument: Host, lasts",
            "abi-version: Guest, lasts",
            "input-too-large: Limit, lasts",
            "initial-memory: Limit, lasts",
            "initial-table: Limit, lasts",
            "segment: Guest, lasts",
            "system-out-of-memory: Host, passes",
            "unsafe-build: Host, lasts",
            "engine: Engine, lasts",
        ]
    );
    errors
        .iter()
        .for_each(|error| is_a_sentence(&error.to_string()));
}

#[test]
fn a_stop_says_what_to_change() {
    let advice = stops().map(|stop| advised(stop.advice()));
    assert_eq!(
        advice,
        [
            "raise-limit: raise Limits::fuel",
            "raise-limit: raise Limits::deadline",
            "raise-limit: raise Limits::wait",
            "answer: step the call, and answer what the guest asks for",
            "",
            "raise-limit: raise Limits::memory_bytes",
            "raise-limit: raise Limits::table_elements",
            "raise-limit: raise Limits::output_bytes",
            "",
            "export-memory: export the guest's memory as \"memory\": linkers have --export-memory",
            "",
            "",
            "report: report it to the authors of fuelbox, with the module",
            "report: report it to the authors of fuelbox, with the module",
        ]
    );
}

#[test]
fn an_error_says_what_to_change() {
    let advice = errors().map(|error| advised(error.advice()));
    assert_eq!(
        advice,
        [
            "compile-text: compile the text to a binary module first, or read it by Module::from_wat",
            "build-without: build the guest without threads",
            "raise-module-limit: raise ModuleLimits::types",
            "",
            "grant: grant capability::Log",
            "export-memory: export the guest's memory as \"memory\": linkers have --export-memory",
            "",
            "",
            "",
            "raise-limit: raise Limits::input_bytes",
            "raise-limit: raise Limits::memory_bytes",
            "raise-limit: raise Limits::table_elements",
            "",
            "",
            "build-interpreter: build wasmi without debug assertions ([profile.dev.package.\"*\"] debug-assertions = \
             false, overflow-checks = false) or with the feature portable-dispatch",
            "report: report it to the authors of fuelbox, with the module",
        ]
    );
}

#[test]
fn a_proposal_is_allowed_where_it_can_be() {
    for (proposal, word) in [
        (Proposal::TailCall, "allow-proposal"),
        (Proposal::ComponentModel, "build-core-module"),
        (Proposal::Threads, "build-without"),
    ] {
        let advice = Error::Proposal { proposal }.advice();
        assert_eq!(advice.map(|advice| advice.code()), Some(word));
    }
}

#[test]
fn a_stack_overflow_names_both_limits_and_an_end_of_the_instance_asks_for_a_new_one() {
    let overflow = Stop::Trapped(Trap::StackOverflow);
    assert_eq!(overflow.advice(), Some(Advice::RaiseStack));
    let stack = Advice::RaiseStack.to_string();
    assert!(
        stack.contains("ModuleLimits::call_depth") && stack.contains("ModuleLimits::stack_bytes")
    );
    let stop = Box::new(overflow);
    for error in [
        Error::InstanceStopped { stop },
        Error::InstanceExited { status: 1 },
    ] {
        assert_eq!(error.advice(), Some(Advice::NewInstance));
        is_a_sentence(&error.to_string());
    }
}

/// Words of ours that a file could hold in another form.
#[cfg(feature = "serde")]
#[test]
fn errors_read_from_json_drive_no_terminal() {
    for json in [
        r#"{"module_limit": {"limit": "\u001b[2J", "allowed": 1, "found": 2}}"#,
        r#"{"import_not_granted": {"module": "m", "name": "f", "capability": "Log\n"}}"#,
    ] {
        let error: Error = serde_json::from_str(json).expect("it is an error");
        let advice = error.advice().expect("something can be changed");
        let said = format!("{error} {advice}");
        assert!(!said.contains(char::is_control), "{said}");
    }
}

/// A stop of each kind.
fn stops() -> [Stop; 14] {
    let (limit, requested) = (1, 2);
    [
        Stop::OutOfFuel { limit },
        Stop::Deadline {
            limit: Duration::ZERO,
        },
        Stop::Wait {
            limit: Duration::ZERO,
        },
        Stop::Unanswered {
            module: "m".into(),
            name: "f".into(),
        },
        Stop::Cancelled,
        Stop::OutOfMemory { limit, requested },
        Stop::OutOfTable { limit, requested },
        Stop::OutputTooLarge { limit },
        Stop::Trapped(Trap::Unreachable),
        Stop::Fault {
            function: "f".into(),
            ptr: 1,
            len: 2,
            memory_bytes: None,
        },
        Stop::HostFunction {
            module: "m".into(),
            name: "f".into(),
            error: HostError::message("no"),
        },
        Stop::SystemOutOfMemory,
        Stop::Engine {
            message: String::new(),
        },
        Stop::Worker {
            how: WorkerEnd::Protocol,
        },
    ]
}

/// An error of most kinds.
fn errors() -> [Error; 16] {
    let (limit, requested, found) = (1, 2, 2);
    [
        Error::TextModule,
        Error::Proposal {
            proposal: Proposal::Threads,
        },
        Error::ModuleLimit {
            limit: "types".into(),
            allowed: 1,
            found,
        },
        Error::Unsupported {
            message: String::new(),
        },
        Error::ImportNotGranted {
            module: "m".into(),
            name: "f".into(),
            capability: "Log".into(),
        },
        Error::MemoryNotExported {
            module: "m".into(),
            name: "f".into(),
            exported: None,
        },
        Error::ExportMissing { name: "f".into() },
        Error::Argument {
            name: "f".into(),
            index: 1,
        },
        Error::AbiVersion {
            host: 1,
            guest: None,
        },
        Error::InputTooLarge { limit, found },
        Error::InitialMemory { limit, requested },
        Error::InitialTable { limit, requested },
        Error::Segment,
        Error::SystemOutOfMemory,
        Error::UnsafeBuild { bytes: 1, steps: 2 },
        Error::Engine {
            message: String::new(),
        },
    ]
}

fn words(code: &str, blame: Blame, is_transient: bool) -> String {
    let whether = if is_transient { "passes" } else { "lasts" };
    format!("{code}: {blame:?}, {whether}")
}

fn advised(advice: Option<Advice>) -> String {
    advice.map_or(String::new(), |advice| {
        is_a_sentence(&advice.to_string());
        format!("{}: {advice}", advice.code())
    })
}

fn is_a_sentence(text: &str) {
    assert!(
        !text.is_empty() && !text.contains('\n') && !text.starts_with(char::is_uppercase),
        "{text:?}"
    );
}
