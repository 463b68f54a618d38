/// The form of a value in JSON: `{"i32": -1}`, with every float and vector to the bit.
extension Value: Codable {
    public init(from decoder: Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        guard let key = values.allKeys.first, values.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no value"))
        }
        switch key {
        case .i32: self = .i32(try values.decode(Int32.self, forKey: key))
        case .i64: self = .i64(try values.decode(Int64.self, forKey: key))
        case .f32: self = .f32(try values.decode(FloatText.self, forKey: key).narrow())
        case .f64: self = .f64(try values.decode(FloatText.self, forKey: key).wide())
        case .v128: self = .v128(try values.decode(V128.self, forKey: key))
        case .funcRef: self = .funcRef(try values.decode(Reference.self, forKey: key))
        case .externRef: self = .externRef(try values.decode(Reference.self, forKey: key))
        }
    }

    public func encode(to encoder: Encoder) throws {
        var values = encoder.container(keyedBy: Keys.self)
        switch self {
        case .i32(let number): try values.encode(number, forKey: .i32)
        case .i64(let number): try values.encode(number, forKey: .i64)
        case .f32(let number): try values.encode(FloatText(number), forKey: .f32)
        case .f64(let number): try values.encode(FloatText(number), forKey: .f64)
        case .v128(let vector): try values.encode(vector, forKey: .v128)
        case .funcRef(let reference): try values.encode(reference, forKey: .funcRef)
        case .externRef(let reference): try values.encode(reference, forKey: .externRef)
        }
    }

    private enum Keys: String, CodingKey {
        case i32, i64, f32, f64, v128
        case funcRef = "func_ref"
        case externRef = "extern_ref"
    }
}

/// A float: a number where it is finite, else `"inf"`, `"-inf"`, or `"nan:0x.."` with all its bits.
private enum FloatText: Codable {
    case finite(Double)
    case other(String)

    init(_ number: Float) {
        // By way of its digits, which are those that it is written with; as a wider number it has others.
        self = number.isFinite ? .finite(Double("\(number)") ?? Double(number)) : .init(number, bits: number.bitPattern)
    }

    init(_ number: Double) {
        self = number.isFinite ? .finite(number) : .init(number, bits: number.bitPattern)
    }

    private init<F: BinaryFloatingPoint, B: BinaryInteger>(_ number: F, bits: B) {
        self = .other(number.isNaN ? "nan:0x" + String(bits, radix: 16) : number < 0 ? "-inf" : "inf")
    }

    init(from decoder: Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Double.self) {
            self = .finite(number)
        } else {
            self = .other(try value.decode(String.self))
        }
    }

    func encode(to encoder: Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .finite(let number): try value.encode(number)
        case .other(let text): try value.encode(text)
        }
    }

    func narrow() throws -> Float {
        switch self {
        // Rounded twice, to the wide float and from there, it could miss by one bit.
        case .finite(let number): return try known(Float("\(number)"))
        case .other(let text): return try known(bits(text).map(Float.init(bitPattern:)) ?? Float(text))
        }
    }

    func wide() throws -> Double {
        switch self {
        case .finite(let number): return number
        case .other(let text): return try known(bits(text).map(Double.init(bitPattern:)) ?? Double(text))
        }
    }

    private func bits<B: FixedWidthInteger>(_ text: String) -> B? {
        text.hasPrefix("nan:0x") ? B(text.dropFirst("nan:0x".count), radix: 16) : nil
    }

    private func known<F>(_ number: F?) throws -> F {
        guard let number = number else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no float"))
        }
        return number
    }
}
