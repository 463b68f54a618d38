//! A module in wasmtime, as its bytes are.

use crate::{
    engines::{QUICK, WITHOUT_SIGNALS},
    values::{type_of, val, value},
};
use fuelbox::Trap;
use fuelbox_oracles::effects::{
    Answer, Asked, DIGEST, Effects, End, FUEL, MOST_BYTES, MOST_ELEMENTS,
};
use wasmtime::{
    Caller, Engine, Error, Extern, Func, FuncType, Instance, Module, ResourceLimiter, Store, Val,
    WasmBacktrace,
};

/// What the host keeps.
#[derive(Default)]
struct Kept {
    calls: Vec<String>,
    /// Whether a host function was called by no function of the guest; such a call is shown no memory here.
    is_blind: bool,
    /// The number of the guest that runs, where several are one module.
    number: Option<usize>,
    memory_bytes: u64,
    table_elements: u64,
}

/// What it has against a module.
pub(crate) fn validate(wasm: &[u8]) -> Result<(), Error> {
    Module::validate(&WITHOUT_SIGNALS, wasm)
}

/// What a valid module did; `None` where its stack ended, or where not all was seen.
///
/// # Panics
/// Where it runs on and on: it has ended in the interpreter.
pub(crate) fn run(engine: &Engine, wasm: &[u8]) -> Option<Effects> {
    run_in(&Module::new(engine, wasm).expect("it is valid"))
}

/// The same, compiled by Winch; `None` also where it cannot do it.
pub(crate) fn run_quickly(wasm: &[u8]) -> Option<Effects> {
    run_in(&Module::new(QUICK.as_ref()?, wasm).ok()?)
}

/// What guests did that are one module, whose export takes their numbers; `None` where that cannot be compiled.
pub(crate) fn run_together(
    engine: &Engine,
    wasm: &[u8],
    count: usize,
) -> Option<Vec<Option<Effects>>> {
    let module = Module::new(engine, wasm).ok()?;
    let mut store = store(engine);
    store.data_mut().number = Some(0);
    let imports = imports(&mut store, &module);
    let instance = Instance::new(&mut store, &module, &imports).ok()?;
    let digest = instance
        .get_typed_func::<i32, i64>(&mut store, DIGEST)
        .ok()?;
    let run = |number: usize| {
        store.data_mut().number = Some(number);
        store.set_fuel(ENOUGH_FUEL).ok()?;
        let end = match digest.call(&mut store, i32::try_from(number).ok()?) {
            Ok(digest) => End::Finished(digest),
            Err(error) => match error.downcast_ref()? {
                wasmtime::Trap::OutOfFuel => return None,
                trap => End::Trapped(known(*trap)?),
            },
        };
        let calls = std::mem::take(&mut store.data_mut().calls);
        Some(Effects::new(calls, end))
    };
    Some((0..count).map(run).collect())
}

fn run_in(module: &Module) -> Option<Effects> {
    let mut store = store(module.engine());
    let end = match to_the_end(&mut store, module) {
        Ok(digest) => End::Finished(digest),
        Err(stop) => stop.end()?,
    };
    let kept = store.into_data();
    (!kept.is_blind).then(|| Effects::new(kept.calls, end))
}

fn store(engine: &Engine) -> Store<Kept> {
    let mut store = Store::new(engine, Kept::default());
    store.limiter(|kept| kept);
    store.set_fuel(ENOUGH_FUEL).expect("fuel is metered");
    store
}

/// Far more than any guest needs that ended in the interpreter, where nearly every instruction costs
/// something, too; a fraction of a second.
const ENOUGH_FUEL: u64 = FUEL << 6;

/// An error, and whether making the instance caused it.
struct Stop {
    error: Error,
    is_starting: bool,
}

/// Instantiates it, which runs the start function, then calls as a run does.
fn to_the_end(store: &mut Store<Kept>, module: &Module) -> Result<i64, Stop> {
    let imports = imports(store, module);
    let instance = Instance::new(&mut *store, module, &imports);
    let instance = instance.map_err(|error| Stop {
        error,
        is_starting: true,
    })?;
    called(store, &instance).map_err(|error| Stop {
        error,
        is_starting: false,
    })
}

/// A host function for each import.
fn imports(store: &mut Store<Kept>, module: &Module) -> Vec<Extern> {
    let imports = module.imports().map(|import| {
        let ty = import.ty();
        let ty = ty.func().expect("other imports were refused");
        recording(store, import.module(), import.name(), ty)
    });
    imports.collect()
}

fn called(store: &mut Store<Kept>, instance: &Instance) -> Result<i64, Error> {
    if let Ok(initialize) = instance.get_typed_func::<(), ()>(&mut *store, "_initialize") {
        initialize.call(&mut *store, ())?;
    }
    let digest = instance.get_typed_func::<(), i64>(&mut *store, DIGEST)?;
    digest.call(store, ())
}

/// A host function that keeps what it is asked.
fn recording(store: &mut Store<Kept>, module: &str, name: &str, ty: &FuncType) -> Extern {
    let (module, name) = (module.to_string(), name.to_string());
    let types: Vec<_> = ty.results().map(|ty| type_of(&ty)).collect();
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
    let name = match caller.data().number {
        None => "memory".to_string(),
        Some(number) => format!("memory{number}"),
    };
    let memory = caller.get_export(&name)?.into_memory()?;
    let range = asked.reach();
    let mut read = vec![0; range.len as usize];
    memory.read(&*caller, range.ptr as usize, &mut read).ok()?;
    let written = memory.write(caller, range.ptr as usize, &asked.written(&read));
    written.expect("it could be read");
    Some(read)
}

impl Stop {
    fn end(&self) -> Option<End> {
        let trap = self.error.downcast_ref::<wasmtime::Trap>();
        let trap = trap.unwrap_or_else(|| panic!("{:?}", self.error));
        Some(if self.is_starting && self.is_in_no_function() {
            End::SegmentOutside
        } else {
            End::Trapped(known(*trap)?)
        })
    }

    /// Segments are put in place before the start function is called.
    fn is_in_no_function(&self) -> bool {
        let backtrace = self.error.downcast_ref::<WasmBacktrace>();
        backtrace.is_none_or(|backtrace| backtrace.frames().is_empty())
    }
}

/// Its trap by our name; `None` where the stack ended, which is larger than the interpreter's or smaller.
fn known(trap: wasmtime::Trap) -> Option<Trap> {
    use wasmtime::Trap as Theirs;
    Some(match trap {
        Theirs::UnreachableCodeReached => Trap::Unreachable,
        Theirs::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        Theirs::TableOutOfBounds => Trap::TableOutOfBounds,
        Theirs::IndirectCallToNull => Trap::IndirectCallToNull,
        Theirs::IntegerDivisionByZero => Trap::IntegerDivisionByZero,
        Theirs::IntegerOverflow => Trap::IntegerOverflow,
        Theirs::BadConversionToInteger => Trap::BadConversionToInteger,
        Theirs::BadSignature => Trap::BadSignature,
        Theirs::StackOverflow => return None,
        other => panic!("wasmtime ended with {other:?}"),
    })
}

impl Kept {
    /// What a guest may have at most. Those that share a module have maxima of their own that are lower.
    fn most(&self, of_one: u64) -> u64 {
        self.number.map_or(of_one, |_| u64::MAX)
    }
}

impl ResourceLimiter for Kept {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let most = (maximum, self.most(MOST_BYTES));
        Ok(grows(&mut self.memory_bytes, current, desired, most))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let most = (maximum, self.most(MOST_ELEMENTS));
        Ok(grows(&mut self.table_elements, current, desired, most))
    }
}

/// Counts a growth that fits into the most that its own type and all of the guest together allow.
fn grows(
    total: &mut u64,
    current: usize,
    desired: usize,
    (own, together): (Option<usize>, u64),
) -> bool {
    let grown = total.saturating_add(desired.saturating_sub(current) as u64);
    let fits = own.is_none_or(|own| desired <= own) && grown <= together;
    if fits {
        *total = grown;
    }
    fits
}
