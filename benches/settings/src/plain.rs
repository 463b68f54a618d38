use wasmi::{CompilationMode, Config, Engine, Instance, Module, Store};

pub struct Host(Module);

impl Host {
    pub fn new(wasm: &[u8]) -> Option<Self> {
        let mut config = Config::default();
        config
            .consume_fuel(true)
            .compilation_mode(CompilationMode::Eager);
        Module::new(&Engine::new(&config), wasm).map(Self).ok()
    }

    pub fn run(&self) {
        let mut store = Store::new(self.0.engine(), ());
        store.set_fuel(u64::MAX).expect("fuel is on");
        let instance = Instance::new(&mut store, &self.0, &[]).expect("it links");
        let execute = instance
            .get_typed_func::<(i32, i32), i32>(&store, "execute")
            .expect("it is exported");
        assert_eq!(execute.call(&mut store, (0, 0)).expect("it finishes"), 0);
    }
}
