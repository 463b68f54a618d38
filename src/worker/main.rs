//! The program that a worker is.

use super::{confine, serve};
use crate::sandbox::Sandbox;
use alloc::boxed::Box;
use std::{
    env,
    ffi::OsStr,
    io,
    os::{fd::AsFd, unix::net::UnixStream},
    panic, process,
};

/// What the last argument but one of a worker is; the last is the process that started it.
pub(super) const MARK: &str = "fuelbox-worker";

/// Makes this process a worker if a [`WorkerPool`](super::WorkerPool) has started it as one, and never returns then.
///
/// The first line of the `main` of a host whose own program its workers are: before it has threads, files or secrets.
/// In any other process it returns at once.
///
/// ```no_run
/// fuelbox::worker::main();
/// // What the program does otherwise.
/// ```
pub fn main() {
    main_with(|sandbox| sandbox);
}

/// As [`main`], with functions that run in the worker itself, confined as it is.
///
/// A call of one takes no longer than without workers. Whatever it needs it must have before: it can open nothing, or
/// with directories nothing outside them.
///
/// ```no_run
/// use fuelbox::Function;
///
/// fuelbox::worker::main_with(|sandbox| sandbox.grant(Function::new("env", "double", |n: i32| n.wrapping_mul(2))));
/// ```
pub fn main_with(grant: impl FnOnce(Sandbox) -> Sandbox) {
    if let Some(parent) = parent() {
        process::exit(work(parent, grant));
    }
}

/// The process that started this one as a worker, if it is one.
pub(super) fn parent() -> Option<u32> {
    let mut arguments = env::args_os().rev();
    let parent = arguments.next()?;
    let mark = arguments.next()?;
    (mark == OsStr::new(MARK)).then(|| parent.to_str()?.parse().ok())?
}

/// Serves the pool to its end; returns the exit status.
fn work(parent: u32, grant: impl FnOnce(Sandbox) -> Sandbox) -> i32 {
    // Whose message nobody reads, and which would look for files to say where it was.
    panic::set_hook(Box::new(|_| {}));
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned() else {
        return NO_SOCKET;
    };
    let socket = UnixStream::from(socket);
    let confine = confine::Confine::new(parent, &socket);
    match serve::serve(socket, confine, grant) {
        // The pool is gone, as it is when its process ends.
        Ok(()) => 0,
        Err(_) => NO_TALK,
    }
}

/// Exit status where standard input is missing.
const NO_SOCKET: i32 = 2;

/// Exit status where the pool does not keep to the protocol, or there is none at all.
const NO_TALK: i32 = 3;
