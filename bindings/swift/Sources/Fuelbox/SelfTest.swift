import CFuelbox

/// What a self-test found: over a hundred built-in attacks, run on the machine at hand.
///
///     let found = try SelfTest()
///     let table = try found.text
///     XCTAssertTrue(try found.isContained, table)
///
/// It takes about a second where code is optimised, and blocks the thread meanwhile.
public final class SelfTest: Sendable {
    private let handle: Handle

    /// Runs the attacks.
    public init() throws {
        handle = try Handle.made(fuelbox_selftest_free) { fuelbox_selftest_new($0) }
    }

    /// Whether every attack was contained.
    public var isContained: Bool {
        get throws {
            try handle.use { found in
                try Output.number(Int32.self) { fuelbox_selftest_is_contained(found, $0) } != 0
            }
        }
    }

    /// How many attacks there were.
    public var count: Int {
        get throws { try handle.use { found in try Output.number { fuelbox_selftest_count(found, $0) } } }
    }

    /// A table for people, one line for each attack.
    public var text: String {
        get throws { try handle.use { found in try Output.text { fuelbox_selftest_text(found, $0, $1, $2) } } }
    }

    /// What was found, as data.
    public var details: JSON {
        get throws {
            try handle.use { found in try Output.json(JSON.self) { fuelbox_selftest_json(found, $0, $1, $2) } }
        }
    }
}
