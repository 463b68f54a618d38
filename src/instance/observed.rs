//! An instance of a module that tells where in its code it is.

use super::Guest;
use crate::{
    host::{Host, memory, profiler::Profiler, values},
    module::{CALLS, COMES_BACK, ENTERS, ObservedPart as Part, Places, SLOTS},
    value::{Value, ValueType},
};
use alloc::vec::Vec;
use wasmi::{Func, Global, Nullable, Ref, Val};

/// How much of a memory there is to see: all of it.
pub(crate) type Bytes<'a> = &'a [u8];

impl Guest {
    /// Puts the function of ours in its place that counts fuel, where the module tells of calls.
    pub(super) fn hook(&mut self) {
        let name = self.places().filter(|places| places.has_hook);
        let name = name.map(|places| places.name(Part::Hook));
        let table = name.and_then(|name| self.instance?.get_table(&self.store, &name));
        if let Some(table) = table {
            self.store.data_mut().states.insert(Profiler::default());
            let count = Func::wrap(&mut self.store, count);
            let function = Ref::Func(Nullable::Val(count));
            let set = table.set(&mut self.store, 0, function);
            set.expect("a table of ours has one element");
        }
    }

    /// The fuel of each function; nothing where the module does not tell of calls.
    pub(crate) fn profile(&mut self) -> Option<&Profiler> {
        self.settle();
        self.store.data().states.get()
    }

    /// Counts what was used since the module told of a call.
    fn settle(&mut self) {
        let in_store = self.store.get_fuel();
        let in_store = in_store.expect("fuel is metered in every engine");
        let host = self.store.data_mut();
        let used = host.ledger.used_ever(in_store);
        if let Some(profiler) = host.states.get_mut::<Profiler>() {
            profiler.settle(used);
        }
    }

    /// Forgets the frames of what was called before: no function is entered.
    pub(crate) fn begin_frames(&mut self) {
        self.settle();
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

    /// The counters of the module's blocks and branches.
    pub(crate) fn counters(&self) -> Vec<u64> {
        let start = self.places().map_or(0, |places| places.frames_bytes);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let bytes = self.observed_memory(Part::Frames).unwrap_or_default();
        let (counters, _) = bytes.get(start..).unwrap_or_default().as_chunks::<8>();
        let counters = counters.iter();
        counters
            .map(|counter| u64::from_le_bytes(*counter))
            .collect()
    }

    /// The locals of the innermost functions, as many as were kept, the innermost first; none for one that was not.
    pub(crate) fn locals(&self) -> Vec<Vec<Option<Value>>> {
        let frames = self.frames();
        let most = usize::try_from(SLOTS).unwrap_or(usize::MAX);
        let innermost = frames.iter().enumerate().rev().take(most);
        innermost
            .map(|(before, offset)| self.locals_of(before, *offset).unwrap_or_default())
            .collect()
    }

    /// Those of the frame with so many before it.
    fn locals_of(&self, before: usize, offset: u32) -> Option<Vec<Option<Value>>> {
        let frame = u64::try_from(before).ok()?.checked_add(1)?;
        let places = self.places()?;
        let function = places.function(usize::try_from(offset).ok()?)?;
        let (start, types) = places.locals.as_ref()?.of(frame, function)?;
        let bytes = self.observed_memory(Part::Frames)?;
        let (locals, _) = bytes.get(usize::try_from(start).ok()?..)?.as_chunks::<8>();
        let locals = types.iter().zip(locals);
        Some(
            locals
                .map(|(ty, bytes)| local(*ty.as_ref()?, u64::from_le_bytes(*bytes)))
                .collect(),
        )
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

/// A local of this type that was kept as these bits.
fn local(ty: ValueType, bits: u64) -> Option<Value> {
    let half = u32::try_from(bits & u64::from(u32::MAX)).ok()?;
    match ty {
        ValueType::I32 => Some(Value::I32(half.cast_signed())),
        ValueType::I64 => Some(Value::I64(bits.cast_signed())),
        ValueType::F32 => Some(Value::F32(f32::from_bits(half))),
        ValueType::F64 => Some(Value::F64(f64::from_bits(bits))),
        _ => None,
    }
}

/// Called by a guest whose module tells of calls: which function, the place of its frame, and what happens.
fn count(mut caller: wasmi::Caller<'_, Host>, function: i32, frame: i32, what: i32) {
    let in_slice = caller.get_fuel().expect("fuel is metered in every engine");
    let host = caller.data_mut();
    let used = host.ledger.used_ever(in_slice);
    let Some(profiler) = host.states.get_mut::<Profiler>() else {
        return;
    };
    let frame = usize::try_from(frame / 4).unwrap_or(0);
    let callee = u32::try_from(function).ok();
    match u8::try_from(what) {
        Ok(ENTERS) => profiler.enter(callee.unwrap_or(0), frame, used),
        Ok(CALLS) => profiler.call(callee, frame, used),
        Ok(COMES_BACK) => profiler.come_back(frame, used),
        _ => {}
    }
}
