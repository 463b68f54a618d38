import CFuelbox
import Foundation

extension String {
    /// Lends the text as the C interface reads it.
    func lend<R>(_ body: (UnsafePointer<CChar>?, Int) throws -> R) rethrows -> R {
        var text = self
        return try text.withUTF8 { utf8 in
            try utf8.withMemoryRebound(to: CChar.self) { try body($0.baseAddress, $0.count) }
        }
    }
}

extension ContiguousBytes {
    /// Lends the bytes as the C interface reads them.
    func lend<R>(_ body: (UnsafePointer<UInt8>?, Int) throws -> R) rethrows -> R {
        try withUnsafeBytes { bytes in
            try body(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
        }
    }
}

extension Array where Element == ValueType {
    /// Lends the types as the C interface reads them.
    func lend<R>(_ body: (UnsafePointer<fuelbox_type>?, Int) throws -> R) rethrows -> R {
        try map(\.number).withUnsafeBufferPointer { try body($0.baseAddress, $0.count) }
    }
}

extension Array where Element == Value {
    /// Lends the values as the C interface reads them.
    func lend<R>(_ body: (UnsafePointer<fuelbox_value>?, Int) throws -> R) rethrows -> R {
        try map(\.raw).withUnsafeBufferPointer { try body($0.baseAddress, $0.count) }
    }
}
