import CFuelbox
import Foundation

/// What it takes to run a guest again: `fuelbox replay` does, and says where the guest was.
///
/// It holds what entered the guest: treat it as that data. ``Grant/record(mostBytes:)`` makes a sandbox record.
public final class Recording: Sendable {
    private let handle: Handle

    init(_ handle: Handle) {
        self.handle = handle
    }

    /// The recording as a file, usually called `.fbrun`.
    public var bytes: Data {
        get throws {
            try handle.use { recording in try Output.data { fuelbox_recording_bytes(recording, $0, $1, $2) } }
        }
    }
}
