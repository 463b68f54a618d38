//! Panics: a log line, then a trap.

use crate::{line::Line, log::Level, sys};
use core::fmt;

/// Logs a panic in one line.
pub(crate) fn log(panic: &dyn fmt::Display) {
    let mut line = Line::new();
    line.push(format_args!("{}: {}", Level::Error, panic));
    line.join();
    sys::log(line.as_bytes());
}

/// Logs a panic and traps.
#[cfg(target_arch = "wasm32")]
pub fn trap(panic: &core::panic::PanicInfo<'_>) -> ! {
    log(panic);
    core::arch::wasm32::unreachable()
}

/// There is no memory for what the guest cannot do without.
#[cold]
pub(crate) fn out_of_memory() -> ! {
    const MESSAGE: &str = "error: no memory left for the input";
    sys::log(MESSAGE.as_bytes());
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    unreachable!("only a guest in WebAssembly takes memory from its host");
}

/// Logs a panic and traps, in a guest without `std`; nothing off wasm, where `std` is.
///
/// ```
/// #![cfg_attr(target_arch = "wasm32", no_std)]
///
/// use fuelbox_guest::Failure;
///
/// fn echo(input: &[u8]) -> Result<&[u8], Failure> {
///     Ok(input)
/// }
/// fuelbox_guest::entry!(echo);
/// fuelbox_guest::panic_handler!();
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! panic_handler {
    () => {
        #[cfg(target_arch = "wasm32")]
        #[panic_handler]
        fn panic(panic: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::panics::trap(panic)
        }
    };
}
