import CFuelbox
import Foundation

/// What this package throws: why something was refused, or why a guest did not return what it was called for.
///
/// A guest that is stopped is no error where there is a ``Report`` to say so.
public struct FuelboxError: Error, Hashable, Sendable {
    /// What went wrong, as a word that never changes.
    public let code: Code
    /// The number that the C interface has for it.
    public let status: Int32
    /// What happened, in a sentence for people. Names that a guest chose are escaped in it.
    public let message: String
    /// Who has to act.
    public let blame: Blame
    /// Whether the same call could succeed later without a change.
    public let isTransient: Bool
    /// What to change, where that does not depend on guest or host alone.
    public let advice: Advice?
    /// The numbers and names, as in the JSON of the Rust library; nil for misuse of the interface.
    public let details: JSON?
    /// Whether the run that a host function was called in has to stop for it.
    let isHalt: Bool
    private let whole: Whole?

    /// All that the guest did, where it ran.
    public var report: Report? { whole?.report }

    /// Who has to act on an error or a stop.
    public enum Blame: String, Hashable, Sendable, Codable {
        /// The guest's author: the module is wrong.
        case guest
        /// Whoever sets the limits.
        case limit
        /// The program that embeds the sandbox.
        case host
        /// The library: please report it.
        case engine
    }

    /// What to change so that an error does not come again.
    public struct Advice: Hashable, Sendable {
        /// A word of docs/codes.md, such as `raise-limit`.
        public let code: String
        /// A sentence for people.
        public let text: String
    }
}

extension FuelboxError: CustomStringConvertible, LocalizedError {
    public var description: String {
        guard let advice = advice else { return message }
        return message + ": " + advice.text
    }

    public var errorDescription: String? { message }

    public var recoverySuggestion: String? { advice?.text }
}

extension FuelboxError {
    /// Of a status that says it all.
    init<N: BinaryInteger>(status: N, message: String? = nil, advice: Advice? = nil, isHalt: Bool = false) {
        self.status = Int32(status)
        code = Code(rawValue: String(cString: fuelbox_status_name(self.status)))
        self.message = Misuse.message(code, status: self.status, said: message)
        blame = code == .panic ? .engine : .host
        isTransient = code == .busy
        self.advice = advice
        details = nil
        self.isHalt = isHalt
        whole = nil
    }

    /// Of an error that the C interface gave out.
    init(_ error: Handle) throws {
        self = try error.use { error in
            let advice = try Output.textIfAny { fuelbox_error_advice_code(error, $0, $1, $2) }.map { code in
                Advice(code: code, text: try Output.text { fuelbox_error_advice(error, $0, $1, $2) })
            }
            let document = try Output.json(JSON.self) { fuelbox_error_json(error, $0, $1, $2) }
            let report = try Output.orNil { try Handle.made(fuelbox_report_free) { fuelbox_error_report(error, $0) } }
            let code = Code(rawValue: try Output.text { fuelbox_error_code(error, $0, $1, $2) })
            let status = try Output.number(Int32.self) { fuelbox_error_status(error, $0) }
            let said = try Output.text { fuelbox_error_message(error, $0, $1, $2) }
            return FuelboxError(
                code: code,
                status: status,
                message: Misuse.message(code, status: status, said: said),
                blame: Blame(number: try Output.number { fuelbox_error_blame(error, $0) }),
                isTransient: try Output.number(Int32.self) { fuelbox_error_is_transient(error, $0) } != 0,
                advice: advice,
                details: document["error"] ?? document["stop"],
                isHalt: false,
                whole: try report.map { Whole(report: try Report($0)) })
        }
    }

    /// Throws for any status but success. `error` is what came with it, and is ended here.
    static func check(_ status: fuelbox_status, _ error: OpaquePointer? = nil) throws {
        if status == FUELBOX_STATUS_OK { return }
        guard let error = error else { throw FuelboxError(status: status) }
        throw try FuelboxError(Handle(error, fuelbox_error_free))
    }

    /// Does what `body` does, and throws for any status but success.
    static func check(_ body: (Handle.Out) throws -> fuelbox_status) throws {
        var error: OpaquePointer?
        let status = try body(&error)
        try check(status, error)
    }

    /// The same with the report of the run that it comes from.
    func with(_ report: Report) -> FuelboxError {
        FuelboxError(
            code: code, status: status, message: message, blame: blame, isTransient: isTransient, advice: advice,
            details: details, isHalt: isHalt, whole: Whole(report: report))
    }
}

/// A report lies apart, since it holds an error itself.
private final class Whole: Hashable, Sendable {
    let report: Report

    init(report: Report) {
        self.report = report
    }

    static func == (left: Whole, right: Whole) -> Bool { left.report == right.report }

    func hash(into hasher: inout Hasher) {
        hasher.combine(report)
    }
}

private extension FuelboxError.Blame {
    init(number: Int32) {
        switch Int(number) {
        case FUELBOX_BLAME_GUEST: self = .guest
        case FUELBOX_BLAME_LIMIT: self = .limit
        case FUELBOX_BLAME_HOST: self = .host
        default: self = .engine
        }
    }
}
