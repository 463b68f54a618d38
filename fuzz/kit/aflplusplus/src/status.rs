//! What AFL++ is told of a run: how a process would have ended.

use fuelbox::Stop;

/// The signal by which a process would have ended in which this had happened.
///
/// AFL++ takes for a hang what its own timer has stopped, which is not the same everywhere. So a guest that is out of
/// fuel is a crash with a signal of its own, by which the files of AFL++ are named: `sig:24` on Linux.
pub(crate) fn signal(stop: &Stop) -> i32 {
    match stop {
        Stop::OutOfFuel { .. } => libc::SIGXCPU,
        _ => libc::SIGABRT,
    }
}
