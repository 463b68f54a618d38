//! Directories that are read in a worker, and what a worker that has them cannot reach.

use super::{
    kills::descriptors,
    module,
    told::{self, reaching},
};
use crate::{
    dir::{CAT, Folder},
    harness::{roomy, same_but_for_time},
};
use fuelbox::{
    Limits, Module, Report, Sandbox, Stop, Tree, WorkerEnd,
    capability::Wasi,
    worker::{Wall, WorkerError, WorkerPool, WorkerSpec},
};
use std::{os::unix::fs::symlink, time::Duration};

/// Writes out what is in the first directory that it has and in the second, as `fd_readdir` has it.
const LIST: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_readdir" (func $list (param i32 i32 i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func $check (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
    (func $show (param i32)
        (i32.store (i32.const 0) (i32.const 4096))
        (call $check (call $list (local.get 0) (i32.const 4096) (i32.const 4000) (i64.const 0) (i32.const 4)))
        (call $check (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "_start") (call $show (i32.const 3)) (call $show (i32.const 4))))"#;

/// Opens `file` until it cannot, and exits with how often it could.
const OPEN_ALL: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "file")
    (global $opened (mut i32) (i32.const 0))
    (func (export "_start")
        (loop $again
            (if (call $open (i32.const 3) (i32.const 1) (i32.const 0) (i32.const 4)
                    (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8))
                (then (call $exit (global.get $opened))))
            (global.set $opened (i32.add (global.get $opened) (i32.const 1)))
            (br $again))))"#;

const ROFS: i32 = 69;

fn folder(test: &str) -> Folder {
    Folder::new(test)
        .with("file", "hello")
        .with("below/deep", "down here")
}

/// Runs a guest here and in a worker; both reports are this one.
fn both(wasi: Wasi, text: &str) -> Report {
    let sandbox = Sandbox::new(roomy()).grant(wasi);
    let here = Module::from_wat(text).expect("it is valid");
    let here = sandbox.run(&here, []).expect("it starts");
    let there = super::pool(&sandbox, 1).run(&module(text), []);
    let here = same_but_for_time(here);
    assert_eq!(here, same_but_for_time(there.expect("it starts")));
    here
}

#[test]
fn a_guest_lists_and_reads_directories_in_a_worker_as_it_does_here() {
    let first = folder("worker-first");
    let second = Folder::new("worker-second").with("other", "elsewhere");
    // Between them, so that what is handed over is told apart from what is data.
    let tree = Tree::new().file("/file", "of a tree").expect("it fits");
    let wasi = |path: &str| {
        let wasi = Wasi::new().arg(path).mount("/first", first.read_only());
        wasi.mount("/second", second.read_only())
            .mount("/tree", tree.clone())
    };
    let listed = both(wasi(""), LIST).output;
    for name in ["file", "below", "other"] {
        let found = listed
            .windows(name.len())
            .any(|part| part == name.as_bytes());
        assert!(found, "{name}");
    }
    assert_eq!(both(wasi("file"), CAT).output, b"hello");
    assert_eq!(both(wasi("below/deep"), CAT).output, b"down here");
    assert_eq!(both(wasi("below/../file"), CAT).output, b"hello");
    let of_second = CAT.replace("(call $open (i32.const 3)", "(call $open (i32.const 4)");
    assert_eq!(both(wasi("other"), &of_second).output, b"elsewhere");
}

#[test]
fn a_guest_writes_nothing_to_a_directory_in_a_worker() {
    let folder = folder("worker-written");
    for flags in ["1", "8", "9"] {
        let writes = format!("(i32.const {flags}) (i64.const 66)");
        let text = CAT.replace("(i32.const 0) (i64.const 2)", &writes);
        for name in ["file", "made"] {
            let wasi = Wasi::new().arg(name).mount("/", folder.read_only());
            let status = both(wasi, &text).status();
            assert!(
                status == Some(ROFS) || flags == "8",
                "{flags} {name}: {status:?}"
            );
        }
    }
    assert_eq!(folder.names(), ["below", "file"]);
    let wasi = Wasi::new().arg("file").mount("/", folder.read_only());
    assert_eq!(both(wasi, CAT).output, b"hello");
}

#[test]
fn no_path_of_a_guest_leads_out_of_a_directory_in_a_worker() {
    let outside = Folder::new("worker-outside").with("secret", "treasure");
    let folder = folder("worker-inside");
    let link = |name: &str, target: &str| {
        symlink(target, folder.as_ref().join(name)).expect("it is new");
    };
    link("up", "..");
    link("beside", "../dir-worker-outside/secret");
    link("root", "/etc/passwd");
    for path in [
        "../dir-worker-outside/secret",
        "below/../../dir-worker-outside/secret",
        "up/dir-worker-outside/secret",
        "beside",
        "root",
        "/etc/passwd",
    ] {
        let wasi = Wasi::new().arg(path).mount("/", folder.read_only());
        let report = both(wasi, CAT);
        assert!(
            report.output.is_empty() && report.status() != Some(0),
            "{path}"
        );
    }
    drop(outside);
}

#[test]
fn a_guest_has_as_many_handles_in_a_worker_as_here() {
    let folder = folder("worker-handles");
    let opened = |handles| {
        let dir = folder.read_only().handles_limit(handles);
        both(Wasi::new().mount("/", dir), OPEN_ALL).status()
    };
    assert_eq!(opened(0), Some(0));
    assert_eq!(opened(64), Some(64));
    assert_eq!(opened(200), Some(200));
}

#[test]
#[cfg(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
))]
fn a_worker_with_a_directory_reads_what_is_beneath_it_and_nothing_else() {
    const ACCES: i32 = 13;

    let folder = folder(told::DIRECTORY);
    let pool = pool_that_reaches(&folder);
    let does = |does: &str| pool.run(&reaching(does), []).expect("it runs").status();
    assert_eq!(does("read_beneath"), Some(0));
    // Where the kernel has no Landlock, there is no such pool.
    for what in ["read_by_path", "list_by_path", "read_by_descriptor"] {
        assert_eq!(does(what), Some(ACCES), "{what}");
    }
    for what in [
        "read_what_was_open",
        "write_beneath",
        "write_by_openat2",
        "read_and_write_beneath",
        "make_beneath",
        "empty_beneath",
        "append_beneath",
        "make_nameless_beneath",
    ] {
        let report = pool.run(&reaching(what), []).expect("it runs");
        let how = WorkerEnd::Signal { number: 31 };
        assert_eq!(report.stop(), Some(&Stop::Worker { how }), "{what}");
    }
    assert_eq!(folder.names(), ["below", "file"]);
    let wasi = Wasi::new().arg("file").mount("/", folder.read_only());
    assert_eq!(both(wasi, CAT).output, b"hello");
}

#[test]
#[cfg(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
))]
fn every_wall_is_there_beside_a_directory() {
    let folder = folder("worker-walls");
    let pool = pool_that_reaches(&folder);
    assert_eq!(pool.confinement().missing().next(), None);
    assert!(pool.confinement().has(Wall::Files));
    let id = *pool.process_ids().first().expect("there is one");
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits"));
    let limits = limits.expect("everybody may read it");
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    // Four of its own, six for walks and a listing, two for each of 10 handles, and what this process was started with.
    let mut found = line.expect("it is bounded").split_whitespace().skip(3);
    let mut next = || found.next().and_then(|most| most.parse::<u64>().ok());
    let (soft, hard) = (next(), next());
    assert_eq!(soft, hard);
    assert!(
        soft.is_some_and(|most| (31..62).contains(&most)),
        "{soft:?}"
    );
}

#[test]
fn a_worker_that_takes_the_place_of_another_has_the_directory_too() {
    let folder = folder("worker-replaced");
    let wasi = Wasi::new().arg("file").mount("/", folder.read_only());
    let pool = super::pool(&Sandbox::new(roomy()).grant(wasi), 1);
    let guest = module(CAT);
    let mut workers = Vec::new();
    for _ in 0..3 {
        let report = pool.run(&guest, []).expect("it runs");
        assert_eq!(report.output, b"hello");
        let id = *pool.process_ids().first().expect("there is one");
        assert!(!workers.contains(&id));
        workers.push(id);
        super::kill(id);
        // So that the next run does not find it dying.
        while pool.process_ids().contains(&id) {
            std::thread::yield_now();
        }
    }
}

#[test]
fn pools_leave_no_descriptor_behind() {
    super::passes_alone("worker::directories::a_hundred_pools_leave_no_descriptor_behind");
}

#[test]
#[ignore = "in a process of its own: the test above runs it"]
fn a_hundred_pools_leave_no_descriptor_behind() {
    let folder = folder("worker-descriptors");
    let sandbox = || {
        let wasi = Wasi::new().arg("file").mount("/", folder.read_only());
        Sandbox::new(roomy()).grant(wasi.mount("/again", folder.read_only()))
    };
    let guest = module(CAT);
    // What is opened once and stays.
    drop(super::pool(&sandbox(), 1));
    let before = descriptors();
    for _ in 0..100 {
        let pool = super::pool(&sandbox(), 1);
        let report = pool.run(&guest, []).expect("it runs");
        assert_eq!(report.output, b"hello");
    }
    assert_eq!(descriptors(), before);
}

#[test]
fn directories_that_can_be_written_or_are_too_many_do_not_go_to_a_worker() {
    let folder = folder("worker-refused");
    let refused = |wasi: Wasi| {
        let spec = WorkerSpec::new(&Sandbox::new(Limits::default()).grant(wasi));
        spec.map(drop).expect_err("it cannot go")
    };
    let wasi = Wasi::new().mount("/lib", folder.read_only());
    let error = refused(wasi.mount("/da\u{1b}ta", folder.read_write()));
    assert_eq!(
        error.to_string(),
        "Wasi with the read-write directory '/da\\u{1b}ta' cannot go to a worker process"
    );
    let many = |count: usize| {
        let name = |number| format!("/{number}");
        (0..count).fold(Wasi::new(), |wasi, number| {
            wasi.mount(name(number), folder.read_only())
        })
    };
    assert_eq!(refused(many(17)), WorkerError::Directories { limit: 16 });
    let wasi = many(16).arg("below/deep");
    assert_eq!(both(wasi, CAT).output, b"down here");
}

/// A worker that does what it is told, with 10 handles in `folder`.
fn pool_that_reaches(folder: &Folder) -> WorkerPool {
    let wasi = Wasi::new().mount("/", folder.read_only().handles_limit(10));
    let sandbox = Sandbox::new(Limits::default()).grant(wasi);
    told::pool_of(
        sandbox,
        1,
        told::options().quarantine(u32::MAX, Duration::ZERO),
    )
}
