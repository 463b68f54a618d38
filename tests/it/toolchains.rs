//! Guests of real toolchains do the same, whatever they are written in and however they are sliced.

use super::built_guests::{
    EACH, SINGLE, SLICES, SLICES_OF_SMALL, TOOLCHAINS, bytes, each, folder, logs, module,
    run_sliced, sandbox,
};
use fuelbox::{
    Caller, Error, Function, HostError, Module, Phase, Stop, Trap,
    capability::{Abort, Clock, Random},
};
use fuelbox_guest::mock;
use orders_types::{Invoice, Item, Order};
use std::{collections::BTreeSet, time::Duration};

#[path = "../guests/src/rust/hello.rs"]
mod hello;
#[path = "../guests/src/rust/tour.rs"]
mod tour;

/// Something real to read.
const TEXT: &str = include_str!("../../Cargo.lock");

#[test]
fn every_committed_guest_is_known_here_and_says_its_abi_version() {
    let expected: BTreeSet<_> = TOOLCHAINS
        .iter()
        .flat_map(|toolchain| EACH.map(|what| format!("{toolchain}-{what}")))
        .chain(SINGLE.map(String::from))
        .collect();
    let found: BTreeSet<_> = folder()
        .read_dir()
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    assert_eq!(found, expected);

    let sandbox = sandbox()
        .grant(Clock::fixed(Duration::ZERO))
        .grant(Random::seeded(0))
        .grant(Abort)
        .require_abi_version();
    for name in &found {
        let refusals = sandbox.check(&module(name)).refusals;
        let unknown = |error: &Error| matches!(error, Error::ImportUnknown { .. });
        match &**name {
            "c-basket" => assert!(refusals.iter().all(unknown)),
            _ => assert_eq!(refusals, [], "{name}"),
        }
    }
}

#[test]
fn an_echo_gives_back_what_it_gets() {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    for input in [b"".as_slice(), b"hello", &every_byte] {
        each("echo", input, |name, report| {
            assert_eq!(report.status(), Some(0), "{name}");
            assert_eq!(report.output, input, "{name}");
        });
    }
    let large = TEXT.repeat(20);
    for toolchain in TOOLCHAINS {
        let name = format!("{toolchain}-echo");
        let report = run_sliced(&sandbox(), &name, large.as_bytes(), &SLICES);
        assert!(report.output == large.as_bytes(), "{name}");
    }
}

#[test]
fn an_echo_is_small() {
    for (name, most) in [
        ("rust-echo", 2_048),
        ("rust163-echo", 2_048),
        ("c-echo", 1_024),
    ] {
        let len = bytes(name).len();
        assert!(len < most, "{name} has {len} bytes, {most} are too many");
    }
}

#[test]
fn an_empty_or_small_input_grows_no_memory() {
    /// What one growth costs at least, by docs/limits.md.
    const GROWTH_FUEL: u64 = 51_000;
    let most = [
        ("assemblyscript", 1_500),
        ("c", 600),
        ("rust", 600),
        ("rust163", 600),
        ("zig", 600),
    ];
    assert_eq!(most.map(|(toolchain, _)| toolchain), TOOLCHAINS);
    for (toolchain, most) in most {
        let name = format!("{toolchain}-echo");
        let fuel = |len| {
            run_sliced(&sandbox(), &name, &vec![7; len], &SLICES)
                .usage
                .fuel
        };
        assert!(fuel(0) <= most, "{name}: {}", fuel(0));
        assert!(fuel(1_024) <= most + 100, "{name}: {}", fuel(1_024));
        // The allocator of AssemblyScript has the rest of a page to begin with.
        let grows = fuel(1_025) >= GROWTH_FUEL;
        assert_eq!(grows, toolchain != "assemblyscript", "{name}");
    }
}

#[test]
fn many_small_inputs_of_an_instance_share_a_page() {
    const PAGE_BYTES: u64 = 65_536;
    for toolchain in TOOLCHAINS {
        let name = format!("{toolchain}-echo");
        let mut instance = sandbox().instantiate(&module(&name)).expect("it starts");
        let mut run = |number: u32| {
            let event = format!("event {number:058}");
            let report = instance.run(event.as_bytes()).expect("it is ready");
            assert_eq!(report.output, event.as_bytes(), "{name}");
            report.usage.peak_memory_bytes
        };
        let before = run(0);
        // 64,000 bytes.
        let after = (1..1_000).map(&mut run).last();
        assert!(after <= Some(before + 3 * PAGE_BYTES), "{name}: {after:?}");
    }
}

#[test]
fn words_are_counted() {
    let count = |text: &str| {
        let lines = text.matches('\n').count();
        let words = text.split_ascii_whitespace().count();
        format!("{lines} {words} {}", text.len())
    };
    for text in ["", "one", " one\ttwo\r\nthree\n\n"] {
        each("words", text.as_bytes(), |name, report| {
            assert_eq!(report.status(), Some(0), "{name}");
            assert_eq!(report.into_output(), Ok(count(text).into_bytes()), "{name}");
        });
    }
    for toolchain in TOOLCHAINS {
        let name = format!("{toolchain}-words");
        let report = run_sliced(&sandbox(), &name, TEXT.as_bytes(), &SLICES);
        assert_eq!(report.into_output(), Ok(count(TEXT).into_bytes()), "{name}");
    }
}

#[test]
fn json_is_minified() {
    let value = serde_json::json!({
        "text": "blanks  stay \t in \"strings\" \\",
        "list": [1, 2.5, null, true, {"nested": ["ä", "\n"]}],
        "empty": {},
    });
    let pretty = serde_json::to_vec_pretty(&value).expect("it is JSON");
    let minified = serde_json::to_vec(&value).expect("it is JSON");
    each("minify", &pretty, |name, report| {
        assert_eq!(report.status(), Some(0), "{name}");
        assert_eq!(report.output, minified, "{name}");
    });
}

#[test]
fn a_failure_has_a_status_and_a_log_line() {
    each("minify", br#"["no end"#, |name, report| {
        assert_eq!(report.status(), Some(3), "{name}");
        assert_eq!(logs(&report), ["error: a string does not end"], "{name}");
    });
    each("hello", b"", |name, report| {
        assert_eq!(report.status(), Some(2), "{name}");
        let line = "error: the input is empty: a name was expected";
        assert_eq!(logs(&report), [line], "{name}");
        assert_eq!(report.output, b"", "{name}");
    });
}

#[test]
fn hello_greets() {
    each("hello", b"World", |name, report| {
        assert_eq!(report.status(), Some(0), "{name}");
        assert!(logs(&report)[0].starts_with("info: a name"), "{name}");
        assert_eq!(report.output, b"Hello, World!", "{name}");
    });
}

#[test]
fn a_panic_is_a_log_line_and_a_trap() {
    let names = TOOLCHAINS.map(|toolchain| format!("{toolchain}-panic"));
    let with_std = ["rust-panic-std", "rust163-panic-std"].map(String::from);
    for name in names.iter().chain(&with_std) {
        let report = run_sliced(&sandbox(), name, b"not my day", &SLICES);
        assert_eq!(
            report.stop(),
            Some(&Stop::Trapped(Trap::Unreachable)),
            "{name}"
        );
        assert!(
            matches!(
                report.outcome,
                fuelbox::Outcome::Stopped {
                    phase: Phase::Entry,
                    ..
                }
            ),
            "{name}"
        );
        assert_eq!(report.output, b"so far", "{name}");
        let [line] = logs(&report)[..] else {
            panic!("{name}: {:?}", report.logs);
        };
        assert!(line.starts_with("error: "), "{name}: {line}");
        assert!(line.contains("not my day"), "{name}: {line}");
        assert!(!line.contains('\n'), "{name}: {line}");
    }
}

#[test]
fn every_function_of_the_protocol_works_in_every_language() {
    let time = Duration::from_secs(1_700_000_000);
    let sandbox = sandbox().grant(Clock::fixed(time)).grant(Random::seeded(7));
    let native = mock::Host::new()
        .input("input")
        .time(time)
        .random(7)
        .run(tour::execute);
    assert_eq!(native.output.len(), 4 + 8 + 12);
    for toolchain in TOOLCHAINS {
        let name = format!("{toolchain}-tour");
        let report = run_sliced(&sandbox, &name, b"input", &SLICES_OF_SMALL);
        assert_eq!(report.status(), Some(0), "{name}");
        let levels = [
            "plain",
            "error: level 1",
            "warn: level 2",
            "info: level 3",
            "debug: level 4",
        ];
        assert_eq!(logs(&report), levels, "{name}");
        assert_eq!(logs(&report), native.logs, "{name}");
        assert_eq!(report.output, native.output, "{name}");
    }
}

#[test]
fn the_mock_host_does_what_fuelbox_does() {
    for input in ["World", " ", "ä"] {
        let native = mock::Host::new().input(input).run(hello::execute);
        let report = run_sliced(&sandbox(), "rust-hello", input.as_bytes(), &SLICES);
        assert_eq!(native.status, report.status(), "{input}");
        assert_eq!(native.output, report.output, "{input}");
        assert_eq!(native.logs, logs(&report), "{input}");
    }
}

/// What AssemblyScript calls when something is thrown: message and file as pointers to its strings.
fn abort(
    caller: &mut Caller<'_>,
    message: u32,
    file: u32,
    line: u32,
    column: u32,
) -> Result<(), HostError> {
    /// Length of a string in bytes, right before it.
    const LEN_BYTES: u32 = 4;

    let mut text = |ptr: u32| -> Result<String, HostError> {
        if ptr == 0 {
            return Ok(String::from("none"));
        }
        let len = caller.read(ptr.wrapping_sub(LEN_BYTES), LEN_BYTES)?;
        let len = len.try_into().map(u32::from_le_bytes).unwrap_or_default();
        let bytes = caller.read(ptr, len)?;
        let units: Vec<_> = bytes
            .chunks_exact(2)
            .filter_map(|pair| pair.try_into().ok())
            .map(u16::from_le_bytes)
            .collect();
        Ok(String::from_utf16_lossy(&units))
    };
    let (message, file) = (text(message)?, text(file)?);
    Err(HostError::message(format!(
        "{message} at {file}:{line}:{column}"
    )))
}

#[test]
fn assemblyscript_runs_its_start_function_and_is_served_its_abort() {
    for what in EACH {
        assert!(
            module(&format!("assemblyscript-{what}")).has_start(),
            "{what}"
        );
    }
    let module = module("assemblyscript-abort");
    assert!(module.has_start());
    let error = sandbox()
        .run(&module, b"no".as_slice())
        .map(|report| report.outcome);
    assert!(
        matches!(error, Err(Error::ImportNotGranted { .. })),
        "{error:?}"
    );

    let own = Function::new("env", "abort", abort);
    for sandbox in [sandbox().grant(Abort), sandbox().grant(own)] {
        let report = run_sliced(
            &sandbox,
            "assemblyscript-abort",
            "für heute".as_bytes(),
            &SLICES_OF_SMALL,
        );
        assert_eq!(report.output, b"so far");
        assert_eq!(
            report.stop().map(Stop::to_string).as_deref(),
            Some("host function env.abort failed: für heute at panic.ts:7:3")
        );
    }
}

#[test]
fn types_are_shared_by_host_and_guest() {
    let item = Item {
        name: "lamp".into(),
        amount: 4,
        cents: 5_000,
    };
    let order = Order {
        customer: "Ada \"the first\"".into(),
        items: vec![item],
    };
    let order = serde_json::to_vec(&order).expect("it is JSON");
    let report = run_sliced(&sandbox(), "rust-orders", &order, &SLICES);
    assert_eq!(logs(&report), ["info: 1 items, 20000 cents"]);
    let invoice: Invoice = serde_json::from_slice(&report.output).expect("it is an invoice");
    assert_eq!(invoice.customer, "Ada \"the first\"");
    assert_eq!((invoice.discount_percent, invoice.total_cents), (5, 19_000));

    let report = run_sliced(&sandbox(), "rust-orders", b"{}", &SLICES);
    assert_eq!(report.status(), Some(1));
    assert!(logs(&report)[0].starts_with("error: missing field `customer`"));
}

#[test]
fn a_guest_calls_functions_of_its_host() {
    let price = |caller: &mut Caller<'_>, name: u32, len: u32| match caller.read(name, len)? {
        b"apple" => Ok(40_i64),
        _ => Err(HostError::message("no such item")),
    };
    let sandbox = sandbox()
        .grant(Function::new("shop", "price", price))
        .grant(Function::new("shop", "sold", |_: u32, _: u32, _: u32| ()));
    let run = |input: &str| run_sliced(&sandbox, "c-basket", input.as_bytes(), &SLICES_OF_SMALL);
    assert_eq!(run("3 apple\n10 apple\n").output, b"520");
    assert_eq!(run("3").status(), Some(2));
    let stop = run("1 pear").stop().map(Stop::to_string);
    let sentence = "host function shop.price failed: no such item";
    assert_eq!(stop.as_deref(), Some(sentence));
}

#[test]
fn a_guest_for_a_newer_protocol_is_refused_with_both_versions() {
    let newer = wat::parse_str(
        r#"(module
            (func (export "execute") (param i32 i32) (result i32) (i32.const 0))
            (func (export "fuelbox_abi_version") (result i32) (i32.const 2)))"#,
    )
    .expect("it is valid");
    let module = Module::new(newer).expect("it is valid");
    let error = sandbox()
        .run(&module, b"".as_slice())
        .expect_err("it is refused");
    assert_eq!(
        error,
        Error::AbiVersion {
            host: 1,
            guest: Some(2)
        }
    );
    let sentence = error.to_string();
    assert!(
        sentence.contains('1') && sentence.contains('2'),
        "{sentence}"
    );
}
