//! Plain wasmi, metered, as a host would write it that needs no limits beyond fuel.

use wasmi::{
    Caller, CompilationMode, Config, Engine, Error, Extern, Func, Instance, Memory, Module, Store,
};

/// A compiled module.
pub struct Plain(Module);

/// What a run owns.
#[derive(Default)]
struct State {
    input: Vec<u8>,
    output: Vec<u8>,
    memory: Option<Memory>,
}

impl Plain {
    /// Compiles a module into an engine of its own, as fuelbox does.
    ///
    /// # Panics
    /// Where the module is invalid.
    #[must_use]
    pub fn new(wasm: &[u8]) -> Self {
        let mut config = Config::default();
        config
            .consume_fuel(true)
            .compilation_mode(CompilationMode::Eager);
        let engine = Engine::new(&config);
        Self(Module::new(&engine, wasm).expect("the guest is valid"))
    }

    /// Runs `execute` in a fresh store; gives back the output and the fuel used.
    ///
    /// # Panics
    /// Where the guest does not finish with status 0.
    #[must_use]
    pub fn run(&self, input: &[u8], fuel: u64) -> (Vec<u8>, u64) {
        let state = State {
            input: input.to_vec(),
            ..State::default()
        };
        let mut store = Store::new(self.0.engine(), state);
        store.set_fuel(fuel).expect("fuel is on");
        let imports: Vec<Extern> = self
            .0
            .imports()
            .map(|import| match import.name() {
                "host_read_input" => Func::wrap(&mut store, read).into(),
                "host_write_output" => Func::wrap(&mut store, write).into(),
                _ => Func::wrap(&mut store, |n: i32| n).into(),
            })
            .collect();
        let instance = Instance::new(&mut store, &self.0, &imports).expect("it links");
        store.data_mut().memory = instance.get_memory(&store, "memory");
        let execute = instance
            .get_typed_func::<(i32, i32), i32>(&store, "execute")
            .expect("it is exported");
        let len = i32::try_from(input.len()).expect("inputs are short");
        let status = execute.call(&mut store, (0, len)).expect("it finishes");
        assert_eq!(status, 0);
        let left = store.get_fuel().expect("fuel is on");
        (store.into_data().output, fuel - left)
    }
}

fn read(mut caller: Caller<'_, State>, ptr: u32, len: u32) -> Result<u32, Error> {
    let (memory, state) = memory(&mut caller)?;
    let copied = state.input.len().min(len as usize);
    let target = memory
        .get_mut(ptr as usize..)
        .and_then(|rest| rest.get_mut(..copied));
    let target = target.ok_or_else(|| Error::new("outside memory"))?;
    target.copy_from_slice(&state.input[..copied]);
    Ok(u32::try_from(copied).expect("it is at most len"))
}

fn write(mut caller: Caller<'_, State>, ptr: u32, len: u32) -> Result<(), Error> {
    let (memory, state) = memory(&mut caller)?;
    let source = memory
        .get(ptr as usize..)
        .and_then(|rest| rest.get(..len as usize));
    state
        .output
        .extend_from_slice(source.ok_or_else(|| Error::new("outside memory"))?);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this host is not fuelbox")]
fn memory<'a>(caller: &'a mut Caller<'_, State>) -> Result<(&'a mut [u8], &'a mut State), Error> {
    let memory = caller
        .data()
        .memory
        .ok_or_else(|| Error::new("no memory"))?;
    Ok(memory.data_and_store_mut(caller))
}
