// How long guests compute in WasmKit, in multiples of fuelbox's time: side by side in one process, in turns.
//
//     beside-wasmkit GUEST.wasm..

import Fuelbox
import Foundation
import WasmKit

/// Something that runs the export `plugin` of a guest, which checks its own answer.
protocol Engine {
    func run() throws
}

struct WrongAnswer: Error {}

final class FuelboxEngine: Engine {
    private let instance: Fuelbox.Instance

    init(_ wasm: Data) throws {
        var limits = Fuelbox.Limits()
        limits.deadline = 600
        instance = try Sandbox(limits: limits).instantiate(Fuelbox.Module(wasm))
    }

    func run() throws {
        guard try instance.call("plugin") == [.i32(0)] else { throw WrongAnswer() }
    }
}

final class WasmKitEngine: Engine {
    private let plugin: Function

    init(_ wasm: Data) throws {
        let module = try parseWasm(bytes: [UInt8](wasm))
        let instance = try module.instantiate(store: Store(engine: WasmKit.Engine()))
        guard let plugin = instance.exports[function: "plugin"] else { throw WrongAnswer() }
        self.plugin = plugin
    }

    func run() throws {
        guard try plugin() == [.i32(0)] else { throw WrongAnswer() }
    }
}

func milliseconds(of engine: Engine) throws -> Double {
    let begun = DispatchTime.now()
    try engine.run()
    return Double(DispatchTime.now().uptimeNanoseconds - begun.uptimeNanoseconds) / 1e6
}

func median(_ numbers: [Double]) -> Double {
    numbers.sorted()[numbers.count / 2]
}

let rounds = 31
print("| guest | fuelbox | WasmKit |")
print("| --- | --- | --- |")
for path in CommandLine.arguments.dropFirst() {
    let url = URL(fileURLWithPath: path)
    let wasm = try Data(contentsOf: url)
    let (fuelbox, wasmKit) = (try FuelboxEngine(wasm), try WasmKitEngine(wasm))
    // Compiled by WasmKit at the first call.
    try wasmKit.run()
    var (ours, ratios): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
        let time = try milliseconds(of: fuelbox)
        ours.append(time)
        ratios.append(try milliseconds(of: wasmKit) / time)
    }
    let name = url.deletingPathExtension().lastPathComponent
    print(String(format: "| %@ | %.1f ms | %.2fx |", name, median(ours), median(ratios)))
}
