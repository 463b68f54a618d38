/// What went wrong, as a word that never changes: those of docs/codes.md, and for misuse those of the C interface.
///
/// It is no enum, since a later version may have more.
public struct Code: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    private init(_ word: String) {
        rawValue = word
    }
}

// Misuse of the interface, and what concerns handles, snapshots and trees.
extension Code {
    public static let null = Code("null")
    public static let staleHandle = Code("stale-handle")
    public static let wrongHandle = Code("wrong-handle")
    public static let busy = Code("busy")
    public static let bufferTooSmall = Code("buffer-too-small")
    public static let invalidUTF8 = Code("invalid-utf8")
    public static let invalidArgument = Code("invalid-argument")
    public static let unknownName = Code("unknown-name")
    public static let notFound = Code("not-found")
    public static let tooManyHandles = Code("too-many-handles")
    public static let panic = Code("panic")
    public static let abi = Code("abi")
    public static let hash = Code("hash")
    public static let nothingAsked = Code("nothing-asked")
    public static let answerTypes = Code("answer-types")
    public static let answerReference = Code("answer-reference")
    public static let outOfBounds = Code("out-of-bounds")
    public static let exited = Code("exited")
    public static let snapshotNotBuilt = Code("snapshot-not-built")
    public static let snapshotOpenFile = Code("snapshot-open-file")
    public static let snapshotReference = Code("snapshot-reference")
    public static let treeMalformed = Code("tree-malformed")
    public static let treeNoFile = Code("tree-no-file")
    public static let treeTaken = Code("tree-taken")
    public static let other = Code("other")
}

// Refused: no guest code ran.
extension Code {
    public static let invalidModule = Code("invalid-module")
    public static let textModule = Code("text-module")
    public static let invalidText = Code("invalid-text")
    public static let proposal = Code("proposal")
    public static let moduleLimit = Code("module-limit")
    public static let unsupported = Code("unsupported")
    public static let importUnknown = Code("import-unknown")
    public static let importNotGranted = Code("import-not-granted")
    public static let importType = Code("import-type")
    public static let memoryNotExported = Code("memory-not-exported")
    public static let exportMissing = Code("export-missing")
    public static let exportType = Code("export-type")
    public static let argument = Code("argument")
    public static let abiVersion = Code("abi-version")
    public static let inputTooLarge = Code("input-too-large")
    public static let initialMemory = Code("initial-memory")
    public static let initialTable = Code("initial-table")
    public static let segment = Code("segment")
    public static let instanceStopped = Code("instance-stopped")
    public static let instanceExited = Code("instance-exited")
    public static let systemOutOfMemory = Code("system-out-of-memory")
    public static let unsafeBuild = Code("unsafe-build")
    public static let engine = Code("engine")
}

// Stopped: guest code ran and did not finish. Those that were refused with the same word are above.
extension Code {
    public static let outOfFuel = Code("out-of-fuel")
    public static let deadline = Code("deadline")
    public static let wait = Code("wait")
    public static let unanswered = Code("unanswered")
    public static let cancelled = Code("cancelled")
    public static let outOfMemory = Code("out-of-memory")
    public static let outOfTable = Code("out-of-table")
    public static let outputTooLarge = Code("output-too-large")
    public static let fault = Code("fault")
    public static let hostFunction = Code("host-function")
    public static let trapUnreachable = Code("trap-unreachable")
    public static let trapMemoryOutOfBounds = Code("trap-memory-out-of-bounds")
    public static let trapTableOutOfBounds = Code("trap-table-out-of-bounds")
    public static let trapIndirectCallToNull = Code("trap-indirect-call-to-null")
    public static let trapBadSignature = Code("trap-bad-signature")
    public static let trapIntegerDivisionByZero = Code("trap-integer-division-by-zero")
    public static let trapIntegerOverflow = Code("trap-integer-overflow")
    public static let trapBadConversionToInteger = Code("trap-bad-conversion-to-integer")
    public static let trapStackOverflow = Code("trap-stack-overflow")
    public static let worker = Code("worker")
}

extension Code {
    /// All words that this version knows.
    static let known: Set<Code> = [
        .null, .staleHandle, .wrongHandle, .busy, .bufferTooSmall, .invalidUTF8, .invalidArgument, .unknownName,
        .notFound, .tooManyHandles, .panic, .abi, .hash, .nothingAsked, .answerTypes, .answerReference,
        .outOfBounds, .exited, .snapshotNotBuilt, .snapshotOpenFile, .snapshotReference, .treeMalformed,
        .treeNoFile, .treeTaken, .other, .invalidModule, .textModule, .invalidText, .proposal, .moduleLimit,
        .unsupported, .importUnknown, .importNotGranted, .importType, .memoryNotExported,
        .exportMissing, .exportType, .argument, .abiVersion, .inputTooLarge, .initialMemory, .initialTable,
        .segment, .instanceStopped, .instanceExited, .systemOutOfMemory, .unsafeBuild, .engine, .outOfFuel,
        .deadline, .wait, .unanswered, .cancelled, .outOfMemory, .outOfTable, .outputTooLarge, .fault,
        .hostFunction, .trapUnreachable, .trapMemoryOutOfBounds, .trapTableOutOfBounds, .trapIndirectCallToNull,
        .trapBadSignature, .trapIntegerDivisionByZero, .trapIntegerOverflow, .trapBadConversionToInteger,
        .trapStackOverflow, .worker,
    ]
}
