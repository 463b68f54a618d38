//! Interpreted in a sandbox or compiled by wasmtime, a guest does the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuelbox_differential::check(data));
