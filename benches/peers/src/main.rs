//! fuelbox beside other engines, in one process and run.
//!
//!   cargo run --profile bench --all-features -- [--test] [SUITE]..
//!
//! Each engine is a file and a feature. Without suites, all of them.

#[cfg(feature = "extism")]
mod extism;
#[cfg(feature = "tinywasm")]
mod tinywasm;
#[cfg(feature = "wamr")]
mod wamr;
#[cfg(feature = "wasm3")]
mod wasm3;
#[cfg(feature = "wasmtime")]
mod wasmtime;

use fuelbox_bench::{engine::Engine, suite::Field};

fn main() {
    Field::with(peers()).run();
}

fn peers() -> Vec<Box<dyn Engine>> {
    vec![
        #[cfg(feature = "wasm3")]
        Box::new(wasm3::Wasm3),
        #[cfg(feature = "wamr")]
        Box::new(wamr::Wamr),
        #[cfg(feature = "tinywasm")]
        Box::new(tinywasm::TinyWasm),
        #[cfg(feature = "wasmtime")]
        Box::new(wasmtime::Wasmtime::new("wasmtime Pulley, fuel")),
        #[cfg(feature = "wasmtime")]
        Box::new(wasmtime::Wasmtime::new("wasmtime Pulley")),
        #[cfg(feature = "wasmtime")]
        Box::new(wasmtime::Wasmtime::new("wasmtime Cranelift, fuel")),
        #[cfg(feature = "wasmtime")]
        Box::new(wasmtime::Wasmtime::new("wasmtime Cranelift")),
        #[cfg(feature = "wasmtime")]
        Box::new(wasmtime::Wasmtime::new("wasmtime Cranelift, pooled")),
        #[cfg(feature = "extism")]
        Box::new(extism::Extism),
    ]
}
