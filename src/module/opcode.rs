//! The bytes that code is written with, as the specification of the binary format numbers them.

pub(super) const NOP: u8 = 0x01;
pub(super) const BLOCK: u8 = 0x02;
pub(super) const LOOP: u8 = 0x03;
pub(super) const IF: u8 = 0x04;
pub(super) const ELSE: u8 = 0x05;
pub(super) const END: u8 = 0x0b;
pub(super) const BR: u8 = 0x0c;
pub(super) const BR_IF: u8 = 0x0d;
pub(super) const BR_TABLE: u8 = 0x0e;
pub(super) const CALL: u8 = 0x10;
pub(super) const CALL_INDIRECT: u8 = 0x11;
pub(super) const RETURN_CALL: u8 = 0x12;
pub(super) const RETURN_CALL_INDIRECT: u8 = 0x13;
pub(super) const DROP: u8 = 0x1a;
pub(super) const SELECT: u8 = 0x1b;
pub(super) const LOCAL_GET: u8 = 0x20;
pub(super) const LOCAL_SET: u8 = 0x21;
#[cfg(feature = "observe")]
pub(super) const LOCAL_TEE: u8 = 0x22;
#[cfg(feature = "observe")]
pub(super) const I32_STORE: u8 = 0x36;
pub(super) const MEMORY_SIZE: u8 = 0x3f;
pub(super) const MEMORY_GROW: u8 = 0x40;
pub(super) const I32_CONST: u8 = 0x41;
pub(super) const I64_CONST: u8 = 0x42;
#[cfg(feature = "observe")]
pub(super) const I32_ADD: u8 = 0x6a;
pub(super) const I32_AND: u8 = 0x71;
pub(super) const REF_NULL: u8 = 0xd0;
pub(super) const REF_FUNC: u8 = 0xd2;

/// The first byte of the operators on whole tables, and of those that begin a table or a memory.
pub(super) const BULK: u8 = 0xfc;

/// Behind [`BULK`].
pub(super) const MEMORY_INIT: u8 = 0x08;
/// Behind [`BULK`].
pub(super) const TABLE_INIT: u8 = 0x0c;
/// Behind [`BULK`].
pub(super) const TABLE_GROW: u8 = 0x0f;

/// The first byte of the operators on vectors.
pub(super) const VECTOR: u8 = 0xfd;

/// The type of a block that takes and leaves nothing.
pub(super) const EMPTY: u8 = 0x40;

/// The type of a function, before those of its parameters and results.
pub(super) const FUNCTION_TYPE: u8 = 0x60;

pub(super) const EXTERNREF: u8 = 0x6f;
pub(super) const FUNCREF: u8 = 0x70;
pub(super) const I64: u8 = 0x7e;
pub(super) const I32: u8 = 0x7f;
