import CFuelbox
import Foundation

/// Limits and grants together. Nothing runs yet.
///
///     let sandbox = try Sandbox(limits: limits, grants: [.protocol])
///     let report = try sandbox.run(module, input: input)
///
/// It never changes and can be shared between threads and tasks. In `async` code the compiler takes the functions
/// that do not block.
public final class Sandbox: Sendable {
    let handle: Handle
    let context: RunContext

    /// What guests may use.
    public var limits: Limits { context.limits }

    /// Makes a sandbox.
    ///
    /// - Parameters:
    ///   - limits: What guests may use.
    ///   - grants: What they are given. Of two for the same thing the last counts.
    ///   - clock: What deadlines go by: nanoseconds since any fixed moment, never going back. nil for the machine's
    ///     own.
    /// - Throws: ``FuelboxError`` where something cannot be granted, such as a tree with a path that no tree can
    ///   hold.
    public init(
        limits: Limits = Limits(), grants: [Grant] = [], clock: (@Sendable () -> UInt64)? = nil
    ) throws {
        let given = try limits.handle()
        let sandbox = try Handle.made(fuelbox_sandbox_free) { sandbox, error in
            given.use { limits in
                guard let clock = clock else { return fuelbox_sandbox_new(limits, sandbox, error) }
                return fuelbox_sandbox_new_with_clock(
                    limits, HostClock.call, HostClock(clock).retained, HostClock.release, sandbox, error)
            }
        }
        for grant in grants {
            try sandbox.use { try grant.give($0) }
        }
        handle = sandbox
        context = RunContext(limits: limits, answers: Answers(grants))
    }

    /// What would keep a call from running, found without running anything.
    public func check(_ module: Module, _ call: Call = .entry()) throws -> Preflight {
        let called = try call.handle()
        return try handle.use { sandbox in
            try module.handle.use { module in
                try called.use { called in
                    try Output.json(Preflight.self) { fuelbox_sandbox_check(sandbox, module, called, $0, $1, $2) }
                }
            }
        }
    }

    /// Runs a call to its end in an instance of its own, and blocks the thread meanwhile.
    ///
    /// - Throws: ``FuelboxError`` where it is refused before guest code runs. A guest that is stopped is no error:
    ///   the report says so.
    public func run(_ module: Module, _ call: Call) throws -> Report {
        let called = try call.handle()
        return try withExtendedLifetime(call) {
            try Report(Handle.made(fuelbox_report_free) { report, error in
                handle.use { sandbox in
                    module.handle.use { module in
                        called.use { fuelbox_sandbox_run(sandbox, module, $0, report, error) }
                    }
                }
            })
        }
    }

    /// Runs the guest's entry with an input, and blocks the thread meanwhile.
    public func run<Bytes: ContiguousBytes>(_ module: Module, input: Bytes) throws -> Report {
        try run(module, .entry(input: input.withUnsafeBytes { Data($0) }))
    }

    /// Runs a call to its end in an instance of its own, beside other tasks.
    ///
    /// Cancelling the task cancels the call: the report says so. Nothing is thrown for it once guest code runs.
    public func run(_ module: Module, _ call: Call) async throws -> Report {
        try await Drive.run(call, context) { called in try begin(module, called) }.report
    }

    /// Runs the guest's entry with an input, beside other tasks.
    public func run<Bytes: ContiguousBytes>(_ module: Module, input: Bytes) async throws -> Report {
        let call = Call.entry(input: input.withUnsafeBytes { Data($0) })
        return try await run(module, call)
    }

    /// Begins a call in an instance of its own, to be stepped. No guest code runs yet.
    public func start(_ module: Module, _ call: Call) throws -> Execution {
        Execution(try begin(module, call.handle()), call, context)
    }

    /// Makes a guest that lives. Its start function and `_initialize` have then run, under the limits of a call.
    ///
    /// - Throws: ``FuelboxError`` where it is refused, or stopped: then with the report.
    public func instantiate(_ module: Module) throws -> Instance {
        let instance = try Handle.made(fuelbox_instance_free) { instance, error in
            handle.use { sandbox in
                module.handle.use { fuelbox_sandbox_instantiate(sandbox, $0, instance, error) }
            }
        }
        return Instance(instance, context)
    }

    private func begin(_ module: Module, _ called: Handle) throws -> Handle {
        try Handle.made(fuelbox_execution_free) { execution, error in
            handle.use { sandbox in
                module.handle.use { module in
                    called.use { fuelbox_sandbox_start(sandbox, module, $0, execution, error) }
                }
            }
        }
    }
}
