import Fuelbox
import Foundation
import XCTest

/// Functions of the host as closures.
final class HostFunctionTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    struct Sold: Error, CustomStringConvertible {
        let description = "no such article"
    }

    private final class Tenant: Sendable {
        let name: String
        init(_ name: String) { self.name = name }
    }

    private let shout = Grant.function("env", "shout", params: [.i32, .i32], results: [.i32]) { caller, arguments in
        let text = try caller.read(at: arguments.u32(0), count: arguments.u32(1))
        try caller.write(Data(String(decoding: text, as: UTF8.self).uppercased().utf8), at: arguments.u32(0))
        return [.i32(Int32(text.count))]
    }

    /// A sandbox with 1,000,000 fuel, whose price is as `body` says.
    private func sandbox(_ body: @escaping @Sendable (borrowing Caller, [Value]) throws -> [Value]) throws -> Sandbox {
        let price = Grant.function("env", "price", params: [.i32], results: [.i64], body)
        return try Sandbox(limits: patient(fuel: 1_000_000), grants: [shout, price])
    }

    private func ends(
        _ call: Call = .export("price", [.i32(4)]),
        _ body: @escaping @Sendable (borrowing Caller, [Value]) throws -> [Value]
    ) throws -> Report {
        try sandbox(body).run(try guest("host"), call)
    }

    func testAFunctionReadsAndWritesTheGuestsMemory() throws {
        let report = try ends(.export("shout")) { _, _ in [] }
        XCTAssertEqual(report.values, [.i32(Int32(UInt8(ascii: "H")))])
        XCTAssertEqual(report.usage.hostCalls, 1)
    }

    func testAFunctionGetsItsArgumentsAndReturnsValues() throws {
        XCTAssertEqual(try ends { _, arguments in [.i64(Int64(try arguments.i32(0)) * 100)] }.values, [.i64(400)])
    }

    func testARangeOutsideTheMemoryStopsTheGuest() throws {
        let report = try ends(.export("outside")) { _, _ in [] }
        XCTAssertEqual(report.stop, .fault(function: "shout", ptr: 65_535, len: 2, memoryBytes: 65_536))
    }

    func testALengthThatTheGuestMadeUpTakesNoMemory() throws {
        let report = try ends { caller, _ in
            return [.i64(Int64(try caller.read(at: 1, count: .max).count))]
        }
        XCTAssertEqual(report.stop, .fault(function: "price", ptr: 1, len: UInt64(UInt32.max), memoryBytes: 65_536))
    }

    func testAnErrorStopsTheGuestWithItsDescription() throws {
        let report = try ends { _, _ in throw Sold() }
        XCTAssertEqual(report.stop, .hostFunction(module: "env", name: "price", message: "no such article"))
        XCTAssertEqual(report.error?.code, .hostFunction)
    }

    func testFuelIsChargedAndTold() throws {
        let report = try ends { caller, _ in
            let before = try caller.fuelUsed
            try caller.charge(1_000)
            XCTAssertEqual(try caller.fuelUsed, before + 1_000)
            XCTAssertEqual(try caller.fuelLeft, 1_000_000 - before - 1_000)
            XCTAssertGreaterThan(try caller.nanosecondsLeft, 0)
            XCTAssertFalse(try caller.isCancelled)
            XCTAssertNil(try caller.context)
            XCTAssertEqual(try caller.memorySize, 65_536)
            return [.i64(0)]
        }
        XCTAssertGreaterThan(report.usage.fuel, 1_000)
        XCTAssertEqual(try ends { caller, _ in
            try caller.charge(.max)
            return [.i64(0)]
        }.stop, .outOfFuel(limit: 1_000_000))
    }

    func testAnErrorOfAnotherRunIsNoReasonOfThisOne() throws {
        let inner = try Sandbox(limits: patient())
        let module = try guest("calls")
        let report = try ends { _, _ in
            try Instances.called(inner, module)
        }
        guard case .hostFunction(_, _, let message)? = report.stop else { return XCTFail("\(report.outcome)") }
        XCTAssertTrue(message.contains("unreachable"), message)
    }

    func testAResultOfAnotherTypeStopsTheGuest() throws {
        let report = try ends { _, _ in [.i32(0), .f64(0)] }
        XCTAssertEqual(
            report.stop,
            .hostFunction(module: "env", name: "price", message: "it returned (i32, f64), (i64) is declared"))
    }

    func testACallBringsDataOfItsOwn() throws {
        var call = Call.export("price", [.i32(1)])
        call.context = Tenant("seven")
        let report = try ends(call) { caller, _ in
            XCTAssertEqual((try caller.context as? Tenant)?.name, "seven")
            return [.i64(7)]
        }
        XCTAssertEqual(report.values, [.i64(7)])
    }

    func testAFunctionCanBeCalledFromManyThreads() throws {
        let sandbox = try sandbox { _, arguments in [.i64(Int64(try arguments.i32(0)))] }
        let module = try guest("host")
        DispatchQueue.concurrentPerform(iterations: 64) { index in
            let report = try? sandbox.run(module, .export("price", [.i32(Int32(index))]))
            XCTAssertEqual(report?.values, [.i64(Int64(index))])
        }
    }
}

/// A run within another.
private enum Instances {
    static func called(_ sandbox: Sandbox, _ module: Module) throws -> [Value] {
        try sandbox.instantiate(module).call("trap")
    }
}
