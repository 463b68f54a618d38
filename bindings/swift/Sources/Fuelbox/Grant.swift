import CFuelbox

/// Something that guests are given. Nothing is granted by itself.
public struct Grant: Sendable {
    let give: @Sendable (OpaquePointer) throws -> Void
    let answer: Answers.Entry?

    private init(answer: Answers.Entry? = nil, _ give: @escaping @Sendable (OpaquePointer) throws -> Void) {
        self.give = give
        self.answer = answer
    }

    /// Input, output and log: what most plugins need.
    public static let `protocol` = Grant { try FuelboxError.check(fuelbox_sandbox_grant_protocol($0)) }
    /// Guests read their input.
    public static let input = Grant { try FuelboxError.check(fuelbox_sandbox_grant_input($0)) }
    /// Guests write output, into the report.
    public static let output = Grant { try FuelboxError.check(fuelbox_sandbox_grant_output($0)) }
    /// Guests log, into the report.
    public static let log = Grant { try FuelboxError.check(fuelbox_sandbox_grant_log($0)) }
    /// Guests of AssemblyScript abort with a message, which goes to the log.
    public static let abort = Grant { try FuelboxError.check(fuelbox_sandbox_grant_abort($0)) }
    /// Functions that nothing offers are linked, and a call of one stops the run. What could be granted and was not
    /// is still refused.
    public static let stubUnknown = Grant { try FuelboxError.check(fuelbox_sandbox_stub_unknown($0)) }
    /// Guests that do not say which version of the protocol they were built for are refused.
    public static let requireABIVersion = Grant { try FuelboxError.check(fuelbox_sandbox_require_abi_version($0)) }

    /// What crosses the boundary into each guest is kept, up to so many bytes of data: see ``Instance/recording`` and
    /// ``Execution/Finished/recording``.
    public static func record(mostBytes: UInt64 = 64 << 20) -> Grant {
        Grant { try FuelboxError.check(fuelbox_sandbox_record($0, mostBytes)) }
    }

    /// Guests ask for the time.
    public static func clock(_ clock: GuestClock) -> Grant {
        Grant { try clock.grant(to: $0) }
    }

    /// Guests ask for the time, by a clock of the host: nanoseconds since the Unix epoch. Runs are no longer
    /// reproducible.
    public static func clock(_ now: @escaping @Sendable () -> UInt64) -> Grant {
        Grant {
            try FuelboxError.check(
                fuelbox_sandbox_grant_clock($0, HostClock.call, HostClock(now).retained, HostClock.release))
        }
    }

    /// Guests ask for random bytes.
    public static func random(_ random: GuestRandom) -> Grant {
        Grant { try random.grant(to: $0) }
    }

    /// Guests are programs of WASI preview 1.
    public static func wasi(_ wasi: WASI) -> Grant {
        Grant { sandbox in
            let wasi = try wasi.handle()
            try FuelboxError.check(wasi.use { fuelbox_sandbox_grant_wasi(sandbox, $0) })
        }
    }

    /// A function of the host, which guests import as `module`.`name`.
    ///
    /// It may be called from several threads at once. The time it takes counts towards the deadline, but nothing
    /// interrupts it. An error that it throws stops the run: with what the caller threw for that reason, with any
    /// other as `host-function` with its description.
    public static func function(
        _ module: String, _ name: String, params: [ValueType] = [], results: [ValueType] = [],
        _ body: @escaping @Sendable (borrowing Caller, [Value]) throws -> [Value]
    ) -> Grant {
        Grant { sandbox in
            let function = HostFunction(results: results, body)
            try declare(module, name, params, results) { declared in
                fuelbox_sandbox_grant_function(
                    sandbox, declared.module, declared.moduleLen, declared.name, declared.nameLen, declared.params,
                    declared.paramsLen, declared.results, declared.resultsLen, HostFunction.call, function.retained,
                    HostFunction.release)
            }
        }
    }

    /// A function that the host answers later, by ``Execution/answer(_:)``. A call that is not stepped stops there,
    /// with the code `unanswered`.
    public static func waiting(
        _ module: String, _ name: String, params: [ValueType] = [], results: [ValueType] = []
    ) -> Grant {
        Grant { try giveWaiting($0, module, name, params, results) }
    }

    /// A function that an `async` closure answers, for calls that are awaited. Elsewhere it is a ``waiting``
    /// function.
    ///
    /// The thread is free meanwhile. The closure runs in a task of its own, which is cancelled where the call ends
    /// before it has answered: it was cancelled, or has waited longer than ``Limits/wait``.
    public static func asyncFunction(
        _ module: String, _ name: String, params: [ValueType] = [], results: [ValueType] = [],
        _ body: @escaping @Sendable (Request, [Value]) async throws -> [Value]
    ) -> Grant {
        Grant(answer: Answers.Entry(module: module, name: name, body: body)) {
            try giveWaiting($0, module, name, params, results)
        }
    }

    private static func giveWaiting(
        _ sandbox: OpaquePointer, _ module: String, _ name: String, _ params: [ValueType], _ results: [ValueType]
    ) throws {
        try declare(module, name, params, results) { declared in
            fuelbox_sandbox_grant_waiting(
                sandbox, declared.module, declared.moduleLen, declared.name, declared.nameLen, declared.params,
                declared.paramsLen, declared.results, declared.resultsLen)
        }
    }

    /// Names and types of a function, as the C interface reads them.
    private struct Declared {
        let module: UnsafePointer<CChar>?, moduleLen: Int
        let name: UnsafePointer<CChar>?, nameLen: Int
        let params: UnsafePointer<fuelbox_type>?, paramsLen: Int
        let results: UnsafePointer<fuelbox_type>?, resultsLen: Int
    }

    private static func declare(
        _ module: String, _ name: String, _ params: [ValueType], _ results: [ValueType],
        _ grant: (Declared) -> fuelbox_status
    ) throws {
        let status = module.lend { module, moduleLen in
            name.lend { name, nameLen in
                params.lend { params, paramsLen in
                    results.lend { results, resultsLen in
                        grant(Declared(
                            module: module, moduleLen: moduleLen, name: name, nameLen: nameLen, params: params,
                            paramsLen: paramsLen, results: results, resultsLen: resultsLen))
                    }
                }
            }
        }
        try FuelboxError.check(status)
    }
}
