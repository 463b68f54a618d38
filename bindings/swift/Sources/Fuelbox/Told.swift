import Foundation

/// What an `async` host function has answered, for the task that drives its guest.
final class Told: @unchecked Sendable {
    // Sendable, since all that changes is used under the lock.
    private let lock = NSLock()
    private var told: Result<[Value], Error>?
    private let alarm: Alarm

    init(_ alarm: Alarm) {
        self.alarm = alarm
    }

    /// What was answered, nil until then.
    var result: Result<[Value], Error>? {
        lock.lock()
        defer { lock.unlock() }
        return told
    }

    func tell(_ result: Result<[Value], Error>) {
        lock.lock()
        told = result
        lock.unlock()
        alarm.ring()
    }
}
