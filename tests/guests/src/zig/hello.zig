//! Greets whoever the input names.
const fuelbox = @import("fuelbox_guest");

fn run(input: []const u8) i32 {
    if (input.len == 0) {
        return fuelbox.fail(2, "the input is empty: a name was expected", .{});
    }
    fuelbox.info("a name of {d} bytes", .{input.len});
    fuelbox.writeOutput("Hello, ");
    fuelbox.writeOutput(input);
    fuelbox.writeOutput("!");
    return 0;
}

pub const panic = fuelbox.panic;
comptime {
    fuelbox.entry(run);
}
