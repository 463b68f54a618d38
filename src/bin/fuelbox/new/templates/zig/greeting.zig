//! What the guest does, without its host, so that it can be tested natively.
const std = @import("std");

/// `Hello, NAME!`, in `room`; null where there is no name or no room.
pub fn greet(name: []const u8, room: []u8) ?[]const u8 {
    if (name.len == 0) return null;
    return std.fmt.bufPrint(room, "Hello, {s}!", .{name}) catch null;
}

test "a name is greeted" {
    var room: [64]u8 = undefined;
    try std.testing.expectEqualStrings("Hello, World!", greet("World", &room).?);
}

test "no name is no greeting, and there must be room" {
    var room: [12]u8 = undefined;
    try std.testing.expect(greet("", &room) == null);
    try std.testing.expect(greet("World", &room) == null);
}
