//! JSON for what has no form in it: bytes, floats that are not numbers, 128-bit vectors.
//!
//! Everything comes back to the bit.

/// Bytes: a string where they are UTF-8, else `{"base64": ".."}`.
pub(crate) mod bytes {
    use alloc::{string::String, vec::Vec};
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Bytes<T> {
        Text(T),
        Binary { base64: String },
    }

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        match core::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text),
            Err(_) => Bytes::Binary {
                base64: BASE64_STANDARD.encode(bytes),
            },
        }
        .serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        match Bytes::<String>::deserialize(deserializer)? {
            Bytes::Text(text) => Ok(text.into_bytes()),
            Bytes::Binary { base64 } => BASE64_STANDARD.decode(base64).map_err(D::Error::custom),
        }
    }
}

/// A 128-bit vector: a string of hexadecimal digits, for few readers of JSON take such numbers.
pub(crate) mod v128 {
    use alloc::string::String;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(bits: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{bits:#034x}"))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<u128, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.strip_prefix("0x")
            .and_then(|digits| u128::from_str_radix(digits, 16).ok())
            .ok_or_else(|| D::Error::custom("a vector is written 0x and hexadecimal digits"))
    }
}

/// A float: a number where it is finite, else a string, `inf`, `-inf`, or `nan:0x..` with all its bits.
macro_rules! float {
    ($name:ident: $float:ty, $bits:ty, |$wide:ident| $narrow:expr) => {
        pub(crate) mod $name {
            use alloc::string::String;
            use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

            #[derive(Deserialize)]
            #[serde(untagged)]
            enum Float {
                // Numbers of JSON are read as the widest float.
                Finite(f64),
                Other(String),
            }

            pub(crate) fn serialize<S: Serializer>(
                float: &$float,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                if float.is_finite() {
                    float.serialize(serializer)
                } else if float.is_nan() {
                    serializer.collect_str(&format_args!("nan:{:#x}", float.to_bits()))
                } else {
                    serializer.collect_str(float)
                }
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$float, D::Error> {
                let float = match Float::deserialize(deserializer)? {
                    Float::Finite($wide) => $narrow,
                    Float::Other(text) => match text.strip_prefix("nan:0x") {
                        Some(digits) => <$bits>::from_str_radix(digits, 16)
                            .ok()
                            .map(<$float>::from_bits),
                        None => text.parse().ok(),
                    },
                };
                float.ok_or_else(|| {
                    D::Error::custom("a float is a number, \"inf\", \"-inf\" or \"nan:0x..\"")
                })
            }
        }
    };
}

// By way of its digits: rounding twice, to the wide float and from there, can miss by one bit.
float!(float32: f32, u32, |wide| alloc::format!("{wide:?}").parse().ok());
float!(float64: f64, u64, |wide| Some(wide));

#[cfg(test)]
mod tests {
    use crate::{
        limits::Limits,
        report::{LogLine, Outcome, Phase, Report, Usage},
        stop::{HostError, Stop, Trap},
        value::{Reference, Value},
    };
    use alloc::{string::ToString, vec, vec::Vec};
    use core::time::Duration;
    use proptest::prelude::*;

    fn comes_back(report: &Report) -> Report {
        let text = serde_json::to_string(report).expect("a report is JSON");
        serde_json::from_str(&text).expect("what was written is read")
    }

    fn report(outcome: Outcome, output: Vec<u8>, values: Vec<Value>) -> Report {
        Report {
            outcome,
            output,
            stderr: b"a warning".to_vec(),
            logs: vec![LogLine::new("\u{0}\u{1b}\u{fffd}\"".to_string(), true)],
            values,
            trees: Vec::from([crate::tree::Tree::new().writable()]),
            mounts: Vec::from(["/data".into()]),
            usage: Usage {
                fuel: u64::MAX,
                time: Duration::new(1, 999_999_999),
                ..Usage::default()
            },
        }
    }

    fn stops() -> Vec<Stop> {
        let limit = Limits::default().call.fuel;
        vec![
            Stop::OutOfFuel { limit },
            Stop::Deadline {
                limit: Duration::MAX,
            },
            Stop::Cancelled,
            Stop::OutOfMemory {
                limit,
                requested: u64::MAX,
            },
            Stop::OutOfTable {
                limit,
                requested: u64::MAX,
            },
            Stop::OutputTooLarge { limit },
            Stop::Trapped(Trap::BadSignature),
            Stop::Fault {
                function: "host_log".into(),
                ptr: u32::MAX,
                len: 1,
                memory_bytes: None,
            },
            Stop::HostFunction {
                module: "env".into(),
                name: "price\n".into(),
                error: HostError::message("no such price"),
            },
            Stop::SystemOutOfMemory,
            Stop::Engine {
                message: "lost".into(),
            },
        ]
    }

    #[test]
    fn every_outcome_comes_back() {
        for stop in stops() {
            let phase = Phase::Initialize;
            let stopped = report(Outcome::Stopped { stop, phase }, Vec::new(), Vec::new());
            assert_eq!(comes_back(&stopped), stopped);
        }
    }

    #[test]
    fn values_that_json_has_no_number_for_come_back() {
        let values = vec![
            Value::V128(u128::MAX),
            Value::V128(1),
            Value::F32(f32::from_bits(0xffa0_0001)),
            Value::F64(f64::from_bits(0x7ff0_0000_0000_0001)),
            Value::F64(f64::NEG_INFINITY),
            Value::F32(-0.0),
            // Rounded to 64 bits first, its digits come out as the next float.
            Value::F32(7.038_531e-26),
            Value::I64(i64::MIN),
            Value::FuncRef(Reference::Null),
            Value::ExternRef(Reference::Opaque),
        ];
        let finished = report(Outcome::Finished { status: -1 }, Vec::new(), values);
        assert_eq!(comes_back(&finished), finished);
    }

    #[test]
    fn text_stays_text_and_other_bytes_become_base64() {
        let finished = Outcome::Finished { status: 0 };
        let text = report(finished.clone(), "é\u{0}".into(), Vec::new());
        let value = serde_json::to_value(&text).expect("a report is JSON");
        assert_eq!(value["output"], "é\u{0}");
        let binary = report(finished, vec![0xff, 0x00], Vec::new());
        let value = serde_json::to_value(&binary).expect("a report is JSON");
        assert_eq!(value["output"]["base64"], "/wA=");
    }

    proptest! {
        #[test]
        fn any_bytes_and_floats_come_back(output: Vec<u8>, narrow: u32, wide: u64) {
            let values = vec![
                Value::F32(f32::from_bits(narrow)),
                Value::F64(f64::from_bits(wide)),
            ];
            let any = report(Outcome::Finished { status: 0 }, output, values);
            prop_assert_eq!(comes_back(&any), any);
        }
    }
}
