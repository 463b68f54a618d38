//! No path leads out of the directory that it starts at.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("wasi_paths", data));
