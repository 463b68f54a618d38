import CFuelbox

/// Many executions on the calling thread, in fair rounds.
///
///     while try scheduler.turn(nanoseconds: 2_000_000) != .done { draw() }
///
/// One thread or task at a time may use it.
public final class Scheduler {
    private let handle: Handle
    private var members: [ID: Member] = [:]

    /// What an execution is called here; never given out again.
    public struct ID: Hashable, Sendable {
        let number: UInt64
    }

    /// Who comes first: as long as one of a higher priority has something to run, none of a lower one gets time.
    public enum Priority: Sendable {
        /// Runs when nobody else has anything to run.
        case low
        /// What most have.
        case normal
        /// Runs before all others.
        case high
    }

    /// What is known of an execution that is here.
    private struct Member {
        let call: Call
        let context: RunContext
    }

    /// Without executions.
    ///
    /// - Parameter clock: What time goes by, for executions of sandboxes that have the same one: nanoseconds since any
    ///   fixed moment, never going back. nil for the machine's own.
    public init(clock: (@Sendable () -> UInt64)? = nil) throws {
        handle = try Handle.made(fuelbox_scheduler_free) { scheduler in
            guard let clock = clock else { return fuelbox_scheduler_new(scheduler) }
            return fuelbox_scheduler_new_with_clock(
                HostClock.call, HostClock(clock).retained, HostClock.release, scheduler)
        }
    }

    /// Takes an execution, which cannot be used elsewhere from then on. It gets `weight` times as much time as one of
    /// weight 1.
    public func add(_ execution: Execution, weight: UInt16 = 1, priority: Priority = .normal) throws -> ID {
        try execution.give { taken, call, context in
            let number = try handle.use { scheduler in
                try taken.use { taken in
                    try Output.number { fuelbox_scheduler_add(scheduler, taken, weight, priority.number, $0) }
                }
            }
            members[ID(number: number)] = Member(call: call, context: context)
            return ID(number: number)
        }
    }

    /// Runs rounds for about so much time: ``Step/paused`` where there is more to run, ``Step/done`` where all are
    /// over, else what they wait for.
    public func turn(nanoseconds: UInt64) throws -> Step {
        try handle.use { scheduler in
            Step(number: try Output.number { fuelbox_scheduler_turn(scheduler, nanoseconds, $0) })
        }
    }

    /// Gives each execution so much fuel once: the same point on every machine.
    public func round(fuel: UInt64) throws -> Step {
        try handle.use { scheduler in
            Step(number: try Output.number { fuelbox_scheduler_round(scheduler, fuel, $0) })
        }
    }

    /// The next execution that is over, nil where there is none.
    public func finished() throws -> (id: ID, finished: Execution.Finished)? {
        var number: UInt64 = 0
        var instance: OpaquePointer?
        let report = try Output.orNil {
            try Handle.made(fuelbox_report_free) { report in
                handle.use { fuelbox_scheduler_finished($0, &number, report, &instance) }
            }
        }
        let lives = instance.map { Handle($0, fuelbox_instance_free) }
        guard let report = report, let member = members.removeValue(forKey: ID(number: number)) else { return nil }
        let finished = Execution.Finished(
            report: try Report(report), instance: lives.map { Instance($0, member.context) }, recording: nil)
        return (ID(number: number), finished)
    }

    /// The next execution that asks its host, nil where there is none; each question is told once. Take it out with
    /// ``remove(_:)`` to answer it, and add it again.
    public func asking() throws -> ID? {
        try Output.orNil {
            try handle.use { scheduler in ID(number: try Output.number { fuelbox_scheduler_asking(scheduler, $0) }) }
        }
    }

    /// Gives an execution back as it is, nil where it was removed or handed out.
    public func remove(_ id: ID) throws -> Execution? {
        let execution = try Output.orNil {
            try Handle.made(fuelbox_execution_free) { execution in
                handle.use { fuelbox_scheduler_remove($0, id.number, execution) }
            }
        }
        guard let execution = execution, let member = members.removeValue(forKey: id) else { return nil }
        return Execution(execution, member.call, member.context)
    }

    /// Changes weight and priority of an execution.
    ///
    /// - Throws: ``FuelboxError`` with the code `not-found` where it was removed or handed out.
    public func setShare(of id: ID, weight: UInt16 = 1, priority: Priority = .normal) throws {
        try FuelboxError.check(
            handle.use { fuelbox_scheduler_set_share($0, id.number, weight, priority.number) })
    }

    /// Cancels an execution.
    ///
    /// - Throws: ``FuelboxError`` with the code `not-found` where it was removed or handed out, as with ``wake(_:)``.
    public func cancel(_ id: ID) throws {
        try FuelboxError.check(handle.use { fuelbox_scheduler_cancel($0, id.number) })
    }

    /// Looks at an execution in the next turn though it waits.
    public func wake(_ id: ID) throws {
        try FuelboxError.check(handle.use { fuelbox_scheduler_wake($0, id.number) })
    }

    /// When the first of those that wait goes on, in nanoseconds by the scheduler's clock; nil where none does.
    public var wakesAtNanoseconds: UInt64? {
        get throws {
            try Output.orNil {
                try handle.use { scheduler in try Output.number { fuelbox_scheduler_wake_at(scheduler, $0) } }
            }
        }
    }

    /// How many executions there are, those included that are over and not handed out.
    public var count: Int {
        get throws { try handle.use { scheduler in try Output.number { fuelbox_scheduler_count(scheduler, $0) } } }
    }
}

private extension Scheduler.Priority {
    var number: Int32 {
        switch self {
        case .low: return Int32(FUELBOX_PRIORITY_LOW)
        case .normal: return Int32(FUELBOX_PRIORITY_NORMAL)
        case .high: return Int32(FUELBOX_PRIORITY_HIGH)
        }
    }
}
