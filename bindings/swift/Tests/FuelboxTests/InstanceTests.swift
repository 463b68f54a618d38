import Fuelbox
import Foundation
import XCTest

/// Guests that live from call to call.
final class InstanceTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    func testStateLastsFromCallToCall() throws {
        let instance = try Sandbox(limits: patient()).instantiate(guest("calls"))
        XCTAssertEqual(try instance.call("next"), [.i32(1)])
        XCTAssertEqual(try instance.call("next"), [.i32(2)])
        XCTAssertEqual(try instance.global("count"), .i32(2))
        XCTAssertNil(try instance.global("none"))
        XCTAssertTrue(try instance.isAlive)
        XCTAssertEqual(try instance.module.fingerprint, try guest("calls").fingerprint)
    }

    func testItsMemoryIsReadAndWritten() throws {
        let instance = try Sandbox(limits: patient()).instantiate(guest("calls"))
        XCTAssertEqual(try instance.memorySize, 65_536)
        XCTAssertEqual(try instance.read(at: 16, count: 5), Data("guest".utf8))
        try instance.write([UInt8]("host!".utf8), at: 16)
        XCTAssertEqual(try instance.read(at: 16, count: 5), Data("host!".utf8))
        XCTAssertEqual(try instance.read(at: 65_536, count: 0), Data())
        XCTAssertEqual(code { try instance.read(at: 65_532, count: 5) }, .outOfBounds)
        XCTAssertEqual(code { try instance.read(at: 0, count: .max) }, .outOfBounds)
        XCTAssertEqual(code { try instance.write(Data([1]), at: .max) }, .outOfBounds)
    }

    func testACallThatIsStoppedEndsTheInstanceAndBringsItsReport() throws {
        let instance = try Sandbox(limits: patient()).instantiate(guest("calls"))
        XCTAssertThrowsError(try instance.call("trap")) { error in
            let error = error as? FuelboxError
            XCTAssertEqual(error?.code, .trapUnreachable)
            XCTAssertEqual(error?.report?.stop, .trapped(.unreachable))
            XCTAssertEqual(error?.blame, .guest)
        }
        XCTAssertFalse(try instance.isAlive)
        XCTAssertEqual(code { try instance.call("next") }, .instanceStopped)
    }

    func testACallOfAnotherTypeIsRefusedAndTheInstanceLivesOn() throws {
        let instance = try Sandbox(limits: patient()).instantiate(guest("calls"))
        XCTAssertEqual(code { try instance.call("add", [.i32(1)]) }, .exportType)
        XCTAssertEqual(code { try instance.call("former") }, .exportMissing)
        XCTAssertEqual(try instance.call("add", [.i32(.max), .i32(1)]), [.i32(.min)])
    }

    func testASnapshotStartsFromWhereTheInstanceWas() throws {
        var settings = ModuleSettings()
        settings.snapshots = true
        let sandbox = try Sandbox(limits: patient())
        let instance = try sandbox.instantiate(guest("calls", settings: settings))
        _ = try instance.call("next")
        let stored = try instance.snapshot().wasm
        XCTAssertEqual(try sandbox.instantiate(Module(stored)).call("next"), [.i32(2)])
        XCTAssertEqual(code { try sandbox.instantiate(guest("calls")).snapshot() }, .snapshotNotBuilt)
    }

    func testWhatWasRecordedGrowsWithEachCall() throws {
        let module = try guest("calls")
        let silent = try Sandbox(limits: patient())
        XCTAssertNil(try silent.instantiate(module).recording)
        XCTAssertNil(try silent.start(module, .export("next")).finish().recording)
        let instance = try Sandbox(limits: patient(), grants: [.record()]).instantiate(module)
        let before = try XCTUnwrap(instance.recording).bytes
        let after = try XCTUnwrap(instance.start(.export("next")).finish().recording).bytes
        XCTAssertGreaterThan(before.count, 0)
        XCTAssertGreaterThan(after.count, before.count)
    }

    func testCallsOfAnActorFollowEachOther() async throws {
        let sandbox = try Sandbox(limits: patient())
        let plugin = try await InstanceActor(of: guest("calls"), in: sandbox)
        let numbers = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<50 {
                group.addTask { try await plugin.call("next").i32(0) }
            }
            return try await group.reduce(into: [Int32]()) { $0.append($1) }
        }
        XCTAssertEqual(numbers.sorted(), Array(1...50))
        let count = try await plugin.use { try $0.global("count") }
        XCTAssertEqual(count, .i32(50))
    }

    func testACallOfAnActorWaitsForOneThatWaitsForItsHost() async throws {
        let (events, send) = AsyncStream<Int>.makeStream()
        let price = Grant.asyncFunction("shop", "price", params: [.i32, .i32], results: [.i64]) { _, _ in
            send.yield(0)
            try await Task.sleep(nanoseconds: 20_000_000)
            return [.i64(4)]
        }
        let plugin = try await InstanceActor(of: guest("asks"), in: Sandbox(limits: patient(), grants: [price]))
        let first = Task { try await plugin.call("twice") }
        var seen = events.makeAsyncIterator()
        _ = await seen.next()
        // The actor is free while its guest waits, but the guest is not.
        let second = Task { try await plugin.call("twice") }
        let (one, two) = try await (first.value, second.value)
        XCTAssertEqual(one, [.i64(8)])
        XCTAssertEqual(two, [.i64(8)])
    }

    func testCancellingTheTaskOfACallEndsTheGuestAndLeavesTheOthersInOrder() async throws {
        let plugin = try await InstanceActor(of: guest("calls"), in: Sandbox(limits: patient()))
        let endless = Task { try await plugin.run(.export("endless")) }
        try await Task.sleep(nanoseconds: 20_000_000)
        let waits = Task { try await plugin.call("next") }
        let gaveUp = Task { try await plugin.call("next") }
        try await Task.sleep(nanoseconds: 20_000_000)
        gaveUp.cancel()
        endless.cancel()
        let report = try await endless.value
        XCTAssertEqual(report.stop, .cancelled)
        let after = await code { try await waits.value }
        XCTAssertEqual(after, .instanceStopped)
        let result = await gaveUp.result
        XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        let isAlive = await plugin.isAlive
        XCTAssertFalse(isAlive)
    }

    func testACallOfAnActorThatIsRefusedLeavesTheGuestAlive() async throws {
        let plugin = try await InstanceActor(of: guest("calls"), in: Sandbox(limits: patient()))
        let refused = await code { try await plugin.call("former") }
        XCTAssertEqual(refused, .exportMissing)
        let next = try await plugin.call("next")
        XCTAssertEqual(next, [.i32(1)])
    }

    func testAPluginWithInputKeepsItsState() async throws {
        let plugin = try await InstanceActor(of: guest("upper"), in: Sandbox(limits: patient(), grants: [.protocol]))
        for text in ["one", "two"] {
            let output = try await plugin.run(input: Data(text.utf8)).successfulOutput()
            XCTAssertEqual(output, Data(text.uppercased().utf8))
        }
    }

    func testAPoolHandsOutInstancesThatWereMadeAhead() throws {
        let pool = try Pool(of: guest("calls"), in: Sandbox(limits: patient()), size: 1)
        XCTAssertTrue(try pool.refillOne())
        XCTAssertFalse(try pool.refillOne())
        XCTAssertEqual(try pool.ready, 1)
        XCTAssertEqual(try pool.take().call("next"), [.i32(1)])
        XCTAssertEqual(try pool.ready, 0)
        XCTAssertEqual(try pool.take().call("next"), [.i32(1)])
        try pool.refill()
        XCTAssertEqual(try pool.ready, 1)
    }
}
