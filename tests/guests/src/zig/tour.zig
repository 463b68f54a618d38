//! One call of everything: logs at each level, writes the start of the input, the time, random bytes.
const fuelbox = @import("fuelbox_guest");
const std = @import("std");

fn run(_: []const u8) i32 {
    fuelbox.log("plain");
    fuelbox.err("level {d}", .{1});
    fuelbox.warn("level {d}", .{2});
    fuelbox.info("level {d}", .{3});
    fuelbox.debug("level {d}", .{4});

    var buffer: [12]u8 = undefined;
    fuelbox.writeOutput(fuelbox.readInput(buffer[0..4]));
    const seconds = fuelbox.timeNanos() / std.time.ns_per_s;
    fuelbox.writeOutput(std.mem.asBytes(&seconds));
    fuelbox.readRandom(&buffer);
    fuelbox.writeOutput(&buffer);
    return 0;
}

pub const panic = fuelbox.panic;
comptime {
    fuelbox.entry(run);
}
