//! Attacks that no file can hold: modules that are made where they run, and what needs the machine's own clock.

use super::attack::Attack;
#[cfg(feature = "std")]
use super::catalogue::{Guest, guest};
use alloc::vec::Vec;

pub(super) fn attacks() -> impl Iterator<Item = Attack> {
    [
        nested_constant(),
        #[cfg(feature = "std")]
        sleeps(),
    ]
    .into_iter()
}

/// `(module (global i32 i32.const 0 i32.const 0 i32.add ..))`, with 10,000 sums.
fn nested_constant() -> Attack {
    const SUMS: usize = 10_000;
    const SUM: [u8; 3] = [0x41, 0, 0x6a];
    const HEADER: &str = "\
;; attack: a constant of 20,000 operators, which would overflow a native stack
;; expect: module-limit";

    let mut global = Vec::from([1, 0x7f, 0, 0x41, 0]);
    global.extend(SUM.repeat(SUMS));
    global.push(END);
    let wasm = module([(6, global)]);
    Attack::new("nested_constant_of_20000", HEADER, wasm)
}

/// The guest `wasi_sleeps` where a guest that sleeps really waits.
#[cfg(feature = "std")]
fn sleeps() -> Attack {
    const SLEEPS: Guest = guest!("hostile", "wasi_sleeps");
    const HEADER: &str = "\
;; attack: sleeping for centuries, where a guest that sleeps really waits
;; allow: wasi on the system's clock
;; deadline: 20ms
;; expect: deadline";

    Attack::new(
        "wasi_sleeps_on_the_system_clock",
        HEADER,
        SLEEPS.wasm.into(),
    )
}

/// `(module (memory 1) (func (export "_start") i32.const 0 i32.load i32.load .. drop))`: each load waits for the one
/// before it, and nothing branches.
pub(super) fn chain(loads: usize) -> Vec<u8> {
    const LOAD: [u8; 3] = [0x28, 2, 0];
    const DROP: u8 = 0x1a;

    let mut body = Vec::from([0, 0x41, 0]);
    body.extend(LOAD.repeat(loads));
    body.extend([DROP, END]);
    let mut code = Vec::from([1]);
    code.extend(leb128(body.len()));
    code.extend(body);
    module([
        (1, Vec::from(b"\x01\x60\0\0")),
        (3, Vec::from(b"\x01\0")),
        (5, Vec::from(b"\x01\0\x01")),
        (7, Vec::from(b"\x01\x06_start\0\0")),
        (10, code),
    ])
}

const END: u8 = 0x0b;

/// A module of these sections.
fn module(sections: impl IntoIterator<Item = (u8, Vec<u8>)>) -> Vec<u8> {
    let mut wasm = Vec::from(b"\0asm\x01\0\0\0");
    for (id, content) in sections {
        wasm.push(id);
        wasm.extend(leb128(content.len()));
        wasm.extend(content);
    }
    wasm
}

fn leb128(mut number: usize) -> Vec<u8> {
    const MORE: u8 = 0x80;

    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | MORE);
    }
}
