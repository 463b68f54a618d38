import CFuelbox

/// Instances of one module that are made ahead, for when somebody waits.
///
/// One thread or task at a time may use it.
public final class Pool {
    private let handle: Handle
    private let context: RunContext

    /// A pool for up to `size` instances; none is made yet.
    public init(of module: Module, in sandbox: Sandbox, size: Int) throws {
        handle = try Handle.made(fuelbox_pool_free) { pool in
            sandbox.handle.use { sandbox in
                module.handle.use { fuelbox_pool_new(sandbox, $0, max(0, size), pool) }
            }
        }
        context = sandbox.context
    }

    /// Makes one instance if there is room for it, and says whether there was. For times when nobody waits.
    public func refillOne() throws -> Bool {
        var made: Int32 = 0
        try handle.use { pool in try FuelboxError.check { fuelbox_pool_refill_one(pool, &made, $0) } }
        return made != 0
    }

    /// Makes instances until the pool is full.
    ///
    /// - Throws: ``FuelboxError`` where one cannot be made; what was made before stays.
    public func refill() throws {
        try handle.use { pool in try FuelboxError.check { fuelbox_pool_refill(pool, $0) } }
    }

    /// Hands out an instance that is ready, else makes one.
    public func take() throws -> Instance {
        let instance = try Handle.made(fuelbox_instance_free) { instance, error in
            handle.use { fuelbox_pool_take($0, instance, error) }
        }
        return Instance(instance, context)
    }

    /// How many instances are ready.
    public var ready: Int {
        get throws { try handle.use { pool in try Output.number { fuelbox_pool_ready(pool, $0) } } }
    }
}
