//! What the program needs of the machine: a clock, a place for words, an end.

use core::{
    ffi::{c_int, c_long, c_void},
    time::Duration,
};

/// Time since the machine was started.
pub(crate) fn now() -> Duration {
    let mut time = Timespec::default();
    // SAFETY: `time` is what the function fills, in the layout that the C library has.
    let failed = unsafe { clock_gettime(CLOCK_MONOTONIC, &raw mut time) };
    if failed != 0 {
        return Duration::MAX;
    }
    let seconds = u64::try_from(time.seconds).unwrap_or(0);
    let nanos = u64::try_from(time.nanos).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_nanos(nanos)
}

/// Writes to the standard output; what cannot be written is lost.
pub(crate) fn print(text: &str) {
    // SAFETY: the pointer and the length are those of one string, which is only read.
    unsafe { write(STDOUT, text.as_ptr().cast(), text.len()) };
}

/// Ends the program.
pub(crate) fn exit(code: c_int) -> ! {
    // SAFETY: it takes any number and does not come back.
    unsafe { _exit(code) }
}

// SAFETY: nothing else has this name, and nobody calls it: the `alloc` that comes compiled with the
// compiler refers to it for unwinding, but this program aborts instead.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

// SAFETY: as above.
#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    exit(UNWOUND)
}

const UNWOUND: c_int = 4;

const STDOUT: c_int = 1;

#[cfg(target_vendor = "apple")]
const CLOCK_MONOTONIC: c_int = 6;
#[cfg(not(target_vendor = "apple"))]
const CLOCK_MONOTONIC: c_int = 1;

#[derive(Default)]
#[repr(C)]
struct Timespec {
    seconds: c_long,
    nanos: c_long,
}

#[link(name = "c")]
unsafe extern "C" {
    fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int;
    fn write(file: c_int, bytes: *const c_void, len: usize) -> isize;
    fn _exit(code: c_int) -> !;
}
