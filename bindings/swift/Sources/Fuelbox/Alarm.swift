import Foundation

/// Wakes a task that waits for it. Rung beforehand, it ends the next wait at once.
final class Alarm: @unchecked Sendable {
    // Sendable, since all that changes is used under the lock.
    private let lock = NSLock()
    private var isRung = false
    private var waiter: CheckedContinuation<Void, Never>?

    /// Waits for the alarm, and for so long at the most. It may end early. One task at a time.
    func wait(_ nanoseconds: UInt64) async {
        let timer = Task {
            // Cancelled, it has nobody to wake.
            if (try? await Task.sleep(nanoseconds: min(nanoseconds, Alarm.longest))) != nil { ring() }
        }
        await withCheckedContinuation { park($0) }
        timer.cancel()
    }

    func ring() {
        lock.lock()
        let waiter = self.waiter
        self.waiter = nil
        isRung = waiter == nil
        lock.unlock()
        waiter?.resume()
    }

    private func park(_ continuation: CheckedContinuation<Void, Never>) {
        lock.lock()
        let goesOn = isRung
        isRung = false
        waiter = goesOn ? nil : continuation
        lock.unlock()
        if goesOn { continuation.resume() }
    }

    /// An hour, in nanoseconds: whoever waits looks again then.
    private static let longest: UInt64 = 3_600_000_000_000
}
