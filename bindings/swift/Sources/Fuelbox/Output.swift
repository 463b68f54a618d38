import CFuelbox
import Foundation

/// What the C interface writes into memory of its caller.
enum Output {
    typealias Fill<Element> = (UnsafeMutablePointer<Element>?, Int, UnsafeMutablePointer<Int>) -> fuelbox_status

    /// All elements that `fill` has: it is asked how many there are, then for them.
    static func elements<Element>(_ fill: Fill<Element>) throws -> [Element] {
        var count = 0
        let status = fill(nil, 0, &count)
        if status == FUELBOX_STATUS_OK { return [] }
        guard status == FUELBOX_STATUS_BUFFER_TOO_SMALL else { throw FuelboxError(status: status) }
        var filled: fuelbox_status = 0
        let elements = [Element](unsafeUninitializedCapacity: count) { buffer, written in
            filled = fill(buffer.baseAddress, buffer.count, &count)
            written = filled == FUELBOX_STATUS_OK ? count : 0
        }
        try FuelboxError.check(filled)
        return elements
    }

    /// All bytes that `fill` has.
    static func data(_ fill: Fill<UInt8>) throws -> Data {
        Data(try elements(fill))
    }

    /// The whole text that `fill` has.
    static func text(_ fill: Fill<CChar>) throws -> String {
        let characters: [CChar] = try elements(fill)
        return characters.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The text that `fill` has, nil where it answers that there is none.
    static func textIfAny(_ fill: Fill<CChar>) throws -> String? {
        try orNil { try text(fill) }
    }

    /// What the JSON says that `fill` has.
    static func json<T: Decodable>(_ type: T.Type, _ fill: Fill<CChar>) throws -> T {
        let characters: [CChar] = try elements(fill)
        return try JSONDecoder().decode(type, from: characters.withUnsafeBytes { Data($0) })
    }

    /// What `body` gives, nil where it fails because there is none.
    static func orNil<R>(_ body: () throws -> R) throws -> R? {
        do {
            return try body()
        } catch let error as FuelboxError where error.status == FUELBOX_STATUS_NOT_FOUND {
            return nil
        }
    }

    /// The number that `tell` sets.
    static func number<N: FixedWidthInteger>(
        _ type: N.Type = N.self, _ tell: (UnsafeMutablePointer<N>) -> fuelbox_status
    ) throws -> N {
        var number: N = 0
        try FuelboxError.check(tell(&number))
        return number
    }

    /// `len` bytes of a guest's memory that `read` copies.
    ///
    /// The guest may have chosen `len`, so that memory for it is only reserved, and touched once it is known to be
    /// there.
    static func guestMemory(_ len: Int, _ read: (UnsafeMutablePointer<UInt8>) throws -> Void) throws -> Data {
        if len == 0 {
            // Outside the memory nothing lies, not even nothing.
            var none: UInt8 = 0
            try read(&none)
            return Data()
        }
        guard let memory = malloc(len) else { throw FuelboxError(status: FUELBOX_STATUS_OUT_OF_BOUNDS) }
        do {
            try read(memory.assumingMemoryBound(to: UInt8.self))
        } catch {
            free(memory)
            throw error
        }
        return Data(bytesNoCopy: memory, count: len, deallocator: .free)
    }
}
