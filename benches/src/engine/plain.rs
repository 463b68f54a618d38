//! Plain wasmi, as a host would write it that needs no limits beyond fuel.

use super::{Compiled, Engine, FLOOR};
use crate::guest::FUEL;
use wasmi::{
    Caller, CompilationMode, Config, Error, Extern, Func, Instance, Memory, Module, Store,
    TypedFunc, Val,
};

/// The prices of fuel that fuelbox has, so that both count the same.
#[path = "../../../src/module/schedule.rs"]
#[expect(
    dead_code,
    unexpected_cfgs,
    reason = "vectors and what else the file says are for fuelbox"
)]
mod schedule;

/// wasmi as it comes, with or without fuel.
pub struct Plain {
    /// Whether each instruction is paid for.
    pub metered: bool,
}

/// A module in an engine of its own, as fuelbox has it.
pub struct PlainModule {
    module: Module,
    metered: bool,
}

/// What a run owns.
#[derive(Default)]
struct State {
    input: Vec<u8>,
    output: Vec<u8>,
    logs: Vec<String>,
    memory: Option<Memory>,
}

impl Plain {
    /// Compiles a module.
    ///
    /// # Panics
    /// Where it is invalid.
    #[must_use]
    pub fn module(&self, wasm: &[u8]) -> PlainModule {
        let mut config = Config::default();
        config
            .consume_fuel(self.metered)
            .operator_cost(schedule::costs())
            .compilation_mode(CompilationMode::Eager);
        let engine = wasmi::Engine::new(&config);
        PlainModule {
            module: Module::new(&engine, wasm).expect("the guest is valid"),
            metered: self.metered,
        }
    }
}

impl Engine for Plain {
    fn name(&self) -> &'static str {
        if self.metered { FLOOR } else { "wasmi" }
    }

    fn compile(&self, wasm: &[u8]) -> Box<dyn Compiled> {
        Box::new(self.module(wasm))
    }
}

impl Compiled for PlainModule {
    fn run(&self) -> i32 {
        self.run_on(b"");
        0
    }
}

impl PlainModule {
    /// Runs `execute` in a fresh store; gives back the output and the fuel used.
    ///
    /// # Panics
    /// Where the guest does not finish with status 0.
    pub fn run_on(&self, input: &[u8]) -> (Vec<u8>, u64) {
        let state = State {
            input: input.to_vec(),
            ..State::default()
        };
        let mut store = Store::new(self.module.engine(), state);
        if self.metered {
            store.set_fuel(FUEL).expect("fuel is on");
        }
        let imports: Vec<Extern> = self
            .module
            .imports()
            .map(|import| match import.name() {
                "host_get_input_len" => Func::wrap(&mut store, input_len).into(),
                "host_read_input" => Func::wrap(&mut store, read).into(),
                "host_write_output" => Func::wrap(&mut store, write).into(),
                "host_log" => Func::wrap(&mut store, log).into(),
                "sum" => Func::wrap(&mut store, sum).into(),
                _ => Func::wrap(&mut store, |n: i32| n).into(),
            })
            .collect();
        let instance = Instance::new(&mut store, &self.module, &imports).expect("it links");
        store.data_mut().memory = instance.get_memory(&store, "memory");
        let execute = instance
            .get_typed_func::<(i32, i32), i32>(&store, "execute")
            .expect("it is exported");
        let len = i32::try_from(input.len()).expect("inputs are short");
        let status = execute.call(&mut store, (0, len)).expect("it finishes");
        assert_eq!(status, 0);
        let left = if self.metered {
            store.get_fuel().expect("fuel is on")
        } else {
            FUEL
        };
        (store.into_data().output, FUEL - left)
    }
}

/// A guest that lives, and a function of it.
pub struct PlainInstance {
    store: Store<State>,
    instance: Instance,
    function: TypedFunc<i32, i32>,
}

impl PlainModule {
    /// An instance of a module that imports nothing, for calls of its function `name`.
    ///
    /// # Panics
    /// Where there is none of that type.
    #[must_use]
    pub fn live(&self, name: &str) -> PlainInstance {
        let mut store = Store::new(self.module.engine(), State::default());
        let instance = Instance::new(&mut store, &self.module, &[]).expect("it links");
        let function = instance.get_typed_func(&store, name);
        PlainInstance {
            instance,
            function: function.expect("it is exported"),
            store,
        }
    }
}

impl PlainInstance {
    /// Calls the function, with fuel of its own.
    ///
    /// # Panics
    /// Where it does not finish.
    pub fn call(&mut self, argument: i32) -> i32 {
        self.store.set_fuel(FUEL).expect("fuel is on");
        let result = self.function.call(&mut self.store, argument);
        result.expect("it finishes")
    }

    /// The same of a function that is looked up for it, with values that have their types in them.
    ///
    /// # Panics
    /// Where there is none, or it does not finish.
    pub fn call_by_name(&mut self, name: &str, argument: i32) -> Option<i32> {
        self.store.set_fuel(FUEL).expect("fuel is on");
        let function = self.instance.get_func(&self.store, name);
        let mut results = [Val::I32(0)];
        function
            .expect("it is exported")
            .call(&mut self.store, &[Val::I32(argument)], &mut results)
            .expect("it finishes");
        results[0].i32()
    }
}

fn input_len(caller: Caller<'_, State>) -> Result<u32, Error> {
    u32::try_from(caller.data().input.len()).map_err(|_| Error::new("too long"))
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
    state.output.extend_from_slice(range(memory, ptr, len)?);
    Ok(())
}

fn log(mut caller: Caller<'_, State>, ptr: u32, len: u32) -> Result<(), Error> {
    let (memory, state) = memory(&mut caller)?;
    let line = String::from_utf8_lossy(range(memory, ptr, len)?).into_owned();
    state.logs.push(line);
    Ok(())
}

fn sum(mut caller: Caller<'_, State>, ptr: u32, len: u32) -> Result<u32, Error> {
    let (memory, _) = memory(&mut caller)?;
    Ok(crate::guest::sum(range(memory, ptr, len)?))
}

fn range(memory: &[u8], ptr: u32, len: u32) -> Result<&[u8], Error> {
    memory
        .get(ptr as usize..)
        .and_then(|rest| rest.get(..len as usize))
        .ok_or_else(|| Error::new("outside memory"))
}

#[expect(clippy::disallowed_methods, reason = "this host is not fuelbox")]
fn memory<'a>(caller: &'a mut Caller<'_, State>) -> Result<(&'a mut [u8], &'a mut State), Error> {
    let memory = caller
        .data()
        .memory
        .ok_or_else(|| Error::new("no memory"))?;
    Ok(memory.data_and_store_mut(caller))
}
