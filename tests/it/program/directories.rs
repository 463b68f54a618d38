//! Directories for programs of WASI: copies, and real ones.

use super::{
    Folder, fuelbox,
    wasi::{WORDS, guest},
};
use fuelbox::Report;
use std::{fs, os::unix::fs::symlink, path::Path};

/// Writes what is in the file that its argument names.
const CAT: &str = "
    (call $write (i32.const 1) (i32.const 4096)
        (call $read (call $open_argument (i32.const 0) (i64.const 2))))";

/// Writes `new` to the file that its argument names.
const PUT: &str = "
    (call $write (call $open_argument (i32.const 9) (i64.const 64)) (i32.const 2048) (i32.const 3))";

const EXIST: i32 = 20;
const NOENT: i32 = 44;
const ROFS: i32 = 69;
const NOTCAPABLE: i32 = 76;

/// A directory with a secret beside it.
fn directory(folder: &Folder) -> String {
    let inside = Path::new(&folder.path("inside")).to_owned();
    fs::create_dir_all(inside.join("sub/empty")).expect("the folder can be made");
    folder.file("secret", "secret");
    folder.file("inside/a", "in a");
    folder.file("inside/sub/b", "in b");
    for (link, target) in [
        ("link", "sub/b"),
        ("above", "../secret"),
        ("absolute", &folder.path("secret")),
        ("parent", ".."),
    ] {
        symlink(target, inside.join(link)).expect("the folder is new");
    }
    folder.path("inside")
}

#[test]
fn a_directory_is_copied_and_nothing_outside_it_is() {
    let folder = Folder::new("wasi-directory");
    let module = folder.file("cat.wat", guest("", CAT));
    let dir = format!("{}::/data", directory(&folder));
    let cat = |path: &str| {
        fuelbox(&[
            "run",
            &module,
            "--allow",
            "wasi",
            "--dir",
            &dir,
            "--exit-status",
            "--",
            path,
        ])
    };
    for (path, content) in [("a", "in a"), ("sub/b", "in b"), ("link", "in b")] {
        let ended = cat(path);
        assert_eq!(ended.code, Some(0), "{path}: {ended:?}");
        assert_eq!(ended.stdout(), content);
    }
    for path in ["above", "absolute", "parent/secret", "../secret"] {
        let ended = cat(path);
        assert!(
            ended.code.is_some_and(|code| code > 11),
            "{path}: {ended:?}"
        );
        assert_eq!(ended.stdout(), "", "{path}");
    }
    // Not even where it would be is told.
    assert_eq!(cat("absolute").code, Some(NOENT));
}

#[test]
fn a_guest_writes_to_the_directory_itself_where_it_may_and_nowhere_else() {
    let folder = Folder::new("wasi-writes");
    let module = folder.file("put.wat", guest("new", PUT));
    let host = directory(&folder);
    let put = |access: &str, path: &str| {
        let dir = format!("{host}::/data{access}");
        fuelbox(&[
            "run",
            &module,
            "--allow",
            "wasi",
            "--dir",
            &dir,
            "--dir-limit",
            "1K",
            "--exit-status",
            "--json",
            "--",
            path,
        ])
    };
    assert_eq!(put("", "a").code, Some(ROFS));
    assert_eq!(folder.read("inside/a"), b"in a");
    for path in ["a", "link", "made"] {
        let ended = put(":rw", path);
        assert_eq!(ended.code, Some(0), "{path}: {ended:?}");
        let report: Report = serde_json::from_slice(&ended.stdout).unwrap();
        assert!(report.trees.is_empty());
    }
    for name in ["a", "sub/b", "made"] {
        assert_eq!(folder.read(&format!("inside/{name}")), b"new", "{name}");
    }
    for path in ["above", "parent/secret", "../secret"] {
        assert_eq!(put(":rw", path).code, Some(NOTCAPABLE), "{path}");
    }
    // It is not there, but its name is taken.
    assert_eq!(put(":rw", "absolute").code, Some(EXIST));
    assert_eq!(folder.read("secret"), b"secret");
}

#[test]
fn a_directory_that_cannot_be_given_is_a_refusal() {
    let folder = Folder::new("wasi-refused");
    let module = folder.file("guest.wat", guest("", WORDS));
    let host = directory(&folder);
    let run = |first: &str, second: &str| {
        fuelbox(&[
            "run", &module, "--allow", "wasi", "--dir", first, "--dir", second,
        ])
    };
    let (data, other) = (format!("{host}::/data"), format!("{host}::/other:rw"));
    assert_eq!(run(&data, &other).code, Some(0));
    for second in [&data, &format!("{data}:rw")] {
        let ended = run(&data, second);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(
            ended.stderr,
            "fuelbox: two directories of the guest have the name \"/data\": give each --dir another name\n"
        );
    }
    let none = format!("{}::/none:rw", folder.path("none"));
    let ended = run(&data, &none);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("cannot open directory"), "{ended:?}");
}

#[test]
fn directories_are_read_within_a_limit() {
    let folder = Folder::new("wasi-limit");
    let module = folder.file("guest.wat", guest("", WORDS));
    let dir = format!("{}::/data", directory(&folder));
    let run = |limit: &str| {
        fuelbox(&[
            "run",
            &module,
            "--allow",
            "wasi",
            "--dir",
            &dir,
            "--dir-limit",
            limit,
        ])
    };
    assert_eq!(run("8").code, Some(0));
    let ended = run("7");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("more than 7B, up to "), "{ended:?}");
    assert!(ended.stderr.contains("try: --dir-limit 14B\n"), "{ended:?}");
    let none = format!("{}::/data", folder.path("none"));
    let ended = fuelbox(&["run", &module, "--allow", "wasi", "--dir", &none]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("cannot read"), "{ended:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_system_shows_of_itself_is_given_only_by_force() {
    let folder = Folder::new("wasi-system");
    let module = folder.file("guest.wat", guest("", WORDS));
    symlink("/proc/self", folder.path("link")).expect("the folder is new");
    let link = folder.path("link");
    for host in ["/", "/proc", "/sys/kernel", "/dev/..", "/dev/", &link] {
        for access in ["", ":rw"] {
            let dir = format!("{host}::/data{access}");
            let ended = fuelbox(&["run", &module, "--allow", "wasi", "--dir", &dir]);
            assert_eq!(ended.code, Some(1), "{dir}: {ended:?}");
            assert!(ended.stderr.ends_with("try: --force-dir\n"), "{ended:?}");
        }
    }
    let forced = ["run", &module, "--allow", "wasi", "--force-dir", "--dir"];
    let ended = fuelbox(&[&forced[..], &["/proc::/data:rw"]].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

/// Writes the listing of the directory, as `fd_readdir` gives it.
const LIST: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_readdir" (func $list (param i32 i32 i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func $check (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
    (func (export "_start")
        (i32.store (i32.const 0) (i32.const 4096))
        (call $check (call $list (i32.const 3) (i32.const 4096) (i32.const 8192) (i64.const 0) (i32.const 4)))
        (call $check (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"#;

/// The names in a listing, sorted.
fn names(mut listing: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    while let Some((entry, rest)) = listing.split_at_checked(24) {
        let len = entry.get(16..).and_then(|from| from.first_chunk().copied());
        let len = u32::from_le_bytes(len.expect("an entry has 24 bytes"));
        let (name, rest) = rest.split_at(len as usize);
        names.push(String::from_utf8(name.to_vec()).expect("it is UTF-8"));
        listing = rest;
    }
    names.sort();
    names
}

#[cfg(target_os = "linux")]
#[test]
fn what_no_guest_could_use_is_left_out_and_counted_in_both_kinds_of_directories() {
    use std::os::unix::{ffi::OsStrExt, net::UnixListener};
    let folder = Folder::new("wasi-left-out");
    let module = folder.file("list.wat", LIST);
    let host = directory(&folder);
    let inside = Path::new(&host);
    let odd = std::ffi::OsStr::from_bytes(b"odd\xff");
    symlink("a", inside.join(odd)).expect("the folder is new");
    symlink(odd, inside.join("to_odd")).expect("the folder is new");
    let _socket = UnixListener::bind(inside.join("s")).expect("the folder is new");
    for access in ["", ":rw"] {
        let dir = format!("{host}::/data{access}");
        let ended = fuelbox(&["run", &module, "--allow", "wasi", "--dir", &dir, "--json"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let report: Report = serde_json::from_slice(&ended.stdout).unwrap();
        assert_eq!(
            names(&report.output),
            [".", "..", "a", "above", "link", "parent", "sub"],
            "{access}"
        );
        // With the link to the machine's root.
        assert_eq!(report.usage.names_left_out, 4, "{access}");
        let ended = fuelbox(&[
            "run",
            &module,
            "--allow",
            "wasi",
            "--dir",
            &dir,
            "--summary",
        ]);
        assert!(
            ended
                .stderr
                .contains("left out       4 names in directories\n"),
            "{ended:?}"
        );
    }
}
