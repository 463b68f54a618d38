import CFuelbox

/// How a module is made, and how large it may be.
public struct ModuleSettings: Hashable, Sendable {
    /// Limits other than the defaults. Unlimited is only ever written `UInt64.max`.
    public var limits: [Limit: UInt64] = [:]
    /// Proposals that are allowed though they are off by default, or the other way round.
    public var proposals: [Proposal: Bool] = [:]
    /// What the host calls the module, to tell modules apart.
    public var name: String?
    /// Whether snapshots can be made of its instances. It then keeps its bytes.
    public var snapshots = false
    /// Whether each function is compiled at its first call: for modules that are half trusted, since what is compiled
    /// within a call is metered by nothing.
    public var lazy = false
    /// How many copies of the code there may be for threads that start guests at once; nil for as many as there are
    /// cores.
    public var lanes: Int?

    /// A limit of modules: units and defaults are in docs/limits.md.
    public enum Limit: String, Hashable, Sendable, Codable, CaseIterable {
        case moduleBytes = "module_bytes"
        case functionBytes = "function_bytes"
        case types, imports, functions, tables, memories, globals, exports
        case elementSegments = "element_segments"
        case dataSegments = "data_segments"
        case elements, locals
        case carriedValues = "carried_values"
        case blockDepth = "block_depth"
        case constantOperators = "constant_operators"
        case stretchOperands = "stretch_operands"
        case callDepth = "call_depth"
        case stackBytes = "stack_bytes"
    }

    /// The defaults.
    public init() {}
}

extension ModuleSettings {
    /// As the C interface has them.
    func handle() throws -> Handle {
        let builder = try Handle.made(fuelbox_module_builder_free) { fuelbox_module_builder_new($0) }
        try builder.use { builder in
            for (limit, value) in limits {
                try FuelboxError.check(limit.rawValue.lend { fuelbox_module_builder_set(builder, $0, $1, value) })
            }
            for (proposal, allowed) in proposals {
                try FuelboxError.check(
                    proposal.rawValue.lend { fuelbox_module_builder_proposal(builder, $0, $1, allowed ? 1 : 0) })
            }
            if let name = name {
                try FuelboxError.check(name.lend { fuelbox_module_builder_name(builder, $0, $1) })
            }
            try FuelboxError.check(fuelbox_module_builder_snapshots(builder, snapshots ? 1 : 0))
            try FuelboxError.check(fuelbox_module_builder_lazy(builder, lazy ? 1 : 0))
            if let lanes = lanes {
                try FuelboxError.check(fuelbox_module_builder_lanes(builder, max(0, lanes)))
            }
        }
        return builder
    }
}
