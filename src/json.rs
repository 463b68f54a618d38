//! Bytes in JSON: a string where they are UTF-8, else `{"base64": ".."}`.

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

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    match Bytes::<String>::deserialize(deserializer)? {
        Bytes::Text(text) => Ok(text.into_bytes()),
        Bytes::Binary { base64 } => BASE64_STANDARD.decode(base64).map_err(D::Error::custom),
    }
}
