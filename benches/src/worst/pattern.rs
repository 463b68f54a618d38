//! A body that says the same again and again.

use super::{
    Family,
    wasm::{NOTHING, Wasm, body},
};
use std::sync::Arc;

/// What a body repeats, and what stands around it.
#[derive(Clone)]
pub(super) struct Pattern {
    pub(super) name: String,
    /// The type of the function.
    pub(super) ty: u8,
    /// Groups of locals.
    pub(super) locals: Vec<(u32, u8)>,
    /// Once, at first.
    pub(super) before: Vec<u8>,
    /// Again and again.
    pub(super) unit: Vec<u8>,
    /// Once, in the middle.
    pub(super) middle: Vec<u8>,
    /// As often as `unit`, behind all of these.
    pub(super) close: Vec<u8>,
    /// Once, at last.
    pub(super) after: Vec<u8>,
    /// How often at the most, in one body.
    pub(super) times: usize,
}

/// What [`ModuleLimits`](fuelbox::ModuleLimits) lets a body have.
const BODY_BYTES: usize = (2 << 20) - 64;

impl Pattern {
    pub(super) fn new(name: impl Into<String>, unit: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            ty: NOTHING,
            locals: Vec::new(),
            before: Vec::new(),
            unit: unit.into(),
            middle: Vec::new(),
            close: Vec::new(),
            after: Vec::new(),
            times: usize::MAX,
        }
    }

    pub(super) fn locals(mut self, locals: impl Into<Vec<(u32, u8)>>) -> Self {
        self.locals = locals.into();
        self
    }

    pub(super) fn before(mut self, before: impl Into<Vec<u8>>) -> Self {
        self.before = before.into();
        self
    }

    pub(super) fn middle(mut self, middle: impl Into<Vec<u8>>) -> Self {
        self.middle = middle.into();
        self
    }

    pub(super) fn close(mut self, close: impl Into<Vec<u8>>) -> Self {
        self.close = close.into();
        self
    }

    pub(super) fn after(mut self, after: impl Into<Vec<u8>>) -> Self {
        self.after = after.into();
        self
    }

    pub(super) fn of_type(mut self, ty: u8) -> Self {
        self.ty = ty;
        self
    }

    pub(super) fn at_most(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Modules of any size that hold this and little else.
    pub(super) fn family(self) -> Family {
        self.family_in(Wasm::new())
    }

    /// The same in a module that has more around it.
    pub(super) fn family_in(self, wasm: Wasm) -> Family {
        let name = self.name.clone();
        let pattern = Arc::new(self);
        Family::new(name, move |bytes| {
            pattern.write(wasm.clone(), bytes).finish()
        })
    }

    fn write(&self, mut wasm: Wasm, bytes: usize) -> Wasm {
        let around =
            self.before.len() + self.middle.len() + self.after.len() + self.locals.len() * 4;
        let each = (self.unit.len() + self.close.len()).max(1);
        loop {
            let left = bytes.saturating_sub(wasm.len());
            let room = left.min(BODY_BYTES).saturating_sub(around);
            let times = (room / each).min(self.times);
            if times == 0 {
                return wasm;
            }
            let code = [
                self.before.clone(),
                self.unit.repeat(times),
                self.middle.clone(),
                self.close.repeat(times),
                self.after.clone(),
            ];
            wasm.function(self.ty.into(), &body(&self.locals, &code.concat()));
        }
    }
}
