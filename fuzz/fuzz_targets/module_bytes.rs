//! Any bytes are a module or a typed error.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_oracles::check("module_bytes", data));
