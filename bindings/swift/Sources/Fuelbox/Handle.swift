import CFuelbox

/// A handle of the C interface is ended with the last reference to it.
///
/// It is a number that any thread may use: what only one may use at a time answers the others with `busy`, and what
/// is gone with `stale-handle`. So it can be sent everywhere.
final class Handle: @unchecked Sendable {
    typealias Free = @convention(c) (OpaquePointer?) -> fuelbox_status
    typealias Out = UnsafeMutablePointer<OpaquePointer?>

    private let number: OpaquePointer
    private let free: Free

    init(_ number: OpaquePointer, _ free: @escaping Free) {
        self.number = number
        self.free = free
    }

    /// The handle that `make` gives out, where it can give out an error too.
    static func made(_ free: @escaping Free, _ make: (Out, Out) throws -> fuelbox_status) throws -> Handle {
        var made: OpaquePointer?
        var error: OpaquePointer?
        let status = try make(&made, &error)
        try FuelboxError.check(status, error)
        guard let number = made else { throw FuelboxError(status: FUELBOX_STATUS_NULL) }
        return Handle(number, free)
    }

    /// The handle that `make` gives out, where it answers with nothing but a status.
    static func made(_ free: @escaping Free, _ make: (Out) throws -> fuelbox_status) throws -> Handle {
        try made(free) { made, _ in try make(made) }
    }

    deinit {
        // What a call has taken away is stale, and ended elsewhere.
        _ = free(number)
    }

    /// Uses the handle, which lives at least as long.
    func use<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(number) }
    }
}

extension Optional where Wrapped == Handle {
    /// Uses the handle if there is one, else null.
    func use<R>(_ body: (OpaquePointer?) throws -> R) rethrows -> R {
        guard let handle = self else { return try body(nil) }
        return try handle.use { try body($0) }
    }
}
