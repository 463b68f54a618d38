/// How long to sleep between two looks at a guest that sleeps: an eighth of the time that it has slept already.
///
/// So it goes on late by an eighth at the most, and a long sleep wakes the processor seldom.
struct Naps {
    /// A millisecond.
    static let shortest: UInt64 = 1_000_000
    /// 100 ms, since what else may wake the guest must not wait longer.
    private static let longest: UInt64 = 100_000_000

    private var slept: UInt64 = 0

    /// The next one, in nanoseconds.
    mutating func next() -> UInt64 {
        let nap = min(max(slept / 8, Naps.shortest), Naps.longest)
        slept += nap
        return nap
    }
}
