import Fuelbox
import Foundation
import XCTest

/// What a test ends with: no object of the package is alive.
func expectNoLiveObjects() throws {
    // A task that was cancelled may still be on its way to its end.
    let late = Date(timeIntervalSinceNow: 10)
    while try Library.liveHandles > 0, Date() < late {
        Thread.sleep(forTimeInterval: 0.001)
    }
    XCTAssertEqual(try Library.liveHandles, 0, "objects that leaked")
}

/// The guest that `test` has assembled from `name.wat`.
func guest(_ name: String, settings: ModuleSettings = ModuleSettings()) throws -> Module {
    try Module(wasm(name), settings: settings)
}

func wasm(_ name: String) throws -> Data {
    try Data(contentsOf: folder("FUELBOX_GUESTS").appendingPathComponent(name + ".wasm"))
}

/// What an environment variable names. `test` sets it; elsewhere the test is skipped.
func folder(_ variable: String) throws -> URL {
    guard let path = ProcessInfo.processInfo.environment[variable] else {
        throw XCTSkip("\(variable) is not set: run bindings/swift/test")
    }
    return URL(fileURLWithPath: path)
}

/// Limits under which a slow machine is not what ends a guest.
func patient(fuel: UInt64 = Limits().fuel) -> Limits {
    var limits = Limits()
    limits.deadline = 600
    limits.fuel = fuel
    return limits
}

/// The code of what `body` throws.
func code<R>(_ body: () throws -> R) -> Code? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? FuelboxError)?.code
    }
}

/// The same for what is awaited.
func code<R>(_ body: () async throws -> R) async -> Code? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? FuelboxError)?.code
    }
}

/// Counts from several threads.
final class Count: @unchecked Sendable {
    // Sendable, since what changes is used under the lock.
    private let lock = NSLock()
    private var count: UInt64 = 0

    var number: UInt64 {
        lock.lock()
        defer { lock.unlock() }
        return count
    }

    func add() {
        lock.lock()
        count += 1
        lock.unlock()
    }
}
