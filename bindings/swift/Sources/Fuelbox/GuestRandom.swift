import CFuelbox

/// What a guest is given when it asks for random bytes.
public enum GuestRandom: Sendable {
    /// The same for the same seed on every machine: not for keys.
    case seeded(UInt64)
    /// Those of a source of the host, which fills all of the buffer: runs are no longer reproducible.
    case source(@Sendable (UnsafeMutableRawBufferPointer) -> Void)

    /// Those of the system.
    public static var system: GuestRandom {
        .source { buffer in
            var generator = SystemRandomNumberGenerator()
            for index in buffer.indices {
                buffer[index] = UInt8.random(in: .min ... .max, using: &generator)
            }
        }
    }
}

extension GuestRandom {
    func grant(to sandbox: OpaquePointer) throws {
        switch self {
        case .seeded(let seed): try FuelboxError.check(fuelbox_sandbox_grant_random_seeded(sandbox, seed))
        case .source(let fill):
            try FuelboxError.check(
                fuelbox_sandbox_grant_random(sandbox, Source.call, Source(fill).retained, Source.release))
        }
    }

    func set(_ wasi: OpaquePointer) throws {
        switch self {
        case .seeded(let seed): try FuelboxError.check(fuelbox_wasi_random_seeded(wasi, seed))
        case .source(let fill):
            try FuelboxError.check(fuelbox_wasi_random(wasi, Source.call, Source(fill).retained, Source.release))
        }
    }

    /// What the C interface calls.
    private final class Source: Sendable {
        let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void

        init(_ fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
            self.fill = fill
        }

        var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

        static let call: fuelbox_random = { data, buffer, len in
            guard let data = data else { return }
            let source = Unmanaged<Source>.fromOpaque(data).takeUnretainedValue()
            source.fill(UnsafeMutableRawBufferPointer(start: buffer, count: len))
        }

        static let release: fuelbox_drop = { data in
            guard let data = data else { return }
            Unmanaged<Source>.fromOpaque(data).release()
        }
    }
}
