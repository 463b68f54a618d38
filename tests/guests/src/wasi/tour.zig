//! The same from a standard library that calls WASI itself: arguments, environment, files, clocks,
//! random bytes, streams and exit.
const std = @import("std");
const Io = std.Io;

pub fn main(init: std.process.Init) !void {
    const io = init.io;
    const arena = init.arena.allocator();
    const begin = Io.Clock.now(.awake, io);
    var room: [64]u8 = undefined;
    const input = room[0..try Io.File.stdin().readStreaming(io, &.{&room})];
    const args = try init.minimal.args.toSlice(arena);
    const greeting = init.environ_map.get("GREETING") orelse return error.NoGreeting;

    const root = init.preopens.get("/").?.dir;
    try root.createDir(io, "a", .default_dir);
    try root.writeFile(io, .{ .sub_path = "a/file", .data = input });
    try root.rename("a/file", root, "a/moved", io);
    try root.symLink(io, "moved", "a/link", .{});
    var target: [16]u8 = undefined;
    try expect(std.mem.eql(u8, target[0..try root.readLink(io, "a/link", &target)], "moved"));
    try root.deleteFile(io, "a/link");
    const file = try root.openFile(io, "a/moved", .{ .mode = .read_write });
    try file.writePositionalAll(io, "!", input.len);
    try expect((try file.stat(io)).size == input.len + 1);
    file.close(io);
    try expect(root.openFile(io, "a/none", .{}) == error.FileNotFound);
    // This library asks for no rights to files when it opens a directory, so no file opens through it.
    const a = try root.openDir(io, "a", .{ .iterate = true });
    var names = a.iterate();
    while (try names.next(io)) |entry| try expect(std.mem.eql(u8, entry.name, "moved"));
    try expect(a.openFile(io, "moved", .{}) == error.AccessDenied);
    const kept = init.preopens.get("/kept").?.dir;
    try expect(kept.createDir(io, "new", .default_dir) == error.ReadOnlyFileSystem);

    try io.sleep(.fromSeconds(60), .awake);
    try expect(begin.durationTo(Io.Clock.now(.awake, io)).toSeconds() == 60);

    var chance: [16]u8 = undefined;
    io.random(&chance);
    try Io.File.stderr().writeStreamingAll(io, "so far so good\n");
    var found: [64]u8 = undefined;
    const line = try std.fmt.allocPrint(arena, "{s}, {s}: {s} {x}\n", .{
        greeting,
        args[1],
        try root.readFile(io, "a/moved", &found),
        &chance,
    });
    try Io.File.stdout().writeStreamingAll(io, line);
    std.process.exit(4);
}

fn expect(holds: bool) !void {
    if (!holds) return error.NotAsItShouldBe;
}
