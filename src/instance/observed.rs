//! An instance of a module that tells where in its code it is.

use super::Guest;
use crate::{
    host::{memory, values},
    module::{ObservedPart as Part, Places},
    value::Value,
};
use alloc::vec::Vec;
use wasmi::{Global, Val};

/// How much of a memory there is to see: all of it.
pub(crate) type Bytes<'a> = &'a [u8];

impl Guest {
    /// Forgets the frames of what was called before: no function is entered.
    pub(crate) fn begin_frames(&mut self) {
        for part in [Part::Innermost, Part::Tail] {
            if let Some(global) = self.observed_global(part) {
                let set = global.set(&mut self.store, Val::I32(0));
                set.expect("a global of ours is a number that changes");
            }
        }
    }

    /// Where the functions are that were entered and not left, as places in the module, the outermost first.
    pub(crate) fn frames(&self) -> Vec<u32> {
        let number = |part| match self.observed_value(part) {
            Some(Value::I32(number)) => number.cast_unsigned(),
            _ => 0,
        };
        let bytes = self.observed_memory(Part::Frames).unwrap_or_default();
        let (frames, _) = bytes.as_chunks::<4>();
        // A call in tail position that has not got so far as to take the frame still has it.
        let count = (number(Part::Innermost) / 4).saturating_add(number(Part::Tail));
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let entered = frames.iter().skip(1).take(count);
        entered.map(|frame| u32::from_le_bytes(*frame)).collect()
    }

    /// The bytes of a memory.
    pub(crate) fn observed_memory(&self, part: Part) -> Option<Bytes<'_>> {
        let name = self.places()?.name(part);
        let memory = self.instance?.get_memory(&self.store, &name)?;
        Some(memory::all_of(&self.store, memory))
    }

    /// The value of a global.
    pub(crate) fn observed_value(&self, part: Part) -> Option<Value> {
        let global = self.observed_global(part)?;
        Some(values::from_wasmi(&global.get(&self.store)))
    }

    fn observed_global(&self, part: Part) -> Option<Global> {
        let name = self.places()?.name(part);
        self.instance?.get_global(&self.store, &name)
    }

    fn places(&self) -> Option<&Places> {
        self.module.places()
    }
}
