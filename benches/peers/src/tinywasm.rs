//! tinywasm, without its fuel.

use fuelbox_bench::engine::{Compiled, Engine};
use tinywasm::{Module, ModuleInstance, Store};

pub struct TinyWasm;

struct Guest(Module);

impl Engine for TinyWasm {
    fn name(&self) -> &'static str {
        "tinywasm"
    }

    fn compile(&self, wasm: &[u8]) -> Box<dyn Compiled> {
        Box::new(Guest(
            tinywasm::parse_bytes(wasm).expect("the guest is valid"),
        ))
    }
}

impl Compiled for Guest {
    fn run(&self) -> i32 {
        let mut store = Store::default();
        let instance = ModuleInstance::instantiate(&mut store, &self.0, None).expect("it links");
        let execute = instance
            .func::<(i32, i32), i32>(&store, "execute")
            .expect("it is exported");
        execute.call(&mut store, (0, 0)).expect("it finishes")
    }
}
