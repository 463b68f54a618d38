import CFuelbox

/// The type of a WebAssembly value, written as in its text format.
public enum ValueType: String, Hashable, Sendable, Codable, CaseIterable {
    case i32, i64, f32, f64, v128
    case funcRef = "funcref"
    case externRef = "externref"

    /// As the C interface has it.
    var number: fuelbox_type {
        switch self {
        case .i32: return fuelbox_type(FUELBOX_TYPE_I32)
        case .i64: return fuelbox_type(FUELBOX_TYPE_I64)
        case .f32: return fuelbox_type(FUELBOX_TYPE_F32)
        case .f64: return fuelbox_type(FUELBOX_TYPE_F64)
        case .v128: return fuelbox_type(FUELBOX_TYPE_V128)
        case .funcRef: return fuelbox_type(FUELBOX_TYPE_FUNCREF)
        case .externRef: return fuelbox_type(FUELBOX_TYPE_EXTERNREF)
        }
    }

    /// From what the C interface wrote, nil for a type that this package does not know.
    init?(number: fuelbox_type) {
        guard let type = ValueType.allCases.first(where: { $0.number == number }) else { return nil }
        self = type
    }
}
