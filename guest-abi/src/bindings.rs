//! The bindings for other languages, each one file.

/// The header for C, `fuelbox_guest.h`.
pub const C: &str = include_str!("../include/fuelbox_guest.h");

/// The file for Zig, `fuelbox_guest.zig`.
pub const ZIG: &str = include_str!("../zig/fuelbox_guest.zig");

/// The file for AssemblyScript, `fuelbox_guest.ts`.
pub const ASSEMBLYSCRIPT: &str = include_str!("../assemblyscript/fuelbox_guest.ts");
