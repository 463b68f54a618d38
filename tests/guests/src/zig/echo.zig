//! Writes the input to the output.
const fuelbox = @import("fuelbox_guest");

fn run(input: []const u8) i32 {
    fuelbox.writeOutput(input);
    return 0;
}

pub const panic = fuelbox.panic;
comptime {
    fuelbox.entry(run);
}
