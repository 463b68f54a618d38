//! A module in wasmtime, as its bytes are.

use crate::values::{type_of, val, value};
use fuelbox::Trap;
use fuelbox_oracles::effects::{
    Answer, Asked, DIGEST, Effects, End, FUEL, MOST_BYTES, MOST_ELEMENTS,
};
use std::sync::LazyLock;
use wasmtime::{
    Caller, Config, Engine, Error, Extern, Func, FuncType, Instance, Module, OperatorCost,
    OptLevel, RegallocAlgorithm, ResourceLimiter, Store, Val, VariableOperatorCost, WasmBacktrace,
};

/// What the host keeps.
#[derive(Default)]
struct Kept {
    calls: Vec<String>,
    /// Whether a host function was called by no function of the guest; such a call is shown no memory here.
    is_blind: bool,
    memory_bytes: u64,
    table_elements: u64,
}

/// What it has against a module.
pub(crate) fn validate(wasm: &[u8]) -> Result<(), Error> {
    Module::validate(&METERED, wasm)
}

/// What came of a valid module; `None` where its stack ended, or where not all was seen.
///
/// # Panics
/// Where it runs on and on: it has ended in the interpreter.
pub(crate) fn run(wasm: &[u8]) -> Option<Effects> {
    let mut store = Store::new(&METERED, Kept::default());
    store.set_fuel(ENOUGH_FUEL).expect("fuel is metered");
    run_in(store, wasm)
}

/// The same, compiled in half the time, but nothing ends what runs on and on.
pub(crate) fn run_unmetered(wasm: &[u8]) -> Option<Effects> {
    run_in(Store::new(&UNMETERED, Kept::default()), wasm)
}

fn run_in(mut store: Store<Kept>, wasm: &[u8]) -> Option<Effects> {
    let module = Module::new(store.engine(), wasm).expect("it is valid");
    store.limiter(|kept| kept);
    let end = match to_the_end(&mut store, &module) {
        Ok(digest) => End::Finished(digest),
        Err(stop) => stop.end()?,
    };
    let kept = store.into_data();
    (!kept.is_blind).then(|| Effects::new(kept.calls, end))
}

/// Far more than any guest needs that ended in the interpreter, where nearly every instruction costs
/// something, too.
const ENOUGH_FUEL: u64 = FUEL << 8;

static METERED: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = config();
    config.consume_fuel(true).operator_cost(one_each());
    // No signals, which a fuzzer has handlers for, and no memory that is not used.
    config
        .signals_based_traps(false)
        .memory_reservation(0)
        .memory_reservation_for_growth(0)
        .memory_guard_size(0);
    Engine::new(&config).expect("the settings fit together")
});

/// Code is as short as it gets.
static UNMETERED: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = config();
    config
        .generate_address_map(false)
        .native_unwind_info(false)
        .table_lazy_init(false)
        .cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
    Engine::new(&config).expect("the settings fit together")
});

fn config() -> Config {
    let mut config = Config::new();
    config
        .wasm_tail_call(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_custom_page_sizes(true)
        .wasm_wide_arithmetic(true)
        .wasm_relaxed_simd(true)
        .relaxed_simd_deterministic(true)
        .wasm_function_references(false)
        .wasm_gc(false)
        .wasm_exceptions(false);
    config
        // As the interpreter does it, whose results are the same on every platform.
        .cranelift_nan_canonicalization(true)
        // It is not the optimiser that is asked.
        .cranelift_opt_level(OptLevel::None)
        .memory_init_cow(false);
    config
}

/// One for each instruction, however long: what is outside the memory is paid for here, but not there.
fn one_each() -> OperatorCost {
    let mut cost = OperatorCost::new();
    cost.variable = VariableOperatorCost {
        memory_copy_per_byte: 0,
        memory_fill_per_byte: 0,
        memory_init_per_byte: 0,
        memory_grow_per_page: 0,
        table_copy_per_element: 0,
        table_fill_per_element: 0,
        table_init_per_element: 0,
        table_grow_per_element: 0,
        ..VariableOperatorCost::new()
    };
    cost
}

/// An error, and whether it came of making the instance.
struct Stop {
    error: Error,
    is_starting: bool,
}

/// Instantiates it, which runs the start function, then calls as a run does.
fn to_the_end(store: &mut Store<Kept>, module: &Module) -> Result<i64, Stop> {
    let imports: Vec<_> = module
        .imports()
        .map(|import| {
            let ty = import.ty();
            let ty = ty.func().expect("other imports were refused");
            recording(store, import.module(), import.name(), ty)
        })
        .collect();
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
    let memory = caller.get_export("memory")?.into_memory()?;
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

impl ResourceLimiter for Kept {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let most = (maximum, MOST_BYTES);
        Ok(grows(&mut self.memory_bytes, current, desired, most))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let most = (maximum, MOST_ELEMENTS);
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
