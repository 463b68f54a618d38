import Fuelbox
import Foundation
import XCTest

/// Programs of WASI, with trees of files in memory.
final class WASITests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    func testAProgramHasArgumentsAndLeavesFiles() throws {
        var wasi = WASI()
        wasi.program = "program"
        wasi.arguments = ["hello"]
        wasi.environment = ["LANG": "C"]
        wasi.mounts = ["/data": Tree(["/notes/today": .file(Data([0xff, 0]))], writable: .init(bytes: 1_000, nodes: 10))]
        wasi.clock = .fixed(unixNanoseconds: 1_767_225_600_000_000_000)
        wasi.random = .seeded(7)
        let module = try guest("program")
        XCTAssertEqual(code { try Sandbox(limits: patient()).run(module, .entry()) }, .importNotGranted)
        let report = try Sandbox(limits: patient(), grants: [.wasi(wasi)]).run(module, .entry())
        XCTAssertEqual(report.status, 2)
        XCTAssertEqual(report.output, Data("hello".utf8))
        XCTAssertEqual(report.mounts, ["/data"])
        XCTAssertEqual(report.trees.first?.file("/out"), Data("hello".utf8))
        XCTAssertEqual(report.trees.first?.file("/notes/today"), Data([0xff, 0]))
        XCTAssertThrowsError(try report.successfulOutput()) { error in
            XCTAssertEqual("\(error)", "the guest finished with status 2")
        }
        XCTAssertEqual(try JSONDecoder().decode(Report.self, from: JSONEncoder().encode(report)), report)
    }

    func testStandardInputArrivesWhileTheGuestRuns() throws {
        let arrived = Arrivals()
        var wasi = WASI()
        wasi.standardInput = { arrived.next($0) }
        let report = try Sandbox(limits: patient(), grants: [.wasi(wasi)]).run(guest("echo"), .entry())
        XCTAssertEqual(report.output, Data("word.".utf8))
    }

    func testADirectoryIsMounted() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let module = try guest("program")
        for room in [nil, Tree.Room(bytes: 100, nodes: 1)] {
            var wasi = WASI()
            wasi.arguments = ["hello"]
            wasi.directories = ["/": Directory(folder.path, writable: room)]
            _ = try Sandbox(limits: patient(), grants: [.wasi(wasi)]).run(module, .entry())
            let written = try? Data(contentsOf: folder.appendingPathComponent("out"))
            XCTAssertEqual(written, room == nil ? nil : Data("hello".utf8))
        }
        var wasi = WASI()
        wasi.directories = ["/": Directory(folder.path + "/none")]
        XCTAssertEqual(code { try Sandbox(grants: [.wasi(wasi)]) }, .dirOpen)
    }

    func testATreeThatIsOnlyReadIsNotReported() throws {
        var wasi = WASI()
        wasi.arguments = ["hello"]
        var tree = Tree(["/here": .file(Data())])
        tree.namesLeftOut = 3
        wasi.mounts = ["/": tree]
        let report = try Sandbox(limits: patient(), grants: [.wasi(wasi)]).run(try guest("program"), .entry())
        XCTAssertEqual(report.trees, [])
        XCTAssertEqual(report.output, Data("hello".utf8))
        XCTAssertEqual(report.usage.namesLeftOut, 3)
    }

    func testWhatNoTreeCanHoldIsRefusedWhereItIsGranted() throws {
        let grant = { (entries: [String: Tree.Entry]) in
            var wasi = WASI()
            wasi.mounts = ["/": Tree(entries)]
            _ = try Sandbox(grants: [.wasi(wasi)])
        }
        XCTAssertNoThrow(try grant(["/z": .file(Data()), "/a": .hardLink("/z"), "/l": .symlink("none"), "/d": .directory]))
        XCTAssertEqual(code { try grant(["/../a": .directory]) }, .treeMalformed)
        XCTAssertEqual(code { try grant(["/a": .file(Data()), "/a/b": .file(Data())]) }, .treeTaken)
        XCTAssertEqual(code { try grant(["/a": .hardLink("/none")]) }, .treeNoFile)
    }

    func testATreeHasTheFormOfTheLibraryInJSON() throws {
        let json = """
            {"/a":"directory","/a/text":{"file":"hello"},"/bytes":{"file":{"base64":"/w=="}},\
            "/link":{"symlink":"a/text"},"/z":{"hard_link":"/a/text"}}
            """
        let tree = try JSONDecoder().decode(Tree.self, from: Data(json.utf8))
        XCTAssertEqual(tree["/a"], .directory)
        XCTAssertEqual(tree.file("/bytes"), Data([0xff]))
        XCTAssertEqual(tree["/z"], .hardLink("/a/text"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        XCTAssertEqual(String(decoding: try encoder.encode(tree), as: UTF8.self), json)
    }
}

/// What arrives of standard input: nothing at first, then a word in two pieces.
private final class Arrivals: @unchecked Sendable {
    // Sendable, since what changes is used under the lock.
    private let lock = NSLock()
    private var pieces: [String] = ["", "word", "."]

    func next(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        lock.lock()
        defer { lock.unlock() }
        if pieces.isEmpty { return nil }
        let piece = Array(pieces.removeFirst().utf8)
        buffer.copyBytes(from: piece)
        return piece.count
    }
}
