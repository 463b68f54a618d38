import CFuelbox
import Foundation
import XCTest

@testable import Fuelbox

/// What is read and written as JSON has the form and the meaning that the library gives it.
final class DataTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    private func read<T: Decodable>(_ type: T.Type, _ json: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    private func written<T: Encodable>(_ value: T) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    func testTheDefaultsOfLimitsAreThoseOfTheLibrary() throws {
        let limits = try Handle.made(fuelbox_limits_free) { fuelbox_limits_new($0) }
        let theirs = try limits.use { limits in
            try Output.json(Limits.self) { fuelbox_limits_json(limits, $0, $1, $2) }
        }
        XCTAssertEqual(theirs, Limits())
    }

    func testEveryLimitReachesTheLibraryAndComesBack() throws {
        var limits = Limits()
        (limits.fuel, limits.deadline, limits.wait, limits.waitCounts) = (1, 2.5, 0.000_000_003, true)
        (limits.memoryBytes, limits.tableElements, limits.growthDenial) = (4, 5, .refuse)
        (limits.inputBytes, limits.outputBytes, limits.stderrBytes) = (6, 7, 8)
        (limits.logBytes, limits.logLines, limits.logLineBytes) = (9, 10, .max)
        let handle = try limits.handle()
        let back = try handle.use { limits in
            try Output.json(Limits.self) { fuelbox_limits_json(limits, $0, $1, $2) }
        }
        XCTAssertEqual(back, limits)
        XCTAssertEqual(try read(Limits.self, written(limits)), limits)
        // The library reads what this package writes.
        let made = try Handle.made(fuelbox_limits_free) { made, error in
            try written(limits).lend { fuelbox_limits_from_json($0, $1, made, error) }
        }
        let again = try made.use { limits in
            try Output.json(Limits.self) { fuelbox_limits_json(limits, $0, $1, $2) }
        }
        XCTAssertEqual(again, limits)
    }

    func testALimitThatIsLeftOutHasItsDefaultAndAnUnknownOneIsAnError() throws {
        let limits = try read(Limits.self, #"{"call": {"fuel": 7}, "instance": {"growth_denial": "refuse"}}"#)
        XCTAssertEqual(limits.fuel, 7)
        XCTAssertEqual(limits.growthDenial, .refuse)
        XCTAssertEqual(limits.deadlineNanoseconds, 1_000_000_000)
        XCTAssertEqual(try read(Limits.self, "{}"), Limits())
        for wrong in [#"{"call": {"feul": 7}}"#, #"{"calls": {}}"#, #"{"instance": {"fuel": 7}}"#] {
            XCTAssertThrowsError(try read(Limits.self, wrong), wrong)
        }
    }

    func testTimesOfNoMeaningAreTheNearestThatHaveOne() {
        var limits = Limits()
        for (seconds, nanoseconds) in [
            (-1, 0), (.nan, 0), (.infinity, .max), (1e300, .max), (0.001, 1_000_000),
        ] as [(TimeInterval, UInt64)] {
            limits.deadline = seconds
            XCTAssertEqual(limits.deadlineNanoseconds, nanoseconds, "\(seconds)")
        }
    }

    func testValuesKeepEveryBit() throws {
        let values: [Value] = [
            .i32(-1), .i64(.min), .f32(1.5), .f32(7.038_531e-26), .f32(Float(bitPattern: 0xffa0_0001)), .f64(-0.0),
            .f64(Double(bitPattern: 0x7ff0_0000_0000_0001)), .f64(-.infinity), .v128(V128(low: 1, high: .max)),
            .funcRef(.null), .externRef(.opaque),
        ]
        XCTAssertEqual(try read([Value].self, written(values)), values)
        XCTAssertEqual(values.compactMap { Value(raw: $0.raw) }, values)
        XCTAssertEqual(
            try written([values[0], values[4], values[7], values[9]]),
            #"[{"i32":-1},{"f32":"nan:0xffa00001"},{"f64":"-inf"},{"func_ref":"null"}]"#)
        XCTAssertEqual(
            try written(values[8]), #"{"v128":"0xffffffffffffffff0000000000000001"}"#)
        XCTAssertNotEqual(Value.f64(0.0), .f64(-0.0))
        XCTAssertNotEqual(Value.i32(0), .f32(0))
        XCTAssertThrowsError(try read(Value.self, #"{"v128":"0x123456789012345678901234567890123"}"#))
        XCTAssertThrowsError(try read(Value.self, #"{"f64":"seven"}"#))
    }

    func testAValueOfAnotherTypeIsAnErrorAndNoCrash() {
        let values: [Value] = [.i32(1), .f64(2)]
        XCTAssertEqual(code { try values.i64(0) }, .argument)
        XCTAssertEqual(code { try values.i32(2) }, .argument)
        XCTAssertEqual(code { try values.i32(-1) }, .argument)
        XCTAssertEqual(try values.f64(1), 2)
    }

    func testEveryStopComesBackAndHasItsCode() throws {
        let stops: [(Stop, Code)] = [
            (.outOfFuel(limit: .max), .outOfFuel), (.deadline(limitNanoseconds: 1_500_000_000), .deadline),
            (.wait(limitNanoseconds: 7), .wait), (.unanswered(module: "a", name: "b"), .unanswered),
            (.cancelled, .cancelled), (.outOfMemory(limit: 1, requested: 2), .outOfMemory),
            (.outOfTable(limit: 1, requested: 2), .outOfTable), (.outputTooLarge(limit: 3), .outputTooLarge),
            (.fault(function: "f", ptr: 1, len: 2, memoryBytes: nil), .fault),
            (.fault(function: "f", ptr: 1, len: 2, memoryBytes: 3), .fault),
            (.hostFunction(module: "a", name: "b", message: "c"), .hostFunction),
            (.systemOutOfMemory, .systemOutOfMemory), (.engine(message: "lost"), .engine),
            (.other(.object(["out_of_luck": .object(["odds": .number(0.5)])])), Code(rawValue: "out-of-luck")),
        ]
        for (stop, code) in stops + Stop.Trap.allCases.map({ (.trapped($0), Code(rawValue: trapCode($0))) }) {
            XCTAssertEqual(try read(Stop.self, written(stop)), stop)
            XCTAssertEqual(stop.code, code)
        }
        XCTAssertEqual(
            try read(Stop.self, #"{"deadline":{"limit":{"secs":18446744073709551615,"nanos":999999999}}}"#),
            .deadline(limitNanoseconds: .max))
    }

    private func trapCode(_ trap: Stop.Trap) -> String {
        "trap-" + trap.rawValue.replacingOccurrences(of: "_", with: "-")
    }

    func testEveryCodeOfTheLibraryIsKnownAndNoOther() {
        let words = (Int32(1)..<1_000).map { Code(rawValue: String(cString: fuelbox_status_name($0))) }
        XCTAssertEqual(Set(words), Code.known)
        let traps = Stop.Trap.allCases.map { Stop.trapped($0).code }
        XCTAssertEqual(Set(traps), Code.known.filter { $0.rawValue.hasPrefix("trap-") })
    }

    func testOneHandleTooManyIsRefused() throws {
        try Library.limitHandles(0)
        defer { XCTAssertNoThrow(try Library.limitHandles(.max)) }
        XCTAssertEqual(code { try Scheduler() }, .tooManyHandles)
    }

    func testMisuseSaysWhatToChange() {
        // In words of this package, and of what it has none for in those of the C interface.
        let busy = FuelboxError(status: FUELBOX_STATUS_BUSY).message
        XCTAssertTrue(busy.hasSuffix("or take an InstanceActor"), busy)
        let hash = FuelboxError(status: FUELBOX_STATUS_HASH).message
        XCTAssertEqual(hash, String(cString: fuelbox_status_message(fuelbox_status(FUELBOX_STATUS_HASH))))
        XCTAssertNotNil(hash.range(of: ": "), hash)
    }

    func testALiveReportIsWhatItsJSONSays() throws {
        let sandbox = try Sandbox(limits: patient(), grants: [.protocol])
        for (module, call) in [
            ("upper", Call.entry(input: Data([0x61, 0xff]))), ("calls", .export("trap")),
            ("calls", .export("add", [.i32(1), .i32(2)])),
        ] {
            let module = try guest(module)
            let called = try call.handle()
            let report = try Handle.made(fuelbox_report_free) { report, error in
                sandbox.handle.use { sandbox in
                    module.handle.use { module in
                        called.use { fuelbox_sandbox_run(sandbox, module, $0, report, error) }
                    }
                }
            }
            let json = try report.use { report in
                try Output.json(Report.self) { fuelbox_report_json(report, $0, $1, $2) }
            }
            XCTAssertEqual(json, try Report(report))
            XCTAssertEqual(try read(Report.self, written(json)), json)
        }
    }
}
