/// What went wrong, as a word that never changes: those of docs/codes.md, and for misuse those of the C interface.
///
/// It is no enum, since a later version may have more.
public struct Code: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The word.
    public let rawValue: String

    /// A code by its word, one that this version does not know too.
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
    /// A pointer or handle that must not be NULL is.
    public static let null = Code("null")
    /// The handle was freed or taken away, or never was one.
    public static let staleHandle = Code("stale-handle")
    /// The handle is of another kind.
    public static let wrongHandle = Code("wrong-handle")
    /// Another call with the handle is in progress.
    public static let busy = Code("busy")
    /// The buffer has too little room; its length is what it takes.
    public static let bufferTooSmall = Code("buffer-too-small")
    /// A text is not UTF-8.
    public static let invalidUTF8 = Code("invalid-utf8")
    /// A number or value that the parameter cannot have.
    public static let invalidArgument = Code("invalid-argument")
    /// No limit, proposal or usage has this name.
    public static let unknownName = Code("unknown-name")
    /// There is none, or none at this index or of this name.
    public static let notFound = Code("not-found")
    /// No more handles can be given out.
    public static let tooManyHandles = Code("too-many-handles")
    /// The library panicked: please report it.
    public static let panic = Code("panic")
    /// The library has another FUELBOX_ABI_VERSION than this header.
    public static let abi = Code("abi")
    /// The bytes have another SHA-256 than was asked for.
    public static let hash = Code("hash")
    /// The guest asks nothing, so nothing can be answered.
    public static let nothingAsked = Code("nothing-asked")
    /// The answer is of other types than declared; the guest still waits.
    public static let answerTypes = Code("answer-types")
    /// A reference other than null cannot be passed; the guest still waits.
    public static let answerReference = Code("answer-reference")
    /// The range does not lie in the guest's memory.
    public static let outOfBounds = Code("out-of-bounds")
    /// The guest exited, so the export returned nothing.
    public static let exited = Code("exited")
    /// This build of the library leaves it out: see docs/embed-in-c.md.
    public static let notBuilt = Code("not-built")
    /// The module was not built for snapshots.
    public static let snapshotNotBuilt = Code("snapshot-not-built")
    /// The guest has a file open that a snapshot cannot hold.
    public static let snapshotOpenFile = Code("snapshot-open-file")
    /// The guest holds a reference that a snapshot cannot hold.
    public static let snapshotReference = Code("snapshot-reference")
    /// A path or link target that no tree can hold.
    public static let treeMalformed = Code("tree-malformed")
    /// There is no file to link to.
    public static let treeNoFile = Code("tree-no-file")
    /// Something else is there already.
    public static let treeTaken = Code("tree-taken")
    /// The directory cannot be opened; the message says why.
    public static let dirOpen = Code("dir-open")
    /// Nobody is left who could read what is written.
    public static let pipeClosed = Code("pipe-closed")
    /// A code that this version of the interface has no number for.
    public static let other = Code("other")
}

// Refused: no guest code ran.
extension Code {
    /// The bytes are no valid module.
    public static let invalidModule = Code("invalid-module")
    /// Text where the binary format is expected.
    public static let textModule = Code("text-module")
    /// The text is no valid module.
    public static let invalidText = Code("invalid-text")
    /// The module uses a proposal that is off, or never runs here.
    public static let proposal = Code("proposal")
    /// The module is beyond one of ``ModuleSettings/limits``.
    public static let moduleLimit = Code("module-limit")
    /// The module is more than the interpreter can take.
    public static let unsupported = Code("unsupported")
    /// No capability has a function of the name that is imported.
    public static let importUnknown = Code("import-unknown")
    /// The function that is imported belongs to a capability that was not granted.
    public static let importNotGranted = Code("import-not-granted")
    /// The function that is imported has another type here.
    public static let importType = Code("import-type")
    /// An import needs the guest's memory, which is not exported as `memory`: link with `--export-memory`.
    public static let memoryNotExported = Code("memory-not-exported")
    /// What is to be called is not exported.
    public static let exportMissing = Code("export-missing")
    /// It is exported as another type.
    public static let exportType = Code("export-type")
    /// An argument that cannot be passed: a reference other than null.
    public static let argument = Code("argument")
    /// The guest was built for another version of the protocol.
    public static let abiVersion = Code("abi-version")
    /// The input is larger than ``Limits/inputBytes``.
    public static let inputTooLarge = Code("input-too-large")
    /// The module starts with more than ``Limits/memoryBytes``.
    public static let initialMemory = Code("initial-memory")
    /// The module starts with more than ``Limits/tableElements``.
    public static let initialTable = Code("initial-table")
    /// A data or element segment lies outside its memory or table.
    public static let segment = Code("segment")
    /// An earlier call of the instance was stopped: make a new instance.
    public static let instanceStopped = Code("instance-stopped")
    /// The guest has exited in an earlier call: make a new instance.
    public static let instanceExited = Code("instance-exited")
    /// The machine has no memory left; transient.
    public static let systemOutOfMemory = Code("system-out-of-memory")
    /// Guests could overflow the native stack of this build.
    public static let unsafeBuild = Code("unsafe-build")
    /// The interpreter failed: please report it.
    public static let engine = Code("engine")
}

// Stopped: guest code ran and did not finish. Those that were refused with the same word are above.
extension Code {
    /// ``Limits/fuel`` is used up.
    public static let outOfFuel = Code("out-of-fuel")
    /// ``Limits/deadline`` has passed; transient.
    public static let deadline = Code("deadline")
    /// Answers of the host took longer than ``Limits/wait``; transient.
    public static let wait = Code("wait")
    /// The guest waits for an answer in a call where nobody can give one, such as ``Sandbox/run(_:_:)``.
    public static let unanswered = Code("unanswered")
    /// The run's cancel token was used; transient.
    public static let cancelled = Code("cancelled")
    /// The guest wanted more memory than ``Limits/memoryBytes``.
    public static let outOfMemory = Code("out-of-memory")
    /// The guest wanted more table elements than ``Limits/tableElements``.
    public static let outOfTable = Code("out-of-table")
    /// More output than ``Limits/outputBytes``.
    public static let outputTooLarge = Code("output-too-large")
    /// A host function was handed a range outside the guest's memory.
    public static let fault = Code("fault")
    /// A function of the host failed.
    public static let hostFunction = Code("host-function")
    /// An `unreachable` instruction, as after a panic or an abort.
    public static let trapUnreachable = Code("trap-unreachable")
    /// A memory access outside the memory.
    public static let trapMemoryOutOfBounds = Code("trap-memory-out-of-bounds")
    /// A table access outside the table.
    public static let trapTableOutOfBounds = Code("trap-table-out-of-bounds")
    /// An indirect call through an empty table element.
    public static let trapIndirectCallToNull = Code("trap-indirect-call-to-null")
    /// An indirect call to a function of another type.
    public static let trapBadSignature = Code("trap-bad-signature")
    /// A division by zero.
    public static let trapIntegerDivisionByZero = Code("trap-integer-division-by-zero")
    /// A division whose result does not fit.
    public static let trapIntegerOverflow = Code("trap-integer-overflow")
    /// A conversion of a float, such as NaN, that no integer of the type can represent.
    public static let trapBadConversionToInteger = Code("trap-bad-conversion-to-integer")
    /// Calls too deep, or too many values: `call_depth`, `stack_bytes`.
    public static let trapStackOverflow = Code("trap-stack-overflow")
    /// The worker process that the guest ran in has ended: please report it, unless you ended it.
    public static let worker = Code("worker")
}

extension Code {
    /// All words that this version knows.
    static let known: Set<Code> = [
        .null, .staleHandle, .wrongHandle, .busy, .bufferTooSmall, .invalidUTF8, .invalidArgument, .unknownName,
        .notFound, .tooManyHandles, .panic, .abi, .hash, .nothingAsked, .answerTypes, .answerReference,
        .outOfBounds, .exited, .snapshotNotBuilt, .snapshotOpenFile, .snapshotReference, .treeMalformed,
        .treeNoFile, .treeTaken, .notBuilt, .dirOpen, .pipeClosed, .other, .invalidModule, .textModule, .invalidText, .proposal, .moduleLimit,
        .unsupported, .importUnknown, .importNotGranted, .importType, .memoryNotExported,
        .exportMissing, .exportType, .argument, .abiVersion, .inputTooLarge, .initialMemory, .initialTable,
        .segment, .instanceStopped, .instanceExited, .systemOutOfMemory, .unsafeBuild, .engine, .outOfFuel,
        .deadline, .wait, .unanswered, .cancelled, .outOfMemory, .outOfTable, .outputTooLarge, .fault,
        .hostFunction, .trapUnreachable, .trapMemoryOutOfBounds, .trapTableOutOfBounds, .trapIndirectCallToNull,
        .trapBadSignature, .trapIntegerDivisionByZero, .trapIntegerOverflow, .trapBadConversionToInteger,
        .trapStackOverflow, .worker,
    ]
}
