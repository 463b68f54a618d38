//! What a run tells to `tracing`.

use crate::harness::{clock::ticking, module, roomy, same_but_for_time, timeless};
use fuelbox::{Module, Sandbox, Slice, Step, protocol};
use std::{
    fmt::{self, Write as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tracing_core::{
    Event, Level, Metadata, Subscriber, callsite, dispatcher,
    field::{Field, Visit},
    span,
};

/// Runs `f` with a subscriber that panics on the first log line of a guest.
pub(crate) fn with_panicking_subscriber<T>(f: impl FnOnce() -> T) -> T {
    let subscriber = Recorder {
        panics: true,
        ..Recorder::default()
    };
    dispatcher::with_default(&dispatcher::Dispatch::new(subscriber), || {
        // Another thread may have told a line for the first time just before: see `recorded`.
        callsite::rebuild_interest_cache();
        f()
    })
}

#[test]
fn a_run_is_one_span_with_its_limits_and_its_outcome() {
    let module = logging("hello");
    let (report, lines) = recorded(|| {
        let limits = roomy().fuel(1_234).memory_bytes(65_536);
        timeless(limits)
            .grant(protocol())
            .run(&module, [])
            .expect("it starts")
    });
    let opened: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("span"))
        .collect();
    assert_eq!(opened.len(), 1, "{lines:#?}");
    let fingerprint = format!("module={:016x}", module.fingerprint());
    for part in [
        "span INFO fuelbox run",
        &fingerprint,
        "fuel_limit=1234",
        "memory_limit=65536",
    ] {
        assert!(opened[0].contains(part), "{part} is not in {opened:?}");
    }
    let fuel = format!("record fuel={}", report.usage.fuel);
    assert!(
        lines
            .iter()
            .any(|line| line.contains("record outcome=\"finished\"")),
        "{lines:#?}"
    );
    assert!(lines.iter().any(|line| line.contains(&fuel)), "{lines:#?}");
}

#[test]
fn a_refused_start_is_an_event_with_its_code_and_no_more_than_a_detail() {
    let module = module(r#"(module (import "env" "\1b[2J" (func)) (func (export "_start")))"#);
    let (_, lines) = recorded(|| {
        timeless(roomy())
            .run(&module, [])
            .expect_err("it is unknown")
    });
    let events: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("event"))
        .collect();
    assert_eq!(events.len(), 1, "{lines:#?}");
    for part in [
        "event DEBUG fuelbox",
        "code=\"import-unknown\"",
        "unknown import env.\\u{1b}[2J",
    ] {
        assert!(events[0].contains(part), "{part} is not in {events:?}");
    }
    for part in [
        "record outcome=\"refused\"",
        "record code=\"import-unknown\"",
    ] {
        assert!(lines.iter().any(|line| line == part), "{lines:#?}");
    }
    // What is refused before there is a run, too.
    let (_, lines) = recorded(|| {
        let sandbox = timeless(roomy().input_bytes(1));
        sandbox
            .run(&logging("x"), b"12")
            .expect_err("it is too large")
    });
    assert!(
        lines
            .iter()
            .any(|line| line.contains("code=\"input-too-large\"")),
        "{lines:#?}"
    );
}

#[test]
fn however_a_run_ends_its_span_says_how() {
    let spin = module(
        r#"(module (memory 1) (func $f (loop (br 0))) (start $f) (func (export "_start")))"#,
    );
    let stopped = || {
        let report = timeless(roomy().fuel(1_000)).run(&spin, []);
        drop(report.expect("it starts"));
    };
    let dropped = || {
        let mut execution = timeless(roomy()).start(&spin, []).expect("it starts");
        assert_eq!(execution.step(Slice::fuel(1_000)), Step::Paused);
    };
    let status =
        module(r#"(module (func (export "execute") (param i32 i32) (result i32) (i32.const 7)))"#);
    let unfinished = || {
        let mut execution = timeless(roomy()).start(&status, []).expect("it starts");
        assert_eq!(execution.step(Slice::fuel(u64::MAX)), Step::Done);
    };
    let cases: [(&dyn Fn(), &[&str]); 3] = [
        (
            &stopped,
            &[
                "outcome=\"stopped\"",
                "phase=the start function",
                "code=\"out-of-fuel\"",
                "peak_memory=65536",
                "overrun=0ns",
            ],
        ),
        (
            &dropped,
            &[
                "outcome=\"dropped\"",
                "code=\"dropped\"",
                "peak_memory=65536",
            ],
        ),
        (
            &unfinished,
            &["outcome=\"finished\"", "status=7", "code=\"finished\""],
        ),
    ];
    for (run, parts) in cases {
        let ((), lines) = recorded(run);
        for part in parts {
            let record = format!("record {part}");
            let count = lines.iter().filter(|line| **line == record).count();
            assert_eq!(count, 1, "{part}: {lines:#?}");
        }
        for part in ["fuel=", "time="] {
            let start = format!("record {part}");
            let found = lines.iter().filter(|line| line.starts_with(&start));
            assert_eq!(found.count(), 1, "{part}: {lines:#?}");
        }
    }
}

#[test]
fn the_span_of_a_typed_call_says_how_long_it_took() {
    let module = module(r#"(module (func (export "f")))"#);
    let (_, lines) = recorded(|| {
        let sandbox = Sandbox::with_clock(roomy(), ticking(Duration::from_millis(7)));
        let mut instance = sandbox.instantiate(&module).expect("it starts");
        instance.call::<_, ()>("f", ()).expect("it is alive");
    });
    let times = lines.iter().filter(|line| line.contains("time=7ms"));
    assert_eq!(times.count(), 1, "{lines:#?}");
}

#[test]
fn an_admission_is_one_span_with_what_became_of_it() {
    let wasm = wat::parse_str("(module)").expect("it is valid");
    let (module, lines) = recorded(|| Module::new(&wasm).expect("it is valid"));
    let fingerprint = format!("record module={:016x}", module.fingerprint());
    for part in [
        "span INFO fuelbox admit bytes=8",
        &fingerprint,
        "record outcome=\"admitted\"",
    ] {
        assert!(lines.iter().any(|line| line == part), "{part}: {lines:#?}");
    }
    let (_, lines) = recorded(|| Module::new(b"no").expect_err("it is none"));
    for part in [
        "record outcome=\"refused\"",
        "record code=\"invalid-module\"",
    ] {
        assert!(lines.iter().any(|line| line == part), "{part}: {lines:#?}");
    }
}

#[test]
fn what_the_host_calls_a_module_is_in_the_spans_of_its_admission_and_calls() {
    // What the module calls itself counts for nothing.
    let wasm = wat::parse_str(r#"(module $bank (func (export "_start")))"#).expect("it is valid");
    let lines_of = |builder: fuelbox::ModuleBuilder| {
        let (_, lines) = recorded(|| {
            let module = builder.build(&wasm).expect("it is valid");
            let sandbox = timeless(roomy());
            let report = sandbox.run(&module, []).expect("it starts");
            let mut instance = sandbox.instantiate(&module).expect("it starts");
            instance.run(b"").expect("it is alive");
            instance.call::<_, ()>("_start", ()).expect("it is alive");
            report
        });
        lines
    };
    let named = lines_of(Module::builder().name("tax \u{1b}[2J"));
    let spans: Vec<_> = named
        .iter()
        .filter(|line| line.starts_with("span"))
        .collect();
    assert_eq!(spans.len(), 5, "{named:#?}");
    for span in spans {
        assert!(span.contains(r#" name="tax \u{1b}[2J""#), "{span}");
        assert!(!span.contains("bank"), "{span}");
    }
    let unnamed = lines_of(Module::builder());
    assert!(
        !unnamed.iter().any(|line| line.contains("name=")),
        "{unnamed:#?}"
    );
}

#[test]
fn a_log_line_is_an_event_escaped_and_cut() {
    let module = logging("a\\1b[2J\\nbc");
    let (_, lines) = recorded(|| {
        let limits = roomy().log_line_bytes(6);
        timeless(limits)
            .grant(protocol())
            .run(&module, [])
            .expect("it starts")
    });
    let events: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("fuelbox::guest"))
        .collect();
    assert_eq!(events.len(), 1, "{lines:#?}");
    assert!(
        events[0].contains("event DEBUG fuelbox::guest"),
        "{events:?}"
    );
    assert!(
        events[0].ends_with("message=a\\u{1b}[2J\\n..."),
        "{events:?}"
    );
}

#[test]
fn what_is_not_kept_is_not_told_either() {
    let module = logging("hello");
    let (report, lines) = recorded(|| {
        let limits = roomy().log_lines(0);
        timeless(limits)
            .grant(protocol())
            .run(&module, [])
            .expect("it starts")
    });
    assert_eq!(report.usage.log_lines_lost, 1);
    assert!(
        !lines.iter().any(|line| line.contains("fuelbox::guest")),
        "{lines:#?}"
    );
}

#[test]
fn a_subscriber_changes_nothing_in_the_report() {
    let module = logging("hello");
    let run = || {
        let sandbox = timeless(roomy()).grant(protocol());
        same_but_for_time(sandbox.run(&module, []).expect("it starts"))
    };
    let alone = run();
    assert_eq!(recorded(run).0, alone);
}

fn logging(text: &str) -> Module {
    module(&format!(
        r#"(module (import "env" "host_log" (func $log (param i32 i32)))
            (memory (export "memory") 1) (data (i32.const 0) "{text}")
            (func (export "_start") (call $log (i32.const 0) (i32.const 8))))"#
    ))
}

/// Runs `f` and returns what it told, a line for each thing.
///
/// Once for nothing: another thread that tells a line for the first time as the subscriber is made may pass
/// over it, until all are asked again what they want to be told.
pub(crate) fn recorded<T>(f: impl Fn() -> T) -> (T, Vec<String>) {
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let subscriber = Recorder {
        lines: lines.clone(),
        ..Recorder::default()
    };
    let result = dispatcher::with_default(&dispatcher::Dispatch::new(subscriber), || {
        f();
        callsite::rebuild_interest_cache();
        lines.lock().expect("nobody panics").clear();
        f()
    });
    let lines = lines.lock().expect("nobody panics").clone();
    (result, lines)
}

#[derive(Default)]
struct Recorder {
    lines: Arc<Mutex<Vec<String>>>,
    spans: AtomicU64,
    panics: bool,
}

impl Recorder {
    fn line(&self, what: &str, metadata: Option<&Metadata<'_>>, record: impl FnOnce(&mut Line)) {
        let mut line = Line(what.into());
        if let Some(metadata) = metadata {
            let (level, target, name) = (metadata.level(), metadata.target(), metadata.name());
            write!(line.0, " {level} {target} {name}").expect("a string takes all");
        }
        record(&mut line);
        self.lines.lock().expect("nobody panics").push(line.0);
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("fuelbox") && *metadata.level() <= Level::DEBUG
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        self.line("span", Some(span.metadata()), |line| span.record(line));
        span::Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed).wrapping_add(1))
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        self.line("record", None, |line| values.record(line));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let panics = self.panics && event.metadata().target() == "fuelbox::guest";
        assert!(!panics, "the subscriber panics");
        self.line("event", Some(event.metadata()), |line| event.record(line));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a string takes all");
    }
}
