//! A command that does nothing, from its new store to its end.

use crate::rounds::Comparison;
use fuelbox::{Limits, Module, Sandbox, Tree, capability::Wasi};
use std::hint::black_box;

/// The command with WASI beside the same one that imports nothing.
pub(crate) fn compare() {
    let compiled = |imports: &[_]| {
        let wasm = wat::parse_str(command(imports)).expect("the guest is valid");
        Module::new(wasm).expect("the guest is admitted")
    };
    let (without, with) = (compiled(&[]), compiled(&IMPORTS));
    let plain = Sandbox::new(Limits::default());
    let tree = Tree::new()
        .file("/etc/motd", "welcome")
        .expect("it fits")
        .writable();
    let full = Wasi::new()
        .args(["--verbose", "file"])
        .env("LANG", "C")
        .env("HOME", "/")
        .tree(tree);
    for (name, wasi) in [
        ("start with WASI", Wasi::new()),
        ("start with arguments, variables, a tree", full),
    ] {
        let sandbox = plain.clone().grant(wasi);
        Comparison::new(
            || _ = black_box(plain.run(&without, b"")),
            || _ = black_box(sandbox.run(&with, b"")),
        )
        .print(name, "< 3");
    }
}

/// What wasi-libc imports for a program that reads, writes and opens files.
const IMPORTS: [(&str, &str); 16] = [
    ("args_get", "i32 i32"),
    ("args_sizes_get", "i32 i32"),
    ("environ_get", "i32 i32"),
    ("environ_sizes_get", "i32 i32"),
    ("clock_time_get", "i32 i64 i32"),
    ("fd_close", "i32"),
    ("fd_fdstat_get", "i32 i32"),
    ("fd_filestat_get", "i32 i32"),
    ("fd_prestat_get", "i32 i32"),
    ("fd_prestat_dir_name", "i32 i32 i32"),
    ("fd_read", "i32 i32 i32 i32"),
    ("fd_readdir", "i32 i32 i32 i64 i32"),
    ("fd_seek", "i32 i64 i32 i32"),
    ("fd_write", "i32 i32 i32 i32"),
    ("path_filestat_get", "i32 i32 i32 i32 i32"),
    ("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32"),
];

/// A command with a memory of a page.
fn command(imports: &[(&str, &str)]) -> String {
    let imports: String = imports
        .iter()
        .map(|(name, params)| {
            format!(
                "(import \"wasi_snapshot_preview1\" \"{name}\" (func (param {params}) (result i32)))\n"
            )
        })
        .collect();
    format!(r#"(module {imports} (memory (export "memory") 1) (func (export "_start")))"#)
}
