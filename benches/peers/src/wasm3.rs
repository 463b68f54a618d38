//! wasm3, by the crate wasm3x. It has no fuel and no deadline, and compiles a function when it is looked up:
//! each fresh instance parses the module again.

use fuelbox_bench::engine::{Compiled, Engine};
use wasm3x::{Linker, Module, Store};

pub struct Wasm3;

struct Guest {
    engine: wasm3x::Engine,
    module: Module,
}

impl Engine for Wasm3 {
    fn name(&self) -> &'static str {
        "wasm3"
    }

    fn compile(&self, wasm: &[u8]) -> Box<dyn Compiled> {
        let engine = wasm3x::Engine::default();
        let module = Module::new(&engine, wasm).expect("the guest is valid");
        Box::new(Guest { engine, module })
    }
}

impl Compiled for Guest {
    fn run(&self) -> i32 {
        let mut store = Store::new(&self.engine, ());
        let instance = Linker::<()>::new(&self.engine)
            .instantiate_and_start(&mut store, &self.module)
            .expect("it links");
        let execute = instance
            .get_typed_func::<(i32, i32), i32>(&store, "execute")
            .expect("it is exported");
        execute.call(&mut store, (0, 0)).expect("it finishes")
    }
}
