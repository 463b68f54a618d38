import CFuelbox
import Foundation

/// A guest that lives: its memory, globals and tables last from call to call.
///
/// Its functions block the thread. One thread or task at a time may use it; ``InstanceActor`` is for several tasks.
public final class Instance {
    let handle: Handle
    private let context: RunContext

    init(_ handle: Handle, _ context: RunContext) {
        self.handle = handle
        self.context = context
    }

    /// Calls the guest and runs it to its end. A call that is stopped ends the instance.
    ///
    /// - Throws: ``FuelboxError`` where it is refused before guest code runs.
    public func run(_ call: Call) throws -> Report {
        let called = try call.handle()
        return try withExtendedLifetime(call) {
            try Report(Handle.made(fuelbox_report_free) { report, error in
                handle.use { instance in called.use { fuelbox_instance_run(instance, $0, report, error) } }
            })
        }
    }

    /// Calls the guest's entry with an input.
    public func run<Bytes: ContiguousBytes>(input: Bytes) throws -> Report {
        try run(.entry(input: input.withUnsafeBytes { Data($0) }))
    }

    /// Calls an export with values and gives what it returns.
    ///
    /// - Throws: ``FuelboxError`` where it is refused, or stopped: then with the report.
    public func call(_ name: String, _ arguments: [Value] = []) throws -> [Value] {
        try run(.export(name, arguments)).returned()
    }

    /// Begins a call that is stepped. The instance comes back from ``Execution/finish()``; until then this object
    /// throws `stale-handle`, and it is a new one that comes back.
    public func start(_ call: Call) throws -> Execution {
        let called = try call.handle()
        let execution = try Handle.made(fuelbox_execution_free) { execution, error in
            handle.use { instance in called.use { fuelbox_instance_start(instance, $0, execution, error) } }
        }
        return Execution(execution, call, context)
    }

    /// Whether it can be called.
    public var isAlive: Bool {
        get throws {
            try handle.use { instance in
                try Output.number(Int32.self) { fuelbox_instance_is_alive(instance, $0) } != 0
            }
        }
    }

    /// The module that it was made of.
    public var module: Module {
        get throws {
            try handle.use { instance in
                try Module(Handle.made(fuelbox_module_free) { fuelbox_instance_module(instance, $0) })
            }
        }
    }

    /// What happened in its start function and `_initialize`, nil where they run with the first call.
    public var initialization: Report? {
        get throws {
            try handle.use { instance in
                try Output.orNil {
                    try Report(Handle.made(fuelbox_report_free) { fuelbox_instance_initialization(instance, $0) })
                }
            }
        }
    }

    /// The size of the guest's exported `memory` in bytes, 0 where there is none.
    public var memorySize: UInt64 {
        get throws { try handle.use { instance in try Output.number { fuelbox_instance_memory_size(instance, $0) } } }
    }

    /// `count` bytes of the guest's memory at an address.
    ///
    /// - Throws: ``FuelboxError`` with the code `out-of-bounds` outside the memory.
    public func read(at ptr: UInt64, count len: Int) throws -> Data {
        try handle.use { instance in
            try Output.guestMemory(len) { bytes in
                try FuelboxError.check(fuelbox_instance_memory_read(instance, ptr, bytes, len))
            }
        }
    }

    /// Writes bytes to the guest's memory at an address, or none of them.
    public func write<Bytes: ContiguousBytes>(_ bytes: Bytes, at ptr: UInt64) throws {
        try handle.use { instance in
            try FuelboxError.check(bytes.lend { fuelbox_instance_memory_write(instance, ptr, $0, $1) })
        }
    }

    /// The value of an exported global, nil where none has this name.
    public func global(_ name: String) throws -> Value? {
        var raw = fuelbox_value()
        return try Output.orNil {
            try handle.use { instance in
                try FuelboxError.check(name.lend { fuelbox_instance_global(instance, $0, $1, &raw) })
            }
            return Value(raw: raw)
        } ?? nil
    }

    /// What was recorded of the instance up to here, nil where its sandbox does not record.
    public var recording: Recording? {
        get throws {
            try handle.use { instance in
                try Output.orNil {
                    Recording(try Handle.made(fuelbox_recording_free) { fuelbox_instance_recording(instance, $0) })
                }
            }
        }
    }

    /// Writes the instance as a module that starts from where it is. Its module has to be built for snapshots.
    public func snapshot() throws -> Module {
        try handle.use { instance in
            try Module(Handle.made(fuelbox_module_free) { fuelbox_instance_snapshot(instance, $0, $1) })
        }
    }
}

extension Report {
    /// What an export returned, where it did.
    func returned() throws -> [Value] {
        if status == 0 { return values }
        throw (error ?? FuelboxError(status: FUELBOX_STATUS_EXITED)).with(self)
    }
}
