import CFuelbox

/// A function of the host, as the C interface calls it.
final class HostFunction: Sendable {
    typealias Body = @Sendable (borrowing Caller, [Value]) throws -> [Value]

    private let results: [ValueType]
    private let body: Body

    init(results: [ValueType], _ body: @escaping Body) {
        self.results = results
        self.body = body
    }

    /// What is handed to ``call``, and ended by ``release``.
    var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    static let call: fuelbox_function = { data, caller, arguments, argumentsLen, results, resultsLen in
        guard let data = data, let caller = caller else { return fuelbox_status(FUELBOX_STATUS_NULL) }
        let function = Unmanaged<HostFunction>.fromOpaque(data).takeUnretainedValue()
        do {
            let arguments = UnsafeBufferPointer(start: arguments, count: argumentsLen).compactMap(Value.init(raw:))
            let values = try function.body(Caller(caller), arguments)
            try function.check(values)
            for (index, value) in values.enumerated() {
                results?[index] = value.raw
            }
            return fuelbox_status(FUELBOX_STATUS_OK)
        } catch let error as FuelboxError where error.isHalt {
            return fuelbox_status(error.status)
        } catch {
            return "\(error)".lend { fuelbox_caller_fail(caller, $0, $1) }
        }
    }

    static let release: fuelbox_drop = { data in
        guard let data = data else { return }
        Unmanaged<HostFunction>.fromOpaque(data).release()
    }

    private func check(_ values: [Value]) throws {
        let types = values.map(\.type)
        guard types == results else {
            let words = { (types: [ValueType]) in types.map(\.rawValue).joined(separator: ", ") }
            throw FuelboxError(
                status: FUELBOX_STATUS_ANSWER_TYPES,
                message: "it returned (\(words(types))), (\(words(results))) is declared")
        }
    }
}
