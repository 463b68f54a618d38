//! The program does what its help text says: exit codes, output, documents, flags.

mod bench;
mod coverage;
mod demo;
#[cfg(unix)]
mod directories;
mod documents;
mod exit_codes;
mod figures;
mod flags;
mod fuzz;
mod inspect;
mod interrupt;
// No filter of system calls is made for other processors, and without one there is no worker.
#[cfg(all(unix, target_pointer_width = "64", target_endian = "little"))]
mod isolate;
mod new;
mod output;
mod replay;
mod selftest;
mod snapshot;
mod stdin;
mod wasi;
mod wrong_files;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

/// Writes its input as output and logs what drives a terminal.
const ECHO: &str = r#"(module
    (import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
    (import "env" "host_write_output" (func $write (param i32 i32)))
    (import "env" "host_log" (func $log (param i32 i32)))
    (memory (export "memory") 17)
    (data (i32.const 0) "sly\1b[2J\0afuelbox: finished")
    (func (export "execute") (param i32 i32) (result i32)
        (call $log (i32.const 0) (i32.const 25))
        (call $write (i32.const 64) (call $read (i32.const 64) (local.get 1)))
        (i32.const 0)))"#;

/// Logs, writes `part`, then does what no module may.
const FAILS_MIDWAY: &str = r#"(module
    (import "env" "host_write_output" (func $write (param i32 i32)))
    (import "env" "host_log" (func $log (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "part")
    (func (export "execute") (param i32 i32) (result i32)
        (call $log (i32.const 0) (i32.const 4))
        (call $write (i32.const 0) (i32.const 4))
        unreachable))"#;

/// Exports to call by name.
const EXPORTS: &str = r#"(module
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "nothing"))
    (func (export "spin") (loop (br 0))))"#;

/// A folder of one test, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("program-{test}"));
        fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }

    /// The path of a file in the folder, whether it is there or not.
    fn path(&self, name: &str) -> String {
        self.0
            .join(name)
            .to_str()
            .expect("the path is UTF-8")
            .to_owned()
    }

    /// Writes a file and gives its path.
    #[expect(clippy::disallowed_methods, reason = "the program reads files")]
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("the file can be written");
        path
    }

    #[expect(clippy::disallowed_methods, reason = "the program writes files")]
    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("the program wrote it")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How the program ended.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Ended {
    fn stdout(&self) -> &str {
        str::from_utf8(&self.stdout).expect("it is UTF-8")
    }

    /// The one document on standard output.
    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).expect("it is one document")
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }
}

/// A variable with the command that runs a program for another processor, its words separated by spaces.
const EMULATOR: &str = "FUELBOX_TEST_EMULATOR";

#[expect(
    clippy::disallowed_methods,
    reason = "who runs the tests says how programs are run"
)]
fn command(arguments: &[&str]) -> Command {
    let emulator = std::env::var(EMULATOR).unwrap_or_default();
    let program = env!("CARGO_BIN_EXE_fuelbox");
    let mut words = emulator.split_whitespace().chain([program]);
    let mut command = Command::new(words.next().unwrap_or(program));
    command.args(words).args(arguments).stdin(Stdio::null());
    command
}

/// Runs the program without input.
fn fuelbox(arguments: &[&str]) -> Ended {
    let output = command(arguments).output().expect("the program starts");
    output.into()
}

/// Starts the program with pipes in place of a terminal.
fn start(arguments: &[&str]) -> Child {
    command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Writes all of the program's standard input, and ends it.
fn send(child: &mut Child, input: &[u8]) {
    let mut stdin = child.stdin.take().expect("it is a pipe");
    stdin.write_all(input).expect("the program reads it all");
}

/// Runs the program with standard input.
fn fuelbox_reading(arguments: &[&str], input: &[u8]) -> Ended {
    let mut child = start(arguments);
    send(&mut child, input);
    child.wait_with_output().expect("the program ends").into()
}
