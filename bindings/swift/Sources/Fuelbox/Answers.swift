/// The closures that answer what guests ask, by the names of the functions.
struct Answers: Sendable {
    typealias Body = @Sendable (Request, [Value]) async throws -> [Value]

    struct Entry: Sendable {
        let module: String
        let name: String
        let body: Body
    }

    private var bodies: [Name: Body] = [:]

    /// Those of `grants`; the last of several with the same names counts.
    init(_ grants: [Grant]) {
        for case let entry? in grants.map(\.answer) {
            bodies[Name(module: entry.module, name: entry.name)] = entry.body
        }
    }

    func body(for request: Request) -> Body? {
        bodies[Name(module: request.module, name: request.name)]
    }

    private struct Name: Hashable {
        let module: String
        let name: String
    }
}
