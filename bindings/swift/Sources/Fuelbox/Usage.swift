import CFuelbox
import Foundation

/// What a run used. All but times and slices are the same on every machine.
public struct Usage: Hashable, Sendable {
    /// Fuel, host calls included.
    public var fuel: UInt64 = 0
    /// The version of the schedule that fuel is counted by.
    public var fuelSchedule: UInt64 = 0
    /// The most that all memories together had, in bytes.
    public var peakMemoryBytes: UInt64 = 0
    /// Growths of memory that were denied.
    public var memoryGrowthsDenied: UInt64 = 0
    /// The most that all tables together had, in elements.
    public var peakTableElements: UInt64 = 0
    /// Growths of tables that were denied.
    public var tableGrowthsDenied: UInt64 = 0
    /// Calls of host functions.
    public var hostCalls: UInt64 = 0
    /// Lines of the log that were cut or dropped.
    public var logLinesLost: UInt64 = 0
    /// Bytes of the error stream that were dropped.
    public var stderrBytesLost: UInt64 = 0
    /// Names in mounted files that a program of WASI was not shown.
    public var namesLeftOut: UInt64 = 0
    /// Running time, in nanoseconds.
    public var timeNanoseconds: UInt64 = 0
    /// By how much that went beyond the deadline, in nanoseconds.
    public var overrunNanoseconds: UInt64 = 0
    /// Time waited for answers of the host, in nanoseconds.
    public var waitedNanoseconds: UInt64 = 0
    /// How often the guest was given fuel.
    public var slices: UInt64 = 0

    /// Running time, in seconds.
    public var time: TimeInterval { Time.seconds(of: timeNanoseconds) }
}

extension Usage {
    /// What `tell` says under each name.
    init(_ tell: (UnsafePointer<CChar>?, Int, UnsafeMutablePointer<UInt64>) -> fuelbox_status) throws {
        for (key, field) in Usage.fields {
            self[keyPath: field] = try Output.number { value in
                key.stringValue.lend { tell($0, $1, value) }
            }
        }
    }

    private static var fields: [(Keys, WritableKeyPath<Usage, UInt64>)] {
        counts + times
    }

    private static var counts: [(Keys, WritableKeyPath<Usage, UInt64>)] {
        [
            (.fuel, \.fuel), (.fuelSchedule, \.fuelSchedule), (.peakMemoryBytes, \.peakMemoryBytes),
            (.memoryGrowthsDenied, \.memoryGrowthsDenied), (.peakTableElements, \.peakTableElements),
            (.tableGrowthsDenied, \.tableGrowthsDenied), (.hostCalls, \.hostCalls), (.logLinesLost, \.logLinesLost),
            (.stderrBytesLost, \.stderrBytesLost), (.namesLeftOut, \.namesLeftOut), (.slices, \.slices),
        ]
    }

    private static var times: [(Keys, WritableKeyPath<Usage, UInt64>)] {
        [(.time, \.timeNanoseconds), (.overrun, \.overrunNanoseconds), (.waited, \.waitedNanoseconds)]
    }
}

extension Usage: Codable {
    public init(from decoder: Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: Keys.self)
        for (key, field) in Usage.counts {
            self[keyPath: field] = try values.decode(UInt64.self, forKey: key)
        }
        for (key, field) in Usage.times {
            self[keyPath: field] = try values.decode(Time.self, forKey: key).nanoseconds
        }
    }

    public func encode(to encoder: Encoder) throws {
        var values = encoder.container(keyedBy: Keys.self)
        for (key, field) in Usage.counts {
            try values.encode(self[keyPath: field], forKey: key)
        }
        for (key, field) in Usage.times {
            try values.encode(Time(nanoseconds: self[keyPath: field]), forKey: key)
        }
    }

    private enum Keys: String, CodingKey {
        case fuel, time, overrun, waited, slices
        case fuelSchedule = "fuel_schedule"
        case peakMemoryBytes = "peak_memory_bytes"
        case memoryGrowthsDenied = "memory_growths_denied"
        case peakTableElements = "peak_table_elements"
        case tableGrowthsDenied = "table_growths_denied"
        case hostCalls = "host_calls"
        case logLinesLost = "log_lines_lost"
        case stderrBytesLost = "stderr_bytes_lost"
        case namesLeftOut = "names_left_out"
    }
}
