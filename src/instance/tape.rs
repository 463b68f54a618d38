//! An instance that is recorded.

use super::{Instance, Setup};
use crate::{
    host::{Recorder, Tape},
    recording::{Import, Recording},
};
use alloc::{borrow::Cow, boxed::Box, vec::Vec};

impl Instance {
    /// What was recorded of the instance so far, from its beginning to the end of its last call; none where the sandbox
    /// does not [record](crate::Sandbox::record).
    ///
    /// ```
    /// use fuelbox::{Limits, Module, Sandbox};
    ///
    /// # let wasm = wat::parse_bytes(br#"(module (func (export "add") (param i32 i32) (result i32)
    /// #     (i32.add (local.get 0) (local.get 1))))"#)?;
    /// let sandbox = Sandbox::new(Limits::default()).record(1 << 20);
    /// let mut instance = sandbox.instantiate(&Module::new(&wasm)?)?;
    /// instance.call::<_, i32>("add", (2, 40))?;
    /// let recording = instance.recording().expect("the sandbox records");
    /// // What every instance begins with, and the call of `add`.
    /// assert_eq!(recording.calls(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn recording(&self) -> Option<Recording> {
        match self.guest.store.data().tape.as_ref()? {
            Tape::Recording(recorder) => Some(recorder.recording().clone()),
            Tape::Playing(_) => None,
        }
    }
}

/// What takes down all that crosses the boundary, up to so many bytes.
pub(super) fn to_record(setup: &Setup<'_>, most_bytes: u64) -> Tape {
    let Setup {
        module,
        grants,
        limits,
        ..
    } = *setup;
    let links = grants.resolve(module.imports());
    let imports = module.imports().iter().zip(links);
    let imports = imports.map(|(import, link)| Import {
        module: import.module.clone(),
        name: import.name.clone(),
        capability: link
            .ok()
            .and_then(|link| link.capability().map(Cow::Borrowed)),
    });
    let recording = Recording {
        fingerprint: module.fingerprint(),
        module_limits: module.limits().clone(),
        limits: limits.clone(),
        imports: imports.collect(),
        calls: Vec::new(),
        is_cut: false,
        module: None,
    };
    Tape::Recording(Box::new(Recorder::new(recording, most_bytes)))
}
