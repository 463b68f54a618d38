//! A module in the plain interpreter, as its bytes are.

use crate::effects::{Answer, Asked, DIGEST, Effects, End, FUEL, Guest, MOST_BYTES, MOST_ELEMENTS};
use fuelbox::{Reference, Trap, Value, ValueType};
use wasmi::{
    Caller, Config, Engine, Error, Extern, F32, F64, Func, FuncType, Instance, Module, Nullable,
    Store, TrapCode, V128, Val, ValType,
    errors::{ErrorKind, MemoryError, TableError},
};
use wasmi_core::LimiterError;

/// What the host keeps.
#[derive(Default)]
struct Kept {
    calls: Vec<String>,
    /// Whether a host function was called by no function of the guest; such a call is shown no memory here.
    is_blind: bool,
    memory_bytes: u64,
    table_elements: u64,
}

/// What it did; `None` where its stack ended, or where not all was seen.
pub(super) fn run(guest: &Guest) -> Option<Effects> {
    let engine = Engine::new(&config(guest.call_depth()));
    let module = Module::new(&engine, guest.wasm()).expect("it was admitted in a sandbox");
    let mut store = Store::new(&engine, Kept::default());
    store.limiter(|kept| kept);
    store.set_fuel(FUEL).expect("fuel is metered");
    let end = match to_the_end(&mut store, &module) {
        Ok(digest) => End::Finished(digest),
        Err(error) => end(&error)?,
    };
    let kept = store.into_data();
    (!kept.is_blind).then(|| Effects::new(kept.calls, end))
}

fn config(call_depth: u64) -> Config {
    let mut config = Config::default();
    config
        .wasm_tail_call(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_relaxed_simd(true)
        .wasm_custom_page_sizes(true)
        .wasm_wide_arithmetic(true)
        .consume_fuel(true)
        .compilation_mode(wasmi::CompilationMode::Eager)
        .set_max_recursion_depth(call_depth as usize);
    config
}

/// Instantiates it, which runs the start function, then calls as a run does.
fn to_the_end(store: &mut Store<Kept>, module: &Module) -> Result<i64, Error> {
    let imports: Vec<_> = module
        .imports()
        .map(|import| {
            let ty = import.ty().func().expect("other imports were refused");
            recording(store, import.module(), import.name(), ty)
        })
        .collect();
    let instance = Instance::new(&mut *store, module, &imports)?;
    if let Ok(initialize) = instance.get_typed_func::<(), ()>(&*store, "_initialize") {
        initialize.call(&mut *store, ())?;
    }
    let digest = instance.get_typed_func::<(), i64>(&*store, DIGEST)?;
    digest.call(store, ())
}

/// A host function that keeps what it is asked.
fn recording(store: &mut Store<Kept>, module: &str, name: &str, ty: &FuncType) -> Extern {
    let (module, name) = (module.to_string(), name.to_string());
    let types: Vec<_> = ty.results().iter().map(|ty| type_of(*ty)).collect();
    let function = move |mut caller: Caller<'_, Kept>, arguments: &[Val], results: &mut [Val]| {
        let arguments: Vec<_> = arguments.iter().map(value).collect();
        let asked = Asked::new(&module, &name, &arguments);
        let read = reach(&mut caller, &asked);
        let Answer { words, values, .. } = asked.answer(read.as_deref(), &types);
        caller.data_mut().calls.push(words);
        for (result, value) in results.iter_mut().zip(values) {
            *result = val(value);
        }
        Ok(())
    };
    Func::new(store, ty.clone(), function).into()
}

/// Reads what the call reaches and writes there, if the guest's memory has it.
fn reach(caller: &mut Caller<'_, Kept>, asked: &Asked) -> Option<Vec<u8>> {
    if caller.get_export(DIGEST).is_none() {
        caller.data_mut().is_blind = true;
    }
    let memory = caller.get_export("memory")?.into_memory()?;
    let range = asked.reach();
    let mut read = vec![0; range.len as usize];
    memory.read(&*caller, range.ptr as usize, &mut read).ok()?;
    let written = memory.write(caller, range.ptr as usize, &asked.written(&read));
    written.expect("it could be read");
    Some(read)
}

fn end(error: &Error) -> Option<End> {
    // First, for those of segments count as traps, too.
    if let ErrorKind::Memory(MemoryError::OutOfBoundsAccess)
    | ErrorKind::Table(TableError::InitOutOfBounds | TableError::SetOutOfBounds)
    | ErrorKind::Instantiation(_) = error.kind()
    {
        return Some(End::SegmentOutside);
    }
    let code = error.as_trap_code().unwrap_or_else(|| panic!("{error}"));
    Some(End::Trapped(match code {
        TrapCode::UnreachableCodeReached => Trap::Unreachable,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::IndirectCallToNull,
        TrapCode::IntegerDivisionByZero => Trap::IntegerDivisionByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::BadConversionToInteger => Trap::BadConversionToInteger,
        TrapCode::BadSignature => Trap::BadSignature,
        TrapCode::StackOverflow => return None,
        other => panic!("plain wasmi ended with {other:?}"),
    }))
}

impl wasmi::ResourceLimiter for Kept {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> Result<bool, LimiterError> {
        Ok(grows(&mut self.memory_bytes, current, desired, MOST_BYTES))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        let fits = maximum.is_none_or(|maximum| desired <= maximum);
        Ok(fits && grows(&mut self.table_elements, current, desired, MOST_ELEMENTS))
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        usize::MAX
    }

    fn memories(&self) -> usize {
        usize::MAX
    }
}

fn grows(total: &mut u64, current: usize, desired: usize, most: u64) -> bool {
    let grown = total.saturating_add(desired.saturating_sub(current) as u64);
    if grown <= most {
        *total = grown;
    }
    grown <= most
}

fn value(val: &Val) -> Value {
    let seen = |is_null| {
        if is_null {
            Reference::Null
        } else {
            Reference::Opaque
        }
    };
    match val {
        Val::I32(value) => Value::I32(*value),
        Val::I64(value) => Value::I64(*value),
        Val::F32(value) => Value::F32(f32::from_bits(value.to_bits())),
        Val::F64(value) => Value::F64(f64::from_bits(value.to_bits())),
        Val::V128(value) => Value::V128(value.as_u128()),
        Val::FuncRef(reference) => Value::FuncRef(seen(reference.is_null())),
        Val::ExternRef(reference) => Value::ExternRef(seen(reference.is_null())),
    }
}

fn val(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(value) => Val::F32(F32::from_bits(value.to_bits())),
        Value::F64(value) => Val::F64(F64::from_bits(value.to_bits())),
        Value::V128(value) => Val::V128(V128::from(value)),
        Value::ExternRef(_) => Val::ExternRef(Nullable::Null),
        _ => Val::FuncRef(Nullable::Null),
    }
}

fn type_of(ty: ValType) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::FuncRef => ValueType::FuncRef,
        ValType::ExternRef => ValueType::ExternRef,
    }
}
