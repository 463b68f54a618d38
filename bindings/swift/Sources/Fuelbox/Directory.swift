import CFuelbox

/// A real directory for a program of WASI. No path, link or name leads out of it.
public struct Directory: Hashable, Sendable {
    /// Where it is.
    public var path: String
    /// What a guest may add in one run; nil where it can only read. What it writes is on the disk at once.
    public var writable: Tree.Room?
    /// How many files and directories a guest may have open at once.
    public var openFiles: Int

    /// A directory at a path.
    public init(_ path: String, writable: Tree.Room? = nil, openFiles: Int = 64) {
        self.path = path
        self.writable = writable
        self.openFiles = openFiles
    }

    /// As the C interface has it.
    func handle() throws -> Handle {
        let directory = try Handle.made(fuelbox_dir_free) { directory, error in
            path.lend { fuelbox_dir_new($0, $1, writable == nil ? 0 : 1, directory, error) }
        }
        let room = writable ?? Tree.Room()
        try FuelboxError.check(
            directory.use { fuelbox_dir_limits($0, room.bytes, room.nodes, max(0, openFiles)) })
        return directory
    }
}
