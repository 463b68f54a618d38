import CFuelbox

/// Standard input of the host, as the C interface asks for it.
final class HostInput: Sendable {
    private let take: @Sendable (UnsafeMutableRawBufferPointer) -> Int?

    init(_ take: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Int?) {
        self.take = take
    }

    /// What is handed to ``call``, and ended by ``release``.
    var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    static let call: fuelbox_input = { data, buffer, room, len in
        guard let data = data, let len = len else { return 1 }
        let input = Unmanaged<HostInput>.fromOpaque(data).takeUnretainedValue()
        guard let count = input.take(UnsafeMutableRawBufferPointer(start: buffer, count: room)) else { return 1 }
        len.pointee = min(max(0, count), room)
        return 0
    }

    static let release: fuelbox_drop = { data in
        guard let data = data else { return }
        Unmanaged<HostInput>.fromOpaque(data).release()
    }
}
