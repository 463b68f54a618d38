import Fuelbox
import XCTest

/// What an app runs on the device: every built-in attack is contained there.
final class SelfTestTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    func testEveryAttackIsContained() throws {
        let found = try SelfTest()
        let table = try found.text
        XCTAssertTrue(try found.isContained, table)
        XCTAssertGreaterThan(try found.count, 100)
        XCTAssertGreaterThan(table.count, 1_000)
        XCTAssertNotNil(try found.details["version"]?.string)
    }
}
