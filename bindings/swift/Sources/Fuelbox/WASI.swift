import CFuelbox

/// What a program of WASI preview 1 is given.
///
/// Its standard input is the input of the call, its standard output the output.
public struct WASI: Sendable {
    /// The name of the program, its argument 0.
    public var program = "guest"
    /// Its other arguments.
    public var arguments: [String] = []
    /// Its environment.
    public var environment: [String: String] = [:]
    /// Trees of files by the name that they are mounted under, such as `/`. Each run begins with them as they are
    /// here.
    public var mounts: [String: Tree] = [:]
    /// Its time goes with fuel, so that runs are reproducible.
    public var clock = GuestClock.byFuel(unixNanoseconds: 0)
    /// Its random bytes have the seed 0, so that runs are reproducible.
    public var random = GuestRandom.seeded(0)

    /// Without arguments, environment and files.
    public init() {}
}

extension WASI {
    /// As the C interface has it.
    func handle() throws -> Handle {
        let wasi = try Handle.made(fuelbox_wasi_free) { fuelbox_wasi_new($0) }
        try wasi.use { wasi in
            try FuelboxError.check(program.lend { fuelbox_wasi_program(wasi, $0, $1) })
            for argument in arguments {
                try FuelboxError.check(argument.lend { fuelbox_wasi_arg(wasi, $0, $1) })
            }
            // In order, since a guest sees the order.
            for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
                try FuelboxError.check(
                    name.lend { name, nameLen in
                        value.lend { fuelbox_wasi_env(wasi, name, nameLen, $0, $1) }
                    })
            }
            for (name, tree) in mounts.sorted(by: { $0.key < $1.key }) {
                let tree = try tree.handle()
                try FuelboxError.check(tree.use { tree in name.lend { fuelbox_wasi_mount(wasi, $0, $1, tree) } })
            }
            try clock.set(wasi)
            try random.set(wasi)
        }
        return wasi
    }
}
