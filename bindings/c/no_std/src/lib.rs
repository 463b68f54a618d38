//! The least interface in C without std: one function that runs a plugin.
//!
//! Copy it and change it: a device has its own clock, its own memory and its own grants. What a static library
//! without std must bring, so that it links: an allocator, a panic handler, and the two symbols of unwinding that the
//! precompiled `alloc` refers to, though nothing unwinds.

#![no_std]

extern crate alloc;

use core::{
    alloc::{GlobalAlloc, Layout},
    ffi::c_void,
    panic::PanicInfo,
    slice,
    time::Duration,
};
use fuelbox::{Limits, Module, Sandbox, protocol};

/// Runs a plugin on an input, with a clock of the host in nanoseconds. Returns its status, or -1 where it was
/// refused, -2 where it was stopped, -3 where its output does not fit into the buffer; `output_len` then is what it
/// takes.
///
/// # Safety
/// Each pointer has to name as many bytes as the length beside it says, and `clock` has to return.
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn plugin_run(
    wasm: *const u8,
    wasm_len: usize,
    input: *const u8,
    input_len: usize,
    output: *mut u8,
    output_len: &mut usize,
    clock: extern "C" fn() -> u64,
) -> i32 {
    // SAFETY: the caller promises so.
    let (wasm, input) = unsafe {
        (
            slice::from_raw_parts(wasm, wasm_len),
            slice::from_raw_parts(input, input_len),
        )
    };
    let limits = Limits::default().deadline(Duration::from_millis(200));
    let clock = move || Duration::from_nanos(clock());
    let sandbox = Sandbox::with_clock(limits.memory_bytes(1 << 20), clock).grant(protocol());
    let Ok(report) = Module::new(wasm).and_then(|module| sandbox.run(&module, input)) else {
        return -1;
    };
    let Some(status) = report.status() else {
        return -2;
    };
    let room = core::mem::replace(output_len, report.output.len());
    if report.output.len() > room {
        return -3;
    }
    // SAFETY: the caller promises so much room, and the output was allocated here.
    unsafe { output.copy_from_nonoverlapping(report.output.as_ptr(), report.output.len()) };
    status
}

/// The memory of the C library.
struct Malloc;

#[global_allocator]
static MALLOC: Malloc = Malloc;

// SAFETY: `aligned_alloc` gives as many bytes as asked for, aligned so, or null; `free` takes them back.
unsafe impl GlobalAlloc for Malloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let layout = layout.pad_to_align();
        // SAFETY: the alignment is a power of two and the size a multiple of it. POSIX wants that of a pointer at
        // least.
        unsafe { aligned_alloc(layout.align().max(16), layout.size().next_multiple_of(16)).cast() }
    }

    unsafe fn dealloc(&self, memory: *mut u8, _: Layout) {
        // SAFETY: it comes from `alloc`.
        unsafe { free(memory.cast()) };
    }
}

#[panic_handler]
fn panicked(_: &PanicInfo<'_>) -> ! {
    // SAFETY: it takes nothing and does not come back.
    unsafe { abort() }
}

// SAFETY: nothing else has this name, and nobody calls it: `alloc` refers to it for unwinding, but a panic aborts.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

// SAFETY: as above.
#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    // SAFETY: as above.
    unsafe { abort() }
}

unsafe extern "C" {
    fn aligned_alloc(alignment: usize, size: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
    fn abort() -> !;
}
