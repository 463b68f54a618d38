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
        Some(self.with_control_flow(guest))
    }

    /// A guest that was written elsewhere.
    #[must_use]
    pub fn written(&self, wasm: Vec<u8>) -> Guest {
        self.with_control_flow(Guest::written(wasm, &self.proposals.list()))
    }

    fn with_control_flow(&self, guest: Guest) -> Guest {
        if self.keep_control_flow {
            guest.keep_control_flow()
        } else {
            guest
        }
    }
}
