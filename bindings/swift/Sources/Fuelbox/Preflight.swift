/// What would keep a call from running.
public struct Preflight: Hashable, Sendable, Decodable {
    /// Whether it would run.
    public let wouldRun: Bool
    /// How each import would be served, in the module's order.
    public let imports: [JSON]
    /// Why it would be refused; the first is what a run would throw.
    public let refusals: [JSON]

    private enum CodingKeys: String, CodingKey {
        case wouldRun = "would_run"
        case imports, refusals
    }
}
