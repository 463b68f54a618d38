import CFuelbox

/// What a guest is told when it asks for the time.
public enum GuestClock: Sendable {
    /// It stands still at so many nanoseconds since the Unix epoch.
    case fixed(unixNanoseconds: UInt64)
    /// It starts so many nanoseconds after the Unix epoch and goes with fuel: runs stay reproducible.
    case byFuel(unixNanoseconds: UInt64)
    /// The machine's own: runs are no longer reproducible.
    case system
}

extension GuestClock {
    func grant(to sandbox: OpaquePointer) throws {
        try FuelboxError.check({
            switch self {
            case .fixed(let nanoseconds): return fuelbox_sandbox_grant_clock_fixed(sandbox, nanoseconds)
            case .byFuel(let nanoseconds): return fuelbox_sandbox_grant_clock_by_fuel(sandbox, nanoseconds)
            case .system: return fuelbox_sandbox_grant_clock_system(sandbox)
            }
        }())
    }

    func set(_ wasi: OpaquePointer) throws {
        try FuelboxError.check({
            switch self {
            case .fixed(let nanoseconds): return fuelbox_wasi_clock_fixed(wasi, nanoseconds)
            case .byFuel(let nanoseconds): return fuelbox_wasi_clock_by_fuel(wasi, nanoseconds)
            case .system: return fuelbox_wasi_clock_system(wasi)
            }
        }())
    }
}
