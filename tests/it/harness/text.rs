//! One guest in a file of text, on clocks that tests move.

use super::{Case, clock};
use fuelbox::{Error, Execution, Module, Sandbox};
use std::time::Duration;

/// The budget of a guest that names none: a second of arithmetic in slices of 1, so that one that does
/// not end as it should still ends.
const FUEL: u64 = 50_000_000;

impl Case {
    /// Reads a guest with its header.
    ///
    /// # Errors
    /// What is wrong with the header or the text.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let wasm = wat::parse_str(text).map_err(|error| error.to_string())?;
        Self::new(text, wasm, super::roomy().fuel(FUEL))
    }

    /// Whether the clock decides how the run ends, so that it may end elsewhere in other slices.
    pub(crate) fn is_timed(&self) -> bool {
        self.tick > Duration::ZERO
    }

    pub(crate) fn sandbox(&self) -> Sandbox {
        self.grant_to(Sandbox::with_clock(
            self.limits.clone(),
            clock::ticking(self.tick),
        ))
    }

    /// A sandbox with all the fuel there is, and the deadline measured by the machine's own clock.
    pub(crate) fn hurried(&self, deadline: Duration) -> Sandbox {
        let limits = self.limits.clone().fuel(u64::MAX).deadline(deadline);
        self.grant_to(Sandbox::new(limits))
    }

    pub(crate) fn start(&self, sandbox: &Sandbox, module: &Module) -> Result<Execution, Error> {
        sandbox.start(module, self.call(module))
    }

    /// Whether the export called `name` is called.
    pub(crate) fn calls(&self, name: &str) -> bool {
        let call = self.call.as_deref();
        call.is_some_and(|call| call.split_whitespace().next() == Some(name))
    }

    /// Whether the entry is called, which is what [`Sandbox::check`] judges.
    pub(crate) fn calls_the_entry(&self) -> bool {
        self.call.is_none()
    }
}
