//! Write guests for fuelbox in Zig: input, output, log.
//!
//!     const fuelbox = @import("fuelbox_guest");
//!
//!     fn run(input: []const u8) i32 {
//!         fuelbox.writeOutput(input);
//!         return 0;
//!     }
//!
//!     pub const panic = fuelbox.panic;
//!     comptime {
//!         fuelbox.entry(run);
//!     }
//!
//! zig build-exe -target wasm32-freestanding -O ReleaseSmall -fno-entry -rdynamic \
//!     --dep fuelbox_guest -Mroot=guest.zig -Mfuelbox_guest=fuelbox_guest.zig -femit-bin=guest.wasm

const std = @import("std");

/// Version of the protocol that this file is for.
pub const abi_version: i32 = 1;

/// The functions of the protocol as they are; what follows below is nicer to use.
pub const host = struct {
    pub extern "env" fn host_log(ptr: [*]const u8, len: usize) void;
    pub extern "env" fn host_get_input_len() usize;
    pub extern "env" fn host_read_input(ptr: [*]u8, len: usize) usize;
    pub extern "env" fn host_write_output(ptr: [*]const u8, len: usize) void;
    pub extern "env" fn host_get_time_nanos() u64;
    pub extern "env" fn host_read_random(ptr: [*]u8, len: usize) void;
};

/// Logs `text` as it is.
pub fn log(text: []const u8) void {
    host.host_log(text.ptr, text.len);
}

/// How urgent a log line is. The line starts with it.
pub const Level = enum { @"error", warn, info, debug };

/// Logs a line as `std.fmt` writes it; what is beyond 1,024 bytes is cut.
pub fn logLevel(level: Level, comptime format: []const u8, values: anytype) void {
    var line: [1024]u8 = undefined;
    var writer = std.Io.Writer.fixed(&line);
    // What did not fit is lost, what fitted is in the buffer.
    writer.print("{s}: " ++ format, .{@tagName(level)} ++ values) catch {};
    log(writer.buffered());
}

pub fn err(comptime format: []const u8, values: anytype) void {
    logLevel(.@"error", format, values);
}

pub fn warn(comptime format: []const u8, values: anytype) void {
    logLevel(.warn, format, values);
}

pub fn info(comptime format: []const u8, values: anytype) void {
    logLevel(.info, format, values);
}

pub fn debug(comptime format: []const u8, values: anytype) void {
    logLevel(.debug, format, values);
}

/// Logs a line as an error and gives back `status` to return; 0 would say that all went well, so it
/// becomes 1.
pub fn fail(status: i32, comptime format: []const u8, values: anytype) i32 {
    err(format, values);
    return if (status == 0) 1 else status;
}

/// Logs a panic and traps: `pub const panic = fuelbox.panic;` in the root file.
pub const panic = std.debug.FullPanic(logPanic);

fn logPanic(message: []const u8, _: ?usize) noreturn {
    err("{s}", .{message});
    @trap();
}

/// Length of the input in bytes.
pub fn inputLen() usize {
    return host.host_get_input_len();
}

/// Copies the start of the input, as much as fits, and gives back that part of `buffer`.
pub fn readInput(buffer: []u8) []u8 {
    return buffer[0..host.host_read_input(buffer.ptr, buffer.len)];
}

/// The whole input, in memory of its own that is the guest's until its end. Growing memory is expensive, so an
/// empty input takes none, and a small one takes what is left of a room of 1,024 bytes or of the pages of an
/// earlier input.
pub fn input() []u8 {
    const len = inputLen();
    if (len == 0) return &.{};
    if (len > free.len) {
        const pages = (len - 1) / page_bytes + 1;
        const old_pages = @wasmMemoryGrow(0, pages);
        if (old_pages < 0) {
            err("no memory left for the input", .{});
            @trap();
        }
        const start: [*]u8 = @ptrFromInt(@as(usize, @intCast(old_pages)) * page_bytes);
        free = start[0 .. pages * page_bytes];
    }
    const buffer = free[0..len];
    free = free[len..];
    return readInput(buffer);
}

const page_bytes = 65_536;
var room: [1024]u8 = undefined;
var free: []u8 = &room;

/// Appends to the output. A few large writes are cheaper than many small ones.
pub fn writeOutput(bytes: []const u8) void {
    host.host_write_output(bytes.ptr, bytes.len);
}

/// Nanoseconds since the Unix epoch, where the host grants a clock.
pub fn timeNanos() u64 {
    return host.host_get_time_nanos();
}

/// Fills `buffer` with random bytes, where the host grants them; not for keys.
pub fn readRandom(buffer: []u8) void {
    host.host_read_random(buffer.ptr, buffer.len);
}

/// Exports what the host calls. `run` takes the input and returns the status.
pub fn entry(comptime run: fn ([]const u8) i32) void {
    const exports = struct {
        fn execute(_: i32, _: i32) callconv(.c) i32 {
            return run(input());
        }

        fn abiVersion() callconv(.c) i32 {
            return abi_version;
        }
    };
    @export(&exports.execute, .{ .name = "execute" });
    @export(&exports.abiVersion, .{ .name = "fuelbox_abi_version" });
}
