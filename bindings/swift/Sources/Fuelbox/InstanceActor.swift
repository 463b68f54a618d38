import CFuelbox
import Foundation

/// A guest that lives, for several tasks: calls follow each other in the order that they were made in.
///
///     let plugin = try await InstanceActor(of: module, in: sandbox)
///     let total = try await plugin.call("add", [.i32(2), .i32(40)])
///
/// A call gives other tasks their turn at least once a millisecond, and its thread while it waits for an answer of
/// the host. Cancelling the task of a call cancels the call, and with it the guest.
public actor InstanceActor {
    private var instance: Instance
    private let context: RunContext
    /// What has ended the guest.
    private var ended: FuelboxError?
    private var isCalled = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// Makes a guest. Its start function and `_initialize` have then run, under the limits of a call.
    ///
    /// - Throws: ``FuelboxError`` where it is refused, or stopped: then with the report.
    public init(of module: Module, in sandbox: Sandbox) async throws {
        instance = try sandbox.instantiate(module)
        context = sandbox.context
    }

    /// Calls the guest and runs it to its end. A call that is stopped ends the guest.
    ///
    /// - Throws: ``FuelboxError`` where it is refused before guest code runs; `CancellationError` where the task was
    ///   cancelled before its turn came.
    public func run(_ call: Call) async throws -> Report {
        await takeTurn()
        defer { passTurn() }
        try Task.checkCancellation()
        if let ended = ended { throw ended }
        let current = instance.handle
        let finished = try await Drive.run(call, context) { called in
            try Handle.made(fuelbox_execution_free) { execution, error in
                current.use { instance in called.use { fuelbox_instance_start(instance, $0, execution, error) } }
            }
        }
        if let lives = finished.instance {
            instance = Instance(lives, context)
        } else {
            ended = InstanceActor.over(finished.report)
        }
        return finished.report
    }

    /// Calls the guest's entry with an input.
    public func run<Bytes: ContiguousBytes & Sendable>(input: Bytes) async throws -> Report {
        try await run(.entry(input: input.withUnsafeBytes { Data($0) }))
    }

    /// Calls an export with values and gives what it returns.
    ///
    /// - Throws: ``FuelboxError`` where it is refused, or stopped: then with the report.
    public func call(_ name: String, _ arguments: [Value] = []) async throws -> [Value] {
        try await run(.export(name, arguments)).returned()
    }

    /// Whether it can be called.
    public var isAlive: Bool { ended == nil }

    /// Uses the guest between two calls: its memory, its globals, a snapshot.
    public func use<R: Sendable>(_ body: @Sendable (Instance) throws -> R) async throws -> R {
        await takeTurn()
        defer { passTurn() }
        if let ended = ended { throw ended }
        return try body(instance)
    }

    private func takeTurn() async {
        if !isCalled {
            isCalled = true
            return
        }
        await withCheckedContinuation { queue.append($0) }
    }

    private func passTurn() {
        if queue.isEmpty {
            isCalled = false
        } else {
            queue.removeFirst().resume()
        }
    }

    /// What later calls throw.
    private static func over(_ report: Report) -> FuelboxError {
        FuelboxError(
            status: report.stop == nil ? FUELBOX_STATUS_INSTANCE_EXITED : FUELBOX_STATUS_INSTANCE_STOPPED,
            message: report.stop == nil
                ? "the guest has exited in an earlier call" : "an earlier call of the guest was stopped",
            advice: .init(code: "new-instance", text: "make a new instance"))
    }
}
