//! Standard input arrives at a WASI guest while it runs.

use super::*;
use std::io::Read;

/// Copies standard input to standard output: so many reads of 1,024 bytes at the most, or until it is over.
fn cat(reads: u32) -> String {
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "\40\00\00\00")
            (func (export "_start") (local $reads i32)
                (loop $more
                    (i32.store (i32.const 4) (i32.const 1024))
                    (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)) (then unreachable))
                    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                    (local.set $reads (i32.add (local.get $reads) (i32.const 1)))
                    (if (i32.eq (local.get $reads) (i32.const {reads})) (then return))
                    (br_if $more (i32.load (i32.const 4))))))"#
    )
}

#[test]
fn what_is_piped_is_answered_while_the_pipe_is_open() {
    let folder = Folder::new("stdin-open");
    let module = folder.file("cat.wat", cat(0));
    let mut child = start(&["run", &module, "--allow", "wasi"]);
    let mut input = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    for line in [*b"one", *b"two"] {
        input.write_all(&line).unwrap();
        let mut answer = [0; 3];
        output.read_exact(&mut answer).unwrap();
        assert_eq!(answer, line);
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_never_ends_is_no_input_that_is_too_large() {
    let folder = Folder::new("stdin-endless");
    let module = folder.file("cat.wat", cat(100));
    let run = ["run", &module, "--allow", "wasi", "--input-limit", "10"];
    let mut child = start(&run);
    let mut input = child.stdin.take().unwrap();
    // Until nobody reads any more.
    let feed = std::thread::spawn(move || while input.write_all(&[b'x'; 4096]).is_ok() {});
    let mut output = Vec::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_end(&mut output)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(!output.is_empty() && output.iter().all(|byte| *byte == b'x'));
    feed.join().unwrap();
}

#[test]
fn a_deadline_ends_the_wait_for_what_never_comes() {
    let folder = Folder::new("stdin-silent");
    let module = folder.file("cat.wat", cat(0));
    let mut child = start(&["run", &module, "--allow", "wasi", "--deadline", "20ms"]);
    let input = child.stdin.take().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3));
    drop(input);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "standard input is a file")]
fn a_file_is_there_as_a_whole_so_that_runs_are_the_same() {
    let folder = Folder::new("stdin-file");
    let module = folder.file("cat.wat", cat(0));
    let text = folder.file("text", "x".repeat(10_000));
    let run = || {
        let file = fs::File::open(&text).unwrap();
        let arguments = ["run", &module, "--allow", "wasi", "--summary"];
        let ended: Ended = command(&arguments).stdin(file).output().unwrap().into();
        assert_eq!(ended.stdout.len(), 10_000);
        // Nine reads of all that fits, one of the rest, one that says that it is over; a write for each.
        assert!(ended.stderr.contains("host calls     22\n"), "{ended:?}");
    };
    run();
    run();
}
