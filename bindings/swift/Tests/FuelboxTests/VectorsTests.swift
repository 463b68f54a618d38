import Fuelbox
import Foundation
import XCTest

/// The table of runs that every binding makes, and what each must give.
final class VectorsTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    private struct Vector: Decodable {
        let name: String
        let module: String
        let grants: [String]
        let limits: [String: UInt64]
        let call: String?
        let args: [String]
        let input: String
        let expected: Expected
    }

    private struct Expected: Decodable {
        let report: Report?
        let refused: Refused?
    }

    private struct Refused: Decodable {
        let code: Code
        let error: JSON
    }

    func testEveryVectorGivesWhatTheTableSays() throws {
        let table = try Data(contentsOf: folder("FUELBOX_VECTORS"))
        let vectors = try JSONDecoder().decode([Vector].self, from: table)
        XCTAssertGreaterThan(vectors.count, 20)
        for vector in vectors {
            do {
                var report = try run(vector)
                (report.usage.timeNanoseconds, report.usage.overrunNanoseconds) = (0, 0)
                (report.usage.waitedNanoseconds, report.usage.slices) = (0, 0)
                XCTAssertEqual(report, vector.expected.report, vector.name)
            } catch let error as FuelboxError {
                XCTAssertEqual(error.code, vector.expected.refused?.code, vector.name)
                XCTAssertEqual(error.details, vector.expected.refused?.error, vector.name)
            }
        }
    }

    private func run(_ vector: Vector) throws -> Report {
        var limits = patient()
        for (name, value) in vector.limits {
            switch name {
            case "fuel": limits.fuel = value
            case "memory_bytes": limits.memoryBytes = value
            case "input_bytes": limits.inputBytes = value
            case "output_bytes": limits.outputBytes = value
            case "log_line_bytes": limits.logLineBytes = value
            case "log_lines": limits.logLines = value
            case "growth_denial": limits.growthDenial = value == 0 ? .stop : .refuse
            default: XCTFail("no limit of vectors: \(name)")
            }
        }
        let stem = URL(fileURLWithPath: vector.module).deletingPathExtension().lastPathComponent
        var call = vector.call.map { Call.export($0) } ?? .entry()
        call.arguments = try vector.args.map(value)
        call.input = bytes(vector.input)
        return try Sandbox(limits: limits, grants: vector.grants.map(grant)).run(try guest(stem), call)
    }

    private func grant(_ text: String) throws -> Grant {
        let words = text.split(separator: " ").map(String.init)
        switch words.first {
        case "protocol": return .protocol
        case "input": return .input
        case "output": return .output
        case "clock-by-fuel": return .clock(.byFuel(unixNanoseconds: try XCTUnwrap(UInt64(words[1]))))
        case "random-seeded": return .random(.seeded(try XCTUnwrap(UInt64(words[1]))))
        case "wasi":
            var wasi = WASI()
            wasi.arguments = Array(words.dropFirst())
            return .wasi(wasi)
        default: throw Unknown.grant(text)
        }
    }

    /// A type and a number, floats by their bits.
    private func value(_ text: String) throws -> Value {
        let words = text.split(separator: " ").map(String.init)
        switch words.first {
        case "i32": return .i32(try XCTUnwrap(Int32(words[1])))
        case "i64": return .i64(try XCTUnwrap(Int64(words[1])))
        case "f32": return .f32(Float(bitPattern: try XCTUnwrap(UInt32(words[1]))))
        case "f64": return .f64(Double(bitPattern: try XCTUnwrap(UInt64(words[1]))))
        default: return .externRef(.null)
        }
    }

    private func bytes(_ hex: String) -> Data {
        let digits = Array(hex)
        return Data(stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
    }
}

private enum Unknown: Error {
    case grant(String)
}
