import CFuelbox
import Foundation

/// A tree of files in memory, for a program of WASI.
///
///     var tree = Tree()
///     tree["/notes/today.txt"] = .file(Data("hello".utf8))
///
/// Directories on the way are made. What no tree can hold is refused where it is granted.
public struct Tree: Hashable, Sendable {
    /// What is there, by path.
    public var entries: [String: Entry]
    /// What guests may add; nil where they can only read.
    public var writable: Room?
    /// How many names the host left out, such as those that are not UTF-8: ``Usage/namesLeftOut`` tells of it.
    public var namesLeftOut: UInt64 = 0

    /// One thing in a tree.
    public enum Entry: Hashable, Sendable {
        /// A directory, which is there too where something lies in it.
        case directory
        /// A file with these bytes.
        case file(Data)
        /// A link to another path, which may lead nowhere.
        case symlink(String)
        /// One more name of the file at a path.
        case hardLink(String)
    }

    /// What guests may add to a tree.
    public struct Room: Hashable, Sendable {
        /// In bytes.
        public var bytes: UInt64
        /// Files and directories.
        public var nodes: UInt64

        /// The defaults: 16 MiB and 10,000 files and directories.
        public init(bytes: UInt64 = 16 << 20, nodes: UInt64 = 10_000) {
            self.bytes = bytes
            self.nodes = nodes
        }
    }

    /// A tree of these entries.
    public init(_ entries: [String: Entry] = [:], writable: Room? = nil) {
        self.entries = entries
        self.writable = writable
    }

    /// What is at a path.
    public subscript(path: String) -> Entry? {
        get { entries[path] }
        set { entries[path] = newValue }
    }

    /// What the file at a path holds, nil for anything but a file.
    public func file(_ path: String) -> Data? {
        guard case .file(let bytes) = entries[path] else { return nil }
        return bytes
    }
}

/// A map from paths to what is there; what may be added or was left out is no part of it.
extension Tree: Codable {
    public init(from decoder: Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([String: Entry].self))
    }

    public func encode(to encoder: Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(entries)
    }
}

extension Tree.Entry: Codable {
    public init(from decoder: Decoder) throws {
        if (try? decoder.singleValueContainer().decode(String.self)) == Tree.Entry.directoryWord {
            self = .directory
            return
        }
        let entry = try decoder.container(keyedBy: Keys.self)
        if entry.contains(.file) {
            self = .file(try entry.decode(Bytes.self, forKey: .file).data)
        } else if entry.contains(.symlink) {
            self = .symlink(try entry.decode(String.self, forKey: .symlink))
        } else {
            self = .hardLink(try entry.decode(String.self, forKey: .hardLink))
        }
    }

    public func encode(to encoder: Encoder) throws {
        if case .directory = self {
            var value = encoder.singleValueContainer()
            try value.encode(Tree.Entry.directoryWord)
            return
        }
        var entry = encoder.container(keyedBy: Keys.self)
        switch self {
        case .directory: break
        case .file(let bytes): try entry.encode(Bytes(bytes), forKey: .file)
        case .symlink(let target): try entry.encode(target, forKey: .symlink)
        case .hardLink(let first): try entry.encode(first, forKey: .hardLink)
        }
    }

    private enum Keys: String, CodingKey {
        case file, symlink
        case hardLink = "hard_link"
    }

    private static let directoryWord = "directory"
}

extension Tree {
    /// From what the C interface has.
    init(_ tree: Handle) throws {
        self = try tree.use { tree in try Output.json(Tree.self) { fuelbox_tree_json(tree, $0, $1, $2) } }
    }

    /// As the C interface has it.
    func handle() throws -> Handle {
        let tree = try Handle.made(fuelbox_tree_free) { fuelbox_tree_new($0) }
        try tree.use { tree in
            for (path, entry) in inOrder {
                try path.lend { try Tree.put(entry, tree, $0, $1) }
            }
            if let room = writable {
                try FuelboxError.check(fuelbox_tree_writable(tree, room.bytes, room.nodes))
            }
            try FuelboxError.check(fuelbox_tree_leave_out(tree, namesLeftOut))
        }
        return tree
    }

    /// By path, with hard links last: what they lead to has to be there.
    private var inOrder: [(key: String, value: Entry)] {
        entries.sorted { left, right in
            (left.value.isHardLink ? 1 : 0, left.key) < (right.value.isHardLink ? 1 : 0, right.key)
        }
    }

    private static func put(
        _ entry: Entry, _ tree: OpaquePointer, _ path: UnsafePointer<CChar>?, _ len: Int
    ) throws {
        try FuelboxError.check { error in
            switch entry {
            case .directory: return fuelbox_tree_dir(tree, path, len, error)
            case .file(let bytes): return bytes.lend { fuelbox_tree_file(tree, path, len, $0, $1, error) }
            case .symlink(let target): return target.lend { fuelbox_tree_symlink(tree, path, len, $0, $1, error) }
            case .hardLink(let first): return first.lend { fuelbox_tree_hard_link(tree, path, len, $0, $1, error) }
            }
        }
    }
}

private extension Tree.Entry {
    var isHardLink: Bool {
        if case .hardLink = self { return true }
        return false
    }
}
