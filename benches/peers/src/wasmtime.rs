//! wasmtime: machine code by Cranelift or its interpreter Pulley, with fuel or without. Deadlines and
//! cancellation are epochs that a thread counts every millisecond, as its documentation proposes.

use fuelbox_bench::{
    engine::{Compiled, Engine, cancel_during},
    guest::FUEL,
    stopwatch,
};
use std::{
    cell::OnceCell,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};
use wasmtime::{
    Caller, Config, Extern, InstanceAllocationStrategy, InstancePre, Linker, Module,
    PoolingAllocationConfig, Store, Trap,
};

pub struct Wasmtime {
    name: &'static str,
    engine: wasmtime::Engine,
    /// The same with epochs: the check costs, so it is there only where it is used.
    stoppable: wasmtime::Engine,
}

struct Guest {
    module: Module,
    /// Linked once, as its documentation proposes for fresh runs.
    linked: OnceCell<InstancePre<Vec<u8>>>,
    wasm: Vec<u8>,
    stoppable: wasmtime::Engine,
    /// Compiled with epochs, once that is asked for.
    stoppable_module: OnceCell<Module>,
    fuel: bool,
    /// Whether memories come from a pool, which bounds them.
    pooled: bool,
}

const TICK: Duration = Duration::from_millis(1);

impl Wasmtime {
    /// As its name says.
    pub fn new(name: &'static str) -> Self {
        let engine = |epochs| {
            let mut config = Config::new();
            config
                .consume_fuel(name.contains("fuel"))
                .epoch_interruption(epochs);
            if name.contains("Pulley") {
                config.target("pulley64").expect("it is built in");
            }
            if name.contains("pooled") {
                let mut pool = PoolingAllocationConfig::default();
                pool.total_core_instances(16).total_memories(16);
                config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
            }
            wasmtime::Engine::new(&config).expect("it is built in")
        };
        Self {
            name,
            engine: engine(false),
            stoppable: engine(true),
        }
    }
}

impl Engine for Wasmtime {
    fn name(&self) -> &'static str {
        self.name
    }

    fn compile(&self, wasm: &[u8]) -> Box<dyn Compiled> {
        Box::new(Guest {
            module: Module::new(&self.engine, wasm).expect("the guest is valid"),
            linked: OnceCell::new(),
            wasm: wasm.to_vec(),
            stoppable: self.stoppable.clone(),
            stoppable_module: OnceCell::new(),
            fuel: self.name.contains("fuel"),
            pooled: self.name.contains("pooled"),
        })
    }
}

impl Guest {
    fn store(&self, engine: &wasmtime::Engine) -> Store<Vec<u8>> {
        let mut store = Store::new(engine, Vec::new());
        if self.fuel {
            store.set_fuel(FUEL).expect("fuel is on");
        }
        store
    }

    /// A run that only an epoch ends, after so many.
    fn interrupted(&self, module: &Module, epochs: u64) {
        let mut store = self.store(&self.stoppable);
        store.set_epoch_deadline(epochs);
        let execute = linker(&self.stoppable)
            .instantiate(&mut store, module)
            .expect("it links")
            .get_typed_func::<(i32, i32), i32>(&mut store, "execute")
            .expect("it is exported");
        let error = execute.call(&mut store, (0, 0)).expect_err("it never ends");
        assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::Interrupt));
    }

    /// The module with epochs; fuel and the pool change nothing about those.
    fn stoppable(&self) -> Option<&Module> {
        let compile = || Module::new(&self.stoppable, &self.wasm).expect("the guest is valid");
        (!self.fuel && !self.pooled).then(|| self.stoppable_module.get_or_init(compile))
    }
}

impl Compiled for Guest {
    fn run(&self) -> i32 {
        let engine = self.module.engine();
        let linked = self.linked.get_or_init(|| {
            Linker::new(engine)
                .instantiate_pre(&self.module)
                .expect("it links")
        });
        let mut store = self.store(engine);
        let instance = linked.instantiate(&mut store).expect("it links");
        let execute = instance
            .get_typed_func::<(i32, i32), i32>(&mut store, "execute")
            .expect("it is exported");
        execute.call(&mut store, (0, 0)).expect("it finishes")
    }

    fn overrun(&self, deadline: Duration) -> Option<Duration> {
        let module = self.stoppable()?;
        let engine = &self.stoppable;
        let over = AtomicBool::new(false);
        let ticks = u64::try_from(deadline.as_nanos() / TICK.as_nanos()).ok()?;
        thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    thread::sleep(TICK);
                    engine.increment_epoch();
                }
            });
            let begin = stopwatch::now();
            self.interrupted(module, ticks);
            let time = begin.elapsed();
            over.store(true, Ordering::Relaxed);
            Some(time.saturating_sub(deadline))
        })
    }

    fn cancelled(&self, after: Duration) -> Option<Duration> {
        let module = self.stoppable()?;
        let engine = &self.stoppable;
        cancel_during(
            after,
            || engine.increment_epoch(),
            || {
                self.interrupted(module, 1);
            },
        )
    }
}

fn linker(engine: &wasmtime::Engine) -> Linker<Vec<u8>> {
    let mut linker = Linker::new(engine);
    linker
        .func_wrap("host", "nop", || {})
        .and_then(|linker| linker.func_wrap("env", "host_write_output", write))
        .expect("the names differ");
    linker
}

fn write(mut caller: Caller<'_, Vec<u8>>, ptr: u32, len: u32) {
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else {
        return;
    };
    let (memory, output) = memory.data_and_store_mut(&mut caller);
    let bytes = memory
        .get(ptr as usize..)
        .and_then(|rest| rest.get(..len as usize));
    output.extend_from_slice(bytes.unwrap_or_default());
}
