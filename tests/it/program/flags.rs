//! Flags mean what they say.

use super::{ECHO, EXPORTS, Folder, fuelbox, fuelbox_reading, start};
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
    for word in ["of 10,000,000\n", "of 64MiB\n", "of 1m30s,"] {
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
        ("--growth-denial", "no", "refuse"),
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
        r#"(module (memory 1) (func (export "grow") (result i32) (memory.grow (i32.const 2000))))"#,
    );
    let ended = fuelbox(&[
        "run",
        &module,
        "--invoke",
        "grow",
        "--growth-denial",
        "refuse",
    ]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout(), "-1\n");
    assert!(ended.stderr.contains("  denied growth  1\n"), "{ended:?}");
}

#[test]
fn deeper_calls_can_be_allowed() {
    let folder = Folder::new("depth");
    let module = folder.file(
        "guest.wat",
        r#"(module (func $down (export "down") (param i32)
            (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1)))))))"#,
    );
    let run = ["run", &module, "--invoke", "down", "20000"];
    assert_eq!(fuelbox(&run).code, Some(8));
    let deeper = [&run[..], &["--call-depth", "30k"]].concat();
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
fn standard_input_is_left_alone_where_the_guest_has_nothing_that_reads_it() {
    let folder = Folder::new("no-input");
    let none = folder.file("none.wat", r#"(module (func (export "_start")))"#);
    let writes = folder.file(
        "writes.wat",
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1) (func (export "_start")))"#,
    );
    for (module, allow) in [(&none, "protocol"), (&writes, "wasi")] {
        let mut child = start(&["run", module, "--allow", allow]);
        // Held open: the program must not wait for the end.
        let input = child.stdin.take().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{module}");
        drop(input);
    }
}

#[test]
fn a_module_comes_from_standard_input_in_either_format() {
    let text = ECHO.as_bytes().to_vec();
    let binary = wat::parse_bytes(&text).expect("it is valid").into_owned();
    let run = ["run", "-", "--allow", "protocol", "--text", "hello"];
    for module in [text, binary] {
        let ended = fuelbox_reading(&run, &module);
        assert_eq!(
            (ended.code, ended.stdout()),
            (Some(0), "hello"),
            "{ended:?}"
        );
    }
    let ended = fuelbox_reading(&["run", "-", "--allow", "protocol"], ECHO.as_bytes());
    assert_eq!((ended.code, ended.stdout()), (Some(0), ""), "{ended:?}");
    let both = ["run", "-", "--allow", "protocol", "--input", "-"];
    let ended = fuelbox_reading(&both, ECHO.as_bytes());
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(
        ended.stderr.contains("both the module and the input"),
        "{ended:?}"
    );
    let ended = fuelbox_reading(&["inspect", "-"], b"nothing");
    assert!(
        ended.stderr.starts_with("fuelbox: -: invalid module"),
        "{ended:?}"
    );
}

#[test]
fn a_size_is_shown_as_it_was_given() {
    let folder = Folder::new("as-given");
    let module = folder.file("guest.wat", EXPORTS);
    let run = ["run", &module, "--invoke", "nothing", "--memory"];
    for (given, shown) in [("128M", "128MB"), ("64MiB", "64MiB"), ("1.5MiB", "1536KiB")] {
        let ended = fuelbox(&[&run[..], &[given]].concat());
        let line = format!("  peak memory    0B of {shown}\n");
        assert!(ended.stderr.contains(&line), "{line}: {ended:?}");
    }
}

#[test]
fn a_flag_for_the_guest_is_told_from_one_that_is_misspelt() {
    let folder = Folder::new("behind-dashes");
    let module = folder.file("guest.wat", ECHO);
    let ended = fuelbox(&["run", &module, "--allow", "wasi", "one", "--two"]);
    assert_eq!(ended.code, Some(1));
    assert_eq!(
        ended.stderr,
        "fuelbox: `run` has no flag --two\ntry: -- --two, after everything else, if it is for the guest\n"
    );
    let ended = fuelbox(&["inspect", &module, "--alow", "wasi"]);
    assert_eq!(
        ended.stderr,
        "fuelbox: `inspect` has no flag --alow\ntry: --allow\n"
    );
    let ended = fuelbox(&["run", &module, "--allow", "wasii"]);
    assert!(ended.stderr.contains("did you mean wasi?"), "{ended:?}");
    let ended = fuelbox(&["rum", &module]);
    assert!(ended.stderr.ends_with("try: fuelbox run\n"), "{ended:?}");
}

#[test]
fn an_import_that_nobody_offers_can_be_left_until_it_is_called() {
    let folder = Folder::new("stubs");
    let module = folder.file(
        "guest.wat",
        r#"(module (import "env" "rare" (func $rare))
            (func (export "_start")) (func (export "rarely") (call $rare)))"#,
    );
    let run = ["run", &module, "--stub-unknown"];
    assert_eq!(fuelbox(&run[..2]).code, Some(5));
    assert_eq!(fuelbox(&run).code, Some(0));
    let ended = fuelbox(&[&run[..], &["--invoke", "rarely"]].concat());
    assert_eq!(ended.code, Some(11), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("env.rare failed: no capability offers it"),
        "{ended:?}"
    );
    let ended = fuelbox(&["inspect", &module, "--stub-unknown"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let line = "  env.rare: function () -> (): unknown, stops the run where it is called\n";
    assert!(ended.stdout().contains(line), "{ended:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn completions_of_bash_know_commands_and_flags() {
    use std::process::Command;

    let script = fuelbox(&["completions", "bash"]);
    assert_eq!(script.code, Some(0), "{script:?}");
    let folder = Folder::new("completions");
    let path = folder.file("fuelbox.bash", &script.stdout);
    let complete = |words: &str| {
        let count = words.split(' ').count() - 1;
        let ask = format!(
            "source {path}; COMP_WORDS=({words}); COMP_CWORD={count}; _fuelbox; echo \"${{COMPREPLY[*]}}\""
        );
        let output = Command::new("bash").args(["-c", &ask]).output();
        let output = output.expect("bash is there");
        assert!(output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout)
            .expect("it is text")
            .trim()
            .to_owned()
    };
    assert_eq!(complete("fuelbox in"), "inspect");
    assert_eq!(complete("fuelbox run --fu"), "--fuel");
    assert_eq!(complete("fuelbox run --memory"), "--memory");
    assert_eq!(complete("fuelbox inspect --fu"), "");
    assert_eq!(complete("fuelbox completions z"), "zsh");
    for (shell, word) in [("zsh", "#compdef fuelbox"), ("fish", "complete -c fuelbox")] {
        let ended = fuelbox(&["completions", shell]);
        assert!(ended.stdout().starts_with(word), "{ended:?}");
        assert!(ended.stdout().contains("fuel"), "{ended:?}");
    }
    assert_eq!(fuelbox(&["completions", "dash"]).code, Some(1));
}

#[test]
fn what_the_command_line_cannot_mean_is_refused() {
    let folder = Folder::new("refused-words");
    let module = folder.file("guest.wat", ECHO);
    for (arguments, word) in [
        (
            &[module.as_str()][..],
            "the commands are run, replay, inspect, bench, fuzz, new, snapshot, selftest, completions",
        ),
        (&["run", "--json=yes", &module], "--json takes no value"),
        (&["run", &module, "--quiet=1"], "--quiet takes no value"),
        (
            &["run", &module, "--isolate", "--backtrace"],
            "cannot be recorded",
        ),
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
        (&["run", "--help"], "130  cancelled"),
        (&["inspect", "--help"], "fuelbox inspect guest.wasm"),
        (&["bench", "--help"], "fuelbox bench guest.wasm"),
        (&["selftest", "help"], "12  an attack"),
        (&["help", "run"], "130  cancelled"),
        (&["-V"], "fuelbox "),
        (&["completions", "-h"], "bash|zsh|fish"),
    ] {
        let ended = fuelbox(arguments);
        assert_eq!(ended.code, Some(0));
        assert!(ended.stdout().contains(word), "{ended:?}");
        assert_eq!(ended.stderr, "");
    }
}
