//! A probe: a guest that is run again and again from one state, and tells which ways it took.

use super::ways::{Compare, Edges};
use crate::{
    call::CallError,
    instance::{Instance, Kept},
    sandbox::Sandbox,
};
use alloc::{boxed::Box, vec::Vec};
use core::fmt;

/// A guest that is run again and again from one state, and tells which ways it took.
///
/// Of a module that is built as
/// [`traced`](crate::ModuleBuilder::traced), what a run has changed is copied back, which takes about a microsecond. An
/// instance is made again only where a guest has changed what no mark tells of: where its memory has grown, code
/// changes tables or drops segments, there are several memories or one of 64 bits, or capabilities that keep
/// something, as WASI does, were called before.
///
/// ```
/// use fuelbox::{Call, Limits, Module, Sandbox, fuzz::{Probe, Traced}};
///
/// # let wasm = wat::parse_bytes(br#"(module (global $calls (mut i32) (i32.const 0))
/// #     (func (export "is_ten") (param i32) (result i32)
/// #         (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
/// #         (if (i32.eq (local.get 0) (i32.const 10)) (then (return (global.get $calls)))) (i32.const 0)))"#)?;
/// let module = Module::builder().traced(Traced::Compares).build(&wasm)?;
/// let sandbox = Sandbox::new(Limits::default());
/// let mut probe = Probe::new(&sandbox, move |sandbox| sandbox.instantiate(&module))?;
///
/// let report = probe.ready()?.run(Call::export("is_ten").args(3))?;
/// let ways: Vec<_> = probe.edges().taken().collect();
/// assert_eq!(ways, [(0, 1), (1, 1)]); // Function 0 was entered, and it was not ten.
/// let compared = probe.compares().next().unwrap();
/// assert_eq!((compared.left, compared.right), (3, 10));
///
/// let report = probe.ready()?.run(Call::export("is_ten").args(10))?;
/// assert_eq!(report.values, [fuelbox::Value::I32(1)]); // Nothing is left of the first run.
/// let ways: Vec<_> = probe.edges().taken().collect();
/// assert_eq!(ways, [(0, 1), (2, 1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Probe {
    sandbox: Sandbox,
    make: Box<Make>,
    instance: Instance,
    kept: Option<Kept>,
    /// Whether something may have run since the instance was as it began.
    is_used: bool,
    remade: u64,
}

type Make = dyn FnMut(&Sandbox) -> Result<Instance, CallError> + Send;

impl Probe {
    /// A probe of the instance that `make` makes in `sandbox`, now and whenever it cannot be put back.
    ///
    /// It may do more than make it, such as calling it to get ready: each run begins where it ends. It has to do the
    /// same each time. Host functions of the sandbox should not remember anything from one run to the next.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn new(
        sandbox: &Sandbox,
        make: impl FnMut(&Sandbox) -> Result<Instance, CallError> + Send + 'static,
    ) -> Result<Self, CallError> {
        let mut make = make;
        let mut instance = make(sandbox)?;
        Ok(Self {
            kept: instance.guest.keep(sandbox.grants()),
            sandbox: sandbox.clone(),
            make: Box::new(make),
            instance,
            is_used: false,
            remade: 0,
        })
    }

    /// The instance, as it was at the beginning; what it told of the run before is forgotten.
    ///
    /// # Errors
    /// As [`new`](Self::new), where it has to be made again.
    pub fn ready(&mut self) -> Result<&mut Instance, CallError> {
        if self.is_used {
            let grants = self.sandbox.grants();
            let kept = self.kept.as_mut();
            if !kept.is_some_and(|kept| self.instance.guest.put_back(kept, grants)) {
                self.instance = (self.make)(&self.sandbox)?;
                self.kept = self.instance.guest.keep(grants);
                self.remade = self.remade.saturating_add(1);
            }
        }
        self.is_used = true;
        Ok(&mut self.instance)
    }

    /// The buffer of the last call's input, to give it to the next one: so none is allocated for each.
    pub fn take_input(&mut self) -> Vec<u8> {
        self.instance.guest.take_input()
    }

    /// Which ways the last run took; none where the module is not traced.
    #[must_use]
    pub fn edges(&self) -> Edges<'_> {
        let kept = self.kept.as_ref();
        Edges::new(kept.map_or(&[], |kept| self.instance.guest.ways(kept)))
    }

    /// What the last run compared, by place, and for each place in the order of time: the last eight times.
    ///
    /// None where the module is not traced with [`Traced::Compares`](super::Traced::Compares).
    pub fn compares(&self) -> impl Iterator<Item = Compare> {
        let kept = self.kept.iter();
        let compared = kept.flat_map(|kept| self.instance.guest.compared(kept));
        compared.map(|compared| Compare {
            place: compared.place,
            left: compared.left,
            right: compared.right,
            bits: if compared.is_64 { 64 } else { 32 },
        })
    }

    /// How often the instance had to be made again, and could not be put back.
    #[must_use]
    pub fn remade(&self) -> u64 {
        self.remade
    }
}

impl fmt::Debug for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe")
            .field("instance", &self.instance)
            .field("remade", &self.remade)
            .finish_non_exhaustive()
    }
}
