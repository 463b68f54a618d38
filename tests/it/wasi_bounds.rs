//! What a WASI guest says is large is looked at before room is made for it.

use crate::harness::{allocations::measure, module, roomy, timeless};
use fuelbox::{Tree, capability::Wasi};

/// What one call may allocate: what 1,024 buffers take, and a path.
const MOST: i64 = 32 << 10;

const SUCCESS: i32 = 0;
const INVAL: i32 = 28;
const NAMETOOLONG: i32 = 37;

/// Calls with numbers for which there would be room in the guest's 63 MiB, and what each answers.
const CALLS: [(&str, &str, &str, i32); 10] = [
    ("fd_write", "i32 i32 i32 i32", "1 64 8000000 0", INVAL),
    ("fd_read", "i32 i32 i32 i32", "0 64 8000000 0", INVAL),
    ("poll_oneoff", "i32 i32 i32 i32", "64 64 1000000 0", INVAL),
    (
        "path_create_directory",
        "i32 i32 i32",
        "3 64 60000000",
        NAMETOOLONG,
    ),
    (
        "path_symlink",
        "i32 i32 i32 i32 i32",
        "64 60000000 3 64 1",
        NAMETOOLONG,
    ),
    (
        "path_readlink",
        "i32 i32 i32 i32 i32 i32",
        "3 16 4 64 60000000 0",
        SUCCESS,
    ),
    (
        "path_unlink_file",
        "i32 i32 i32",
        "3 64 60000000",
        NAMETOOLONG,
    ),
    (
        "fd_readdir",
        "i32 i32 i32 i64 i32",
        "3 64 60000000 0 0",
        SUCCESS,
    ),
    (
        "fd_prestat_dir_name",
        "i32 i32 i32",
        "3 64 60000000",
        SUCCESS,
    ),
    ("random_get", "i32 i32", "64 60000000", SUCCESS),
];

#[test]
fn large_numbers_allocate_nothing() {
    let tree = Tree::new().symlink("/link", "x").expect("it fits");
    let sandbox = timeless(roomy()).grant(Wasi::new().tree(tree));
    let mut wrong = Vec::new();
    for (name, params, arguments, expected) in CALLS {
        let arguments: String = params
            .split(' ')
            .zip(arguments.split(' '))
            .map(|(ty, argument)| format!("({ty}.const {argument})"))
            .collect();
        let guest = module(&format!(
            r#"(module
                (import "wasi_snapshot_preview1" "{name}" (func $f (param {params}) (result i32)))
                (memory (export "memory") 1008)
                (data (i32.const 16) "link")
                (func (export "execute") (param i32 i32) (result i32) (call $f {arguments})))"#
        ));
        let execution = sandbox.start(&guest, "").expect("it starts");
        let (report, spent) = measure(|| execution.finish().report);
        if report.status() != Some(expected) || spent.peak >= MOST {
            wrong.push((name, report.outcome.to_string(), spent.peak));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
