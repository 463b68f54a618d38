//! What the program needs of a Cortex-M without an operating system: its start, and semihosting, by which it
//! asks a debugger, or an emulator, for time, a place for words and an end.

use core::{
    arch::{asm, global_asm},
    ffi::c_int,
    time::Duration,
};

// Where the processor looks first: its stack, then what it begins with. That allows the floating point unit
// and goes on in `start`. Whoever loads the program puts `.data` in its place and zeroes the rest.
global_asm!(
    ".section .vectors, \"a\"",
    ".word _stack_top",
    ".word reset",
    ".section .text.reset, \"ax\"",
    ".thumb_func",
    ".global reset",
    "reset:",
    "ldr r0, =0xe000ed88",
    "ldr r1, [r0]",
    "orr r1, r1, #0xf00000",
    "str r1, [r0]",
    "dsb",
    "isb",
    "bl {start}",
    start = sym start,
);

extern "C" fn start() -> ! {
    exit(crate::main())
}

/// Time since the program was started, in steps of 10 ms.
pub(crate) fn now() -> Duration {
    let centiseconds = ask(SYS_CLOCK, 0);
    Duration::from_millis(u64::from(centiseconds) * 10)
}

/// Writes where the debugger shows it.
pub(crate) fn print(text: &str) {
    for byte in text.bytes() {
        ask(SYS_WRITEC, (&raw const byte).expose_provenance());
    }
}

/// Ends the program.
pub(crate) fn exit(code: c_int) -> ! {
    let block = [APPLICATION_EXIT, code.cast_unsigned()];
    loop {
        ask(SYS_EXIT_EXTENDED, block.as_ptr().expose_provenance());
    }
}

/// Asks for one service.
fn ask(service: u32, argument: usize) -> u32 {
    let answer;
    // SAFETY: whoever listens takes the two registers, reads what the argument points to, if anything, and
    // answers in the first.
    unsafe {
        asm!(
            "bkpt 0xab",
            inlateout("r0") service => answer,
            in("r1") argument,
            options(nostack),
        );
    }
    answer
}

// As Arm numbers them in "Semihosting for AArch32 and AArch64".
const SYS_WRITEC: u32 = 0x03;
const SYS_CLOCK: u32 = 0x10;
const SYS_EXIT_EXTENDED: u32 = 0x20;
const APPLICATION_EXIT: u32 = 0x2_0026;
