import CFuelbox
import Foundation

/// What a guest asks its host and waits for.
///
/// It can be used until it is answered, and by any thread; from then on it throws `nothing-asked`.
public final class Request: Sendable {
    /// The first part of the name of the function that the guest has called.
    public let module: String
    /// The second part of its name.
    public let name: String
    /// What the guest has called it with.
    public let arguments: [Value]
    private let door: Door

    init(_ execution: Handle) throws {
        door = Door(execution)
        module = try execution.use { execution in
            try Output.text { fuelbox_execution_request_module(execution, $0, $1, $2) }
        }
        name = try execution.use { execution in
            try Output.text { fuelbox_execution_request_name(execution, $0, $1, $2) }
        }
        arguments = try execution.use { execution in
            try Value.all { fuelbox_execution_request_args(execution, $0, $1, $2) }
        }
    }

    /// `count` bytes of the guest's memory at an address, as ``Caller/read(at:count:)`` gives them.
    public func read(at ptr: UInt32, count len: UInt32) throws -> Data {
        try Output.guestMemory(Int(len)) { bytes in
            try halting { fuelbox_execution_request_read($0, ptr, bytes, Int(len)) }
        }
    }

    /// Writes bytes to the guest's memory at an address, as ``Caller/write(_:at:)``.
    public func write<Bytes: ContiguousBytes>(_ bytes: Bytes, at ptr: UInt32) throws {
        try halting { execution in bytes.lend { fuelbox_execution_request_write(execution, ptr, $0, $1) } }
    }

    /// The size of the guest's exported `memory` in bytes, 0 where there is none.
    public var memorySize: UInt64 {
        get throws {
            try door.use { execution in try Output.number { fuelbox_execution_request_memory_size(execution, $0) } }
        }
    }

    /// Takes fuel from the guest.
    public func charge(_ fuel: UInt64) throws {
        try halting { fuelbox_execution_request_charge($0, fuel) }
    }

    /// What the call was given as its ``Call/context``.
    public var context: AnyObject? {
        get throws {
            var context: UnsafeMutableRawPointer?
            try door.use { execution in try FuelboxError.check(fuelbox_execution_context(execution, &context)) }
            return Call.context(context)
        }
    }

    private func halting(_ body: (OpaquePointer) -> fuelbox_status) throws {
        try door.use { execution in
            let status = body(execution)
            if status == FUELBOX_STATUS_NOTHING_ASKED { throw FuelboxError(status: status) }
            if status != FUELBOX_STATUS_OK { throw FuelboxError(status: status, isHalt: true) }
        }
    }
}

extension Request {
    /// Ends the request with what the host answers.
    ///
    /// - Throws: ``FuelboxError`` with the code `answer-types` where the values are not of the types that were
    ///   declared; the guest then still waits.
    func answer(_ values: [Value]) throws {
        try door.use { execution in
            try FuelboxError.check { error in
                values.lend { fuelbox_execution_answer(execution, $0, $1, error) }
            }
        }
        door.close()
    }

    /// Ends the request, and with it the call: for the reason that it failed with itself, else with a text.
    func fail(_ reason: Error) throws {
        try door.use { execution in
            try FuelboxError.check { error in
                if let halt = reason as? FuelboxError, halt.isHalt {
                    return fuelbox_execution_fail(execution, nil, 0, error)
                }
                return "\(reason)".lend { fuelbox_execution_fail(execution, $0, $1, error) }
            }
        }
        door.close()
    }

    /// Uses the execution while nobody else does so by this request.
    func alone<R>(_ body: (OpaquePointer) throws -> R) throws -> R {
        try door.use(body)
    }

    /// Ends the request: what still holds it cannot reach the guest any more.
    func end() {
        door.close()
    }

    /// The way to the execution while the request lasts, for one at a time.
    private final class Door: @unchecked Sendable {
        // Sendable, since all that changes is used under the lock.
        private let lock = NSLock()
        private var execution: Handle?

        init(_ execution: Handle) {
            self.execution = execution
        }

        func use<R>(_ body: (OpaquePointer) throws -> R) throws -> R {
            lock.lock()
            defer { lock.unlock() }
            guard let execution = execution else { throw FuelboxError(status: FUELBOX_STATUS_NOTHING_ASKED) }
            return try execution.use(body)
        }

        func close() {
            lock.lock()
            defer { lock.unlock() }
            execution = nil
        }
    }
}
