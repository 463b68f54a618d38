/// A proposal of WebAssembly, by the name that it has in docs/limits.md and in JSON.
public struct Proposal: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let simd = Proposal(rawValue: "simd")
    public static let tailCall = Proposal(rawValue: "tail-call")
    public static let multiMemory = Proposal(rawValue: "multi-memory")
    public static let memory64 = Proposal(rawValue: "memory64")
    public static let relaxedSIMD = Proposal(rawValue: "relaxed-simd")
    public static let customPageSizes = Proposal(rawValue: "custom-page-sizes")
    public static let wideArithmetic = Proposal(rawValue: "wide-arithmetic")
}
