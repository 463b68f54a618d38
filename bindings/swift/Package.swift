// swift-tools-version:5.9
import Foundation
import PackageDescription

// On Apple platforms the library comes as what `xcframework` builds, once it lies beside this file. Elsewhere it is
// found by pkg-config, or by `swift build -Xlinker -L -Xlinker FOLDER` with the folder of libfuelbox.a.
let framework = "CFuelbox.xcframework"
let hasFramework = FileManager.default.fileExists(atPath: Context.packageDirectory + "/" + framework)
let library: Target = hasFramework
    ? .binaryTarget(name: "CFuelbox", path: framework)
    : .systemLibrary(name: "CFuelbox", pkgConfig: "fuelbox")

// The mode that `test` asks for. By a flag of each target, since what SwiftPM generates to find tests is not for
// mode 6.
let mode = Context.environment["FUELBOX_SWIFT_MODE"]
let settings: [SwiftSetting] = mode.map { [.unsafeFlags(["-swift-version", $0])] } ?? []

let package = Package(
    name: "Fuelbox",
    platforms: [.iOS(.v13), .macOS(.v10_15)],
    products: [.library(name: "Fuelbox", targets: ["Fuelbox"])],
    targets: [
        library,
        .target(name: "Fuelbox", dependencies: ["CFuelbox"], swiftSettings: settings),
        .executableTarget(
            name: "plugin-host", dependencies: ["Fuelbox"], path: "Examples/plugin-host", swiftSettings: settings),
        .testTarget(name: "FuelboxTests", dependencies: ["Fuelbox", "CFuelbox"], swiftSettings: settings),
    ],
    swiftLanguageVersions: [.v5]
)
