//! WAMR's fast interpreter, by the crate wamrx. It has no fuel and no deadline; an instance takes its module
//! with it, so each fresh run loads the module again.

use fuelbox_bench::engine::{Compiled, Engine};
use wamrx::{Linker, Module, Val};

pub struct Wamr;

struct Guest {
    engine: wamrx::Engine,
    wasm: Vec<u8>,
}

impl Engine for Wamr {
    fn name(&self) -> &'static str {
        "WAMR"
    }

    fn compile(&self, wasm: &[u8]) -> Box<dyn Compiled> {
        Box::new(Guest {
            engine: wamrx::Engine::new().expect("it starts"),
            wasm: wasm.to_vec(),
        })
    }
}

impl Compiled for Guest {
    fn run(&self) -> i32 {
        let module = Module::new(&self.engine, &self.wasm).expect("the guest is valid");
        let instance = Linker::new(&self.engine)
            .instantiate(module)
            .expect("it links");
        let execute = instance.get_func("execute").expect("it is exported");
        let mut results = [Val::I32(-1)];
        execute
            .call(&[Val::I32(0), Val::I32(0)], &mut results)
            .expect("it finishes");
        match results {
            [Val::I32(status)] => status,
            _ => -1,
        }
    }
}
