//! Module bytes: what is no module, or too large a one, is refused before any of it runs.

use crate::selftest::{
    attack::Attack,
    attacks::ENDLESS_WASM,
    bound::Bound::{Functions, ModuleBytes},
};

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new(
        "no_bytes",
        "nothing in place of a module",
        b"",
        "invalid-module",
    ),
    Attack::new(
        "garbage",
        "bytes that are no module",
        b"\x7fELF\x02\x01\x01\0",
        "invalid-module",
    ),
    Attack::new(
        "text",
        "text in place of a module",
        b"(module)",
        "text-module",
    ),
    Attack::new(
        "truncated",
        "a module that ends amid a section",
        b"\0asm\x01\0\0\0\x01\x05\x01\x60",
        "invalid-module",
    ),
    Attack::new(
        "lying_count",
        "a module that says it has 4 billion types",
        b"\0asm\x01\0\0\0\x01\x05\xff\xff\xff\xff\x0f",
        "module-limit",
    ),
    Attack::new(
        "mistyped",
        "a module that leaves a value too many on the stack",
        MISTYPED,
        "invalid-module",
    ),
    Attack::new(
        "behind_the_end",
        "a block behind the end of a function, at which the interpreter panics",
        BEHIND_THE_END,
        "invalid-module",
    ),
    Attack::new(
        "module_too_large",
        "more bytes than a module may have",
        ENDLESS_WASM,
        "module-limit",
    )
    .within(&[ModuleBytes(16)]),
    Attack::new(
        "too_many_functions",
        "more functions than a module may have",
        ENDLESS_WASM,
        "module-limit",
    )
    .within(&[Functions(0)]),
];

/// `(module (func (i32.const 0)))`
const MISTYPED: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x06\x01\x04\0\x41\0\x0b";

/// `(module (func end loop))`
const BEHIND_THE_END: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x08\x01\x06\0\x0b\x03\x40\x0b\x0b";
