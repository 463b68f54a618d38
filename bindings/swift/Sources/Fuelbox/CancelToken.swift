import CFuelbox
import Foundation

/// A token cancels all calls that have it, now and later, from any thread.
///
/// Each stops at the end of its slice, which takes at most a millisecond, with ``Stop/cancelled``.
public final class CancelToken: Sendable {
    let handle: Handle
    private let watchers = Watchers()

    /// A token that was not used yet.
    public init() throws {
        handle = try Handle.made(fuelbox_cancel_token_free) { fuelbox_cancel_token_new($0) }
    }

    /// The token of a call in progress.
    init(of execution: Handle) throws {
        handle = try execution.use { execution in
            try Handle.made(fuelbox_cancel_token_free) { fuelbox_execution_cancel_token(execution, $0) }
        }
    }

    /// Cancels the calls. More than once does no harm.
    public func cancel() {
        // It fails for a handle that was freed, which this one is not.
        _ = handle.use { fuelbox_cancel_token_cancel($0) }
        watchers.tell()
    }

    /// Whether it was used.
    public var isCancelled: Bool {
        var cancelled: Int32 = 0
        return handle.use { fuelbox_cancel_token_is_cancelled($0, &cancelled) } == FUELBOX_STATUS_OK && cancelled != 0
    }

    /// Calls `told` once the token is used, at once where it was, until the number that is given back is forgotten.
    func watch(_ told: @escaping @Sendable () -> Void) -> Int {
        let number = watchers.add(told)
        if isCancelled { told() }
        return number
    }

    func forget(_ number: Int) {
        watchers.remove(number)
    }

    /// Who wants to know.
    private final class Watchers: @unchecked Sendable {
        // Sendable, since all that changes is used under the lock.
        private let lock = NSLock()
        private var told: [Int: @Sendable () -> Void] = [:]
        private var last = 0

        func add(_ watcher: @escaping @Sendable () -> Void) -> Int {
            lock.lock()
            defer { lock.unlock() }
            last += 1
            told[last] = watcher
            return last
        }

        func remove(_ number: Int) {
            lock.lock()
            defer { lock.unlock() }
            told[number] = nil
        }

        func tell() {
            lock.lock()
            let all = Array(told.values)
            lock.unlock()
            all.forEach { $0() }
        }
    }
}
