//! Counts lines, words and bytes, as `wc` does.
const fuelbox = @import("fuelbox_guest");
const std = @import("std");

fn run(input: []const u8) i32 {
    const lines = std.mem.count(u8, input, "\n");
    var words: usize = 0;
    var pieces = std.mem.tokenizeAny(u8, input, " \t\n\x0c\r");
    while (pieces.next()) |_| words += 1;

    var buffer: [64]u8 = undefined;
    const text = std.fmt.bufPrint(&buffer, "{d} {d} {d}", .{ lines, words, input.len });
    fuelbox.writeOutput(text catch unreachable);
    return 0;
}

pub const panic = fuelbox.panic;
comptime {
    fuelbox.entry(run);
}
