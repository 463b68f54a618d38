import CFuelbox
import Foundation

/// What happened in a run, however it ended.
///
/// In JSON it has the form that the C interface and the program `fuelbox` write.
public struct Report: Sendable {
    /// How the run ended.
    public var outcome: Outcome
    /// What the guest wrote; on a stop, what it wrote until then.
    public var output: Data
    /// What a program of WASI wrote to its error stream, cut at its limit.
    public var stderr: Data
    /// What the guest logged, in order.
    public var logs: [LogLine]
    /// What the called export returned; none unless the guest finished.
    public var values: [Value]
    /// The trees of files that a program of WASI could write to, as it left them.
    public var trees: [Tree]
    /// The name that each of them was mounted under.
    public var mounts: [String]
    /// What the run used.
    public var usage: Usage
    /// Why the guest was stopped, with a sentence and an advice for people.
    ///
    /// nil where it finished, and in a report that was read from JSON: ``stop`` has the reason there too.
    public private(set) var error: FuelboxError?

    /// One line that a guest logged.
    public struct LogLine: Hashable, Sendable, Codable {
        /// The text as the guest wrote it: not for a terminal.
        public var text: String
        /// Whether it was cut to fit the limits.
        public var truncated: Bool
    }

    /// A guest was stopped, or finished with a status other than 0.
    public struct Failed: Error, Hashable, Sendable, CustomStringConvertible {
        /// What happened.
        public let report: Report

        public var description: String {
            guard case .finished(let status) = report.outcome else {
                return "the guest did not finish: " + (report.error?.message ?? report.stop?.code.rawValue ?? "")
            }
            return "the guest finished with status \(status)"
        }
    }

    /// The status of a guest that finished, 0 by convention for success.
    public var status: Int32? {
        guard case .finished(let status) = outcome else { return nil }
        return status
    }

    /// Why the guest did not finish, if it did not.
    public var stop: Stop? {
        guard case .stopped(let stop, _) = outcome else { return nil }
        return stop
    }

    /// The output of a guest that finished with status 0.
    ///
    /// - Throws: ``Failed`` with the whole report where it was stopped or its status is another.
    public func successfulOutput() throws -> Data {
        guard status == 0 else { throw Failed(report: self) }
        return output
    }
}

extension Report: Hashable {
    /// What can be said of a stop in words follows from the outcome, and is not compared.
    public static func == (left: Report, right: Report) -> Bool {
        left.outcome == right.outcome && left.output == right.output && left.stderr == right.stderr
            && left.logs == right.logs && left.values == right.values && left.trees == right.trees
            && left.mounts == right.mounts && left.usage == right.usage
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(outcome)
        hasher.combine(output)
        hasher.combine(usage)
    }
}

extension Report: Codable {
    public init(from decoder: Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        outcome = try values.decode(Outcome.self, forKey: .outcome)
        output = try values.decode(Bytes.self, forKey: .output).data
        stderr = try values.decode(Bytes.self, forKey: .stderr).data
        logs = try values.decode([LogLine].self, forKey: .logs)
        self.values = try values.decode([Value].self, forKey: .values)
        trees = try values.decode([Tree].self, forKey: .trees)
        mounts = try values.decode([String].self, forKey: .mounts)
        usage = try values.decode(Usage.self, forKey: .usage)
    }

    public func encode(to encoder: Encoder) throws {
        var document = encoder.container(keyedBy: Keys.self)
        try document.encode(outcome, forKey: .outcome)
        try document.encode(Bytes(output), forKey: .output)
        try document.encode(Bytes(stderr), forKey: .stderr)
        try document.encode(logs, forKey: .logs)
        try document.encode(values, forKey: .values)
        try document.encode(trees, forKey: .trees)
        try document.encode(mounts, forKey: .mounts)
        try document.encode(usage, forKey: .usage)
    }

    private enum Keys: String, CodingKey {
        case outcome, output, stderr, logs, values, trees, mounts, usage
    }
}

extension Report {
    /// What the C interface reports, field by field: a detour by JSON would take as long as a short run.
    init(_ report: Handle) throws {
        self = try report.use { report in
            let outcome = try Output.number(fuelbox_status.self) { fuelbox_report_outcome(report, $0) }
            var stopped: Handle?
            if outcome != FUELBOX_STATUS_OK {
                stopped = try Handle.made(fuelbox_error_free) { fuelbox_report_stop(report, $0) }
            }
            let error = try stopped.map { try FuelboxError($0) }
            return Report(
                outcome: try Report.outcome(report, error),
                output: try Output.data { fuelbox_report_output(report, $0, $1, $2) },
                stderr: try Output.data { fuelbox_report_stderr(report, $0, $1, $2) },
                logs: try Report.logs(report),
                values: try Value.all { fuelbox_report_values(report, $0, $1, $2) },
                trees: try Report.trees(report),
                mounts: try Report.mounts(report),
                usage: try Usage { fuelbox_report_usage(report, $0, $1, $2) },
                error: error)
        }
    }

    private static func outcome(_ report: OpaquePointer, _ error: FuelboxError?) throws -> Outcome {
        guard let error = error else {
            return .finished(status: try Output.number { fuelbox_report_exit_status(report, $0) })
        }
        let phase = try Output.number(Int32.self) { fuelbox_report_phase(report, $0) }
        return .stopped(Stop(error.details ?? .null), during: Outcome.Phase(number: phase))
    }

    private static func logs(_ report: OpaquePointer) throws -> [LogLine] {
        try (0..<Output.number { fuelbox_report_log_count(report, $0) }).map { index in
            var truncated: Int32 = 0
            let text = try Output.text { fuelbox_report_log_line(report, index, $0, $1, $2, &truncated) }
            return LogLine(text: text, truncated: truncated != 0)
        }
    }

    private static func trees(_ report: OpaquePointer) throws -> [Tree] {
        try (0..<Output.number { fuelbox_report_tree_count(report, $0) }).map { index in
            try Tree(Handle.made(fuelbox_tree_free) { fuelbox_report_tree(report, index, $0) })
        }
    }

    private static func mounts(_ report: OpaquePointer) throws -> [String] {
        try (0..<Output.number { fuelbox_report_tree_count(report, $0) }).map { index in
            try Output.text { fuelbox_report_mount(report, index, $0, $1, $2) }
        }
    }
}
