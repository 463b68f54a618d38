import Fuelbox
import Foundation
import XCTest

/// Calls that are stepped.
final class ExecutionTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    func testTheResultDoesNotDependOnTheSizeOfTheSteps() throws {
        let sandbox = try Sandbox(limits: patient(), grants: [.protocol])
        let call = Call.entry(input: Data("in steps".utf8))
        let whole = try sandbox.run(try guest("upper"), call)
        let execution = try sandbox.start(try guest("upper"), call)
        var steps = 0
        while try execution.step(fuel: 1_000) != .done { steps += 1 }
        XCTAssertGreaterThan(steps, 1)
        XCTAssertTrue(try execution.isOver)
        let report = try execution.finish().report
        XCTAssertEqual(report.output, Data("IN STEPS".utf8))
        XCTAssertEqual(report.usage.fuel, whole.usage.fuel)
    }

    func testAStepOfTimeEndsInTimeAndAnotherThreadCancelsTheCall() throws {
        let execution = try Sandbox(limits: patient()).start(try guest("calls"), .export("endless"))
        XCTAssertEqual(try execution.step(nanoseconds: 2_000_000), .paused)
        XCTAssertFalse(try execution.isOver)
        XCTAssertGreaterThan(try execution.usage.fuel, 0)
        let token = try execution.cancelToken
        let thread = Thread { token.cancel() }
        thread.start()
        // Not without end should it not be cancelled: the fuel is.
        let finished = try execution.finish()
        XCTAssertEqual(finished.report.stop, .cancelled)
        XCTAssertNil(finished.instance)
        XCTAssertTrue(token.isCancelled)
    }

    func testAQuestionIsAnsweredBetweenTwoSteps() throws {
        let waiting = Grant.waiting("shop", "price", params: [.i32, .i32], results: [.i64])
        let sandbox = try Sandbox(limits: patient(), grants: [waiting])
        let execution = try sandbox.start(try guest("asks"), .export("twice"))
        XCTAssertNil(try execution.request)
        XCTAssertEqual(code { try execution.answer([.i64(1)]) }, .nothingAsked)
        XCTAssertEqual(try execution.step(), .waitsForHost)
        let request = try XCTUnwrap(execution.request)
        let (ptr, len) = (try request.arguments.u32(0), try request.arguments.u32(1))
        XCTAssertEqual(try request.read(at: ptr, count: len), Data("apple".utf8))
        XCTAssertEqual(try request.memorySize, 65_536)
        try request.write(Data("grape".utf8), at: 8)
        XCTAssertEqual(code { try execution.answer([.f32(1)]) }, .answerTypes)
        try execution.answer([.i64(21)])
        XCTAssertEqual(code { try request.read(at: 0, count: 1) }, .nothingAsked)
        XCTAssertEqual(try execution.step(), .done)
        let finished = try execution.finish()
        XCTAssertEqual(finished.report.values, [.i64(42)])
        XCTAssertEqual(try finished.instance?.read(at: 8, count: 5), Data("grape".utf8))
    }

    func testAGuestThatWaitsSaysWhenToLookAtIt() throws {
        let waiting = Grant.waiting("shop", "price", params: [.i32, .i32], results: [.i64])
        var limits = patient()
        limits.wait = 5
        let sandbox = try Sandbox(limits: limits, grants: [waiting], clock: { 7 })
        let execution = try sandbox.start(try guest("asks"), .export("twice"))
        XCTAssertNil(try execution.wakesAtNanoseconds)
        XCTAssertEqual(try execution.step(), .waitsForHost)
        XCTAssertEqual(try execution.wakesAtNanoseconds, 5_000_000_007)
        let asked = Count()
        let clock: @Sendable () -> UInt64 = {
            asked.add()
            return 7
        }
        let scheduler = try Scheduler(clock: clock)
        XCTAssertNil(try scheduler.wakesAtNanoseconds)
        _ = try scheduler.add(execution)
        _ = try scheduler.turn(nanoseconds: 1_000_000)
        XCTAssertEqual(try scheduler.wakesAtNanoseconds, 5_000_000_007)
        XCTAssertGreaterThan(asked.number, 0)
    }

    func testAQuestionThatCannotBeAnsweredEndsTheCall() throws {
        let waiting = Grant.waiting("shop", "price", params: [.i32, .i32], results: [.i64])
        let sandbox = try Sandbox(limits: patient(), grants: [waiting])
        let failed = try sandbox.start(try guest("asks"), .export("twice"))
        _ = try failed.step()
        try failed.fail(HostFunctionTests.Sold())
        XCTAssertEqual(
            try failed.finish().report.stop,
            .hostFunction(module: "shop", name: "price", message: "no such article"))

        let outside = try sandbox.start(try guest("asks"), .export("outside"))
        _ = try outside.step()
        let request = try XCTUnwrap(outside.request)
        do {
            XCTFail("\(try request.read(at: 65_535, count: 2))")
        } catch let reason as FuelboxError {
            XCTAssertEqual(reason.code, .fault)
            try outside.fail(reason)
        }
        XCTAssertEqual(try outside.finish().report.stop?.code, .fault)
    }

    func testAnInstanceIsStartedAndComesBack() throws {
        let instance = try Sandbox(limits: patient()).instantiate(guest("calls"))
        let finished = try instance.start(.export("next")).finish()
        XCTAssertEqual(finished.report.values, [.i32(1)])
        XCTAssertEqual(code { try instance.call("next") }, .staleHandle)
        XCTAssertEqual(try finished.instance?.call("next"), [.i32(2)])
    }

    func testUseAfterTheEndIsAnError() throws {
        let execution = try Sandbox(limits: patient()).start(try guest("calls"), .export("next"))
        _ = try execution.finish()
        XCTAssertEqual(code { try execution.step() }, .staleHandle)
        XCTAssertEqual(code { try execution.finish() }, .staleHandle)
        XCTAssertEqual(code { try execution.usage }, .staleHandle)
    }

    func testUseOfAnInstanceInItsOwnCallIsAnError() throws {
        final class Held: @unchecked Sendable {
            var instance: Instance?
        }
        let held = Held()
        let price = Grant.function("env", "price", params: [.i32], results: [.i64]) { _, _ in
            try held.instance?.call("shout") ?? []
        }
        let shout = Grant.function("env", "shout", params: [.i32, .i32], results: [.i32]) { _, _ in [.i32(0)] }
        held.instance = try Sandbox(limits: patient(), grants: [price, shout]).instantiate(guest("host"))
        let report = try XCTUnwrap(held.instance).run(.export("price", [.i32(1)]))
        guard case .hostFunction("env", "price", let message)? = report.stop else {
            return XCTFail("\(report.outcome)")
        }
        XCTAssertTrue(message.hasPrefix("another call with it is in progress"), message)
        held.instance = nil
    }

    func testASchedulerRunsManyAndAnswersThem() throws {
        let waiting = Grant.waiting("shop", "price", params: [.i32, .i32], results: [.i64])
        let sandbox = try Sandbox(limits: patient(), grants: [waiting])
        let scheduler = try Scheduler()
        let asks = try scheduler.add(sandbox.start(try guest("asks"), .export("twice")), weight: 2, priority: .high)
        let adds = try scheduler.add(sandbox.start(try guest("calls"), .export("next")))
        let endless = try scheduler.add(sandbox.start(try guest("calls"), .export("endless")), priority: .low)
        XCTAssertEqual(try scheduler.count, 3)
        XCTAssertEqual(try scheduler.round(fuel: 100_000), .paused)
        XCTAssertEqual(try scheduler.turn(nanoseconds: 2_000_000), .paused)
        XCTAssertEqual(try scheduler.asking(), asks)
        XCTAssertNil(try scheduler.asking())
        let execution = try XCTUnwrap(scheduler.remove(asks))
        XCTAssertNil(try scheduler.remove(asks))
        try execution.answer([.i64(21)])
        let again = try scheduler.add(execution)
        XCTAssertEqual(code { try execution.step() }, .staleHandle)
        try scheduler.cancel(endless)
        XCTAssertEqual(code { try scheduler.cancel(asks) }, .notFound)
        try scheduler.setShare(of: again, weight: 7, priority: .low)
        XCTAssertEqual(code { try scheduler.setShare(of: asks) }, .notFound)
        try scheduler.wake(again)
        while try scheduler.turn(nanoseconds: 2_000_000) != .done {}
        var ends: [Scheduler.ID: Report] = [:]
        while let (id, finished) = try scheduler.finished() { ends[id] = finished.report }
        XCTAssertEqual(ends[again]?.values, [.i64(42)])
        XCTAssertEqual(ends[adds]?.values, [.i32(1)])
        XCTAssertEqual(ends[endless]?.stop, .cancelled)
        XCTAssertEqual(try scheduler.count, 0)
    }
}
