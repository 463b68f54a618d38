import CFuelbox
import Foundation

/// What to say of misuse, of which the C interface speaks as of handles and of functions of C.
enum Misuse {
    /// A sentence with what to do, where no more was said than what the C interface says of the status.
    static func message(_ code: Code, status: Int32, said: String?) -> String {
        let ofStatus = String(cString: fuelbox_status_message(status))
        guard let said = said, said != ofStatus else { return messages[code] ?? ofStatus }
        return said
    }

    private static let messages: [Code: String] = [
        .staleHandle: "it was finished, or taken away by another call: use what that call has given out in its place",
        .busy: "another call with it is in progress: use it in one thread or task at a time, or take an InstanceActor",
        .tooManyHandles: "no more objects can be made: let go of some",
        .panic: "the library panicked: please report it",
        .abi: "the library that is linked has another interface: build it and this package from the same sources",
        .invalidUTF8: "a text is not UTF-8",
        .invalidArgument: "a number or value that the parameter cannot have",
        .unknownName: "no limit, proposal or usage has this name: docs/limits.md has them all",
        .notFound: "there is none, or none of this name",
        .nothingAsked: "the guest does not ask its host, or its question is over",
        .outOfBounds: "the range does not lie in the guest's memory",
        .fault: "the range that the guest gave does not lie in its memory",
        .outOfFuel: "the guest has not so much fuel left",
    ]
}
