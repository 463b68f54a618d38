import Fuelbox
import Foundation
import XCTest

/// A module, a sandbox, a report.
final class RunTests: XCTestCase {
    override func tearDownWithError() throws {
        try expectNoLiveObjects()
    }

    func testInputGoesInAndOutputComesBack() throws {
        let sandbox = try Sandbox(limits: patient(), grants: [.protocol])
        let module = try guest("upper")
        XCTAssertEqual(try sandbox.run(module, input: Data("hello".utf8)).successfulOutput(), Data("HELLO".utf8))
        XCTAssertEqual([UInt8](try sandbox.run(module, input: [0x61, 0xff, 0x00]).output), [0x41, 0xff, 0x00])
        let report = try sandbox.run(module, input: Data())
        XCTAssertEqual(report.status, 0)
        XCTAssertEqual(report.logs.map(\.text), ["making it capital"])
        XCTAssertGreaterThan(report.usage.fuel, 50_000)
        XCTAssertNil(report.error)
    }

    func testAModuleIsOnlyMadeOfTheBytesThatWereAskedFor() throws {
        // The SHA-256 of no bytes at all: nothing is parsed, else the code would be that of an invalid module.
        let hash: [UInt8] = [
            0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
            0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
        ]
        XCTAssertEqual(code { try Module([1, 2, 3] as [UInt8], sha256: Data(hash)) }, .hash)
        XCTAssertEqual(code { try Module([] as [UInt8], sha256: Data(hash)) }, .invalidModule)
        XCTAssertEqual(code { try Module([] as [UInt8], sha256: Data(hash.dropLast())) }, .invalidArgument)
    }

    func testARefusalSaysWhatToDo() throws {
        let sandbox = try Sandbox(limits: patient(), grants: [.input, .output])
        XCTAssertThrowsError(try sandbox.run(try guest("upper"), input: Data())) { error in
            let error = error as! FuelboxError
            XCTAssertEqual(error.code, .importNotGranted)
            XCTAssertEqual(error.status, 107)
            XCTAssertEqual(error.blame, .host)
            XCTAssertFalse(error.isTransient)
            XCTAssertEqual(error.advice?.code, "grant")
            XCTAssertEqual(error.details?["import_not_granted"]?["capability"]?.string, "Log")
            XCTAssertNil(error.report)
            XCTAssertEqual(error.recoverySuggestion, error.advice?.text)
            XCTAssertTrue(error.localizedDescription.contains("host_log"), error.localizedDescription)
        }
    }

    func testAGuestThatIsStoppedIsNoErrorButItsOutputIs() throws {
        let sandbox = try Sandbox(limits: patient(fuel: 400), grants: [.protocol])
        let report = try sandbox.run(try guest("upper"), input: Data("hello".utf8))
        XCTAssertEqual(report.outcome, .stopped(.outOfFuel(limit: 400), during: .entry))
        XCTAssertEqual(report.stop?.code, .outOfFuel)
        XCTAssertEqual(report.error?.code, .outOfFuel)
        XCTAssertEqual(report.error?.message, "out of fuel after 400")
        XCTAssertEqual(report.error?.advice?.code, "raise-limit")
        XCTAssertThrowsError(try report.successfulOutput()) { error in
            XCTAssertEqual((error as? Report.Failed)?.report, report)
            XCTAssertEqual("\(error)", "the guest did not finish: out of fuel after 400")
        }
    }

    func testAnEndlessLoopEndsAtItsDeadline() throws {
        var limits = Limits()
        limits.deadline = 0.005
        let report = try Sandbox(limits: limits).run(try guest("calls"), .export("endless"))
        XCTAssertEqual(report.stop, .deadline(limitNanoseconds: 5_000_000))
        XCTAssertGreaterThanOrEqual(report.usage.timeNanoseconds, 5_000_000)
    }

    func testACallCanHaveLimitsOfItsOwn() throws {
        var call = Call.export("endless")
        call.limits = patient(fuel: 7_000)
        let report = try Sandbox(limits: patient()).run(try guest("calls"), call)
        XCTAssertEqual(report.stop, .outOfFuel(limit: 7_000))
    }

    func testWhatKeepsAModuleFromRunningIsToldBeforehand() throws {
        let module = try guest("upper")
        let found = try Sandbox(grants: [.input]).check(module)
        XCTAssertFalse(found.wouldRun)
        XCTAssertEqual(found.imports.map(\.status), ["denied", "granted", "denied"])
        XCTAssertEqual(found.imports.map(\.capability), ["Log", "Input", "Output"])
        XCTAssertEqual(found.refusals.first?.code, .importNotGranted)
        XCTAssertTrue(try Sandbox(grants: [.protocol]).check(module).wouldRun)
    }

    func testAModuleIsReadFromItsText() throws {
        let module = try Module(text: #"(module (func (export "seven") (result i32) (i32.const 7)))"#)
        XCTAssertEqual(try Sandbox().run(module, .export("seven")).values, [.i32(7)])
        XCTAssertThrowsError(try Module(text: "(module (func (i32.konst 7)))")) { error in
            XCTAssertEqual((error as? FuelboxError)?.code, .invalidText)
            XCTAssertTrue("\(error)".contains("at line 1 column 16"), "\(error)")
        }
    }

    func testAPhaseIsToldWithAStop() throws {
        let sandbox = try Sandbox(limits: patient(fuel: 1_000))
        for (name, phase) in [("start", Outcome.Phase.start), ("initialize", .initialize), ("entry", .entry)] {
            let report = try sandbox.run(guest("loop_in_" + name), input: Data())
            XCTAssertEqual(report.outcome, .stopped(.outOfFuel(limit: 1_000), during: phase))
        }
    }

    func testAModuleTellsItsTypes() throws {
        var settings = ModuleSettings()
        settings.name = "plugin"
        let module = try guest("calls", settings: settings)
        XCTAssertEqual(try module.name, "plugin")
        XCTAssertNil(try guest("calls").name)
        XCTAssertEqual(try module.fingerprint, try guest("calls").fingerprint)
        XCTAssertEqual(
            try module.exports.map(\.name), ["add", "count", "endless", "memory", "next", "same", "trap"])
        XCTAssertEqual(try module.exports.first?.type, "function (i32, i32) -> i32")
        XCTAssertEqual(try module.function("add"), .init(params: [.i32, .i32], results: [.i32]))
        XCTAssertEqual(code { try module.function("former") }, .exportMissing)
        XCTAssertEqual(try guest("host").imports.map(\.name), ["shout", "price"])
        XCTAssertEqual(try module.description["name"]?.string, "plugin")
        try module.makeLanes(2)
        XCTAssertEqual(code { try module.wasm }, .notFound)
    }

    func testLimitsOfModulesAndProposalsAreSetByName() throws {
        var settings = ModuleSettings()
        for limit in ModuleSettings.Limit.allCases {
            settings.limits[limit] = .max
        }
        settings.lanes = 1
        settings.lazy = true
        for proposal: Proposal in [
            .simd, .tailCall, .multiMemory, .memory64, .relaxedSIMD, .customPageSizes, .wideArithmetic,
        ] {
            settings.proposals[proposal] = true
        }
        XCTAssertNoThrow(try guest("calls", settings: settings))
        settings.limits[.functions] = 1
        XCTAssertEqual(code { try guest("calls", settings: settings) }, .moduleLimit)
        settings.proposals[Proposal(rawValue: "telepathy")] = true
        XCTAssertEqual(code { try guest("calls", settings: settings) }, .unknownName)
    }

    func testProposalsThatAModuleNeedsAreTold() throws {
        XCTAssertTrue(try Module.proposalsUsed(by: try wasm("calls")).contains(Proposal(rawValue: "multi-value")))
        // (module (memory i64 1))
        let memory64: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 3, 1, 4, 1]
        XCTAssertEqual(code { try Module.proposalsUsed(by: memory64) }, .proposal)
        var settings = ModuleSettings()
        settings.proposals[.memory64] = true
        XCTAssertEqual(try Module.proposalsUsed(by: memory64, settings: settings), [.memory64])
        XCTAssertThrowsError(try Module.proposalsUsed(by: [1, 2, 3] as [UInt8])) { error in
            XCTAssertEqual((error as? FuelboxError)?.code, .invalidModule)
            XCTAssertTrue("\(error)".contains("invalid module at byte 0"), "\(error)")
        }
    }

    func testTheClockAndRandomBytesAreGrantedByValue() throws {
        let module = try guest("draws")
        let grants = { (random: GuestRandom) -> [Grant] in
            [.clock(.fixed(unixNanoseconds: 7)), .random(random), .output]
        }
        let seeded = try Sandbox(grants: grants(.seeded(3))).run(module, input: Data()).successfulOutput()
        XCTAssertEqual(seeded.prefix(8), Data([7, 0, 0, 0, 0, 0, 0, 0]))
        XCTAssertEqual(try Sandbox(grants: grants(.seeded(3))).run(module, input: Data()).output, seeded)
        let ones = GuestRandom.source { buffer in buffer.copyBytes(from: [UInt8](repeating: 1, count: buffer.count)) }
        XCTAssertEqual(
            try Sandbox(grants: grants(ones)).run(module, input: Data()).output.suffix(8), Data(repeating: 1, count: 8))
        let host: [Grant] = [.clock { 9 }, .random(.seeded(3)), .output]
        XCTAssertEqual(
            try Sandbox(grants: host).run(module, input: Data()).output.prefix(8), Data([9, 0, 0, 0, 0, 0, 0, 0]))
        XCTAssertNotEqual(try Sandbox(grants: grants(.system)).run(module, input: Data()).output, seeded)
    }

    func testTheLibraryIsTheOneOfThisPackage() throws {
        XCTAssertNoThrow(try Library.check())
        XCTAssertFalse(try Library.version.isEmpty)
        XCTAssertEqual(UInt64(Library.fuelSchedule), try Sandbox().run(guest("calls"), .export("next")).usage.fuelSchedule)
        XCTAssertEqual(Library.protocolVersion, 1)
        let now = try Library.nowNanoseconds
        XCTAssertLessThanOrEqual(now, try Library.nowNanoseconds)
        try Library.keepMemory(1 << 20)
        _ = try Sandbox().run(try guest("calls"), .export("next"))
        XCTAssertLessThanOrEqual(try Library.keptMemory, 1 << 20)
        try Library.keepMemory(0)
        XCTAssertEqual(try Library.keptMemory, 0)
    }
}
