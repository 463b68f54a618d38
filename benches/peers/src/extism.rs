//! extism, on wasmtime, with its own timeout and cancel handle.

use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, UserData, ValType, Wasm};
use fuelbox_bench::{
    engine::{Compiled, Engine, cancel_during},
    stopwatch,
};
use std::{cell::OnceCell, time::Duration};

pub struct Extism;

struct Guest {
    plugin: CompiledPlugin,
    wasm: Vec<u8>,
    /// The same with a timeout, which extism holds in what it compiles.
    limited: OnceCell<CompiledPlugin>,
}

impl Engine for Extism {
    fn name(&self) -> &'static str {
        "extism"
    }

    fn compile(&self, wasm: &[u8]) -> Box<dyn Compiled> {
        Box::new(Guest {
            plugin: compile(Manifest::new([Wasm::data(wasm)])),
            wasm: wasm.to_vec(),
            limited: OnceCell::new(),
        })
    }
}

impl Compiled for Guest {
    fn run(&self) -> i32 {
        call(&mut fresh(&self.plugin)).expect("it finishes");
        0
    }

    fn overrun(&self, deadline: Duration) -> Option<Duration> {
        let limited = self.limited.get_or_init(|| {
            let manifest = Manifest::new([Wasm::data(self.wasm.as_slice())]);
            compile(manifest.with_timeout(deadline))
        });
        let mut plugin = fresh(limited);
        let begin = stopwatch::now();
        call(&mut plugin).expect_err("it never ends");
        Some(begin.elapsed().saturating_sub(deadline))
    }

    fn cancelled(&self, after: Duration) -> Option<Duration> {
        let mut plugin = fresh(&self.plugin);
        let handle = plugin.cancel_handle();
        cancel_during(
            after,
            move || handle.cancel().expect("it can be cancelled"),
            || _ = call(&mut plugin).expect_err("it never ends"),
        )
    }
}

fn compile(manifest: Manifest) -> CompiledPlugin {
    PluginBuilder::new(manifest)
        .with_cache_disabled()
        .with_function_in_namespace(
            "host",
            "nop",
            [],
            [],
            UserData::new(()),
            |_, _, _, _| Ok(()),
        )
        .with_function_in_namespace(
            "env",
            "host_write_output",
            [ValType::I32, ValType::I32],
            [],
            UserData::new(()),
            |_, _, _, _| Ok(()),
        )
        .compile()
        .expect("the guest is valid")
}

fn fresh(compiled: &CompiledPlugin) -> Plugin {
    Plugin::new_from_compiled(compiled).expect("it links")
}

fn call(plugin: &mut Plugin) -> Result<Vec<u8>, extism::Error> {
    plugin.call("plugin", "")
}
