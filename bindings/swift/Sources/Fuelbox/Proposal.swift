/// A proposal of WebAssembly, by the name that it has in docs/limits.md and in JSON.
public struct Proposal: RawRepresentable, Hashable, Sendable, Codable {
    /// The name.
    public let rawValue: String

    /// A proposal by its name, one that has no constant here too.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Vectors of 128 bits. On by default.
    public static let simd = Proposal(rawValue: "simd")
    /// Calls in place of a return. Off by default, as all that follow.
    public static let tailCall = Proposal(rawValue: "tail-call")
    /// Several memories.
    public static let multiMemory = Proposal(rawValue: "multi-memory")
    /// Memories with addresses of 64 bits.
    public static let memory64 = Proposal(rawValue: "memory64")
    /// Vector operations of which the proposal leaves some results to the machine.
    public static let relaxedSIMD = Proposal(rawValue: "relaxed-simd")
    /// Memories with pages of one byte.
    public static let customPageSizes = Proposal(rawValue: "custom-page-sizes")
    /// Sums and products of 128 bits.
    public static let wideArithmetic = Proposal(rawValue: "wide-arithmetic")
}
