import CFuelbox

/// A WebAssembly value.
///
/// Two are equal when their types and bits are: a NaN equals itself.
public enum Value: Sendable {
    /// A 32-bit integer; WebAssembly does not say whether it is signed.
    case i32(Int32)
    /// A 64-bit integer; WebAssembly does not say whether it is signed.
    case i64(Int64)
    /// A 32-bit float.
    case f32(Float)
    /// A 64-bit float.
    case f64(Double)
    /// A vector of 128 bits.
    case v128(V128)
    /// A reference to a function of the guest.
    case funcRef(Reference)
    /// A reference to something of the host.
    case externRef(Reference)

    /// What can be said of a reference outside the guest that holds it.
    public enum Reference: String, Hashable, Sendable, Codable {
        /// It refers to nothing: the only reference that can be passed to a guest.
        case null
        /// It refers to something: only ever seen in results.
        case opaque
    }

    /// The type of this value.
    public var type: ValueType {
        switch self {
        case .i32: return .i32
        case .i64: return .i64
        case .f32: return .f32
        case .f64: return .f64
        case .v128: return .v128
        case .funcRef: return .funcRef
        case .externRef: return .externRef
        }
    }
}

extension Value: Hashable {
    public static func == (left: Value, right: Value) -> Bool {
        left.type == right.type && left.bits == right.bits
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(type)
        hasher.combine(bits)
    }

    private var bits: V128 {
        switch self {
        case .i32(let number): return V128(low: UInt64(UInt32(bitPattern: number)))
        case .i64(let number): return V128(low: UInt64(bitPattern: number))
        case .f32(let number): return V128(low: UInt64(number.bitPattern))
        case .f64(let number): return V128(low: number.bitPattern)
        case .v128(let vector): return vector
        case .funcRef(let reference), .externRef(let reference): return V128(low: reference == .null ? 0 : 1)
        }
    }
}

extension Array where Element == Value {
    /// The value at `index` as a 32-bit integer.
    ///
    /// - Throws: ``FuelboxError`` with the code `argument` where there is none of this type, as with the others.
    public func i32(_ index: Int) throws -> Int32 {
        guard indices.contains(index), case .i32(let number) = self[index] else { throw missing(.i32, index) }
        return number
    }

    /// The value at `index` as a 32-bit integer without a sign, such as a pointer or a length.
    public func u32(_ index: Int) throws -> UInt32 {
        UInt32(bitPattern: try i32(index))
    }

    /// The value at `index` as a 64-bit integer.
    public func i64(_ index: Int) throws -> Int64 {
        guard indices.contains(index), case .i64(let number) = self[index] else { throw missing(.i64, index) }
        return number
    }

    /// The value at `index` as a 32-bit float.
    public func f32(_ index: Int) throws -> Float {
        guard indices.contains(index), case .f32(let number) = self[index] else { throw missing(.f32, index) }
        return number
    }

    /// The value at `index` as a 64-bit float.
    public func f64(_ index: Int) throws -> Double {
        guard indices.contains(index), case .f64(let number) = self[index] else { throw missing(.f64, index) }
        return number
    }

    private func missing(_ type: ValueType, _ index: Int) -> FuelboxError {
        FuelboxError(status: FUELBOX_STATUS_ARGUMENT, message: "there is no \(type.rawValue) at \(index)")
    }
}

extension Value {
    /// As the C interface has it.
    var raw: fuelbox_value {
        var raw = fuelbox_value()
        raw.type = type.number
        switch self {
        case .i32(let number): raw.of.i32 = number
        case .i64(let number): raw.of.i64 = number
        // By their bits: moving a NaN as a float may make it a quiet one.
        case .f32(let number): raw.of.i32 = Int32(bitPattern: number.bitPattern)
        case .f64(let number): raw.of.i64 = Int64(bitPattern: number.bitPattern)
        case .v128(let vector):
            withUnsafeMutableBytes(of: &raw.of.v128) { bytes in
                bytes.storeBytes(of: vector.low.littleEndian, as: UInt64.self)
                bytes.storeBytes(of: vector.high.littleEndian, toByteOffset: 8, as: UInt64.self)
            }
        case .funcRef(let reference), .externRef(let reference): raw.of.is_null = reference == .null ? 1 : 0
        }
        return raw
    }

    /// From what the C interface wrote, nil for a type that this package does not know.
    init?(raw: fuelbox_value) {
        guard let type = ValueType(number: raw.type) else { return nil }
        switch type {
        case .i32: self = .i32(raw.of.i32)
        case .i64: self = .i64(raw.of.i64)
        case .f32: self = .f32(Float(bitPattern: UInt32(bitPattern: raw.of.i32)))
        case .f64: self = .f64(Double(bitPattern: UInt64(bitPattern: raw.of.i64)))
        case .v128:
            self = withUnsafeBytes(of: raw.of.v128) { bytes in
                .v128(V128(
                    low: UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)),
                    high: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))))
            }
        case .funcRef: self = .funcRef(raw.of.is_null == 1 ? .null : .opaque)
        case .externRef: self = .externRef(raw.of.is_null == 1 ? .null : .opaque)
        }
    }

    /// All values that `fill` has.
    static func all(_ fill: Output.Fill<fuelbox_value>) throws -> [Value] {
        try Output.elements(fill).map { raw in
            guard let value = Value(raw: raw) else { throw FuelboxError(status: FUELBOX_STATUS_OTHER) }
            return value
        }
    }
}
