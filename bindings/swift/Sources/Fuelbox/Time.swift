import Foundation

/// A time in JSON is written in seconds and nanoseconds; here it is nanoseconds, at most 584 years.
struct Time: Codable {
    let nanoseconds: UInt64

    init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// As long as can be where it would be longer.
    init(seconds: UInt64, nanoseconds: UInt64) {
        let (whole, isLarge) = seconds.multipliedReportingOverflow(by: Time.nanosecondsInSecond)
        let (sum, isLarger) = whole.addingReportingOverflow(nanoseconds)
        self.nanoseconds = isLarge || isLarger ? .max : sum
    }

    init(from decoder: Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        self.init(
            seconds: try values.decode(UInt64.self, forKey: .secs),
            nanoseconds: try values.decode(UInt64.self, forKey: .nanos))
    }

    func encode(to encoder: Encoder) throws {
        var values = encoder.container(keyedBy: Keys.self)
        try values.encode(nanoseconds / Time.nanosecondsInSecond, forKey: .secs)
        try values.encode(nanoseconds % Time.nanosecondsInSecond, forKey: .nanos)
    }

    /// A number of seconds: below 0, and what is no number, is 0; beyond 584 years it is as long as can be.
    static func nanoseconds(of seconds: TimeInterval) -> UInt64 {
        let nanoseconds = (seconds * TimeInterval(nanosecondsInSecond)).rounded()
        if nanoseconds >= TimeInterval(UInt64.max) { return .max }
        return nanoseconds > 0 ? UInt64(nanoseconds) : 0
    }

    static func seconds(of nanoseconds: UInt64) -> TimeInterval {
        TimeInterval(nanoseconds) / TimeInterval(nanosecondsInSecond)
    }

    private enum Keys: String, CodingKey {
        case secs, nanos
    }

    private static let nanosecondsInSecond: UInt64 = 1_000_000_000
}
