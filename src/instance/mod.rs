//! An instance: a guest that is kept, and what lasts from call to call.

mod dispatch;
#[cfg(feature = "observe")]
mod observed;
#[cfg(feature = "fuzz")]
mod put_back;
mod setup;
mod snapshot;
mod tape;
mod view;
#[cfg(feature = "fuzz")]
mod ways;

#[cfg(all(feature = "worker", unix))]
pub(crate) use dispatch::check as check_dispatch;
#[cfg(feature = "fuzz")]
pub(crate) use put_back::Kept;
pub(crate) use setup::Setup;
pub use snapshot::SnapshotError;
pub(crate) use view::read;
pub use view::{GuestMemory, OutOfBounds};

use crate::{error::Error, host::Store, limits::CallLimits, module::Module, report::Report};
use alloc::{boxed::Box, vec::Vec};
use core::{fmt, iter};

/// A guest that is kept: its memory, globals and tables last from call to call.
///
/// Made by [`Sandbox::instantiate`](crate::Sandbox::instantiate). Each call has fuel, a deadline, input, output
/// and logs of its own; memory and tables are bounded for all calls together. It can move between threads.
///
/// ```
/// use fuelbox::{Limits, Module, Sandbox};
///
/// # let counter = br#"(module (global $n (mut i32) (i32.const 0))
/// #     (func (export "add") (param i32) (result i32)
/// #         (global.set $n (i32.add (global.get $n) (local.get 0))) (global.get $n)))"#;
/// # let counter = wat::parse_bytes(counter)?;
/// let sandbox = Sandbox::new(Limits::default());
/// let mut instance = sandbox.instantiate(&Module::new(&counter)?)?;
/// assert_eq!(instance.call::<_, i32>("add", 2)?, 2);
/// assert_eq!(instance.call::<_, i32>("add", 40)?, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A call that stops, by a trap, a limit or a cancel, ends the instance: it was in the middle of guest code, and
/// no later call could rely on what it left. Later calls are [`Error::InstanceStopped`] with what stopped the
/// first. A status other than 0 does not end the instance, unless the guest exits in the middle of its code, as
/// `proc_exit` does: [`Error::InstanceExited`]. To begin again, make another instance.
///
/// What the host can do between calls:
///
/// ```
/// use fuelbox::{Call, Limits, Module, Sandbox, Slice, Value};
///
/// # let wasm = wat::parse_bytes(br#"(module (memory (export "memory") 1)
/// #     (global (export "size") i32 (i32.const 8))
/// #     (func (export "first") (result i32) (i32.load8_u (i32.const 0))))"#)?;
/// let sandbox = Sandbox::new(Limits::default());
/// let mut instance = sandbox.instantiate(&Module::new(&wasm)?)?;
/// println!("{:?} before the first call", instance.initialization().map(|report| &report.usage));
/// assert_eq!(instance.global("size"), Some(Value::I32(8)));
///
/// instance.memory().write(0, b"*")?;
/// assert_eq!(instance.memory().read(0, 1)?, b"*");
/// assert_eq!(instance.memory().size(), 65_536);
///
/// let report = instance.run(Call::export("first"))?;
/// assert_eq!(report.values, [Value::I32(42)]);
/// let mut execution = instance.start(Call::export("first"))?;
/// execution.step(Slice::fuel(1_000_000));
/// let instance = execution.finish().instance.expect("it was not stopped");
/// assert!(instance.is_alive() && instance.module().name().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Instance {
    // On the heap, so that instances and executions are cheap to move.
    pub(crate) guest: Box<Guest>,
}

/// What an instance consists of.
pub(crate) struct Guest {
    pub(crate) store: Store,
    /// Absent until it is linked.
    instance: Option<wasmi::Instance>,
    /// Functions that were called by name, at their places among the exports.
    functions: Vec<Option<wasmi::Func>>,
    pub(crate) module: Module,
    /// Those of each call that sets no others.
    pub(crate) limits: CallLimits,
    pub(crate) life: Life,
    pub(crate) initialization: Option<Box<Report>>,
}

/// Where an instance stands.
#[derive(Debug)]
pub(crate) enum Life {
    /// Nothing has run: start function and `_initialize` are part of the first call.
    New,
    /// It can be called.
    Ready,
    /// A call is in progress.
    Busy,
    /// It can be called no more; what a later call is told.
    Over(Error),
}

impl Instance {
    /// Whether it can be called.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.guest.must_be_alive().is_ok()
    }

    /// The module that it was made from.
    #[must_use]
    pub fn module(&self) -> &Module {
        &self.guest.module
    }

    /// What happened in start function and `_initialize`, where they ran before the first call.
    #[must_use]
    pub fn initialization(&self) -> Option<&Report> {
        self.guest.initialization.as_deref()
    }
}

impl Guest {
    /// The exported function `name`.
    pub(crate) fn function(&self, name: &str) -> Option<wasmi::Func> {
        self.instance?.get_func(&self.store, name)
    }

    /// The exported function `name`, which is at `place` among the exports; found the first time, then remembered.
    pub(crate) fn function_at(&mut self, place: usize, name: &str) -> Option<wasmi::Func> {
        if let Some(Some(function)) = self.functions.get(place) {
            return Some(*function);
        }
        let function = self.function(name)?;
        let missing = place.saturating_add(1).saturating_sub(self.functions.len());
        self.functions.extend(iter::repeat_n(None, missing));
        *self.functions.get_mut(place)? = Some(function);
        Some(function)
    }

    /// Whether it can be called, and if not, why.
    pub(crate) fn must_be_alive(&self) -> Result<(), Error> {
        match &self.life {
            Life::New | Life::Ready => Ok(()),
            // Only where a panic of the host went through a call.
            Life::Busy => Err(Error::Engine {
                message: "an earlier call of the instance was left in its middle".into(),
            }),
            Life::Over(error) => Err(error.clone()),
        }
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("module", &self.guest.module)
            .field("is_alive", &self.is_alive())
            .finish_non_exhaustive()
    }
}
