import Fuelbox
import Foundation
import XCTest

/// Every hostile guest in a file ends in Swift as its header says.
final class HostileTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    func testEveryHostileGuestEndsAsItsHeaderSays() throws {
        let hostile = try folder("FUELBOX_HOSTILE")
        let files = try FileManager.default.contentsOfDirectory(at: hostile, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "wat" }
        XCTAssertGreaterThan(files.count, 130)
        for file in files {
            let name = file.deletingPathExtension().lastPathComponent
            let header = HostileHeader(try String(contentsOf: file, encoding: .utf8))
            XCTAssertEqual(try ending(of: name, header), header["expect"], name)
        }
    }

    /// Runs a guest; how it ended, in the words of a header.
    private func ending(of name: String, _ header: HostileHeader) throws -> String {
        do {
            let module = try guest(name, settings: header.settings())
            let clock = header.clock()
            let sandbox = try Sandbox(limits: header.limits(), grants: header.grants(), clock: clock)
            let report = try sandbox.run(module, header.call(of: module))
            let usage = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(report.usage))
            for (counter, value) in header.usage {
                XCTAssertEqual(usage[counter]?.natural, value, "\(name): \(counter)")
            }
            return report.status.map { "finished \($0)" } ?? report.stop?.code.rawValue ?? ""
        } catch let refused as FuelboxError {
            return refused.code.rawValue
        }
    }
}

/// What the header of a hostile guest says: lines of `;; key: value`.
private struct HostileHeader {
    private var values: [String: String] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            guard line.hasPrefix(";; ") else { return }
            // A line that goes on with the one before is indented.
            guard !line.hasPrefix(";;   "), let colon = line.range(of: ": ") else { continue }
            values[String(line[..<colon.lowerBound].dropFirst(3))] = String(line[colon.upperBound...])
        }
    }

    subscript(key: String) -> String? { values[key] }

    /// What has to have been used, by its name in JSON.
    var usage: [(String, UInt64)] {
        values.filter { $0.key.hasPrefix("usage.") }
            .map { (String($0.key.dropFirst("usage.".count)), number($0.value)) }
    }

    func settings() -> ModuleSettings {
        var settings = ModuleSettings()
        let limits: [String: ModuleSettings.Limit] = [
            "call_depth": .callDepth, "stack": .stackBytes, "module_bytes": .moduleBytes, "functions": .functions,
        ]
        for (key, limit) in limits {
            if let value = values[key] { settings.limits[limit] = number(value) }
        }
        if let proposal = values["proposal"] { settings.proposals[Proposal(rawValue: proposal)] = true }
        return settings
    }

    func limits() -> Limits {
        var limits = patient(fuel: 100_000_000)
        let fields: [String: WritableKeyPath<Limits, UInt64>] = [
            "fuel": \.fuel, "deadline": \.deadlineNanoseconds, "memory": \.memoryBytes, "table": \.tableElements,
            "input_limit": \.inputBytes, "output_limit": \.outputBytes, "log_bytes": \.logBytes,
            "log_lines": \.logLines, "log_line_bytes": \.logLineBytes,
        ]
        for (key, field) in fields {
            if let value = values[key] { limits[keyPath: field] = number(value) }
        }
        if values["denial"] == "refuse" { limits.growthDenial = .refuse }
        return limits
    }

    /// A clock that goes on with each look at it, where the header has one.
    func clock() -> (@Sendable () -> UInt64)? {
        guard let tick = values["tick"].map(number) else { return nil }
        let clock = Ticking()
        return { clock.advanced(by: tick) }
    }

    func grants() throws -> [Grant] {
        var grants = try (values["allow"] ?? "").split(separator: ",").flatMap { words -> [Grant] in
            switch words.trimmingCharacters(in: .whitespaces) {
            case "host": return HostileHeader.host
            case "wasi": return [.wasi(HostileHeader.wasi)]
            case "abort": return [.abort]
            case "input": return [.input]
            case "log": return [.log]
            case "output": return [.output]
            case "protocol": return [.protocol]
            case "random": return [.random(.seeded(7))]
            case let name: throw Unknown(name: name)
            }
        }
        if values["abi_version"] != nil { grants.append(.requireABIVersion) }
        return grants
    }

    func call(of module: Module) throws -> Call {
        var words = (values["call"] ?? "").split(separator: " ").map(String.init)
        var call = Call.entry()
        if !words.isEmpty {
            let name = words.removeFirst()
            let types = words.isEmpty ? [] : try module.function(name).params
            call = .export(name, try zip(types, words).map(HostileHeader.value))
        }
        call.input = Data((values["input"] ?? "").utf8)
        return call
    }

    private static func value(_ type: ValueType, _ word: String) throws -> Value {
        switch type {
        case .f32: return .f32(try XCTUnwrap(Float(word)))
        case .f64: return .f64(try XCTUnwrap(Double(word)))
        case .i64: return .i64(try XCTUnwrap(Int64(word)))
        default: return .i32(try XCTUnwrap(Int32(word)))
        }
    }

    /// The functions of the host that guests are granted as `host`.
    private static let host: [Grant] = [
        .function("host", "nop") { _, _ in [] },
        .function("host", "twice", params: [.i32], results: [.i32]) { _, arguments in
            [.i32(try arguments.i32(0) &* 2)]
        },
        .function("host", "spend", params: [.i64]) { caller, arguments in
            try caller.charge(UInt64(bitPattern: arguments.i64(0)))
            return []
        },
        .function("host", "spend_all") { caller, _ in
            try caller.charge(caller.fuelLeft)
            return []
        },
        .function("host", "fuel_used", results: [.i64]) { caller, _ in
            [.i64(Int64(bitPattern: try caller.fuelUsed))]
        },
        .function("host", "fail") { _, _ in throw Failed() },
    ]

    private struct Failed: Error, CustomStringConvertible {
        let description = "out of fuel, says the host"
    }

    /// A small writable tree at `/`, with links that lead up and round, and a read-only one at `/kept`.
    private static var wasi: WASI {
        var wasi = WASI()
        wasi.environment = ["KEY": "value"]
        let tree = Tree([
            "/file": .file(Data("hello".utf8)), "/dir": .directory, "/round": .symlink("round"),
            "/ping": .symlink("pong/x"), "/pong": .symlink("ping/x"), "/up": .symlink("dir/../.."),
            "/root": .symlink("/file"),
        ], writable: Tree.Room(bytes: 256 << 10, nodes: 2_000))
        wasi.mounts = ["/": tree, "/kept": Tree(["/file": .file(Data("kept".utf8))])]
        return wasi
    }

    /// A number such as `1,000`, `64KiB` or `max`.
    private func number(_ text: String) -> UInt64 {
        guard text != "max" else { return .max }
        let units: [(String, UInt64)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("ms", 1_000_000)]
        let digits = text.filter(\.isNumber)
        return UInt64(digits)! * (units.first { text.hasSuffix($0.0) }?.1 ?? 1)
    }
}

/// A clock that only goes on when it is looked at.
private final class Ticking: @unchecked Sendable {
    // Sendable, since what changes is used under the lock.
    private let lock = NSLock()
    private var now: UInt64 = 0

    func advanced(by nanoseconds: UInt64) -> UInt64 {
        lock.lock()
        defer { lock.unlock() }
        now += nanoseconds
        return now
    }
}

private struct Unknown: Error {
    let name: String
}
