//! `inspect` says what a module is made of and what it lacks.

use super::{ECHO, EXPORTS, Folder, fuelbox};

/// One of everything that is shown.
const RICH: &str = r#"(module
    (import "env" "host_log" (func (param i32 i32)))
    (import "env" "host_get_time_nanos" (func (result i64)))
    (import "host" "price" (func (param i32) (result i64)))
    (import "env" "host_read_random" (func (param i64)))
    (memory (export "memory") 1 16)
    (table 3 5 funcref)
    (func $init (drop (i32.extend8_s (i32.const 1))))
    (start $init)
    (func (export "fuelbox_abi_version") (result i32) (i32.const 1))
    (func (export "_start")))"#;

#[test]
fn a_module_is_described() {
    let folder = Folder::new("rich");
    let module = folder.file("guest.wat", RICH);
    let ended = fuelbox(&["inspect", &module, "--allow", "log"]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    for line in [
        "proposals    sign-extension",
        "memories     1 to 16 pages of 65536 bytes",
        "tables       3 to 5 funcref",
        "start        yes, runs first",
        "abi version  1, this host speaks 1",
        "  _start: function () -> ()",
        "  env.host_log: function (i32, i32) -> (): granted",
        "  env.host_get_time_nanos: function () -> i64: needs --allow clock",
        "  host.price: function (i32) -> i64: unknown",
        "  env.host_read_random: function (i64) -> (): of another type, the host has function (i32, i32) ->",
    ] {
        assert!(
            ended.stdout().lines().any(|found| found == line),
            "{line} is missing: {}",
            ended.stdout()
        );
    }
    let verdict = ended
        .stdout()
        .lines()
        .find(|line| line.starts_with("would"));
    let verdict = verdict.unwrap();
    assert!(verdict.starts_with("would not run: needs --allow clock; unknown import host.price"));
    for line in ended.stdout().lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn the_verdict_is_what_run_does() {
    let folder = Folder::new("verdict");
    let echo = folder.file("echo.wat", ECHO);
    let ended = fuelbox(&["inspect", &echo]);
    assert_eq!(ended.code, Some(5));
    let last = ended.stdout().lines().last();
    assert_eq!(last, Some("would not run: needs --allow protocol"));

    let ended = fuelbox(&["inspect", &echo, "--allow", "protocol"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout().lines().last(), Some("would run"));

    let exports = folder.file("exports.wat", EXPORTS);
    let ended = fuelbox(&["inspect", &exports]);
    assert_eq!(ended.code, Some(7));
    assert!(
        ended
            .stdout()
            .contains("would not run: the module exports no function execute")
    );
    for (name, code, last) in [
        ("add", 0, "would run"),
        ("nothing", 0, "would run"),
        (
            "sub",
            7,
            "try: --invoke NAME, for one of the names that `fuelbox inspect` lists",
        ),
    ] {
        let ended = fuelbox(&["inspect", &exports, "--invoke", name]);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert_eq!(ended.stdout().lines().last(), Some(last));
    }

    let large = folder.file(
        "large.wat",
        r#"(module (memory 2048) (func (export "_start")))"#,
    );
    let ended = fuelbox(&["inspect", &large]);
    assert_eq!(ended.code, Some(4));
    assert!(
        ended.stdout().ends_with("try: --memory 128MiB\n"),
        "{ended:?}"
    );
    assert_eq!(
        fuelbox(&["inspect", &large, "--memory=128MiB"]).code,
        Some(0)
    );
}

#[test]
fn the_document_says_the_same() {
    let folder = Folder::new("inspect-json");
    let module = folder.file("guest.wat", RICH);
    let document = fuelbox(&["inspect", &module, "--json"]).json();
    assert_eq!(document["code"], "import-not-granted");
    assert_eq!(document["would_run"], false);
    assert_eq!(document["proposals"][0], "sign-extension");
    assert_eq!(document["has_start"], true);
    assert_eq!(document["abi_version"]["constant"], 1);
    assert_eq!(document["imports"][0]["import"]["name"], "host_log");
    assert_eq!(
        document["imports"][0]["status"]["denied"]["capability"],
        "Log"
    );
    assert_eq!(document["imports"][2]["status"], "unknown");
    assert_eq!(document["refusals"].as_array().unwrap().len(), 4);

    let echo = folder.file("echo.wat", ECHO);
    let document = fuelbox(&["inspect", &echo, "--json", "--allow", "env"]).json();
    assert_eq!(document["code"], "would-run");
    let none = folder.path("none.wasm");
    let document = fuelbox(&["inspect", &none, "--json"]).json();
    assert_eq!(document["code"], "read");
}
