//! Flags mean what they say.

use super::{ECHO, EXPORTS, Folder, fuelbox, start};
use std::io::Write;

/// Asks for the time, then for eight random bytes, and writes both.
const CLOCK_AND_RANDOM: &str = r#"(module
    (import "env" "host_get_time_nanos" (func $time (result i64)))
    (import "env" "host_read_random" (func $random (param i32 i32)))
    (import "env" "host_write_output" (func $write (param i32 i32)))
    (memory (export "memory") 1)
    (func (export "execute") (param i32 i32) (result i32)
        (i64.store (i32.const 0) (call $time))
        (call $random (i32.const 8) (i32.const 8))
        (call $write (i32.const 0) (i32.const 16))
        (i32.const 0)))"#;

#[test]
fn limits_are_read_with_their_units() {
    let folder = Folder::new("units");
    let module = folder.file("guest.wat", EXPORTS);
    let ended = fuelbox(&[
        "run",
        &module,
        "--invoke",
        "nothing",
        "--fuel=10M",
        "--memory",
        "64MiB",
        "--deadline=1m30s",
    ]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for word in ["of 10,000,000\n", "of 64.00 MiB\n", "of 1m30s,"] {
        assert!(ended.stderr.contains(word), "{word}: {ended:?}");
    }
}

#[test]
fn clock_and_random_are_what_was_asked_for() {
    let folder = Folder::new("clock");
    let module = folder.file("guest.wat", CLOCK_AND_RANDOM);
    let run = |clock: &str| {
        let allow = format!("output,random=7,{clock}");
        let ended = fuelbox(&["run", &module, "--allow", &allow]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let (time, random) = ended.stdout.split_at(8);
        (
            u64::from_le_bytes(time.try_into().unwrap()),
            random.to_vec(),
        )
    };
    let (fixed, random) = run("clock=fixed:5");
    assert_eq!(fixed, 5_000_000_000);
    let (by_fuel, same_random) = run("clock");
    assert!(by_fuel < 1_000, "{by_fuel}");
    assert_eq!(random, same_random);
    assert_eq!(run("clock"), run("clock=fuel"));
    let (system, _) = run("clock=system");
    assert!(system > 1_700_000_000_000_000_000, "{system}");
    let other = fuelbox(&["run", &module, "--allow", "output,random=8,clock"]);
    assert_ne!(other.stdout[8..], random);
}

#[test]
fn grants_add_up_over_several_flags() {
    let folder = Folder::new("several");
    let module = folder.file("guest.wat", ECHO);
    let ended = fuelbox(&[
        "run",
        "--allow",
        "log",
        "--allow=input",
        &module,
        "--allow",
        "output",
        "--text",
        "-5",
    ]);
    assert_eq!(ended.stdout(), "-5", "{ended:?}");
}

#[test]
fn a_word_that_is_not_known_is_answered_with_the_known_ones() {
    let folder = Folder::new("words");
    let module = folder.file("guest.wat", ECHO);
    for (flag, word, known) in [
        ("--allow", "files", "random=SEED"),
        ("--proposal", "threads", "tail-calls"),
        ("--memory-denial", "no", "refuse"),
    ] {
        let ended = fuelbox(&["run", &module, flag, word]);
        assert!(ended.stderr.contains(known), "{ended:?}");
    }
}

#[test]
fn a_denied_growth_can_be_left_to_the_guest() {
    let folder = Folder::new("denial");
    let module = folder.file(
        "guest.wat",
        r#"(module (memory 1) (func (export "grow") (result i32) (memory.grow (i32.const 1000))))"#,
    );
    let ended = fuelbox(&[
        "run",
        &module,
        "--invoke",
        "grow",
        "--memory-denial",
        "refuse",
    ]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout(), "-1\n");
    assert!(ended.stderr.contains("denied growth"), "{ended:?}");
}

#[test]
fn deeper_calls_can_be_allowed() {
    let folder = Folder::new("depth");
    let module = folder.file(
        "guest.wat",
        r#"(module (func $down (export "down") (param i32)
            (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1)))))))"#,
    );
    let run = ["run", &module, "--invoke", "down", "5000"];
    assert_eq!(fuelbox(&run).code, Some(8));
    let deeper = [&run[..], &["--call-depth", "10k"]].concat();
    assert_eq!(fuelbox(&deeper).code, Some(0));
}

#[test]
fn an_input_is_read_no_further_than_its_limit() {
    let folder = Folder::new("endless");
    let module = folder.file("guest.wat", ECHO);
    let mut child = start(&["run", &module, "--allow", "protocol", "--input-limit", "10"]);
    // Held open: the program must not wait for the end.
    let mut input = child.stdin.take().unwrap();
    input.write_all(&[b'x'; 11]).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    drop(input);
    #[cfg(unix)]
    for flag in ["--input", "--module-limit=1MiB"] {
        let (zero, module) = ("/dev/zero", module.as_str());
        let arguments: &[&str] = match flag {
            "--input" => &["run", module, "--allow", "protocol", flag, zero],
            _ => &["run", zero, flag],
        };
        let ended = fuelbox(arguments);
        assert!(matches!(ended.code, Some(1 | 6)), "{ended:?}");
        assert!(ended.stderr.contains("-limit"), "{ended:?}");
    }
}

#[test]
fn standard_input_is_left_alone_where_the_guest_may_not_read_it() {
    let folder = Folder::new("no-input");
    let module = folder.file("guest.wat", r#"(module (func (export "_start")))"#);
    let mut child = start(&["run", &module]);
    let input = child.stdin.take().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    drop(input);
}

#[test]
fn what_the_command_line_cannot_mean_is_refused() {
    let folder = Folder::new("refused-words");
    let module = folder.file("guest.wat", ECHO);
    for (arguments, word) in [
        (
            &[module.as_str()][..],
            "there are run, inspect, bench, selftest",
        ),
        (&["run", "--json=yes", &module], "--json takes no value"),
        (&["run", &module, "--quiet=1"], "--quiet takes no value"),
    ] {
        let ended = fuelbox(arguments);
        assert_eq!(ended.code, Some(1));
        assert!(ended.stderr.contains(word), "{ended:?}");
        assert_eq!(ended.stdout(), "");
    }
}

#[test]
fn help_and_version_are_answered_on_stdout() {
    for (arguments, word) in [
        (&["--version"][..], env!("CARGO_PKG_VERSION")),
        (&["--help"], "fuelbox run guest.wasm"),
        (&["run", "--help"], "130 cancelled"),
        (&["inspect", "--help"], "fuelbox inspect guest.wasm"),
        (&["bench", "--help"], "fuelbox bench guest.wasm"),
        (&["selftest", "help"], "12 an attack"),
        (&["help", "run"], "130 cancelled"),
    ] {
        let ended = fuelbox(arguments);
        assert_eq!(ended.code, Some(0));
        assert!(ended.stdout().contains(word), "{ended:?}");
        assert_eq!(ended.stderr, "");
    }
}
