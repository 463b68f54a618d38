/// Why a guest was stopped.
///
/// A sentence for people, and what to change, are in ``Report/error``.
public enum Stop: Hashable, Sendable {
    /// The budget of fuel was used up.
    case outOfFuel(limit: UInt64)
    /// The running time was used up.
    case deadline(limitNanoseconds: UInt64)
    /// The host took too long to answer the guest.
    case wait(limitNanoseconds: UInt64)
    /// The guest waits for an answer in a call with nobody to answer it.
    case unanswered(module: String, name: String)
    /// The run was cancelled.
    case cancelled
    /// The guest asked for more memory than it may have, in bytes.
    case outOfMemory(limit: UInt64, requested: UInt64)
    /// The guest asked for more table elements than it may have.
    case outOfTable(limit: UInt64, requested: UInt64)
    /// The guest wrote more output than it may, in bytes.
    case outputTooLarge(limit: UInt64)
    /// The guest did something that WebAssembly forbids.
    case trapped(Trap)
    /// The guest gave a host function a range that does not lie in its memory.
    case fault(function: String, ptr: UInt64, len: UInt64, memoryBytes: UInt64?)
    /// A function of the host failed.
    case hostFunction(module: String, name: String, message: String)
    /// The machine has no memory left.
    case systemOutOfMemory
    /// The interpreter failed; the host goes on. Please report it.
    case engine(message: String)
    /// A stop that this version of the package does not know.
    case other(JSON)

    /// What WebAssembly forbids.
    public enum Trap: String, Hashable, Sendable, CaseIterable {
        /// An `unreachable` instruction, as after a panic or an abort.
        case unreachable
        /// A memory access outside the memory.
        case memoryOutOfBounds = "memory_out_of_bounds"
        /// A table access outside the table.
        case tableOutOfBounds = "table_out_of_bounds"
        /// An indirect call through an empty table element.
        case indirectCallToNull = "indirect_call_to_null"
        /// An indirect call to a function of another type.
        case badSignature = "bad_signature"
        /// A division by zero.
        case integerDivisionByZero = "integer_division_by_zero"
        /// A division whose result does not fit.
        case integerOverflow = "integer_overflow"
        /// A conversion of a float that no integer of the type can represent.
        case badConversionToInteger = "bad_conversion_to_integer"
        /// Calls too deep, or too many values.
        case stackOverflow = "stack_overflow"
    }

    /// The word of docs/codes.md.
    public var code: Code {
        switch self {
        case .trapped(let trap): return Code(rawValue: "trap-" + Stop.dashed(trap.rawValue))
        case .other(let document): return Code(rawValue: Stop.dashed(Stop.parts(document).kind))
        default: return Code(rawValue: Stop.dashed(Stop.parts(json).kind))
        }
    }

    private static func dashed(_ word: String) -> String {
        String(word.map { $0 == "_" ? "-" : $0 })
    }
}

extension Stop: Codable {
    public init(from decoder: Decoder) throws {
        self.init(try JSON(from: decoder))
    }

    public func encode(to encoder: Encoder) throws {
        try json.encode(to: encoder)
    }

    /// From the form that the library writes: a word, or an object with one member named by it.
    init(_ document: JSON) {
        let (kind, members) = Stop.parts(document)
        self = Stop.counted(kind, members) ?? Stop.named(kind, members) ?? .other(document)
    }

    /// A stop that has at most numbers.
    private static func counted(_ kind: String, _ members: JSON) -> Stop? {
        let limit = members["limit"]
        switch (kind, limit?.natural, members["requested"]?.natural) {
        case ("cancelled", _, _): return .cancelled
        case ("system_out_of_memory", _, _): return .systemOutOfMemory
        case ("out_of_fuel", let limit?, _): return .outOfFuel(limit: limit)
        case ("out_of_memory", let limit?, let requested?): return .outOfMemory(limit: limit, requested: requested)
        case ("out_of_table", let limit?, let requested?): return .outOfTable(limit: limit, requested: requested)
        case ("output_too_large", let limit?, _): return .outputTooLarge(limit: limit)
        case ("deadline", _, _): return limit.flatMap(nanoseconds).map { .deadline(limitNanoseconds: $0) }
        case ("wait", _, _): return limit.flatMap(nanoseconds).map { .wait(limitNanoseconds: $0) }
        default: return nil
        }
    }

    /// A stop that has a text.
    private static func named(_ kind: String, _ members: JSON) -> Stop? {
        switch (kind, members["module"]?.string, members["name"]?.string) {
        case ("unanswered", let module?, let name?): return .unanswered(module: module, name: name)
        case ("host_function", let module?, let name?):
            return members["error"]?.string.map { .hostFunction(module: module, name: name, message: $0) }
        case ("engine", _, _): return members["message"]?.string.map { .engine(message: $0) }
        case ("trapped", _, _): return members.string.flatMap(Trap.init(rawValue:)).map { .trapped($0) }
        case ("fault", _, _):
            guard let function = members["function"]?.string, let ptr = members["ptr"]?.natural,
                  let len = members["len"]?.natural
            else { return nil }
            return .fault(function: function, ptr: ptr, len: len, memoryBytes: members["memory_bytes"]?.natural)
        default: return nil
        }
    }

    private var json: JSON {
        switch self {
        case .outOfFuel(let limit): return .object(["out_of_fuel": .object(["limit": .natural(limit)])])
        case .deadline(let limit): return .object(["deadline": .object(["limit": Stop.time(limit)])])
        case .wait(let limit): return .object(["wait": .object(["limit": Stop.time(limit)])])
        case .unanswered(let module, let name):
            return .object(["unanswered": .object(["module": .string(module), "name": .string(name)])])
        case .cancelled: return .string("cancelled")
        case .outOfMemory(let limit, let requested):
            return .object(["out_of_memory": .object(["limit": .natural(limit), "requested": .natural(requested)])])
        case .outOfTable(let limit, let requested):
            return .object(["out_of_table": .object(["limit": .natural(limit), "requested": .natural(requested)])])
        case .outputTooLarge(let limit): return .object(["output_too_large": .object(["limit": .natural(limit)])])
        case .trapped(let trap): return .object(["trapped": .string(trap.rawValue)])
        case .fault(let function, let ptr, let len, let memoryBytes):
            return .object(["fault": .object([
                "function": .string(function), "ptr": .natural(ptr), "len": .natural(len),
                "memory_bytes": memoryBytes.map { .natural($0) } ?? .null,
            ])])
        case .hostFunction(let module, let name, let message):
            return .object(["host_function": .object([
                "module": .string(module), "name": .string(name), "error": .string(message),
            ])])
        case .systemOutOfMemory: return .string("system_out_of_memory")
        case .engine(let message): return .object(["engine": .object(["message": .string(message)])])
        case .other(let document): return document
        }
    }

    private static func parts(_ document: JSON) -> (kind: String, members: JSON) {
        switch document {
        case .string(let kind): return (kind, .null)
        case .object(let members): return members.first.map { ($0.key, $0.value) } ?? ("other", .null)
        default: return ("other", .null)
        }
    }

    private static func time(_ nanoseconds: UInt64) -> JSON {
        let second: UInt64 = 1_000_000_000
        return .object(["secs": .natural(nanoseconds / second), "nanos": .natural(nanoseconds % second)])
    }

    private static func nanoseconds(_ time: JSON) -> UInt64? {
        guard let seconds = time["secs"]?.natural, let nanos = time["nanos"]?.natural else { return nil }
        return Time(seconds: seconds, nanoseconds: nanos).nanoseconds
    }
}
