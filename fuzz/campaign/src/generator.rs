//! What makes guests.

use crate::{proposals::Proposals, translator};
use fuelbox_oracles::{draw::Draw, effects::Guest, seeds};
use std::str::FromStr;

/// What makes guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Generator {
    /// wasm-smith, as the fuzz targets use it.
    Smith,
    /// Our own, which aims at the interpreter's translator.
    Translator,
    /// Both, the second one mostly.
    All,
}

impl Generator {
    /// The guest of this number; `None` where none can be made of it.
    #[must_use]
    pub fn guest(self, number: u64, proposals: Proposals) -> Option<Guest> {
        match self {
            Self::All if number.is_multiple_of(SMITH_EVERY) => Self::Smith.guest(number, proposals),
            Self::All | Self::Translator => {
                let mut family = Draw::new(scattered(!(number / FAMILY)));
                let mut draw = Draw::new(scattered(number));
                let wasm = translator::guest(&mut family, &mut draw, proposals);
                Some(Guest::written(wasm, &proposals.list()))
            }
            Self::Smith => {
                let data = seeds::random(scattered(number));
                Guest::with_proposals(&data, &proposals.list())
            }
        }
    }
}

impl Generator {
    /// Whether the guest of this number can be put into one module with others.
    #[must_use]
    pub fn is_joinable(self, number: u64) -> bool {
        match self {
            Self::Smith => false,
            Self::Translator => true,
            Self::All => !number.is_multiple_of(SMITH_EVERY),
        }
    }
}

impl FromStr for Generator {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "smith" => Ok(Self::Smith),
            "translator" => Ok(Self::Translator),
            "all" => Ok(Self::All),
            _ => Err(format!(
                "no generator is called {word:?}; there are smith, translator, all"
            )),
        }
    }
}

/// With all generators, one guest of so many is of wasm-smith.
pub(crate) const SMITH_EVERY: u64 = 8;

/// So many guests share their signatures, of which each costs wasmtime a compiled function.
pub(crate) const FAMILY: u64 = 32;

/// Sequences of neighbouring seeds of `Draw` overlap; those of these do not.
fn scattered(number: u64) -> u64 {
    Draw::new(number.wrapping_mul(0xd134_2543_de82_ef95)).number()
}
