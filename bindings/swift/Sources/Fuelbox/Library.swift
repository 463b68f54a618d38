import CFuelbox

/// The library that is linked.
public enum Library {
    /// Throws where it has another interface than this package was built for: ask once, when the program starts.
    public static func check() throws {
        try FuelboxError.check(fuelbox_abi_check(UInt32(FUELBOX_ABI_VERSION)))
    }

    /// Its version, such as `0.1.0`.
    public static var version: String {
        get throws { try Output.text { fuelbox_version($0, $1, $2) } }
    }

    /// Keeps up to so many bytes of the memories of guests that have ended, for the next ones: starts become faster.
    ///
    /// The default is 72 MiB for the whole process; 0 keeps none.
    public static func keepMemory(_ bytes: UInt64) throws {
        try FuelboxError.check(fuelbox_keep_memory(bytes))
    }

    /// How many bytes the process keeps at the moment.
    public static var keptMemory: UInt64 {
        get throws { try Output.number { fuelbox_kept_memory($0) } }
    }

    /// The version of the schedule that fuel is counted by: fuel of two runs can be compared where it is the same.
    public static var fuelSchedule: UInt32 { fuelbox_fuel_schedule() }

    /// The version of the protocol between hosts and guests that it speaks.
    public static var protocolVersion: UInt32 { fuelbox_protocol_version() }

    /// The time by the machine's clock, in nanoseconds since the process first read it: that of deadlines, and of
    /// ``Execution/wakesAtNanoseconds`` and ``Scheduler/wakesAtNanoseconds``.
    public static var nowNanoseconds: UInt64 {
        get throws { try Output.number { fuelbox_now($0) } }
    }

    /// How many objects of this package are alive: 0 where nothing leaks.
    public static var liveHandles: Int {
        get throws { try Output.number { fuelbox_live_handles($0) } }
    }

    /// Sets how many objects of this package there may be at the same time, to find out early that an app leaks them:
    /// whatever would make one more throws `too-many-handles`, before guest code runs.
    ///
    /// For the whole process; `Int.max`, the default, leaves it at four thousand million.
    public static func limitHandles(_ most: Int) throws {
        try FuelboxError.check(fuelbox_limit_handles(max(0, most)))
    }
}
