import CFuelbox

/// What a program of WASI preview 1 is given.
///
/// Its standard input is the input of the call, unless it has another; its standard output is the output.
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
    /// Real directories by the name that they are mounted under. One that cannot be opened is refused where it is
    /// granted, with the code `dir-open`; all are, with `not-built`, where the library was built without the feature
    /// `dir`.
    public var directories: [String: Directory] = [:]
    /// Standard input that arrives while the guest runs, in place of the input of the call: it fills the buffer with what
    /// has arrived, says how many bytes those are, and nil once no more will come. It must not wait: a guest that reads
    /// waits, within its deadline, and asks again every millisecond. Runs are no longer reproducible.
    public var standardInput: (@Sendable (UnsafeMutableRawBufferPointer) -> Int?)?
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
            for (name, directory) in directories.sorted(by: { $0.key < $1.key }) {
                let directory = try directory.handle()
                try FuelboxError.check(
                    directory.use { directory in name.lend { fuelbox_wasi_mount_dir(wasi, $0, $1, directory) } })
            }
            if let input = standardInput {
                try FuelboxError.check(
                    fuelbox_wasi_stdin(wasi, HostInput.call, HostInput(input).retained, HostInput.release))
            }
            try clock.set(wasi)
            try random.set(wasi)
        }
        return wasi
    }
}
