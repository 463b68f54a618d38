//! Whose guest runs, and what it may use.

use crate::exchange;
use fuelbox::{Error, Limits, Module, Sandbox};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// One who has put a guest on the server. Cheap to clone.
#[derive(Clone)]
pub struct Tenant {
    pub(crate) module: Module,
    pub(crate) sandbox: Sandbox,
    pub(crate) body_bytes: u64,
    pub(crate) runs: Arc<Semaphore>,
}

impl Tenant {
    /// A tenant whose guest, in the text format, has these limits in each request.
    ///
    /// # Errors
    /// Those of [`Module::from_wat`].
    pub fn new(guest: &str, limits: Limits) -> Result<Self, Error> {
        let sandbox = exchange::functions()
            .into_iter()
            .fold(Sandbox::new(limits), Sandbox::grant);
        Ok(Self {
            module: Module::from_wat(guest)?,
            sandbox,
            body_bytes: 1 << 30,
            runs: Arc::new(Semaphore::new(100)),
        })
    }

    /// Sets how long the body of a request may be, in bytes; 1 GiB by default.
    #[must_use]
    pub fn body_bytes(self, body_bytes: u64) -> Self {
        Self { body_bytes, ..self }
    }

    /// Sets how many requests may be answered at once; 100 by default.
    #[must_use]
    pub fn runs(self, runs: usize) -> Self {
        let runs = Arc::new(Semaphore::new(runs));
        Self { runs, ..self }
    }
}
