//! What is searched, and how.

use crate::{Generator, Proposals};
use fuelbox_oracles::effects::Guest;

/// What is searched, and how.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Search {
    /// What makes guests.
    pub generator: Generator,
    /// What they use beside what is on by default.
    pub proposals: Proposals,
    /// Whether fuelbox leaves their control flow as it is written, to show what the search finds.
    pub keep_control_flow: bool,
}

impl Search {
    /// A search with this generator and these proposals.
    #[must_use]
    pub fn new(generator: Generator, proposals: Proposals) -> Self {
        Self {
            generator,
            proposals,
            keep_control_flow: false,
        }
    }

    /// The guest of this number; `None` where none can be made of it.
    #[must_use]
    pub fn guest(&self, number: u64) -> Option<Guest> {
        let guest = self.generator.guest(number, self.proposals)?;
        Some(self.rewritten(guest, number))
    }

    /// A guest that was written elsewhere, treated as the guest of this number would be.
    #[must_use]
    pub fn written(&self, wasm: Vec<u8>, number: u64) -> Guest {
        self.rewritten(Guest::written(wasm, &self.proposals.list()), number)
    }

    fn rewritten(&self, guest: Guest, number: u64) -> Guest {
        if self.keep_control_flow {
            return guest.keep_control_flow();
        }
        match CUTS
            .into_iter()
            .zip(1..)
            .find(|(_, rest)| number % EVERY == *rest)
        {
            Some((fuel, _)) => guest.cut(fuel),
            None => guest,
        }
    }
}

/// How much fuel is charged in one go at the most, in one guest in so many each. No generated guest is large enough
/// to be cut as real ones are.
const CUTS: [u64; 3] = [2, 9, 40];
const EVERY: u64 = 7;
