//! Where functions begin.

use std::collections::BTreeMap;
use wasmparser::{Parser, Payload, TypeRef};

/// Where the first operator of each function stands that the module has itself, as far as it can be read.
pub(crate) fn begins(wasm: &[u8]) -> BTreeMap<u32, u64> {
    let mut begins = BTreeMap::new();
    let mut next = 0_u32;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload {
            Ok(Payload::ImportSection(imports)) => {
                let imports = imports.into_iter().map_while(Result::ok);
                let functions = imports.filter(|import| matches!(import.ty, TypeRef::Func(_)));
                next = next.saturating_add(u32::try_from(functions.count()).unwrap_or(u32::MAX));
            }
            Ok(Payload::CodeSectionEntry(body)) => {
                if let Ok(operators) = body.get_operators_reader() {
                    let offset = u64::try_from(operators.original_position());
                    begins.insert(next, offset.unwrap_or(u64::MAX));
                }
                next = next.saturating_add(1);
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    begins
}
