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
                let wasm = translator::guest(&mut Draw::new(scattered(number)), proposals);
                Some(Guest::written(wasm, &proposals.list()))
            }
            Self::Smith => {
                let data = seeds::random(scattered(number));
                Guest::with_proposals(&data, &proposals.list())
            }
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
const SMITH_EVERY: u64 = 4;

/// Sequences of neighbouring seeds of `Draw` overlap; those of these do not.
fn scattered(number: u64) -> u64 {
    Draw::new(number.wrapping_mul(0xd134_2543_de82_ef95)).number()
}
