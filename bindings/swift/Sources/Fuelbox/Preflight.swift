/// What would keep a call from running.
public struct Preflight: Hashable, Sendable, Decodable {
    /// Whether it would run.
    public let wouldRun: Bool
    /// How each import would be served, in the module's order.
    public let imports: [ImportCheck]
    /// Why it would be refused; the first is what a run would throw.
    public let refusals: [Refusal]

    /// How one import would be served.
    public struct ImportCheck: Hashable, Sendable, Decodable {
        /// The first part of its name.
        public let module: String
        /// The second part of its name.
        public let name: String
        /// `granted`, `denied`, `wrong_type`, `unknown` or `stub`.
        public let status: String
        /// The capability that serves it, or would if it were granted, such as `Log`.
        public let capability: String?
    }

    /// Why a call would be refused.
    public struct Refusal: Hashable, Sendable, Decodable {
        /// The word of docs/codes.md.
        public let code: Code
        /// A sentence for people.
        public let message: String
        /// The numbers and names, as ``FuelboxError/details``.
        public let error: JSON
    }

    private enum CodingKeys: String, CodingKey {
        case wouldRun = "would_run"
        case imports, refusals
    }
}

extension Preflight.ImportCheck {
    public init(from decoder: Decoder) throws {
        let check = try decoder.container(keyedBy: Keys.self)
        let wanted = try check.nestedContainer(keyedBy: Keys.self, forKey: .import)
        module = try wanted.decode(String.self, forKey: .module)
        name = try wanted.decode(String.self, forKey: .name)
        // A word, or an object with one member that is named by it.
        switch try check.decode(JSON.self, forKey: .status) {
        case .object(let members):
            status = members.keys.first ?? ""
            capability = members.values.first?["capability"]?.string
        case let word:
            status = word.string ?? ""
            capability = nil
        }
    }

    private enum Keys: String, CodingKey {
        case `import`, module, name, status
    }
}
