//! What each function of WASI asks of a descriptor's rights, as the specification of preview 1 has it.

use crate::harness::{module, roomy, timeless};
use fuelbox::{Tree, capability::Wasi};
use std::collections::BTreeSet;

const SUCCESS: i32 = 0;
const BADF: i32 = 8;
const NOSYS: i32 = 52;
const NOTSOCK: i32 = 57;
const NOTCAPABLE: i32 = 76;

const FD_DATASYNC: u64 = 1;
const FD_READ: u64 = 1 << 1;
const FD_SEEK: u64 = 1 << 2;
const FD_FDSTAT_SET_FLAGS: u64 = 1 << 3;
const FD_SYNC: u64 = 1 << 4;
const FD_TELL: u64 = 1 << 5;
const FD_WRITE: u64 = 1 << 6;
const FD_ADVISE: u64 = 1 << 7;
const FD_ALLOCATE: u64 = 1 << 8;
const PATH_CREATE_DIRECTORY: u64 = 1 << 9;
const PATH_CREATE_FILE: u64 = 1 << 10;
const PATH_LINK_SOURCE: u64 = 1 << 11;
const PATH_LINK_TARGET: u64 = 1 << 12;
const PATH_OPEN: u64 = 1 << 13;
const FD_READDIR: u64 = 1 << 14;
const PATH_READLINK: u64 = 1 << 15;
const PATH_RENAME_SOURCE: u64 = 1 << 16;
const PATH_RENAME_TARGET: u64 = 1 << 17;
const PATH_FILESTAT_GET: u64 = 1 << 18;
const PATH_FILESTAT_SET_SIZE: u64 = 1 << 19;
const PATH_FILESTAT_SET_TIMES: u64 = 1 << 20;
const FD_FILESTAT_GET: u64 = 1 << 21;
const FD_FILESTAT_SET_SIZE: u64 = 1 << 22;
const FD_FILESTAT_SET_TIMES: u64 = 1 << 23;
const PATH_SYMLINK: u64 = 1 << 24;
const PATH_REMOVE_DIRECTORY: u64 = 1 << 25;
const PATH_UNLINK_FILE: u64 = 1 << 26;
const POLL_FD_READWRITE: u64 = 1 << 27;

/// All rights of the file 4, and all of the directory 3.
const FILE: u64 = FD_DATASYNC
    | FD_READ
    | FD_SEEK
    | FD_FDSTAT_SET_FLAGS
    | FD_SYNC
    | FD_TELL
    | FD_WRITE
    | FD_ADVISE
    | FD_ALLOCATE
    | FD_FILESTAT_GET
    | FD_FILESTAT_SET_SIZE
    | FD_FILESTAT_SET_TIMES
    | POLL_FD_READWRITE;
const DIRECTORY: u64 = FD_DATASYNC
    | FD_FDSTAT_SET_FLAGS
    | FD_SYNC
    | PATH_CREATE_DIRECTORY
    | PATH_CREATE_FILE
    | PATH_LINK_SOURCE
    | PATH_LINK_TARGET
    | PATH_OPEN
    | FD_READDIR
    | PATH_READLINK
    | PATH_RENAME_SOURCE
    | PATH_RENAME_TARGET
    | PATH_FILESTAT_GET
    | PATH_FILESTAT_SET_SIZE
    | PATH_FILESTAT_SET_TIMES
    | FD_FILESTAT_GET
    | FD_FILESTAT_SET_TIMES
    | PATH_SYMLINK
    | PATH_REMOVE_DIRECTORY
    | PATH_UNLINK_FILE;

/// Rights of which one is enough.
type Any = &'static [u64];

/// A call, and which rights it takes: one of each group.
struct Case {
    name: &'static str,
    /// Types and values of the arguments.
    params: &'static str,
    values: &'static str,
    own: &'static [Any],
    handed_down: &'static [Any],
    allowed: i32,
}

const fn call(name: &'static str, params: &'static str, values: &'static str) -> Case {
    Case {
        name,
        params,
        values,
        own: &[],
        handed_down: &[],
        allowed: SUCCESS,
    }
}

impl Case {
    const fn takes(self, own: &'static [Any]) -> Self {
        Self { own, ..self }
    }

    const fn hands_down(self, handed_down: &'static [Any]) -> Self {
        Self {
            handed_down,
            ..self
        }
    }

    const fn answers(self, allowed: i32) -> Self {
        Self { allowed, ..self }
    }

    /// Whether it is about the file 4, and not about the directory 3.
    fn is_on_file(&self) -> bool {
        self.values == "4" || self.values.starts_with("4 ") || self.name == "poll_oneoff"
    }

    /// What it answers where `missing` is not there.
    fn denied(&self, missing: Any) -> i32 {
        let opened_for = [&[FD_READ][..], &[FD_WRITE]].contains(&missing);
        // As where a descriptor is not open for it: what POSIX, and with it every C library, expects.
        if opened_for && self.name.starts_with("fd_") {
            BADF
        } else {
            NOTCAPABLE
        }
    }

    /// What the call answers where the descriptor has these rights.
    fn run(&self, own: u64, handed_down: u64) -> i32 {
        let arguments: String = self
            .params
            .split_whitespace()
            .zip(self.values.split(' '))
            .map(|(ty, value)| format!("({ty}.const {value})"))
            .collect();
        let fd = if self.is_on_file() { 4 } else { 3 };
        let (name, params) = (self.name, self.params);
        let called = match name {
            "proc_exit" => format!("(call $f {arguments}) (i32.const 999)"),
            // The errno is that of the event.
            "poll_oneoff" => {
                format!("(i32.or (call $f {arguments}) (i32.load16_u (i32.const 3008)))")
            }
            _ => format!("(call $f {arguments})"),
        };
        let result = if name == "proc_exit" {
            ""
        } else {
            "(result i32)"
        };
        let guest = module(&format!(
            r#"(module
                (import "wasi_snapshot_preview1" "path_open"
                    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
                (import "wasi_snapshot_preview1" "fd_fdstat_set_rights"
                    (func $rights (param i32 i64 i64) (result i32)))
                (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (import "wasi_snapshot_preview1" "{name}" (func $f (param {params}) {result}))
                (memory (export "memory") 1)
                (data (i32.const 1000) "file")
                (data (i32.const 1010) "dir")
                (data (i32.const 1020) "link")
                (data (i32.const 1030) "new")
                ;; A buffer of 4 bytes, and what waits until file 4 can be read.
                (data (i32.const 1040) "\c0\03\00\00\04\00\00\00")
                (data (i32.const 1108) "\01")
                (data (i32.const 1116) "\04")
                (func (export "_start")
                    (if (call $open (i32.const 3) (i32.const 0) (i32.const 1000) (i32.const 4) (i32.const 0)
                            (i64.const {FILE}) (i64.const 0) (i32.const 0) (i32.const 0))
                        (then (call $exit (i32.const 900))))
                    (if (call $rights (i32.const {fd}) (i64.const {own}) (i64.const {handed_down}))
                        (then (call $exit (i32.const 901))))
                    (call $exit {called})))"#
        ));
        let files = Tree::new()
            .file("/file", "hello")
            .and_then(|tree| tree.dir("/dir"))
            .and_then(|tree| tree.symlink("/link", "file"))
            .expect("it fits");
        let sandbox = timeless(roomy()).grant(Wasi::new().tree(files.writable()));
        let report = sandbox.run(&guest, b"").expect("it starts");
        report.status().expect("it finishes")
    }
}

/// One right of each group: the first of each, the second where there is one, and so on.
fn choices(groups: &[Any]) -> Vec<u64> {
    let most = groups.iter().map(|any| any.len()).max().unwrap_or(1);
    let nth = |at: usize| {
        groups
            .iter()
            .map(move |any| any.get(at).or(any.first()).copied().unwrap_or(0))
    };
    (0..most)
        .map(|at| nth(at).fold(0, |all, one| all | one))
        .collect()
}

fn all_of(any: Any) -> u64 {
    any.iter().fold(0, |all, one| all | one)
}

const OPEN: &str = "i32 i32 i32 i32 i32 i64 i64 i32 i32";

/// `path_open` of `file` for reading alone, with these `oflags` and `fdflags`.
macro_rules! open {
    ($oflags:literal, $fdflags:literal) => {
        call(
            "path_open",
            OPEN,
            concat!("3 0 1000 4 ", $oflags, " 2 0 ", $fdflags, " 2000"),
        )
    };
}

const CASES: &[Case] = &[
    call("args_get", "i32 i32", "2000 2100"),
    call("args_sizes_get", "i32 i32", "2000 2100"),
    call("environ_get", "i32 i32", "2000 2100"),
    call("environ_sizes_get", "i32 i32", "2000 2100"),
    call("clock_res_get", "i32 i32", "0 2000"),
    call("clock_time_get", "i32 i64 i32", "0 1 2000"),
    call("fd_advise", "i32 i64 i64 i32", "4 0 0 0").takes(&[&[FD_ADVISE]]),
    call("fd_allocate", "i32 i64 i64", "4 0 9").takes(&[&[FD_ALLOCATE]]),
    call("fd_close", "i32", "4"),
    call("fd_datasync", "i32", "4").takes(&[&[FD_DATASYNC]]),
    call("fd_datasync", "i32", "3").takes(&[&[FD_DATASYNC]]),
    call("fd_fdstat_get", "i32 i32", "4 2000"),
    call("fd_fdstat_set_flags", "i32 i32", "4 1").takes(&[&[FD_FDSTAT_SET_FLAGS]]),
    call("fd_fdstat_set_flags", "i32 i32", "4 16").takes(&[&[FD_FDSTAT_SET_FLAGS]]),
    call("fd_fdstat_set_flags", "i32 i32", "3 0").takes(&[&[FD_FDSTAT_SET_FLAGS]]),
    call("fd_fdstat_set_rights", "i32 i64 i64", "4 0 0"),
    call("fd_filestat_get", "i32 i32", "4 2000").takes(&[&[FD_FILESTAT_GET]]),
    call("fd_filestat_get", "i32 i32", "3 2000").takes(&[&[FD_FILESTAT_GET]]),
    call("fd_filestat_set_size", "i32 i64", "4 1").takes(&[&[FD_FILESTAT_SET_SIZE]]),
    call("fd_filestat_set_times", "i32 i64 i64 i32", "4 1 1 5").takes(&[&[FD_FILESTAT_SET_TIMES]]),
    call("fd_filestat_set_times", "i32 i64 i64 i32", "3 1 1 5").takes(&[&[FD_FILESTAT_SET_TIMES]]),
    call("fd_pread", "i32 i32 i32 i64 i32", "4 1040 1 0 2000").takes(&[&[FD_READ], &[FD_SEEK]]),
    call("fd_prestat_get", "i32 i32", "3 2000"),
    call("fd_prestat_dir_name", "i32 i32 i32", "3 2000 1"),
    call("fd_pwrite", "i32 i32 i32 i64 i32", "4 1040 1 0 2000").takes(&[&[FD_WRITE], &[FD_SEEK]]),
    call("fd_read", "i32 i32 i32 i32", "4 1040 1 2000").takes(&[&[FD_READ]]),
    call("fd_readdir", "i32 i32 i32 i64 i32", "3 2000 100 0 2200").takes(&[&[FD_READDIR]]),
    call("fd_renumber", "i32 i32", "4 3"),
    call("fd_seek", "i32 i64 i32 i32", "4 1 0 2000").takes(&[&[FD_SEEK]]),
    call("fd_seek", "i32 i64 i32 i32", "4 0 1 2000").takes(&[&[FD_TELL, FD_SEEK]]),
    call("fd_seek", "i32 i64 i32 i32", "4 0 2 2000").takes(&[&[FD_SEEK]]),
    call("fd_sync", "i32", "4").takes(&[&[FD_SYNC]]),
    call("fd_sync", "i32", "3").takes(&[&[FD_SYNC]]),
    call("fd_tell", "i32 i32", "4 2000").takes(&[&[FD_TELL, FD_SEEK]]),
    call("fd_write", "i32 i32 i32 i32", "4 1040 1 2000").takes(&[&[FD_WRITE]]),
    call("path_create_directory", "i32 i32 i32", "3 1030 3").takes(&[&[PATH_CREATE_DIRECTORY]]),
    call(
        "path_filestat_get",
        "i32 i32 i32 i32 i32",
        "3 0 1000 4 2000",
    )
    .takes(&[&[PATH_FILESTAT_GET]]),
    call(
        "path_filestat_set_times",
        "i32 i32 i32 i32 i64 i64 i32",
        "3 0 1000 4 1 1 5",
    )
    .takes(&[&[PATH_FILESTAT_SET_TIMES]]),
    call(
        "path_link",
        "i32 i32 i32 i32 i32 i32 i32",
        "3 0 1000 4 3 1030 3",
    )
    .takes(&[&[PATH_LINK_SOURCE], &[PATH_LINK_TARGET]]),
    open!("0", "0")
        .takes(&[&[PATH_OPEN]])
        .hands_down(&[&[FD_READ]]),
    open!("1", "0")
        .takes(&[&[PATH_OPEN], &[PATH_CREATE_FILE]])
        .hands_down(&[&[FD_READ]]),
    open!("8", "0")
        .takes(&[&[PATH_OPEN], &[PATH_FILESTAT_SET_SIZE]])
        .hands_down(&[&[FD_READ]]),
    // What the new descriptor does by itself it must have been handed down.
    open!("0", "1")
        .takes(&[&[PATH_OPEN]])
        .hands_down(&[&[FD_READ]]),
    open!("0", "2")
        .takes(&[&[PATH_OPEN]])
        .hands_down(&[&[FD_READ], &[FD_DATASYNC, FD_SYNC]]),
    open!("0", "4")
        .takes(&[&[PATH_OPEN]])
        .hands_down(&[&[FD_READ]]),
    open!("0", "8")
        .takes(&[&[PATH_OPEN]])
        .hands_down(&[&[FD_READ], &[FD_SYNC]]),
    open!("0", "16")
        .takes(&[&[PATH_OPEN]])
        .hands_down(&[&[FD_READ], &[FD_SYNC]]),
    open!("1", "17")
        .takes(&[&[PATH_OPEN], &[PATH_CREATE_FILE]])
        .hands_down(&[&[FD_READ], &[FD_SYNC]]),
    // What it hands down itself, too.
    call("path_open", OPEN, "3 0 1010 3 2 16384 66 0 2000")
        .takes(&[&[PATH_OPEN]])
        .hands_down(&[&[FD_READDIR], &[FD_READ], &[FD_WRITE]]),
    call(
        "path_readlink",
        "i32 i32 i32 i32 i32 i32",
        "3 1020 4 2000 9 2100",
    )
    .takes(&[&[PATH_READLINK]]),
    call("path_remove_directory", "i32 i32 i32", "3 1010 3").takes(&[&[PATH_REMOVE_DIRECTORY]]),
    call(
        "path_rename",
        "i32 i32 i32 i32 i32 i32",
        "3 1000 4 3 1030 3",
    )
    .takes(&[&[PATH_RENAME_SOURCE], &[PATH_RENAME_TARGET]]),
    call("path_symlink", "i32 i32 i32 i32 i32", "1000 4 3 1030 3").takes(&[&[PATH_SYMLINK]]),
    call("path_unlink_file", "i32 i32 i32", "3 1000 4").takes(&[&[PATH_UNLINK_FILE]]),
    call("poll_oneoff", "i32 i32 i32 i32", "1100 3000 1 2000")
        .takes(&[&[POLL_FD_READWRITE], &[FD_READ]]),
    call("proc_exit", "i32", "0"),
    call("proc_raise", "i32", "0").answers(NOSYS),
    call("sched_yield", "", ""),
    call("random_get", "i32 i32", "2000 8"),
    // Nothing is a socket, so there is no right to ask for.
    call("sock_accept", "i32 i32 i32", "4 0 2000").answers(NOTSOCK),
    call(
        "sock_recv",
        "i32 i32 i32 i32 i32 i32",
        "4 1040 1 0 2000 2100",
    )
    .answers(NOTSOCK),
    call("sock_send", "i32 i32 i32 i32 i32", "4 1040 1 0 2000").answers(NOTSOCK),
    call("sock_shutdown", "i32 i32", "4 0").answers(NOTSOCK),
];

#[test]
fn one_right_of_each_group_is_enough_and_none_of_a_group_is_not() {
    let mut wrong = Vec::new();
    for case in CASES {
        let all = if case.is_on_file() { FILE } else { DIRECTORY };
        let handed_down = if case.is_on_file() {
            0
        } else {
            FILE | DIRECTORY
        };
        let mut expect = |own: u64, handed_down: u64, expected: i32| {
            let found = case.run(own, handed_down);
            if found != expected {
                let (name, values) = (case.name, case.values);
                wrong.push(format!(
                    "{name} {values} with {own:#x} {handed_down:#x}: {found}, not {expected}"
                ));
            }
        };
        for own in choices(case.own) {
            for handed_down in choices(case.handed_down) {
                expect(own, handed_down, case.allowed);
            }
        }
        for missing in case.own {
            expect(all & !all_of(missing), handed_down, case.denied(missing));
        }
        for missing in case.handed_down {
            expect(all, handed_down & !all_of(missing), case.denied(missing));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_function_is_in_the_table() {
    let names: BTreeSet<_> = CASES.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), 46);
}
