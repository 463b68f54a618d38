import Fuelbox
import XCTest

/// What an app runs on the device: every built-in attack is contained there.
final class SelfTestTests: FuelboxTestCase {
    func testEveryAttackIsContained() throws {
        let found = try SelfTest()
        XCTAssertTrue(try found.isContained, try found.text)
        XCTAssertGreaterThan(try found.count, 100)
        XCTAssertGreaterThan(try found.text.count, 1_000)
        XCTAssertNotNil(try found.details["version"]?.string)
    }
}
