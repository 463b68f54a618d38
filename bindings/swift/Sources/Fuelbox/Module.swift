import CFuelbox
import Foundation

/// Guest code that passed every check, compiled once and run any number of times.
///
///     let module = try Module(wasm)
///
/// It can be shared between threads and tasks.
public final class Module: Sendable {
    let handle: Handle

    /// Something that a module needs from its host.
    public struct Import: Hashable, Sendable {
        /// The first part of its name.
        public let module: String
        /// The second part of its name.
        public let name: String
        /// Its type, such as `function (i32, i64) -> f32`.
        public let type: String
    }

    /// Something that a module offers to its host.
    public struct Export: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its type, such as `function (i32, i64) -> f32`.
        public let type: String
    }

    /// Parameters and results of a function.
    public struct FunctionType: Hashable, Sendable {
        /// What it takes.
        public let params: [ValueType]
        /// What it returns.
        public let results: [ValueType]

        /// A type of these.
        public init(params: [ValueType], results: [ValueType]) {
            self.params = params
            self.results = results
        }
    }

    /// Checks and compiles a binary module.
    ///
    /// - Parameters:
    ///   - wasm: The bytes: `Data`, `[UInt8]` or any others.
    ///   - settings: How large it may be, and what it may use.
    ///   - sha256: What the SHA-256 of the bytes must be, 32 bytes. It is computed before anything is parsed.
    /// - Throws: ``FuelboxError`` with the reason for a refusal, with the code `hash` for other bytes.
    public init<Bytes: ContiguousBytes>(
        _ wasm: Bytes, settings: ModuleSettings = ModuleSettings(), sha256: Data? = nil
    ) throws {
        let builder = try settings.handle()
        handle = try Handle.made(fuelbox_module_free) { module, error in
            builder.use { builder in
                wasm.lend { wasm, len in
                    guard let sha256 = sha256 else { return fuelbox_module_new(builder, wasm, len, module, error) }
                    return sha256.lend { fuelbox_module_new_checked(builder, wasm, len, $0, $1, module, error) }
                }
            }
        }
    }

    /// Checks and compiles a module in the text format.
    ///
    /// - Throws: ``FuelboxError`` with the code `invalid-text` and the place where the text is wrong; with `not-built`
    ///   where the library was built without the feature `wat`.
    public init(text: String, settings: ModuleSettings = ModuleSettings()) throws {
        let builder = try settings.handle()
        handle = try Handle.made(fuelbox_module_free) { module, error in
            builder.use { builder in text.lend { fuelbox_module_new_text(builder, $0, $1, module, error) } }
        }
    }

    init(_ handle: Handle) {
        self.handle = handle
    }

    /// The proposals that a module cannot do without, of those that `settings` allow. Nothing is compiled.
    public static func proposalsUsed<Bytes: ContiguousBytes>(
        by wasm: Bytes, settings: ModuleSettings = ModuleSettings()
    ) throws -> [Proposal] {
        let builder = try settings.handle()
        // The error of the last call: to ask for the length is an error too.
        var error: Handle?
        do {
            return try wasm.lend { wasm, wasmLen in
                try Output.json([Proposal].self) { buf, cap, len in
                    var given: OpaquePointer?
                    let status = builder.use { builder in
                        fuelbox_module_proposals_used(builder, wasm, wasmLen, buf, cap, len, &given)
                    }
                    error = given.map { Handle($0, fuelbox_error_free) }
                    return status
                }
            }
        } catch let failed as FuelboxError {
            throw try error.map { try FuelboxError($0) } ?? failed
        }
    }

    /// What the host calls the module.
    public var name: String? {
        get throws { try handle.use { module in try Output.textIfAny { fuelbox_module_name(module, $0, $1, $2) } } }
    }

    /// A hash of the bytes to tell modules apart in logs; no protection against forgery.
    public var fingerprint: UInt64 {
        get throws { try handle.use { module in try Output.number { fuelbox_module_fingerprint(module, $0) } } }
    }

    /// What it needs from its host, in its order.
    public var imports: [Import] {
        get throws {
            try handle.use { module in
                try (0..<Output.number { fuelbox_module_import_count(module, $0) }).map { index in
                    Import(
                        module: try Output.text { fuelbox_module_import_module(module, index, $0, $1, $2) },
                        name: try Output.text { fuelbox_module_import_name(module, index, $0, $1, $2) },
                        type: try Output.text { fuelbox_module_import_type(module, index, $0, $1, $2) })
                }
            }
        }
    }

    /// What it offers to its host, sorted by name.
    public var exports: [Export] {
        get throws {
            try handle.use { module in
                try (0..<Output.number { fuelbox_module_export_count(module, $0) }).map { index in
                    Export(
                        name: try Output.text { fuelbox_module_export_name(module, index, $0, $1, $2) },
                        type: try Output.text { fuelbox_module_export_type(module, index, $0, $1, $2) })
                }
            }
        }
    }

    /// Parameters and results of an exported function.
    public func function(_ name: String) throws -> FunctionType {
        try handle.use { module in
            let params = try Output.elements { buf, cap, len in
                name.lend { fuelbox_module_function_params(module, $0, $1, buf, cap, len) }
            }
            let results = try Output.elements { buf, cap, len in
                name.lend { fuelbox_module_function_results(module, $0, $1, buf, cap, len) }
            }
            return FunctionType(
                params: params.compactMap(ValueType.init(number:)),
                results: results.compactMap(ValueType.init(number:)))
        }
    }

    /// The bytes of a module that was built for snapshots: store those of a snapshot, and make a module of them
    /// anywhere.
    ///
    /// - Throws: ``FuelboxError`` with the code `not-found` for another module.
    public var wasm: Data {
        get throws { try handle.use { module in try Output.data { fuelbox_module_wasm(module, $0, $1, $2) } } }
    }

    /// All that can be said of it.
    public var description: JSON {
        get throws {
            try handle.use { module in try Output.json(JSON.self) { fuelbox_module_json(module, $0, $1, $2) } }
        }
    }

    /// Makes copies of the code ahead, so that there are so many for threads that start guests at once.
    public func makeLanes(_ lanes: Int) throws {
        try handle.use { module in try FuelboxError.check { fuelbox_module_make_lanes(module, max(0, lanes), $0) } }
    }
}
