import Fuelbox
import Foundation
import XCTest

/// Calls that are awaited, and host functions that are answered by closures that are.
final class AsyncTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    private func price(
        _ body: @escaping @Sendable (Request, [Value]) async throws -> [Value]
    ) -> Grant {
        .asyncFunction("shop", "price", params: [.i32, .i32], results: [.i64], body)
    }

    private func sandbox(
        _ limits: Limits = patient(), _ body: @escaping @Sendable (Request, [Value]) async throws -> [Value]
    ) throws -> Sandbox {
        try Sandbox(limits: limits, grants: [price(body)])
    }

    func testAnAsyncClosureAnswers() async throws {
        let sandbox = try sandbox { request, arguments in
            let name = try request.read(at: arguments.u32(0), count: arguments.u32(1))
            await Task.yield()
            try request.charge(100)
            XCTAssertEqual(request.module + "." + request.name, "shop.price")
            return [.i64(Int64(name.count) * 10)]
        }
        let module = try guest("asks")
        let report = try await sandbox.run(module, .export("twice"))
        XCTAssertEqual(report.values, [.i64(100)])
    }

    func testWithoutSomebodyWhoAwaitsItACallIsUnanswered() throws {
        let sandbox = try sandbox { _, _ in [.i64(1)] }
        let report = try sandbox.run(try guest("asks"), .export("twice"))
        XCTAssertEqual(report.stop, .unanswered(module: "shop", name: "price"))
        XCTAssertEqual(report.error?.advice?.code, "answer")
    }

    func testAWaitingFunctionWithoutAClosureIsUnansweredThoughItIsAwaited() async throws {
        let waiting = Grant.waiting("shop", "price", params: [.i32, .i32], results: [.i64])
        let sandbox = try Sandbox(limits: patient(), grants: [waiting])
        let module = try guest("asks")
        let report = try await sandbox.run(module, .export("twice"))
        XCTAssertEqual(report.stop, .unanswered(module: "shop", name: "price"))
    }

    func testManyGuestsWaitBesideEachOther() async throws {
        let sandbox = try sandbox { _, _ in
            try await Task.sleep(nanoseconds: 50_000_000)
            return [.i64(21)]
        }
        let module = try guest("asks")
        let begun = Date()
        try await withThrowingTaskGroup(of: Report.self) { group in
            for _ in 0..<64 {
                group.addTask { try await sandbox.run(module, .export("twice")) }
            }
            for try await report in group {
                XCTAssertEqual(report.values, [.i64(42)])
            }
        }
        // One after the other would take 3.2 s.
        XCTAssertLessThan(Date().timeIntervalSince(begun), 3)
    }

    func testMemoryIsUsedAtOnceByAnotherThreadThanTheGuestWaitsOn() async throws {
        let sandbox = try sandbox { request, arguments in
            for _ in 0..<20 {
                let name = try request.read(at: arguments.u32(0), count: arguments.u32(1))
                XCTAssertEqual(name, Data("apple".utf8))
            }
            return [.i64(21)]
        }
        let module = try guest("asks")
        // With one guest at a time, the closure has a thread of its own.
        for _ in 0..<500 {
            let report = try await sandbox.run(module, .export("twice"))
            XCTAssertEqual(report.values, [.i64(42)])
        }
    }

    func testAnErrorOfTheClosureStopsTheGuest() async throws {
        let sandbox = try sandbox { _, _ in throw HostFunctionTests.Sold() }
        let module = try guest("asks")
        let report = try await sandbox.run(module, .export("twice"))
        XCTAssertEqual(report.stop, .hostFunction(module: "shop", name: "price", message: "no such article"))
    }

    func testARangeOutsideTheMemoryStopsTheGuest() async throws {
        let sandbox = try sandbox { request, arguments in
            [.i64(Int64(try request.read(at: arguments.u32(0), count: arguments.u32(1)).count))]
        }
        let module = try guest("asks")
        let report = try await sandbox.run(module, .export("outside"))
        XCTAssertEqual(report.stop, .fault(function: "price", ptr: 65_535, len: 2, memoryBytes: 65_536))
    }

    func testAnAnswerOfAnotherTypeStopsTheGuest() async throws {
        let sandbox = try sandbox { _, _ in [.i32(1)] }
        let module = try guest("asks")
        let report = try await sandbox.run(module, .export("twice"))
        XCTAssertEqual(report.stop?.code, .hostFunction)
    }

    func testAGuestWaitsNoLongerThanItMay() async throws {
        var limits = patient()
        limits.wait = 0.02
        let sandbox = try sandbox(limits) { _, _ in
            try? await Task.sleep(nanoseconds: 600_000_000_000)
            return [.i64(1)]
        }
        let module = try guest("asks")
        let report = try await sandbox.run(module, .export("twice"))
        XCTAssertEqual(report.stop, .wait(limitNanoseconds: 20_000_000))
        XCTAssertGreaterThanOrEqual(report.usage.waitedNanoseconds, 20_000_000)
    }

    func testWaitingCountsTowardsTheDeadlineWhereItIsSetTo() async throws {
        var limits = Limits()
        limits.deadline = 0.02
        limits.waitCounts = true
        let sandbox = try sandbox(limits) { _, _ in
            try? await Task.sleep(nanoseconds: 600_000_000_000)
            return [.i64(1)]
        }
        let module = try guest("asks")
        let report = try await sandbox.run(module, .export("twice"))
        XCTAssertEqual(report.stop, .deadline(limitNanoseconds: 20_000_000))
    }

    func testARequestIsOverWithItsCall() async throws {
        let (requests, send) = AsyncStream<Request>.makeStream()
        var limits = patient()
        limits.wait = 0.01
        let sandbox = try sandbox(limits) { request, _ in
            send.yield(request)
            try? await Task.sleep(nanoseconds: 600_000_000_000)
            return [.i64(1)]
        }
        let module = try guest("asks")
        _ = try await sandbox.run(module, .export("twice"))
        for await request in requests {
            XCTAssertEqual(code { try request.read(at: 0, count: 1) }, .nothingAsked)
            XCTAssertEqual(code { try request.write(Data([1]), at: 0) }, .nothingAsked)
            break
        }
    }

    func testCancellingTheTaskCancelsTheCall() async throws {
        let sandbox = try Sandbox(limits: patient())
        let module = try guest("calls")
        let task = Task { try await sandbox.run(module, .export("endless")) }
        try await Task.sleep(nanoseconds: 20_000_000)
        task.cancel()
        let report = try await task.value
        XCTAssertEqual(report.stop, .cancelled)
        XCTAssertGreaterThan(report.usage.fuel, 0)
    }

    func testCancellingTheTaskCancelsACallThatWaitsAndItsClosure() async throws {
        let (events, send) = AsyncStream<String>.makeStream()
        let sandbox = try sandbox { _, _ in
            send.yield("asked")
            try? await Task.sleep(nanoseconds: 600_000_000_000)
            send.yield(Task.isCancelled ? "cancelled" : "slept")
            return [.i64(1)]
        }
        let module = try guest("asks")
        let task = Task { try await sandbox.run(module, .export("twice")) }
        var seen = events.makeAsyncIterator()
        let first = await seen.next()
        XCTAssertEqual(first, "asked")
        task.cancel()
        let report = try await task.value
        XCTAssertEqual(report.stop, .cancelled)
        let second = await seen.next()
        XCTAssertEqual(second, "cancelled")
    }

    func testATokenCancelsACallThatWaits() async throws {
        let token = try CancelToken()
        let sandbox = try sandbox { _, _ in
            token.cancel()
            try? await Task.sleep(nanoseconds: 600_000_000_000)
            return [.i64(1)]
        }
        let module = try guest("asks")
        var call = Call.export("twice")
        call.cancelToken = token
        let report = try await sandbox.run(module, call)
        XCTAssertEqual(report.stop, .cancelled)
    }

    func testATaskThatIsCancelledDoesNotCancelWhatElseHasTheToken() async throws {
        let token = try CancelToken()
        var call = Call.export("endless")
        call.cancelToken = token
        let sandbox = try Sandbox(limits: patient())
        let module = try guest("calls")
        let task = Task { [call] in try await sandbox.run(module, call) }
        try await Task.sleep(nanoseconds: 20_000_000)
        task.cancel()
        let report = try await task.value
        XCTAssertEqual(report.stop, .cancelled)
        XCTAssertFalse(token.isCancelled)
    }

    func testATaskThatWasCancelledBeforehandRunsNothing() async throws {
        let sandbox = try Sandbox(limits: patient())
        let module = try guest("calls")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await sandbox.run(module, .export("endless"))
        }
        let result = await task.result
        XCTAssertThrowsError(try result.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
    }

    func testOtherTasksGetTheirTurnBesideAnEndlessGuest() async throws {
        let sandbox = try Sandbox(limits: patient())
        let module = try guest("calls")
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let endless = (0..<2 * cores).map { _ in Task { try await sandbox.run(module, .export("endless")) } }
        // Each takes a thread of the pool only for a slice.
        let sum = try await sandbox.run(module, .export("add", [.i32(40), .i32(2)])).values
        XCTAssertEqual(sum, [.i32(42)])
        endless.forEach { $0.cancel() }
        for task in endless {
            // One that had not begun yet throws.
            guard case .success(let report) = await task.result else { continue }
            XCTAssertEqual(report.stop, .cancelled)
        }
    }
}
