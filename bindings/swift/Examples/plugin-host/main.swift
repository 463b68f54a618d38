// A host with a plugin that keeps state and asks: which words are known? The dictionary takes a while to answer, and
// other plugins run meanwhile.
//
//     swift run plugin-host spelling.wasm "a guest wiats for its hsot"

import Foundation
import Fuelbox

/// What the host knows. Elsewhere it could be a server.
actor Dictionary {
    private let known: Set<String> = ["a", "guest", "waits", "for", "its", "host"]
    private(set) var questions = 0

    func knows(_ word: String) async throws -> Bool {
        questions += 1
        try await Task.sleep(nanoseconds: 2_000_000)
        return known.contains(word)
    }
}

/// A plugin for one document: it counts the words that it was told of.
struct Plugin: Sendable {
    private let guest: InstanceActor

    init(_ sandbox: Sandbox, _ module: Module) async throws {
        guest = try await InstanceActor(of: module, in: sandbox)
    }

    /// How many words of `text` are not known.
    func wrongWords(in text: String) async throws -> Int32 {
        var wrong: Int32 = 0
        for word in text.split(separator: " ") {
            let buffer = try await guest.call("buffer").u32(0)
            try await guest.use { try $0.write(Data(word.utf8), at: UInt64(buffer)) }
            wrong = try await guest.call("on_word", [.i32(Int32(word.utf8.count))]).i32(0)
        }
        return wrong
    }

    /// How many words it was told of.
    func words() async throws -> Int32 {
        try await guest.call("words").i32(0)
    }
}

/// Lets plugins ask the dictionary.
func lookUp(in dictionary: Dictionary) -> Grant {
    .asyncFunction("editor", "look_up", params: [.i32, .i32], results: [.i32]) { request, arguments in
        let bytes = try request.read(at: arguments.u32(0), count: arguments.u32(1))
        let isKnown = try await dictionary.knows(String(decoding: bytes, as: UTF8.self))
        return [.i32(isKnown ? 1 : 0)]
    }
}

func run(_ path: String, _ text: String) async throws {
    try Library.check()
    let module = try Module(Data(contentsOf: URL(fileURLWithPath: path)))
    var limits = Limits()
    limits.deadline = 0.05
    limits.wait = 10
    let dictionary = Dictionary()
    let sandbox = try Sandbox(limits: limits, grants: [lookUp(in: dictionary)])

    // One instance for each document, all at once.
    try await withThrowingTaskGroup(of: (Int32, Int32).self) { group in
        for _ in 0..<3 {
            group.addTask {
                let plugin = try await Plugin(sandbox, module)
                let wrong = try await plugin.wrongWords(in: text)
                return (wrong, try await plugin.words())
            }
        }
        for try await (wrong, words) in group {
            print("\(words) words, \(wrong) of them not known")
        }
    }
    print("\(await dictionary.questions) questions")
}

guard CommandLine.arguments.count == 3 else {
    print("usage: plugin-host spelling.wasm WORDS")
    exit(2)
}
do {
    try await run(CommandLine.arguments[1], CommandLine.arguments[2])
} catch {
    print("failed: \(error)")
    exit(1)
}
