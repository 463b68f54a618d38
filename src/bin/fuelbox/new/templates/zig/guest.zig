//! Greets whoever the input names.
const fuelbox = @import("fuelbox_guest");
const greeting = @import("greeting.zig");

fn run(input: []const u8) i32 {
    var room: [1024]u8 = undefined;
    const written = greeting.greet(input, &room) orelse
        return fuelbox.fail(2, "the input is empty, or longer than a name", .{});
    fuelbox.info("a name of {d} bytes", .{input.len});
    fuelbox.writeOutput(written);
    return 0;
}

pub const panic = fuelbox.panic;
comptime {
    fuelbox.entry(run);
}
