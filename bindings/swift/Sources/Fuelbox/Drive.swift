import CFuelbox

/// Runs a call to its end beside other tasks.
struct Drive: Sendable {
    private let execution: Handle
    private let token: CancelToken
    private let context: RunContext
    private let call: Call
    private let alarm = Alarm()

    /// What a call leaves.
    struct Finished: Sendable {
        let report: Report
        let instance: Handle?
    }

    /// How long a guest runs before other tasks get their turn.
    private static let sliceNanoseconds: UInt64 = 1_000_000

    /// Runs `call` in the execution that `begin` makes of it. Where the task is cancelled, the call is.
    static func run(
        _ call: Call, _ context: RunContext, _ begin: (Handle) throws -> Handle
    ) async throws -> Finished {
        try Task.checkCancellation()
        // A token of its own: that of the call may be that of others too, which the task must not cancel.
        let token = try CancelToken()
        var own = call
        own.cancelToken = token
        let drive = Drive(execution: try begin(own.handle()), token: token, context: context, call: call)
        let watcher = call.cancelToken?.watch { drive.cancel() }
        defer {
            if let watcher = watcher { call.cancelToken?.forget(watcher) }
        }
        return try await withTaskCancellationHandler {
            try await drive.toItsEnd()
        } onCancel: {
            drive.cancel()
        }
    }

    private init(execution: Handle, token: CancelToken, context: RunContext, call: Call) {
        self.execution = execution
        self.token = token
        self.context = context
        self.call = call
    }

    private func cancel() {
        token.cancel()
        alarm.ring()
    }

    private func toItsEnd() async throws -> Finished {
        var naps = Naps()
        while true {
            switch try Execution.step(execution, fuel: .max, nanoseconds: Drive.sliceNanoseconds) {
            case .paused:
                naps = Naps()
                await Task.yield()
            case .waitsForTime, .waitsForInput:
                await alarm.wait(naps.next())
            case .waitsForHost:
                let request = try Request(execution)
                guard let body = context.answers.body(for: request) else { return try finish() }
                try await answer(request, by: body)
            case .done:
                return try finish()
            }
        }
    }

    private func finish() throws -> Finished {
        let (report, instance, _) = try Execution.finish(execution)
        return Finished(report: report, instance: instance)
    }

    /// Lets `body` answer, for as long as the guest may wait. The task of `body` is not waited for: it may do what it
    /// likes, but the call ends in time.
    private func answer(_ request: Request, by body: @escaping Answers.Body) async throws {
        let told = Told(alarm)
        let task = Task {
            do {
                told.tell(.success(try await body(request, request.arguments)))
            } catch {
                told.tell(.failure(error))
            }
        }
        defer {
            task.cancel()
            request.end()
        }
        while true {
            await alarm.wait(try nanosecondsLeft(of: request))
            if let result = told.result {
                return try settle(request, result)
            }
            // Not before the request lets go of it: the body may be at the guest's memory.
            let step = try request.alone { try Execution.step($0, fuel: .max, nanoseconds: Drive.sliceNanoseconds) }
            if step != .waitsForHost { return }
        }
    }

    private func settle(_ request: Request, _ result: Result<[Value], Error>) throws {
        do {
            switch result {
            case .success(let values): try Drive.answer(request, values)
            case .failure(let reason): try request.fail(reason)
            }
        } catch let late as FuelboxError where late.status >= FUELBOX_STATUS_OUT_OF_FUEL {
            // It was to be stopped at that moment: the next step says so.
        }
    }

    /// Answers, or fails because the answer is none that was declared.
    private static func answer(_ request: Request, _ values: [Value]) throws {
        do {
            try request.answer(values)
        } catch let wrong as FuelboxError where wrong.code == .answerTypes || wrong.code == .answerReference {
            try request.fail(wrong)
        }
    }

    /// How long the guest may still wait for its host.
    private func nanosecondsLeft(of request: Request) throws -> UInt64 {
        let limits = call.limits ?? context.limits
        // The body may be at the guest's memory.
        let usage = try request.alone { try Execution.usage($0) }
        let left = Drive.left(of: limits.waitNanoseconds, usage.waitedNanoseconds)
        guard limits.waitCounts else { return max(left, Naps.shortest) }
        let running = Drive.left(of: limits.deadlineNanoseconds, usage.timeNanoseconds)
        return max(min(left, Drive.left(of: running, usage.waitedNanoseconds)), Naps.shortest)
    }

    private static func left(of limit: UInt64, _ used: UInt64) -> UInt64 {
        limit > used ? limit - used : 0
    }
}
