//! Takes the blanks out of JSON; strings stay as they are.
const fuelbox = @import("fuelbox_guest");

fn run(input: []const u8) i32 {
    var in_string = false;
    var is_escaped = false;
    var start: usize = 0;
    for (input, 0..) |byte, at| {
        const is_blank = switch (byte) {
            ' ', '\t', '\n', '\x0c', '\r' => !in_string,
            else => false,
        };
        if (is_blank) {
            if (at > start) fuelbox.writeOutput(input[start..at]);
            start = at + 1;
        }
        if (byte == '"' and !is_escaped) in_string = !in_string;
        is_escaped = in_string and byte == '\\' and !is_escaped;
    }
    if (input.len > start) fuelbox.writeOutput(input[start..]);
    return if (in_string) fuelbox.fail(3, "a string does not end", .{}) else 0;
}

pub const panic = fuelbox.panic;
comptime {
    fuelbox.entry(run);
}
