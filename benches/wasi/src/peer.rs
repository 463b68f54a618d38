//! wasmi with its own WASI, as a host would write it.

use crate::python::{ANSWER, ARGUMENTS};
use wasmi::{CompilationMode, Config, Engine, Linker, Module, Store};
use wasmi_wasi::{WasiCtx, WasiCtxBuilder, add_to_linker, wasi_common::pipe::WritePipe};

/// More than the guest takes.
const FUEL: u64 = 100_000_000_000;

/// A compiled command.
pub(crate) struct Peer {
    module: Module,
    linker: Linker<WasiCtx>,
    metered: bool,
}

impl Peer {
    pub(crate) fn new(wasm: &[u8], metered: bool) -> Self {
        let mut config = Config::default();
        config
            .consume_fuel(metered)
            .compilation_mode(CompilationMode::Eager);
        let engine = Engine::new(&config);
        let mut linker = Linker::new(&engine);
        add_to_linker(&mut linker, |context| context).expect("nothing is defined yet");
        Self {
            module: Module::new(&engine, wasm).expect("it is valid"),
            linker,
            metered,
        }
    }

    /// Runs `_start` in a fresh store.
    pub(crate) fn run(&self) {
        let output = WritePipe::new_in_memory();
        let mut context = WasiCtxBuilder::new();
        for argument in ["python"].iter().chain(&ARGUMENTS) {
            context.arg(argument).expect("there is no zero byte in it");
        }
        let context = context.stdout(Box::new(output.clone())).build();
        let mut store = Store::new(self.module.engine(), context);
        if self.metered {
            store.set_fuel(FUEL).expect("fuel is on");
        }
        let instance = self
            .linker
            .instantiate_and_start(&mut store, &self.module)
            .expect("it links");
        let start = instance
            .get_typed_func::<(), ()>(&store, "_start")
            .expect("it is exported");
        // The guest may return, or exit with status 0.
        if let Err(error) = start.call(&mut store, ()) {
            assert_eq!(error.i32_exit_status(), Some(0), "{error}");
        }
        drop(store);
        let output = output.try_into_inner().expect("nobody else holds it");
        assert_eq!(output.into_inner(), ANSWER);
    }
}
