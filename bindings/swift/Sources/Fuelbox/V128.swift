/// A 128-bit vector, lane 0 in the lowest bits; in JSON `"0x"` and 32 hexadecimal digits.
public struct V128: Hashable, Sendable {
    /// The lower 64 bits.
    public var low: UInt64
    /// The higher 64 bits.
    public var high: UInt64

    /// A vector of these bits.
    public init(low: UInt64, high: UInt64 = 0) {
        self.low = low
        self.high = high
    }
}

extension V128: Codable {
    public init(from decoder: Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let digits = text.dropFirst(2)
        let padded = String(repeating: "0", count: max(0, 32 - digits.count)) + digits
        guard text.hasPrefix("0x"), padded.count == 32,
              let high = UInt64(padded.prefix(16), radix: 16), let low = UInt64(padded.suffix(16), radix: 16)
        else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no vector"))
        }
        self.init(low: low, high: high)
    }

    public func encode(to encoder: Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode("0x" + V128.digits(high) + V128.digits(low))
    }

    private static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
