// swift-tools-version:5.9
import PackageDescription

// Built where `measure` has put both engines beside it.
let package = Package(
    name: "beside",
    dependencies: [.package(path: "../fuelbox"), .package(path: "../wasmkit")],
    targets: [
        .executableTarget(
            name: "beside-wasmkit",
            dependencies: [
                .product(name: "Fuelbox", package: "fuelbox"),
                .product(name: "WasmKit", package: "wasmkit"),
            ])
    ]
)
