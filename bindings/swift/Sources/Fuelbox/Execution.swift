import CFuelbox
import Foundation

/// A call in progress, which goes on when it is stepped.
///
///     while try execution.step(nanoseconds: 2_000_000) != .done { draw() }
///     let finished = try execution.finish()
///
/// One thread or task at a time may use it. Letting go of it ends the call and its instance.
public final class Execution {
    private var handle: Handle
    private let call: Call
    private let context: RunContext
    private var asked: Request?

    /// What a call leaves.
    public struct Finished {
        /// What happened.
        public let report: Report
        /// The guest, which can be called again; nil where the call has ended it.
        public let instance: Instance?
        /// What was recorded of the guest, nil where its sandbox does not record.
        public let recording: Recording?
    }

    init(_ handle: Handle, _ call: Call, _ context: RunContext) {
        self.handle = handle
        self.call = call
        self.context = context
    }

    /// Runs the guest for about so much fuel and so much time, whichever comes first; `UInt64.max` bounds nothing.
    ///
    /// It never sleeps. Steps by fuel alone are the same on every machine.
    public func step(fuel: UInt64 = .max, nanoseconds: UInt64 = .max) throws -> Step {
        try Execution.step(handle, fuel: fuel, nanoseconds: nanoseconds)
    }

    /// Sleeps for a millisecond at the most, if the guest waits.
    public func sleep() throws {
        try FuelboxError.check(handle.use { fuelbox_execution_sleep($0) })
    }

    /// When to step a guest that waits though nothing else happens, in nanoseconds by the clock of the sandbox; nil
    /// where no time is known.
    public var wakesAtNanoseconds: UInt64? {
        get throws {
            try Output.orNil {
                try handle.use { execution in try Output.number { fuelbox_execution_wake_at(execution, $0) } }
            }
        }
    }

    /// Whether the call is over.
    public var isOver: Bool {
        get throws {
            try handle.use { execution in
                try Output.number(Int32.self) { fuelbox_execution_is_over(execution, $0) } != 0
            }
        }
    }

    /// What the guest has written so far.
    public var output: Data {
        get throws {
            try handle.use { execution in try Output.data { fuelbox_execution_output(execution, $0, $1, $2) } }
        }
    }

    /// What a program of WASI has written to its error stream so far.
    public var stderr: Data {
        get throws {
            try handle.use { execution in try Output.data { fuelbox_execution_stderr(execution, $0, $1, $2) } }
        }
    }

    /// What the call has used so far.
    public var usage: Usage {
        get throws { try Execution.usage(handle) }
    }

    /// A token that cancels this call, from any thread while it is stepped.
    public var cancelToken: CancelToken {
        get throws { try CancelToken(of: handle) }
    }

    /// What the guest asks, nil where it does not wait for the host.
    public var request: Request? {
        get throws {
            do {
                let request = try asked ?? Request(handle)
                asked = request
                return request
            } catch let error as FuelboxError where error.code == .nothingAsked {
                return nil
            }
        }
    }

    /// Answers what the guest asks: it goes on with the next step.
    ///
    /// - Throws: ``FuelboxError`` with the code `nothing-asked`; with `answer-types` where values or types are not
    ///   those that were declared: the guest then still waits.
    public func answer(_ values: [Value]) throws {
        try question().answer(values)
        asked = nil
    }

    /// Ends the call, since what the guest asks cannot be answered: for the reason that the request threw, else as
    /// `host-function` with the description of the error.
    public func fail(_ reason: Error) throws {
        try question().fail(reason)
        asked = nil
    }

    /// Runs the guest to its end, blocks the thread meanwhile, and gives back what is left. Nothing else can be done
    /// with the execution afterwards: it throws `stale-handle`.
    public func finish() throws -> Finished {
        asked?.end()
        let (report, instance, recording) = try Execution.finish(handle)
        return Finished(
            report: report, instance: instance.map { Instance($0, context) }, recording: recording.map(Recording.init))
    }

    private func question() throws -> Request {
        guard let request = try request else { throw FuelboxError(status: FUELBOX_STATUS_NOTHING_ASKED) }
        return request
    }
}

extension Execution {
    /// Takes the call out of here, with what it needs to go on elsewhere.
    func give<R>(to body: (Handle, Call, RunContext) throws -> R) rethrows -> R {
        asked?.end()
        return try body(handle, call, context)
    }

    static func step(_ execution: Handle, fuel: UInt64, nanoseconds: UInt64) throws -> Step {
        try execution.use { try step($0, fuel: fuel, nanoseconds: nanoseconds) }
    }

    static func step(_ execution: OpaquePointer, fuel: UInt64, nanoseconds: UInt64) throws -> Step {
        Step(number: try Output.number { fuelbox_execution_step(execution, fuel, nanoseconds, $0) })
    }

    static func usage(_ execution: Handle) throws -> Usage {
        try execution.use { try usage($0) }
    }

    static func usage(_ execution: OpaquePointer) throws -> Usage {
        try Usage { fuelbox_execution_usage(execution, $0, $1, $2) }
    }

    /// The report, the instance unless the call has ended it, and what was recorded.
    static func finish(_ execution: Handle) throws -> (Report, Handle?, Handle?) {
        var instance: OpaquePointer?
        var recording: OpaquePointer?
        let report = try Handle.made(fuelbox_report_free) { report, error in
            execution.use { fuelbox_execution_finish_recorded($0, report, &instance, &recording, error) }
        }
        let lives = instance.map { Handle($0, fuelbox_instance_free) }
        let kept = recording.map { Handle($0, fuelbox_recording_free) }
        return (try Report(report), lives, kept)
    }
}
