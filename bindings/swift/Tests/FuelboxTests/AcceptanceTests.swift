import CFuelbox
import Foundation
import XCTest

@testable import Fuelbox

/// What a program that runs untrusted modules has to be able to rely on: one test for each point.
final class AcceptanceTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    func testTheHashIsCheckedBeforeAnythingIsParsed() throws {
        // No module at all. Had it been parsed, the code would be `invalid-module`.
        let bytes: [UInt8] = [1, 2, 3]
        XCTAssertEqual(code { try Module(bytes, sha256: Data(count: 32)) }, .hash)
        XCTAssertEqual(code { try Module(bytes) }, .invalidModule)
        XCTAssertEqual(code { try Module(bytes, sha256: Data(count: 31)) }, .invalidArgument)
    }

    func testEveryLimitIsBoundedUnlessUnlimitedIsWritten() throws {
        let text = String(decoding: try JSONEncoder().encode(Limits()), as: UTF8.self)
        XCTAssertFalse(text.contains("\(UInt64.max)"), text)
        // What is written as zero is zero.
        for (limit, name) in [(\Limits.fuel, "out-of-fuel"), (\.deadlineNanoseconds, "deadline")] {
            var limits = patient()
            limits[keyPath: limit] = 0
            let report = try Sandbox(limits: limits).run(guest("calls"), .export("endless"))
            XCTAssertEqual(report.stop?.code.rawValue, name)
        }
        XCTAssertThrowsError(try JSONDecoder().decode(Limits.self, from: Data(#"{"call": {"fuel": -1}}"#.utf8)))
        XCTAssertThrowsError(try JSONDecoder().decode(Limits.self, from: Data(#"{"call": {"fuel": null}}"#.utf8)))
    }

    func testAnImportThatNothingOffersIsRefusedBeforeAnyCodeRuns() async throws {
        let calls = Count()
        let shout = Grant.function("env", "shout", params: [.i32, .i32], results: [.i32]) { _, _ in
            calls.add()
            return [.i32(0)]
        }
        let sandbox = try Sandbox(limits: patient(), grants: [shout])
        let module = try guest("host")
        XCTAssertEqual(code { try sandbox.instantiate(module) }, .importUnknown)
        XCTAssertEqual(code { try sandbox.run(module, .export("shout")) }, .importUnknown)
        XCTAssertEqual(code { try sandbox.start(module, .export("shout")) }, .importUnknown)
        let awaited = await code { try await sandbox.run(module, .export("shout")) }
        XCTAssertEqual(awaited, .importUnknown)
        XCTAssertEqual(try sandbox.check(module, .export("shout")).refusals.map(\.code), [.importUnknown])
        XCTAssertEqual(calls.number, 0)
    }

    func testAnOutputIsWholeOrItsExactLengthIsTold() throws {
        let sandbox = try Sandbox(limits: patient(), grants: [.protocol])
        let module = try guest("upper")
        for len in [0, 1, 255, 256, 257, 1 << 20] {
            let report = try sandbox.run(module, input: Data(repeating: 0x61, count: len))
            XCTAssertEqual(report.output, Data(repeating: 0x41, count: len))
        }
        var asked: [Int] = []
        let bytes: [UInt8] = try Output.elements { buffer, room, len in
            asked.append(room)
            len.pointee = 3
            guard let buffer = buffer, room >= 3 else { return fuelbox_status(FUELBOX_STATUS_BUFFER_TOO_SMALL) }
            buffer.update(from: [1, 2, 3], count: 3)
            return fuelbox_status(FUELBOX_STATUS_OK)
        }
        XCTAssertEqual(bytes, [1, 2, 3])
        XCTAssertEqual(asked, [0, 3])
    }

    func testUseAfterTheEndIsAnError() throws {
        let sandbox = try Sandbox(limits: patient())
        let module = try guest("calls")
        let execution = try sandbox.start(module, .export("next"))
        let instance = try XCTUnwrap(execution.finish().instance)
        XCTAssertEqual(code { try execution.step() }, .staleHandle)
        XCTAssertEqual(code { try execution.finish() }, .staleHandle)
        let again = try instance.start(.export("next"))
        XCTAssertEqual(code { try instance.call("next") }, .staleHandle)
        XCTAssertEqual(code { try instance.read(at: 0, count: 1) }, .staleHandle)
        let scheduler = try Scheduler()
        _ = try scheduler.add(again)
        XCTAssertEqual(code { try again.output }, .staleHandle)
    }

    func testUseByTwoThreadsAtOnceIsAnError() throws {
        let (inside, tried) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let over = DispatchSemaphore(value: 0)
        let price = Grant.function("env", "price", params: [.i32], results: [.i64]) { _, _ in
            inside.signal()
            tried.wait()
            return [.i64(7)]
        }
        let sandbox = try Sandbox(limits: patient(), grants: [price, .stubUnknown])
        let shared = Shared(try sandbox.instantiate(guest("host")))
        Thread.detachNewThread {
            XCTAssertEqual(try? shared.instance.call("price", [.i32(1)]), [.i64(7)])
            over.signal()
        }
        inside.wait()
        XCTAssertEqual(code { try shared.instance.call("price", [.i32(1)]) }, .busy)
        XCTAssertEqual(code { try shared.instance.read(at: 0, count: 1) }, .busy)
        tried.signal()
        over.wait()
        // It was only in use: afterwards it works again.
        XCTAssertEqual(try shared.instance.read(at: 8, count: 5), Data("hello".utf8))
    }

    func testTextThatIsNoUTF8IsRefusedFromTheHostAndReplacedFromTheGuest() throws {
        let limits = try Handle.made(fuelbox_limits_free) { fuelbox_limits_new($0) }
        let status = limits.use { limits in
            [CChar(bitPattern: 0xff)].withUnsafeBufferPointer {
                fuelbox_limits_set(limits, $0.baseAddress, $0.count, 1)
            }
        }
        XCTAssertEqual(code { try FuelboxError.check(status) }, .invalidUTF8)
        // (import "\ff" "f" (func))
        let named: [UInt8] = [
            0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0xff, 1, 0x66, 0, 0,
        ]
        XCTAssertEqual(code { try Module(named) }, .invalidModule)
        let report = try Sandbox(limits: patient(), grants: [.log]).run(guest("log_terminal"), input: Data())
        XCTAssertTrue(try XCTUnwrap(report.logs.first).text.hasSuffix("e\u{fffd}f"))
    }

    func testEveryTrapAndEveryLimitIsACode() throws {
        let ends: [(String, Code)] = [
            ("unreachable", .trapUnreachable), ("load_out_of_bounds", .trapMemoryOutOfBounds),
            ("table_get_outside", .trapTableOutOfBounds), ("call_null", .trapIndirectCallToNull),
            ("call_mistyped", .trapBadSignature), ("divide_by_zero", .trapIntegerDivisionByZero),
            ("divide_minimum", .trapIntegerOverflow), ("recursion", .trapStackOverflow),
            ("grow_to_4_gib", .outOfMemory), ("table_grow_huge", .outOfTable), ("output_flood", .outputTooLarge),
            ("loop_in_entry", .outOfFuel),
        ]
        var limits = patient(fuel: 100_000_000)
        limits.outputBytes = 1_000
        let sandbox = try Sandbox(limits: limits, grants: [.protocol])
        for (name, end) in ends {
            let report = try sandbox.run(guest(name), input: Data())
            XCTAssertEqual(report.stop?.code, end, name)
            XCTAssertEqual(report.error?.code, end, name)
        }
    }

    func testAnEndlessLoopEndsAndLeavesNoGuestCodeAlive() throws {
        let calls = Count()
        let tick = Grant.function("host", "nop") { _, _ in
            calls.add()
            return []
        }
        var limits = Limits()
        limits.deadline = 0.02
        let report = try Sandbox(limits: limits, grants: [tick]).run(guest("host_calls"), input: Data())
        XCTAssertEqual(report.stop, .deadline(limitNanoseconds: 20_000_000))
        XCTAssertGreaterThan(calls.number, 0)
        XCTAssertEqual(calls.number, report.usage.hostCalls)
        Thread.sleep(forTimeInterval: 0.02)
        XCTAssertEqual(calls.number, report.usage.hostCalls)
    }

    func testAnEndlessLoopEndsWithItsTaskAndLeavesNoGuestCodeAlive() async throws {
        let calls = Count()
        let tick = Grant.function("host", "nop") { _, _ in
            calls.add()
            return []
        }
        let sandbox = try Sandbox(limits: patient(), grants: [tick])
        let module = try guest("host_calls")
        let task = Task { try await sandbox.run(module, input: Data()) }
        while calls.number == 0 { await Task.yield() }
        task.cancel()
        let report = try await task.value
        XCTAssertEqual(report.stop, .cancelled)
        XCTAssertEqual(calls.number, report.usage.hostCalls)
        try await Task.sleep(nanoseconds: 20_000_000)
        XCTAssertEqual(calls.number, report.usage.hostCalls)
    }

    func testAMemoryBombEndsAtItsLimitAndLeavesNothing() throws {
        try Library.keepMemory(0)
        var limits = patient()
        limits.memoryBytes = 1 << 20
        let module = try guest("grows")
        let stopped = try Sandbox(limits: limits).run(module, .export("memory_bomb"))
        XCTAssertEqual(stopped.stop, .outOfMemory(limit: 1 << 20, requested: (1 << 20) + 65_536))
        XCTAssertEqual(stopped.usage.peakMemoryBytes, 1 << 20)
        limits.growthDenial = .refuse
        let refused = try Sandbox(limits: limits).run(module, .export("memory_bomb"))
        XCTAssertEqual(refused.status, 0)
        XCTAssertEqual(refused.usage.peakMemoryBytes, 1 << 20)
        XCTAssertEqual(try Library.keptMemory, 0)
    }
}

/// An instance in the hands of two threads, which its type does not allow.
private final class Shared: @unchecked Sendable {
    let instance: Instance

    init(_ instance: Instance) {
        self.instance = instance
    }
}
