import CFuelbox
import Foundation

/// The run that calls a host function, for the time of the call: it cannot be kept, since it cannot be copied.
///
/// What it throws ends the run for the same reason, where the function passes it on.
public struct Caller: ~Copyable {
    private let caller: OpaquePointer

    init(_ caller: OpaquePointer) {
        self.caller = caller
    }

    /// `count` bytes of the guest's memory at an address, for one fuel for each 64 bytes begun.
    ///
    /// - Throws: ``FuelboxError`` with the code `fault` outside the memory, `out-of-fuel` where it is used up.
    public func read(at ptr: UInt32, count len: UInt32) throws -> Data {
        try Output.guestMemory(Int(len)) { try halting(fuelbox_caller_read(caller, ptr, $0, Int(len))) }
    }

    /// Writes bytes to the guest's memory at an address, or none of them: fuel and errors as ``read(at:count:)``.
    public func write<Bytes: ContiguousBytes>(_ bytes: Bytes, at ptr: UInt32) throws {
        try halting(bytes.lend { fuelbox_caller_write(caller, ptr, $0, $1) })
    }

    /// The size of the guest's exported `memory` in bytes, 0 where there is none.
    public var memorySize: UInt64 {
        get throws { try Output.number { fuelbox_caller_memory_size(caller, $0) } }
    }

    /// Takes fuel from the guest, for work that the base price does not cover.
    public func charge(_ fuel: UInt64) throws {
        try halting(fuelbox_caller_charge(caller, fuel))
    }

    /// Fuel that the run has used so far.
    public var fuelUsed: UInt64 {
        get throws { try Output.number { fuelbox_caller_fuel_used(caller, $0) } }
    }

    /// Fuel that the run has left.
    public var fuelLeft: UInt64 {
        get throws { try Output.number { fuelbox_caller_fuel_left(caller, $0) } }
    }

    /// Nanoseconds until the deadline, 0 once it has passed.
    public var nanosecondsLeft: UInt64 {
        get throws { try Output.number { fuelbox_caller_time_left(caller, $0) } }
    }

    /// Whether the run has been cancelled: what the function goes on to do is for nobody.
    public var isCancelled: Bool {
        get throws { try Output.number(Int32.self) { fuelbox_caller_is_cancelled(caller, $0) } != 0 }
    }

    /// What the call was given as its ``Call/context``.
    public var context: AnyObject? {
        get throws {
            var context: UnsafeMutableRawPointer?
            try FuelboxError.check(fuelbox_caller_context(caller, &context))
            return Call.context(context)
        }
    }

    private func halting(_ status: fuelbox_status) throws {
        if status != FUELBOX_STATUS_OK { throw FuelboxError(status: status, isHalt: true) }
    }
}
