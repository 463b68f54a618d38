//! Panics with the input as its message.
const fuelbox = @import("fuelbox_guest");

fn run(input: []const u8) i32 {
    fuelbox.writeOutput("so far");
    @panic(input);
}

pub const panic = fuelbox.panic;
comptime {
    fuelbox.entry(run);
}
