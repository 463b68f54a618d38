import CFuelbox

/// How a run ended.
public enum Outcome: Hashable, Sendable {
    /// The guest came to its end. By convention the status 0 is success.
    case finished(status: Int32)
    /// The guest was stopped.
    case stopped(Stop, during: Phase)

    /// The part of a run.
    public enum Phase: String, Hashable, Sendable, Codable {
        /// The module's start function.
        case start
        /// The export `_initialize`.
        case initialize
        /// `execute`, `_start`, or the export that was called.
        case entry
    }
}

extension Outcome.Phase {
    /// From what the C interface says.
    init(number: Int32) {
        switch Int(number) {
        case FUELBOX_PHASE_START: self = .start
        case FUELBOX_PHASE_INITIALIZE: self = .initialize
        default: self = .entry
        }
    }
}

extension Outcome: Codable {
    public init(from decoder: Decoder) throws {
        let document = try decoder.container(keyedBy: Kind.self)
        if document.contains(.finished) {
            let finished = try document.nestedContainer(keyedBy: Finished.self, forKey: .finished)
            self = .finished(status: try finished.decode(Int32.self, forKey: .status))
        } else {
            let stopped = try document.nestedContainer(keyedBy: Stopped.self, forKey: .stopped)
            self = .stopped(
                try stopped.decode(Stop.self, forKey: .stop), during: try stopped.decode(Phase.self, forKey: .phase))
        }
    }

    public func encode(to encoder: Encoder) throws {
        var document = encoder.container(keyedBy: Kind.self)
        switch self {
        case .finished(let status):
            var finished = document.nestedContainer(keyedBy: Finished.self, forKey: .finished)
            try finished.encode(status, forKey: .status)
        case .stopped(let stop, let phase):
            var stopped = document.nestedContainer(keyedBy: Stopped.self, forKey: .stopped)
            try stopped.encode(stop, forKey: .stop)
            try stopped.encode(phase, forKey: .phase)
        }
    }

    private enum Kind: String, CodingKey {
        case finished, stopped
    }

    private enum Finished: String, CodingKey {
        case status
    }

    private enum Stopped: String, CodingKey {
        case stop, phase
    }
}
