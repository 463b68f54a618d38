//! A real directory is to a guest what a tree is, and nothing outside it is there.

use super::built_guests::module;
use crate::harness::{clock, code, roomy, timeless};
use fuelbox::{
    Dir, DirError, Limits, Module, ModuleLimits, Proposal, Report, Sandbox, Slice, Step, Tree,
    capability::{Clock, Wasi},
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// A directory of one test, gone when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("dir-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }

    #[expect(clippy::disallowed_methods, reason = "the directory is a real one")]
    pub(crate) fn with(self, name: &str, text: &str) -> Self {
        let path = self.0.join(name);
        let parent = path.parent().expect("it is in the folder");
        fs::create_dir_all(parent).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
        self
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("it is there")
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is there");
        let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("it is UTF-8");
        let mut names: Vec<_> = entries.flatten().map(name).collect();
        names.sort();
        names
    }

    pub(crate) fn read_write(&self) -> Dir {
        Dir::read_write(&self.0).expect("it is there")
    }

    pub(crate) fn read_only(&self) -> Dir {
        Dir::read_only(&self.0).expect("it is there")
    }
}

impl AsRef<Path> for Folder {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(wasi: Wasi, name: &str) -> Report {
    let module = module(&format!("wasi/{name}"));
    timeless(roomy())
        .grant(wasi)
        .run(&module, b"hello")
        .expect("it starts")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("it is text")
}

#[test]
fn files_do_what_files_do_and_stay() {
    let folder = Folder::new("files").with("kept", "as it was");
    let secret = Tree::new().file("/secret", "treasure").expect("it fits");
    let wasi = Wasi::new()
        .mount("/data", folder.read_write())
        .mount("/other", secret);
    let report = run(wasi, "c-files");
    assert_eq!(text(&report.stderr), "");
    assert_eq!(text(&report.output), "all well\n");
    assert_eq!(folder.names(), ["file", "kept"]);
    assert_eq!(folder.text("file"), "onetwo");
    assert_eq!(folder.text("kept"), "as it was");
    // What was written is there, and in no report.
    assert!(report.trees.is_empty());
}

#[test]
fn two_sandboxes_share_the_directory_and_nothing_else() {
    let folder = Folder::new("shared");
    let of = |name: &str| {
        let wasi = Wasi::new().arg(name).env("GREETING", name);
        // The guest looks whether what it wrote is older than its own time, which begins in 2096.
        let wasi = wasi.clock(Clock::by_fuel(Duration::from_secs(4_000_000_000)));
        timeless(roomy()).grant(wasi.mount("/", folder.read_write()))
    };
    let module = module("wasi/rust-tour");
    let report = of("one").run(&module, "11111").expect("it starts");
    assert_eq!(report.status(), Some(4), "{}", text(&report.stderr));
    assert_eq!(folder.text("a/copy"), "11111");
    fs::remove_dir_all(folder.0.join("a")).expect("the guest made it");
    let report = of("two").run(&module, "22222").expect("it starts");
    assert_eq!(report.status(), Some(4), "{}", text(&report.stderr));
    assert_eq!(folder.text("a/copy"), "22222");
}

#[test]
fn a_guest_writes_to_its_limits_and_no_further() {
    let folder = Folder::new("fill");
    let fill = |dir: Dir| run(Wasi::new().mount("/", dir), "c-fill");
    let report = fill(folder.read_write().bytes_limit(50_500));
    assert_eq!(
        text(&report.output),
        "51 50500\n",
        "{}",
        text(&report.stderr)
    );
    let lens = folder
        .names()
        .into_iter()
        .map(|name| folder.text(&name).len());
    assert_eq!(lens.sum::<usize>(), 50_500);

    let folder = Folder::new("fill-nodes");
    let fill = |dir: Dir| run(Wasi::new().mount("/", dir), "c-fill");
    let report = fill(folder.read_write().nodes_limit(7));
    assert_eq!(text(&report.output), "7 7000\n", "{}", text(&report.stderr));
    assert_eq!(folder.names().len(), 7);
}

/// The attacks on trees in tests/hostile, on real directories of the same content.
#[cfg(unix)]
#[test]
fn attacks_on_a_tree_do_nothing_to_a_directory() {
    for attack in ["cookies", "escapes", "names", "opens", "rights"] {
        let folder = Folder::new(attack).with("file", "hello").with("dir/x", "");
        fs::remove_file(folder.0.join("dir/x")).expect("it was made");
        for (link, target) in [
            ("round", "round"),
            ("ping", "pong/x"),
            ("pong", "ping/x"),
            ("up", "dir/../.."),
            // One that starts at the machine's root is not even there.
            ("root", "dir/../../file"),
        ] {
            std::os::unix::fs::symlink(target, folder.0.join(link)).expect("it is new");
        }
        let kept = Folder::new(&format!("{attack}-kept")).with("file", "kept");
        let dir = folder.read_write().handles_limit(2_000);
        let wasi = Wasi::new().mount("/", dir).mount("/kept", kept.read_only());
        let path = format!(
            "{}/tests/hostile/wasi_{attack}.wat",
            env!("CARGO_MANIFEST_DIR")
        );
        let module =
            Module::new(wat::parse_file(path).expect("it is valid")).expect("it is admitted");
        let report = timeless(roomy())
            .grant(wasi)
            .run(&module, b"")
            .expect("it starts");
        assert_eq!(report.status(), Some(0), "{attack}: {report:?}");
        assert_eq!(kept.text("file"), "kept");
    }
}

/// Opens the file that its argument names with rights to read, and exits with the errno, or copies what
/// it reads to its output.
pub(crate) const CAT: &str = r#"(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func $check (param i32) (if (local.get 0) (then (call $exit (local.get 0)))))
    (func (export "_start")
        (call $check (call $args_sizes (i32.const 0) (i32.const 4)))
        (call $check (call $args (i32.const 16) (i32.const 1024)))
        (call $check (call $open (i32.const 3) (i32.const 1)
            (i32.load (i32.const 20))
            (i32.sub (i32.add (i32.const 1023) (i32.load (i32.const 4))) (i32.load (i32.const 20)))
            (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)))
        (i32.store (i32.const 40) (i32.const 4096))
        (i32.store (i32.const 44) (i32.const 1000))
        (call $check (call $read (i32.load (i32.const 8)) (i32.const 40) (i32.const 1) (i32.const 44)))
        (call $check (call $write (i32.const 1) (i32.const 40) (i32.const 1) (i32.const 48)))))"#;

const NOENT: i32 = 44;

#[cfg(unix)]
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "that nothing waits is what is tested"
)]
fn a_pipe_or_a_device_is_not_there_and_nobody_waits_for_it() {
    let folder = Folder::new("pipe").with("file", "hello");
    let pipe = folder.0.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("there is a mkfifo").success());
    std::os::unix::fs::symlink("pipe", folder.0.join("link")).expect("it is new");
    let module = Module::new(wat::parse_str(CAT).expect("it is valid")).expect("it is admitted");
    let cat = |dir: Dir, path: &str| {
        let wasi = Wasi::new().arg(path).mount("/", dir);
        let sandbox = Sandbox::new(Limits::default()).grant(wasi);
        sandbox.run(&module, b"").expect("it starts")
    };
    let begin = Instant::now();
    for dir in [folder.read_only(), folder.read_write()] {
        assert_eq!(cat(dir.clone(), "file").output, b"hello");
        for path in ["pipe", "link"] {
            assert_eq!(cat(dir.clone(), path).status(), Some(NOENT), "{path}");
        }
    }
    let devices = Dir::read_only("/dev").expect("it is there");
    for path in ["null", "zero", "tty"] {
        assert_eq!(cat(devices.clone(), path).status(), Some(NOENT), "{path}");
    }
    // Generous: other tests run at the same time.
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_guest_that_works_on_files_without_end_is_stopped_in_time() {
    // Makes and removes a directory, in a loop.
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "path_create_directory" (func $make (param i32 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "path_remove_directory" (func $remove (param i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "d")
        (func (export "_start") (loop
            (drop (call $make (i32.const 3) (i32.const 0) (i32.const 1)))
            (drop (call $remove (i32.const 3) (i32.const 0) (i32.const 1)))
            (br 0))))"#;
    let folder = Folder::new("deadline");
    let module = Module::new(wat::parse_str(wat).expect("it is valid")).expect("it is admitted");
    let wasi = Wasi::new().mount("/", folder.read_write().nodes_limit(u64::MAX));
    let limits = Limits::default().deadline(Duration::from_millis(50));
    let report = Sandbox::new(limits)
        .grant(wasi)
        .run(&module, b"")
        .expect("it starts");
    assert_eq!(code(&report), "deadline");
    // Generous: other tests run at the same time.
    assert!(
        report.usage.overrun < Duration::from_secs(1),
        "{:?}",
        report.usage
    );
}

#[cfg(target_os = "linux")]
#[test]
fn the_deadline_holds_in_the_middle_of_a_listing() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "fd_readdir" (func $list (param i32 i32 i32 i64 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "execute") (param i32 i32) (result i32)
            (call $list (i32.const 3) (i32.const 64) (i32.const 999) (i64.const 0) (i32.const 0))))"#;
    let folder = Folder::new("listing");
    for number in 0..2_000_u32 {
        let name = [number.to_string().as_bytes(), b"\xff"].concat();
        let made = fs::create_dir(folder.0.join(OsStr::from_bytes(&name)));
        made.expect("it is new");
    }
    let module = Module::new(wat::parse_str(wat).expect("it is valid")).expect("it is admitted");
    let run = |deadline: u64| {
        let limits = roomy().deadline(Duration::from_millis(deadline));
        let tick = clock::ticking(Duration::from_millis(1));
        let sandbox = Sandbox::with_clock(limits, tick);
        let wasi = Wasi::new().mount("/", folder.read_only());
        let report = sandbox.grant(wasi).run(&module, b"");
        report.expect("it starts")
    };
    let whole = run(1_000_000);
    assert_eq!(whole.status(), Some(0));
    assert_eq!(whole.usage.names_left_out, 2_000);
    // Every entry that was looked at is paid for.
    assert!(whole.usage.fuel > 2_000 * 128, "{}", whole.usage.fuel);
    let stopped = run(10);
    assert_eq!(code(&stopped), "deadline");
    assert!(stopped.usage.names_left_out < 1_000, "{:?}", stopped.usage);
}

#[test]
fn a_call_in_tail_position_answers_its_caller() {
    let folder = Folder::new("tail");
    let makes = |call: &str| {
        let text = format!(
            r#"(module
                (import "wasi_snapshot_preview1" "path_create_directory"
                    (func $make (param i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (data (i32.const 0) "d")
                (func $makes (param i32 i32 i32) (result i32) (local i64 i64)
                    ({call} $make (local.get 0) (local.get 1) (local.get 2)))
                (func (export "execute") (param i32 i32) (result i32) (local $kept i32)
                    (local.set $kept (i32.const 100))
                    (i32.add
                        (call $makes (i32.const 3) (i32.const 0) (i32.const 1))
                        (local.get $kept))))"#
        );
        let limits = ModuleLimits::default().allow(Proposal::TailCall);
        let wasm = wat::parse_str(text).expect("it is text");
        let module = Module::builder()
            .limits(limits.clone())
            .build(&wasm)
            .expect("it is admitted");
        let sandbox = timeless(roomy()).grant(Wasi::new().mount("/", folder.read_write()));
        sandbox.run(&module, b"").expect("it starts")
    };
    let (plain, tail) = (makes("call"), makes("return_call"));
    // Made, and then there already.
    assert_eq!((plain.status(), tail.status()), (Some(100), Some(120)));
}

/// How many handles of this process lead into a folder.
#[cfg(target_os = "linux")]
fn handles(folder: &Folder) -> usize {
    let root = fs::canonicalize(&folder.0).expect("it is there");
    let all = fs::read_dir("/proc/self/fd").expect("it is there");
    let leads_there = |entry: &fs::DirEntry| {
        fs::read_link(entry.path()).is_ok_and(|target| target.starts_with(&root))
    };
    all.flatten().filter(leads_there).count()
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_run_opened_is_closed_when_it_is_over_or_dropped() {
    // Opens the file, then sleeps.
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "path_open"
            (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "file")
        (func (export "_start")
            (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4)
                (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)))
            (loop (br_if 0 (i32.eqz (i32.load (i32.const 100)))))))"#;
    let folder = Folder::new("handles").with("file", "hello");
    let module = Module::new(wat::parse_str(wat).expect("it is valid")).expect("it is admitted");
    let wasi = Wasi::new()
        .mount("/", folder.read_only())
        .clock(Clock::system());
    let sandbox = Sandbox::with_clock(roomy().fuel(100_000), clock::still()).grant(wasi);
    assert_eq!(handles(&folder), 1, "the grant's own");
    let mut dropped = sandbox.start(&module, b"").expect("it starts");
    let mut over = sandbox.start(&module, b"").expect("it starts");
    assert_eq!(dropped.step(Slice::fuel(50_000)), Step::Paused);
    assert_eq!(over.step(Slice::fuel(50_000)), Step::Paused);
    assert_eq!(handles(&folder), 3);
    drop(dropped);
    assert_eq!(handles(&folder), 2);
    assert_eq!(over.step(Slice::fuel(u64::MAX)), Step::Done);
    assert_eq!(handles(&folder), 1, "before the report is asked for");
    assert_eq!(code(&over.finish().report), "out-of-fuel");
    drop(sandbox);
    assert_eq!(handles(&folder), 0);
}

#[test]
fn what_cannot_be_granted_says_why() {
    let folder = Folder::new("refused").with("file", "hello");
    let refused = |name: &str| Dir::read_only(folder.0.join(name)).expect_err("it is no directory");
    assert!(matches!(
        refused("none"),
        DirError::Open {
            reason: std::io::ErrorKind::NotFound,
            ..
        }
    ));
    let error = refused("file");
    assert!(matches!(
        error,
        DirError::Open {
            reason: std::io::ErrorKind::NotADirectory,
            ..
        }
    ));
    assert!(
        error.to_string().ends_with("/file': not a directory"),
        "{error}"
    );
}
