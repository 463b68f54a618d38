//! The arguments of an export, by the types of its parameters.

use fuelbox::{Reference, Value, ValueType};

/// Reads one value: integers of either sign or as `0x..`, floats as Rust writes them, vectors as
/// `0x..`, `null` for references. `None` where the text is not of that type.
pub(crate) fn parse(text: &str, ty: ValueType) -> Option<Value> {
    Some(match ty {
        ValueType::I32 => match hexadecimal(text) {
            Some(bits) => Value::I32(u32::try_from(bits).ok()?.cast_signed()),
            None => Value::I32(
                text.parse()
                    .or_else(|_| text.parse().map(u32::cast_signed))
                    .ok()?,
            ),
        },
        ValueType::I64 => match hexadecimal(text) {
            Some(bits) => Value::I64(u64::try_from(bits).ok()?.cast_signed()),
            None => Value::I64(
                text.parse()
                    .or_else(|_| text.parse().map(u64::cast_signed))
                    .ok()?,
            ),
        },
        ValueType::F32 => Value::F32(text.parse().ok()?),
        ValueType::F64 => Value::F64(text.parse().ok()?),
        ValueType::V128 => Value::V128(hexadecimal(text)?),
        ValueType::FuncRef if text == "null" => Value::FuncRef(Reference::Null),
        ValueType::ExternRef if text == "null" => Value::ExternRef(Reference::Null),
        _ => return None,
    })
}

/// The value of a type that is as good as any: zero, or null. Nothing for a type that is not known here.
pub(crate) fn zero(ty: ValueType) -> Option<Value> {
    let text = match ty {
        ValueType::V128 => "0x0",
        ValueType::FuncRef | ValueType::ExternRef => "null",
        _ => "0",
    };
    parse(text, ty)
}

fn hexadecimal(text: &str) -> Option<u128> {
    let digits = text.strip_prefix("0x")?;
    // The parser below would take a sign.
    if digits.starts_with('+') {
        return None;
    }
    u128::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_in_either_sign() {
        assert_eq!(parse("-1", ValueType::I32), Some(Value::I32(-1)));
        assert_eq!(parse("4294967295", ValueType::I32), Some(Value::I32(-1)));
        assert_eq!(parse("0xffffffff", ValueType::I32), Some(Value::I32(-1)));
        assert_eq!(parse("4294967296", ValueType::I32), None);
        assert_eq!(parse("0x100000000", ValueType::I32), None);
        assert_eq!(
            parse("18446744073709551615", ValueType::I64),
            Some(Value::I64(-1))
        );
    }

    #[test]
    fn other_types_are_read_too() {
        assert_eq!(parse("-0.5", ValueType::F32), Some(Value::F32(-0.5)));
        assert_eq!(
            parse("-inf", ValueType::F64),
            Some(Value::F64(f64::NEG_INFINITY))
        );
        assert_eq!(parse("0x10", ValueType::V128), Some(Value::V128(16)));
        assert_eq!(
            parse("null", ValueType::FuncRef),
            Some(Value::FuncRef(Reference::Null))
        );
    }

    #[test]
    fn a_text_that_is_no_value_is_refused() {
        for (text, ty) in [
            ("", ValueType::I32),
            ("1.5", ValueType::I64),
            ("0x+1", ValueType::I64),
            ("0x", ValueType::V128),
            ("16", ValueType::V128),
            ("0", ValueType::ExternRef),
        ] {
            assert_eq!(parse(text, ty), None, "{text} as {ty}");
        }
    }
}
