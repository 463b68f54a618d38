import CFuelbox
import Foundation

/// What a guest may use. Every limit has a default that is finite; unlimited is only ever written `UInt64.max`.
///
/// Units and what happens at each are in docs/limits.md. In JSON they are `{"call": {..}, "instance": {..}}`: what is
/// left out has its default, and a name that is no limit is an error.
public struct Limits: Hashable, Sendable {
    /// Work of a call, in fuel.
    public var fuel: UInt64 = 1_000_000_000_000_000_000
    /// Running time of a call, in nanoseconds.
    public var deadlineNanoseconds: UInt64 = 1_000_000_000
    /// Time that a call may wait for answers of the host, in nanoseconds.
    public var waitNanoseconds: UInt64 = 30_000_000_000
    /// Whether that counts towards the deadline too.
    public var waitCounts = false
    /// All memories of an instance together, in bytes.
    public var memoryBytes: UInt64 = 64 << 20
    /// All tables of an instance together, in elements.
    public var tableElements: UInt64 = 100_000
    /// What happens where memory or tables would grow beyond that.
    public var growthDenial = GrowthDenial.stop
    /// Input of a call, in bytes.
    public var inputBytes: UInt64 = 16 << 20
    /// Output of a call, in bytes.
    public var outputBytes: UInt64 = 16 << 20
    /// What is kept of the error stream of a program of WASI, in bytes.
    public var stderrBytes: UInt64 = 64 << 10
    /// What is kept of a log, in bytes, all lines together.
    public var logBytes: UInt64 = 64 << 10
    /// How many lines of a log are kept.
    public var logLines: UInt64 = 1_024
    /// What is kept of a line of a log, in bytes.
    public var logLineBytes: UInt64 = 4 << 10

    /// What happens where memory or tables would grow beyond their limit.
    public enum GrowthDenial: String, Hashable, Sendable, Codable {
        /// The run stops.
        case stop
        /// The guest is told that it did not grow.
        case refuse
    }

    /// The defaults.
    public init() {}

    /// Running time of a call, in seconds.
    public var deadline: TimeInterval {
        get { Time.seconds(of: deadlineNanoseconds) }
        set { deadlineNanoseconds = Time.nanoseconds(of: newValue) }
    }

    /// Time that a call may wait for answers of the host, in seconds.
    public var wait: TimeInterval {
        get { Time.seconds(of: waitNanoseconds) }
        set { waitNanoseconds = Time.nanoseconds(of: newValue) }
    }
}

extension Limits: Codable {
    public init(from decoder: Decoder) throws {
        self.init()
        let groups = try Fields(decoder)
        try groups.refuse(allBut: Group.self)
        if let call = try groups.group(Group.call) {
            try call.refuse(allBut: Call.self)
            try call.read(Call.fuel, &fuel)
            try call.read(time: Call.deadline, &deadlineNanoseconds)
            try call.read(time: Call.wait, &waitNanoseconds)
            try call.read(Call.waitCounts, &waitCounts)
            try call.read(Call.inputBytes, &inputBytes)
            try call.read(Call.outputBytes, &outputBytes)
            try call.read(Call.stderrBytes, &stderrBytes)
            try call.read(Call.logBytes, &logBytes)
            try call.read(Call.logLines, &logLines)
            try call.read(Call.logLineBytes, &logLineBytes)
        }
        if let instance = try groups.group(Group.instance) {
            try instance.refuse(allBut: Instance.self)
            try instance.read(Instance.memoryBytes, &memoryBytes)
            try instance.read(Instance.growthDenial, &growthDenial)
            try instance.read(Instance.tableElements, &tableElements)
        }
    }

    public func encode(to encoder: Encoder) throws {
        var groups = encoder.container(keyedBy: Group.self)
        var call = groups.nestedContainer(keyedBy: Call.self, forKey: .call)
        try call.encode(fuel, forKey: .fuel)
        try call.encode(Time(nanoseconds: deadlineNanoseconds), forKey: .deadline)
        try call.encode(Time(nanoseconds: waitNanoseconds), forKey: .wait)
        try call.encode(waitCounts, forKey: .waitCounts)
        try call.encode(inputBytes, forKey: .inputBytes)
        try call.encode(outputBytes, forKey: .outputBytes)
        try call.encode(stderrBytes, forKey: .stderrBytes)
        try call.encode(logBytes, forKey: .logBytes)
        try call.encode(logLines, forKey: .logLines)
        try call.encode(logLineBytes, forKey: .logLineBytes)
        var instance = groups.nestedContainer(keyedBy: Instance.self, forKey: .instance)
        try instance.encode(memoryBytes, forKey: .memoryBytes)
        try instance.encode(growthDenial, forKey: .growthDenial)
        try instance.encode(tableElements, forKey: .tableElements)
    }

    private enum Group: String, CodingKey, CaseIterable {
        case call, instance
    }

    private enum Call: String, CodingKey, CaseIterable {
        case fuel, deadline, wait
        case waitCounts = "wait_counts"
        case inputBytes = "input_bytes"
        case outputBytes = "output_bytes"
        case stderrBytes = "stderr_bytes"
        case logBytes = "log_bytes"
        case logLines = "log_lines"
        case logLineBytes = "log_line_bytes"
    }

    private enum Instance: String, CodingKey, CaseIterable {
        case memoryBytes = "memory_bytes"
        case growthDenial = "growth_denial"
        case tableElements = "table_elements"
    }
}

extension Limits {
    /// As the C interface has them.
    func handle() throws -> Handle {
        let limits = try Handle.made(fuelbox_limits_free) { fuelbox_limits_new($0) }
        try limits.use { limits in
            for (name, value) in named {
                try FuelboxError.check(name.lend { fuelbox_limits_set(limits, $0, $1, value) })
            }
        }
        return limits
    }

    private var named: [(String, UInt64)] {
        [
            ("fuel", fuel), ("deadline", deadlineNanoseconds), ("wait", waitNanoseconds),
            ("wait_counts", waitCounts ? 1 : 0), ("memory_bytes", memoryBytes),
            ("growth_denial", growthDenial == .refuse ? 1 : 0), ("table_elements", tableElements),
            ("input_bytes", inputBytes), ("output_bytes", outputBytes), ("stderr_bytes", stderrBytes),
            ("log_bytes", logBytes), ("log_lines", logLines), ("log_line_bytes", logLineBytes),
        ]
    }
}
