//! What compiling holds at its peak, in a process of its own each time.

use super::{Field, start::SIZES};
use crate::{generate, results::Results, stopwatch};
use std::{env, fs, hint::black_box, path::Path, process::Command};

/// In place of suites: an engine and a file. The process compiles it and prints the peak in bytes.
const CHILD: &str = "--compile";

/// Compiles generated modules of each size by each engine.
pub(super) fn compiling(field: &Field) {
    let mut results = Results::new(field.set, "compiling");
    let folder = env::temp_dir().join(format!("fuelbox-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    for (bytes, name) in SIZES {
        let path = folder.join("guest.wasm");
        write(&path, &generate::module(bytes));
        for engine in &field.engines {
            if let Some(peak) = peak_bytes(engine.name(), &path) {
                results.add(name, "bytes", engine.name(), vec![peak]);
            }
        }
        if stopwatch::is_test() {
            break;
        }
    }
    fs::remove_dir_all(&folder).expect("the folder can be removed");
    results.write();
}

/// Whether this process was to compile one module and no more; then it has.
pub(super) fn is_child(field: &Field) -> bool {
    let mut arguments = env::args().skip_while(|argument| argument != CHILD).skip(1);
    let (Some(engine), Some(path)) = (arguments.next(), arguments.next()) else {
        return false;
    };
    child(field, &engine, &path);
    true
}

fn peak_bytes(engine: &str, path: &Path) -> Option<f64> {
    let program = env::current_exe().expect("this program is a file");
    let output = Command::new(program)
        .arg(CHILD)
        .arg(engine)
        .arg(path)
        .output()
        .expect("this program runs");
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

#[expect(clippy::disallowed_methods, reason = "modules are files here")]
fn child(field: &Field, engine: &str, path: &str) {
    let wasm = fs::read(path).expect("the module can be read");
    let engine = field.engines.iter().find(|other| other.name() == engine);
    let engine = engine.expect("the engine is there");
    // What is allocated or started once is not the module's: a small one first.
    black_box(engine.compile(&generate::module(0)));
    let Some(before) = status_bytes("VmRSS:") else {
        return;
    };
    black_box(engine.compile(&wasm));
    if let Some(peak) = status_bytes("VmHWM:") {
        println!("{}", peak.saturating_sub(before));
    }
}

#[expect(clippy::disallowed_methods, reason = "modules are files here")]
fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("the module can be written");
}

/// A line of what Linux says about this process.
pub(super) fn status_bytes(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib << 10)
}
