import CFuelbox
import Foundation

/// What to run, and with what.
///
///     var call = Call.export("tick", [.i32(16)])
///     call.limits = limits
public struct Call: Sendable {
    /// The export that is called; nil for the entry: `execute`, else `_start`.
    public let export: String?
    /// The arguments of an export.
    public var arguments: [Value]
    /// What the guest reads as its input.
    public var input: Data
    /// Limits in place of the sandbox's, as far as they belong to calls.
    public var limits: Limits?
    /// What cancels the call, besides the task that runs it.
    public var cancelToken: CancelToken?
    /// Anything of the host's, for host functions: see ``Caller/context`` and ``Request/context``.
    public var context: (AnyObject & Sendable)?

    /// A call of the entry.
    public static func entry(input: Data = Data()) -> Call {
        Call(export: nil, arguments: [], input: input)
    }

    /// A call of an export.
    public static func export(_ name: String, _ arguments: [Value] = []) -> Call {
        Call(export: name, arguments: arguments, input: Data())
    }

    private init(export: String?, arguments: [Value], input: Data) {
        self.export = export
        self.arguments = arguments
        self.input = input
    }
}

extension Call {
    /// As the C interface has it. What it was made of has to live as long as it runs.
    func handle() throws -> Handle {
        let call = try Handle.made(fuelbox_call_free) { call in
            guard let export = export else { return fuelbox_call_new_entry(call) }
            return export.lend { fuelbox_call_new_export($0, $1, call) }
        }
        let limits = try self.limits?.handle()
        try call.use { call in
            try FuelboxError.check(arguments.lend { fuelbox_call_set_args(call, $0, $1) })
            try FuelboxError.check(input.lend { fuelbox_call_set_input(call, $0, $1) })
            if let limits = limits {
                try FuelboxError.check(limits.use { fuelbox_call_set_limits(call, $0) })
            }
            if let token = cancelToken {
                try FuelboxError.check(token.handle.use { fuelbox_call_set_cancel_token(call, $0) })
            }
            if let context = context {
                let pointer = Unmanaged.passUnretained(context as AnyObject).toOpaque()
                try FuelboxError.check(fuelbox_call_set_context(call, pointer))
            }
        }
        return call
    }

    /// What a pointer of the C interface stands for, during the call that it was set for.
    static func context(_ pointer: UnsafeMutableRawPointer?) -> AnyObject? {
        pointer.map { Unmanaged<AnyObject>.fromOpaque($0).takeUnretainedValue() }
    }
}
