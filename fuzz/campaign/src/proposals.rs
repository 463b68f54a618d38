//! What guests use beside what is on by default.

use fuelbox::Proposal;
use std::str::FromStr;

/// Which proposals that are off by default a guest uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proposals {
    pub(crate) tail_calls: bool,
    pub(crate) memories: bool,
    pub(crate) memory64: bool,
    pub(crate) page_sizes: bool,
    pub(crate) wide: bool,
    pub(crate) relaxed: bool,
}

impl Proposals {
    /// By fuelbox's names.
    #[must_use]
    pub fn list(self) -> Vec<Proposal> {
        [
            (self.tail_calls, Proposal::TailCall),
            (self.memories, Proposal::MultiMemory),
            (self.memory64, Proposal::Memory64),
            (self.page_sizes, Proposal::CustomPageSizes),
            (self.wide, Proposal::WideArithmetic),
            (self.relaxed, Proposal::RelaxedSimd),
        ]
        .into_iter()
        .filter_map(|(is_on, proposal)| is_on.then_some(proposal))
        .collect()
    }
}

impl FromStr for Proposals {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let mut proposals = Self::default();
        for word in words.split(',') {
            match word {
                "default" => {}
                "tail-call" => proposals.tail_calls = true,
                "multi-memory" => proposals.memories = true,
                "memory64" => proposals.memory64 = true,
                "custom-page-sizes" => proposals.page_sizes = true,
                "wide-arithmetic" => proposals.wide = true,
                "relaxed-simd" => proposals.relaxed = true,
                _ => return Err(format!("no proposal is called {word:?}; there are {NAMES}")),
            }
        }
        Ok(proposals)
    }
}

const NAMES: &str =
    "default, tail-call, multi-memory, memory64, custom-page-sizes, wide-arithmetic, relaxed-simd";
