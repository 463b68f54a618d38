import CFuelbox

/// A clock of the host, as the C interface calls it.
final class HostClock: Sendable {
    private let now: @Sendable () -> UInt64

    init(_ now: @escaping @Sendable () -> UInt64) {
        self.now = now
    }

    /// What is handed to ``call``, and ended by ``release``.
    var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    static let call: fuelbox_clock = { data in
        guard let data = data else { return 0 }
        return Unmanaged<HostClock>.fromOpaque(data).takeUnretainedValue().now()
    }

    static let release: fuelbox_drop = { data in
        guard let data = data else { return }
        Unmanaged<HostClock>.fromOpaque(data).release()
    }
}
