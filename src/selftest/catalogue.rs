//! The guests that are built in: all of `tests/hostile`, with the headers that they have there.
//!
//! The headers are read where the crate is built, so that nothing about a guest is said twice. Its module is in
//! `guests/`, since no text is assembled where the self-test runs; `tests/it/selftest.rs` compares.

use super::{attack::Attack, guests::HOSTILE};

/// A guest of the tests.
pub(super) struct Guest {
    pub(super) name: &'static str,
    pub(super) header: &'static str,
    pub(super) wasm: &'static [u8],
}

impl Guest {
    pub(super) fn attack(&self) -> Attack {
        Attack::new(self.name, self.header, self.wasm.into())
    }
}

/// The guest of that name in a folder under `tests`.
macro_rules! guest {
    ($folder:literal, $name:literal) => {
        $crate::selftest::catalogue::Guest {
            name: $name,
            header: {
                const TEXT: &[u8] =
                    include_bytes!(concat!("../../tests/", $folder, "/", $name, ".wat"));
                // A copy, so that the rest of the text is in no program.
                const HEADER: [u8; $crate::selftest::catalogue::header_bytes(TEXT)] =
                    $crate::selftest::catalogue::start(TEXT);
                match core::str::from_utf8(&HEADER) {
                    Ok(header) => header,
                    Err(_) => panic!("a header is text"),
                }
            },
            wasm: include_bytes!(concat!("guests/", $name, ".wasm")),
        }
    };
}
pub(super) use guest;

/// The attacks of the catalogue that this build can run, by name.
pub(super) fn attacks() -> impl Iterator<Item = Attack> {
    HOSTILE
        .iter()
        .chain([&NAN])
        .map(Guest::attack)
        .filter(|attack| attack.case().is_for_this_build())
}

/// An endless loop, for work that takes a while.
pub(super) const ENDLESS: Guest = guest!("hostile", "loop_in_entry");

/// The bits of a NaN, which WebAssembly leaves open.
const NAN: Guest = guest!("guests", "nan");

/// Work of every kind, which gives its input back.
pub(super) const MIXED: Guest = guest!("guests", "mixed");

/// How long the lines at the head of a text are that begin with `;`.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "nothing of it runs; beyond the end it would not compile"
)]
pub(super) const fn header_bytes(text: &[u8]) -> usize {
    let mut at = 0;
    while at < text.len() && text[at] == b';' {
        while at < text.len() && text[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    at
}

/// The first bytes of a text.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "nothing of it runs; beyond the end it would not compile"
)]
pub(super) const fn start<const BYTES: usize>(text: &[u8]) -> [u8; BYTES] {
    let mut start = [0; BYTES];
    let mut at = 0;
    while at < BYTES {
        start[at] = text[at];
        at += 1;
    }
    start
}
