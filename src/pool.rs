//! A pool: instances that are made before they are needed.

use crate::{call::CallError, instance::Instance, module::Module, sandbox::Sandbox};
use alloc::collections::VecDeque;
use core::fmt;

/// Instances of one module that are made ahead, so that a first call does not wait for its instance.
///
/// The time to make an instance is that of its initial memory: the snapshot of a language takes tens of
/// milliseconds, a guest of one page a microsecond, for which a pool is not worth it. A pool has no thread: the
/// host refills it when it has time. No instance is put back, so that no guest sees what another left.
///
/// ```
/// use fuelbox::{Limits, Module, Pool, Sandbox};
///
/// # let wasm = wat::parse_bytes(br#"(module (func (export "answer") (result i32) (i32.const 42)))"#)?;
/// let sandbox = Sandbox::new(Limits::default());
/// let mut pool = Pool::new(&sandbox, &Module::new(&wasm)?, 8);
/// // When there is time:
/// pool.refill()?;
/// // When there is none:
/// assert_eq!(pool.take()?.call::<_, i32>("answer", ())?, 42);
/// assert_eq!(pool.ready(), 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pool {
    sandbox: Sandbox,
    module: Module,
    size: usize,
    ready: VecDeque<Instance>,
}

impl Pool {
    /// A pool for at most `size` instances of `module`. None is made yet.
    ///
    /// Each keeps the memory that the guest begins with.
    #[must_use]
    pub fn new(sandbox: &Sandbox, module: &Module, size: usize) -> Self {
        Self {
            sandbox: sandbox.clone(),
            module: module.clone(),
            size,
            ready: VecDeque::new(),
        }
    }

    /// Makes instances until the pool is full.
    ///
    /// # Errors
    /// Those of [`Sandbox::instantiate`]; what was made before stays.
    pub fn refill(&mut self) -> Result<(), CallError> {
        while self.refill_one()? {}
        Ok(())
    }

    /// Makes one instance unless the pool is full; returns whether it did. For hosts with a little time between other
    /// work.
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Pool, Sandbox};
    /// use std::time::{Duration, Instant};
    ///
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let mut pool = Pool::new(&Sandbox::new(Limits::default()), &Module::new(&wasm)?, 8);
    /// let begun = Instant::now();
    /// while begun.elapsed() < Duration::from_millis(2) && pool.refill_one()? {}
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Sandbox::instantiate`].
    pub fn refill_one(&mut self) -> Result<bool, CallError> {
        if self.ready.len() >= self.size {
            return Ok(false);
        }
        let instance = self.sandbox.instantiate(&self.module)?;
        self.ready.push_back(instance);
        Ok(true)
    }

    /// Takes the instance that was made first, or makes one now if the pool is empty.
    ///
    /// # Errors
    /// Those of [`Sandbox::instantiate`].
    pub fn take(&mut self) -> Result<Instance, CallError> {
        match self.ready.pop_front() {
            Some(instance) => Ok(instance),
            None => self.sandbox.instantiate(&self.module),
        }
    }

    /// The number of instances that are ready.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.ready.len()
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("module", &self.module)
            .field("size", &self.size)
            .field("ready", &self.ready())
            .finish_non_exhaustive()
    }
}
